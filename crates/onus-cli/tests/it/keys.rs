//! Making a case and its key.

use crate::common::Place;

#[test]
fn a_new_case_has_a_sheet_a_ledger_and_the_second_verifier() {
    let place = Place::new();
    insta::assert_snapshot!(place.run(["new", "case"]), @"
    status: 0
    -- out
    made a case: case
    write down what is known: case/case.toml
    then: `onus add` takes files in, `onus assess` weighs the case, `onus verify` checks it
    ");
    insta::assert_snapshot!(crate::common::files_below(&place.path("case")).join("\n"), @"
    .lock
    case.toml
    log/checkpoint
    log/checkpoints/1
    log/tile/0/000.p/1
    log/tile/entries/000.p/1
    log/vkey
    verify.py
    ");
    insta::assert_snapshot!(place.run(["verify", "case"]), @"
    status: 0
    -- out
    the case holds
      log: 1 entries, 1 checkpoints, root [ROOT]
      key: [ORIGIN][KEY]
      files: 0 exhibits and 0 bodies, [SIZE] bytes
      assessment: none
      outside: not bound by any outside party; the owner could have rewritten all of it
    ");
    insta::assert_snapshot!(place.run(["assess", "case", "--format", "json"]).err, @"");
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let place = Place::new();
    place.write("case/notes.txt", "mine");
    insta::assert_snapshot!(place.run(["new", "case"]), @"
    status: 2
    -- err
    error: folder is not empty: case
     next: name a folder that does not exist yet
    ");
    assert_eq!(crate::common::files_below(&place.path("case")), ["notes.txt"]);
}

#[test]
fn a_folder_without_a_case_is_said_so() {
    let place = Place::new();
    std::fs::create_dir(place.path("empty")).unwrap();
    for command in [["assess", "empty"], ["verify", "empty"], ["reindex", "empty"], ["show", "exhibits"]] {
        let ran = place.run(command);
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.starts_with("error: no case here: "), "{ran}");
    }
    insta::assert_snapshot!(place.run(["verify", "empty"]), @"
    status: 2
    -- err
    error: no case here: empty
     next: name the folder that holds case.toml, or make one with `onus new`
    ");
    assert!(crate::common::files_below(place.root()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::with_case();
    place.write("a", "a");
    std::fs::set_permissions(place.path("config/key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    insta::assert_snapshot!(place.run(["add", "--case", "case", "a"]), @"
    status: 2
    -- err
    error: the signing key can be read or replaced by others (mode 644): [PLACE]/config/key
     next: run `chmod 600 [PLACE]/config/key`; if somebody may have read it, start new cases with a new key
    ");
}

#[cfg(unix)]
#[test]
fn the_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::with_case();
    let mode = |name: &str| std::fs::metadata(place.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("config"), mode("config/key")), (0o700, 0o600));
}

#[test]
fn a_case_of_somebody_else_is_not_continued() {
    let place = Place::with_case();
    place.write("a", "a");
    std::fs::remove_dir_all(place.path("config")).unwrap();
    insta::assert_snapshot!(place.run(["add", "--case", "case", "a"]), @"
    status: 2
    -- err
    error: the case is signed with a key that is not here: [PLACE]/config
     next: set ONUS_CONFIG to the folder with the key that began the case
    ");
    insta::assert_snapshot!(place.run(["assess", "case", "--format", "json"]).err, @"note: nothing was recorded: the key that signs this case is not here");
    assert!(!place.path("config/key").exists(), "no key is made for a log that exists");
}
