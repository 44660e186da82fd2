//! Taking files in.

use std::fs::{self, File};

use crate::common::Place;

#[test]
fn files_and_folders_are_added_once() {
    let place = Place::with_case();
    place.write("in/b.txt", "second\n");
    place.write("in/a/a.txt", "first\n");
    place.write("in/same-as-b.txt", "second\n");
    insta::assert_snapshot!(place.run(["add", "--case", "case", "in"]), @"
    status: 0
    -- out
    already there: in/same-as-b.txt
    2 added, 1 already there, 0 left aside, 0 not taken
    read in processes shut off by: [ISOLATION]
    ");
    insta::assert_snapshot!(place.run(["add", "--case", "case", "in/b.txt"]), @"
    status: 0
    -- out
    already there: in/b.txt
    0 added, 1 already there, 0 left aside, 0 not taken
    ");
    insta::assert_snapshot!(place.run(["show", "case", "exhibits"]), @"
    status: 0
    -- out
    b640e840b19d3786           6  complete  -             in/a/a.txt
    480c2336b410f1ad           7  complete  -             in/b.txt
    ");
    insta::assert_snapshot!(place.run(["show", "case", "entries"]), @"
    status: 0
    -- out
         0  [TIME]  key.rotated       [ORIGIN]
         1  [TIME]  exhibit.added     in/a/a.txt
         2  [TIME]  analysis.run      sha256:b640e840b19d378660b32fb51ae18d67dccb4a8596a29e7bd72c1b2ae5928f41
         3  [TIME]  exhibit.added     in/b.txt
         4  [TIME]  analysis.run      sha256:480c2336b410f1ad5f8bf1b28944490255804b65350c527787e74ebdd511e3a4
    ");
    assert!(place.done(["verify", "case"]).out.starts_with("the case holds\n"));
}

#[test]
fn events_for_programs_are_json_lines() {
    let place = Place::with_case();
    place.write("in/a.txt", "first\n");
    insta::assert_snapshot!(place.run(["add", "--case", "case", "--format", "json", "in", "nothing"]), @r#"
    status: 2
    -- out
    {"event":"refused","path":"nothing","why":"is not there, or no longer"}
    {"event":"acknowledged","exhibits":[{"entry":1,"exhibit":"sha256:b640e840b19d378660b32fb51ae18d67dccb4a8596a29e7bd72c1b2ae5928f41","name":"in/a.txt","size":6,"outcome":"complete"}]}
    {"event":"done","added":1,"failed":0,"known":0,"refused":1,"skipped":0,"isolation":"[ISOLATION]"}
    "#);
}

#[test]
fn a_source_must_be_on_the_sheet() {
    let place = Place::with_case();
    place.write("a.txt", "first\n");
    insta::assert_snapshot!(place.run(["add", "--case", "case", "--source", "talos", "a.txt"]), @"
    status: 2
    -- err
    error: the case sheet has no source with this id: talos
     next: add a [[source]] to case.toml first
    ");
    let sheet = "onus = 1\n[case]\ntitle = \"T\"\nquestion = \"Q?\"\n[[source]]\nid = \"talos\"\ntitle = \"Talos\"\n";
    place.write("case/case.toml", sheet);
    insta::assert_snapshot!(place.run(["add", "--case", "case", "--source", "kaspersky", "a.txt"]), @"
    status: 2
    -- err
    error: the case sheet has no source with this id: kaspersky
     next: use one of: talos; or add a [[source]] to case.toml
    ");
    place.done(["add", "--case", "case", "--source", "talos", "a.txt"]);
    assert!(place.done(["show", "case", "exhibits"]).out.contains("  talos "));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_and_the_rest_goes_on() {
    use std::os::unix::fs::symlink;
    let place = Place::with_case();
    place.write("in/a.txt", "first\n");
    place.write("outside.txt", "outside\n");
    symlink(".", place.path("in/loop")).unwrap();
    symlink("../outside.txt", place.path("in/link")).unwrap();
    symlink("in/a.txt", place.path("named-link")).unwrap();
    let fifo = rustix::fs::CWD;
    rustix::fs::mknodat(fifo, place.path("in/pipe"), rustix::fs::FileType::Fifo, 0o644.into(), 0).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(place.path("in/socket")).unwrap();
    insta::assert_snapshot!(
        place.run(["add", "--case", "case", "in", "named-link", "gone.txt", "/dev/null"]), @"
    status: 2
    -- out
    left aside, is a symbolic link inside a folder, which is not followed: in/link
    left aside, is a symbolic link inside a folder, which is not followed: in/loop
    already there: named-link
    1 added, 1 already there, 2 left aside, 4 not taken
    read in processes shut off by: [ISOLATION]
    -- err
    not taken, is not there, or no longer: gone.txt
    not taken, is a named pipe, not a regular file: in/pipe
    not taken, is a socket, not a regular file: in/socket
    not taken, is a device, not a regular file: /dev/null
    ");
    drop(socket);
    place.done(["verify", "case"]);
}

#[test]
fn a_case_is_not_added_to_itself() {
    let place = Place::with_case();
    place.write("case/incoming/a.txt", "first\n");
    place.write("b.txt", "second\n");
    let ran = place.done(["add", "--case", "case", "."]);
    assert!(ran.out.contains("left aside, is the case itself: ./case\n"), "{ran}");
    place.done(["add", "--case", "case", "case/incoming"]);
    place.done(["verify", "case"]);
}

#[test]
fn names_cannot_steer_a_terminal() {
    let place = Place::with_case();
    place.write("in/red \u{1b}[31m \u{202e}gpj.exe", "hostile\n");
    let ran = place.done(["add", "--case", "case", "in"]);
    let again = place.done(["add", "--case", "case", "in"]);
    let shown = place.done(["show", "case", "exhibits"]);
    for text in [ran.out, again.out, shown.out] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn a_sparse_file_of_four_gibibytes_stays_sparse() {
    let place = Place::with_case();
    let file = File::create(place.path("sparse.img")).unwrap();
    file.set_len(4 << 30).unwrap();
    drop(file);
    let ran = place.done(["add", "--case", "case", "sparse.img"]);
    assert!(ran.out.starts_with("1 added"), "{ran}");
    let digest = place.done(["show", "case", "exhibits", "--format", "json"]).out;
    let digest: serde_json::Value = serde_json::from_str(&digest).unwrap();
    let digest: onus::Digest = digest["exhibit"].as_str().unwrap().parse().unwrap();
    let stored = fs::metadata(place.path("case/exhibits").join(digest.to_path())).unwrap();
    assert_eq!(stored.len(), 4 << 30);
    #[cfg(unix)]
    assert!(std::os::unix::fs::MetadataExt::blocks(&stored) < 2048, "the copy takes room on the disk");
}

#[test]
fn a_second_writer_is_told_to_wait_and_a_reader_is_not() {
    let place = Place::with_case();
    place.write("a.txt", "first\n");
    let lock = File::options().write(true).open(place.path("case/.lock")).unwrap();
    lock.lock().unwrap();
    insta::assert_snapshot!(place.run(["add", "--case", "case", "a.txt"]), @"
    status: 2
    -- err
    error: another process is writing to the case: case
     next: wait until it has ended; reading the case is possible meanwhile
    ");
    insta::assert_snapshot!(place.run(["assess", "case", "--format", "json"]), @"
    status: 2
    -- err
    error: another process is writing to the case: case
     next: wait until it has ended; reading the case is possible meanwhile
    ");
    place.done(["verify", "case"]);
    place.done(["show", "case", "entries"]);
    drop(lock);
    place.done(["add", "--case", "case", "a.txt"]);
}

/// A file-size limit stands in for a full disk: both refuse a write, and onus treats them alike.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let place = Place::with_case();
    for number in 0..700 {
        place.write(&format!("in/{number:04}"), format!("file {number}\n"));
    }
    place.write("in/zz-large", vec![7; 3 << 20]);
    let mut shell = std::process::Command::new("sh");
    place.dress(&mut shell);
    let limited =
        format!("trap '' XFSZ; ulimit -f 2048; exec {} add --case case --format json in", crate::common::ONUS);
    let ran = place.ran(shell.args(["-c", &limited]).output().unwrap());
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(ran.err.starts_with("error: no room left to write: "), "{ran}");
    let acknowledged = crate::crash::acknowledged(&ran.out);
    assert_eq!(acknowledged.len(), 700, "all that stood before it in the order of names");
    crate::crash::check_holds(&place, &acknowledged);
}

/// Whether a file vanishes before or after it was listed is a race; a name that was listed and cannot be opened is not.
#[cfg(unix)]
#[test]
fn a_file_that_vanishes_is_named_and_the_rest_goes_on() {
    let place = Place::with_case();
    for number in 0..300 {
        place.write(&format!("in/{number:04}"), format!("file {number}\n"));
    }
    let mut child = place.onus().args(["add", "--case", "case", "in"]).spawn().unwrap();
    for number in (0..300).rev() {
        fs::remove_file(place.path(&format!("in/{number:04}"))).unwrap();
    }
    let code = child.wait().unwrap().code();
    assert!(code == Some(0) || code == Some(2), "{code:?}");
    place.done(["verify", "case"]);
}
