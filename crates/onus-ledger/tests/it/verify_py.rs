//! `verify.py`, run on logs that hold and on logs that do not: it must agree with this crate.

use std::path::Path;
use std::process::{Command, Output};

use onus_ledger::{Entry, Ledger, VERIFY_PY};

use crate::{Case, STORED, any, first, log_of, note, rotation, signer, store, verify, witness};

/// Stores a case in a folder of its own, with `verify.py` beside it.
fn stored(files: &Case) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::write(folder.path().join("verify.py"), VERIFY_PY).unwrap();
    folder
}

/// Runs Python in a folder, or says why not: the machine may have no Python or no OpenSSL.
#[expect(clippy::print_stderr, reason = "a test that did not run must say so")]
fn python(folder: &Path, arguments: &[&str]) -> Option<Output> {
    for (tool, argument) in [("python3", "--version"), ("openssl", "version")] {
        if !Command::new(tool).arg(argument).output().is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: verify.py needs {tool}, which does not run here");
            return None;
        }
    }
    Some(Command::new("python3").arg("-B").args(arguments).current_dir(folder).output().unwrap())
}

/// Runs `verify.py` on a case and compares its exit status, and a part of what it prints.
#[track_caller]
fn check(files: &Case, arguments: &[&str], status: i32, part: &str) {
    let folder = stored(files);
    let Some(output) = python(folder.path(), &[&["verify.py"], arguments].concat()) else { return };
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert_eq!(output.status.code(), Some(status), "{said}");
    assert!(said.contains(part), "{said}");
}

/// A log with every kind of entry and the files that it names.
fn whole() -> Case {
    let mut files = log_of(&[1, 5, 20], any);
    let path = onus_core::Digest::of(STORED).to_path();
    files.insert(format!("exhibits/{path}"), STORED.into());
    files.insert(format!("blobs/{path}"), STORED.into());
    files
}

#[test]
fn logs_that_hold() {
    check(&whole(), &[], 0, "1 present and unchanged, 0 redacted");
    check(&whole(), &[], 0, "not bound by any outside party");
    check(&whole(), &["--key", &signer().vkey().to_string()], 0, "holds");
    for sizes in [&[1][..], &[255], &[256], &[256, 257], &[1, 600]] {
        check(&log_of(sizes, note), &["."], 0, &format!("{} entries", sizes.last().unwrap()));
    }
    check(&rotation::rotated(), &[], 0, "holds");
    check(&witness::cosigned(1_767_323_045), &[], 0, "unchecked   a signature named witness.example");
    let key = witness::witness().1.to_string();
    check(&witness::cosigned(1_767_323_045), &["--witness", &key], 0, "witness.example signed the first 40 entries");
}

#[test]
fn what_was_handed_over_binds() {
    let mut files = log_of(&[5, 40], note);
    files.insert("given".into(), files["log/checkpoints/5"].clone());
    check(&files, &["--checkpoint", "given"], 0, "a checkpoint that you were given covers the first 5 entries");
    files.insert("given".into(), log_of(&[60], note)["log/checkpoint"].clone());
    check(&files, &["--checkpoint", "given"], 1, "entries were taken away: handed-over checkpoint 1");
    files.insert("given".into(), log_of(&[7], any)["log/checkpoint"].clone());
    check(&files, &["--checkpoint", "given"], 1, "its root does not follow from the entries: handed-over checkpoint 1");
}

#[test]
fn the_first_thing_that_does_not_hold_is_named() {
    let with = |change: &dyn Fn(&mut Case)| {
        let mut files = whole();
        change(&mut files);
        files
    };
    let path = onus_core::Digest::of(STORED).to_path();
    let (exhibit, blob) = (format!("exhibits/{path}"), format!("blobs/{path}"));
    let other = onus_core::Digest::of(b"other").to_path();
    // Redacted in entry 7 and added again in entry 9.
    check(&with(&|files| drop(files.remove(&exhibit))), &[], 1, "file is missing that entry 1 names: exhibits/");
    check(&with(&|files| drop(files.remove(&blob))), &[], 1, "file is missing that entry 1 names: blobs/");
    for path in [&exhibit, &blob] {
        let altered = with(&|files| drop(files.insert(path.clone(), b"Exhibit\n".to_vec())));
        check(&altered, &[], 1, "bytes do not have the digest that the name says");
    }
    check(
        &with(&|files| drop(files.insert(format!("blobs/{other}"), b"other".to_vec()))),
        &[],
        0,
        "left over   blobs/",
    );
    check(&with(&|files| drop(files.insert("blobs/x".into(), vec![]))), &[], 1, "among exhibits or blobs: blobs/x");
    check(&with(&|files| drop(files.insert("log/x".into(), vec![]))), &[], 1, "file has no place in a log: log/x");
    let cut = with(&|files| drop(files.insert("log/checkpoint".into(), files["log/checkpoints/5"].clone())));
    check(&cut, &[], 1, "entries were taken away: log/checkpoints/20");
    let forged = with(&|files| files.get_mut("log/checkpoint").unwrap()[20] ^= 1);
    check(&forged, &[], 1, "log/checkpoint\n");
    let tile = with(&|files| files.get_mut("log/tile/0/000.p/20").unwrap()[20] ^= 1);
    check(&tile, &[], 1, "does not follow from the entries: log/tile/0/000.p/20");
    let other = onus_ledger::Signer::new(crate::ORIGIN, &[8; 32]).unwrap().vkey().to_string();
    check(&whole(), &["--key", &other], 1, "the log did not begin with the key");
}

/// Entry 7 redacts the exhibit, and nothing adds it again.
#[test]
fn a_redacted_exhibit_may_be_absent() {
    let mut files = log_of(&[9], |number| any(number - 1));
    files.insert(format!("blobs/{}", onus_core::Digest::of(STORED).to_path()), STORED.into());
    check(&files, &[], 0, "0 present and unchanged, 1 redacted");
}

#[test]
fn what_is_no_case_cannot_be_verified() {
    check(&Case::new(), &[], 2, "no case folder with a log");
    check(&whole(), &["--key", "nonsense"], 2, "could not run");
    check(&whole(), &["--nonsense"], 2, "usage");
}

/// One bit of every byte of a log: the same loop as over this crate, in Python.
///
/// OpenSSL is asked about the signatures of the unchanged log; every other it is taken to refuse, for speed.
#[test]
fn every_byte_counts_in_python_too() {
    let folder = stored(&log_of(&[1, 4, 10], note));
    let program = "
import verify
good = set()
def asked(*question):
    good.add(question)
    return verify.openssl(*question)
verify.verify('.', asked)
known = lambda *question: question in good
for path in sorted(verify.walk('.', 'log')):
    data = open(path, 'rb').read()
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        open(path, 'wb').write(changed)
        try:
            verify.verify('.', known)
        except verify.Fault:
            continue
        raise SystemExit(f'not found: {path}, byte {at}')
    open(path, 'wb').write(data)
verify.verify('.')
";
    let Some(output) = python(folder.path(), &["-c", program]) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Entries in other spellings, signed by the log's own key: nothing but the entry is wrong.
#[test]
fn spellings_are_as_strict_in_python() {
    let good =
        [any(0), any(3), any(6), first(), any(8)].map(|entry| String::from_utf8(entry.to_bytes().unwrap()).unwrap());
    let mut all: Vec<String> = good.to_vec();
    for entry in &good {
        for (from, to) in [
            (":", ": "),
            ("\"kind\":", "\"kind\":\"note\",\"kind\":"),
            ("{", "{\"a\":1,"),
            ("}", ",\"zz\":\"\"}"),
            ("}", "}\n"),
            ("size\":8", "size\":8.0"),
            ("size\":8", "size\":08"),
            ("size\":8", "size\":-8"),
            ("size\":8", "size\":true"),
            ("size\":8", "size\":null"),
            ("size\":8", "size\":NaN"),
            ("size\":8", "size\":9007199254740992"),
            ("size\":8", "size\":9007199254740991"),
            ("sha256:", "SHA256:"),
            ("\\u0001", "\\u0002"),
            ("\\u0001", "\\u0041"),
            ("\\u0001", "\\ud800"),
            ("\\u0001", "\\u001F"),
            ("\\u0001", "\\u001f"),
            ("\\t", "\\u0009"),
            ("\u{7f}", "\\u007f"),
            ("\u{2028}", "\\u2028"),
            ("naïve", "na\u{308}ive"),
            (".25Z", ".250Z"),
            (".25Z", ".Z"),
            (".25Z", ".123456789Z"),
            (".25Z", ".1234567891Z"),
            (":05Z", ":60Z"),
            (":05Z", ":05z"),
            ("03:04", "24:04"),
            ("2026-01-02", "2026-02-29"),
            ("2026-01-02", "2024-02-29"),
            ("2026-01-02", "1969-12-31"),
            ("2026-01-02", "9998-12-31"),
            ("2026-01-02", "9999-01-01"),
            ("2026-01-02", "+002026-01-02"),
            ("2026-01-02", "２０２６-01-02"),
            ("\"engine\":", "\"engine\":1,\"x\":"),
            ("\"by\":\"D\",", ""),
            ("\"kind\":\"retraction\"", "\"kind\":\"redaction\""),
            ("\"kind\":\"retraction\"", "\"kind\":[]"),
            ("example.org/case+", "example.org/other+"),
        ] {
            all.push(entry.replacen(from, to, 1));
        }
    }
    all.extend(["", "null", "[]", "{}", "\u{feff}{}"].map(String::from));
    all.push("[".repeat(60_000));
    let list = all.iter().map(|entry| entry.len().to_string() + "\n" + entry).collect::<String>();
    let folder = stored(&Case::from([("list".into(), list.into_bytes())]));
    let program = "
import verify
with open('list', 'rb') as file:
    while size := file.readline():
        try:
            verify.parse_entry(file.read(int(size)))
            print('taken')
        except (ValueError, RecursionError):
            print('refused')
";
    let Some(output) = python(folder.path(), &["-c", program]) else { return };
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), all.len(), "{}", String::from_utf8_lossy(&output.stderr));
    for (entry, said) in all.iter().zip(said.lines()) {
        let is_taken = Entry::from_bytes(entry.as_bytes()).is_ok();
        assert_eq!(said, if is_taken { "taken" } else { "refused" }, "{entry:.999}");
    }
}

/// Wherever a publication is cut short, both verifiers say the same.
#[test]
fn a_crash_is_no_fault_in_python_either() {
    let old = log_of(&[5], note);
    let mut ledger = Ledger::open(&old, &signer().vkey()).unwrap();
    for number in 5..300 {
        ledger.append(&note(number)).unwrap();
    }
    let publication = ledger.publish(&signer()).unwrap();
    for steps in 0..=publication.steps().count() {
        let mut files = old.clone();
        crate::apply(&mut files, &publication, steps);
        check(&files, &[], 0, &format!("{} entries", verify(&files).unwrap().size));
    }
    let mut files = old;
    store(&mut files, &publication);
    check(&files, &[], 0, "300 entries");
}
