//! Verifying.

use crate::common::Place;

fn place() -> Place {
    let place = Place::with_case();
    place.write("in/a.txt", "first\n");
    place.done(["add", "--case", "case", "in"]);
    place.done(["assess", "case"]);
    place
}

#[test]
fn a_case_that_holds_says_what_was_checked() {
    let place = place();
    insta::assert_snapshot!(place.run(["verify", "case"]), @"
    status: 0
    -- out
    the case holds
      log: 5 entries, 3 checkpoints, root [ROOT]
      key: [ORIGIN][KEY]
      files: 1 exhibits and 3 bodies, [SIZE] bytes
      assessment: entry 4, computed again to the same bytes
      outside: not bound by any outside party; the owner could have rewritten all of it
    ");
    let json: serde_json::Value =
        serde_json::from_str(&place.done(["verify", "case", "--format", "json"]).out).unwrap();
    assert_eq!((&json["holds"], &json["is_bound"]), (&true.into(), &false.into()));
    assert_eq!(json["assessment"]["recomputed"], "same");
}

#[test]
fn a_checkpoint_that_was_handed_over_binds_the_log() {
    let place = place();
    std::fs::copy(place.path("case/log/checkpoint"), place.path("kept")).unwrap();
    place.write("b.txt", "second\n");
    place.done(["add", "--case", "case", "b.txt"]);
    let ran = place.done(["verify", "case", "--checkpoint", "kept"]);
    assert!(ran.out.contains("outside: checkpoint over 5 entries that was handed over earlier\n"), "{ran}");
    place.done(["new", "other"]);
    insta::assert_snapshot!(place.run(["verify", "other", "--checkpoint", "kept"]), @"
    status: 1
    -- out
    the case does not hold
      what: it is a checkpoint of another log
      where: handed-over checkpoint 1
      next: the log was changed after it was signed; compare with another copy of the case
    ");
}

#[test]
fn a_log_that_began_with_another_key_is_found() {
    let place = place();
    place.done(["new", "other"]);
    let other = String::from_utf8(place.read("other/log/vkey")).unwrap();
    insta::assert_snapshot!(place.run(["verify", "case", "--key", other.trim()]), @"
    status: 1
    -- out
    the case does not hold
      what: the log did not begin with the key [ORIGIN][KEY]
      where: log/vkey
      next: the holder of the key did not sign this; compare with another copy of the case
    ");
    let own = String::from_utf8(place.read("case/log/vkey")).unwrap();
    place.done(["verify", "case", "--key", own.trim()]);
    assert_eq!(place.run(["verify", "case", "--witness", "nonsense"]).code, Some(2));
}

#[test]
fn drafts_and_leftovers_are_said_and_are_no_fault() {
    let place = place();
    let sheet = String::from_utf8(place.read("case/case.toml")).unwrap();
    place.write("case/case.toml", sheet.replace("Who did it?", "Who was it?"));
    place.write("case/out/assessment.json", "{}");
    let digest = onus::Digest::of(b"nobody entered this");
    place.write(&format!("case/exhibits/{}", digest.to_path()), "nobody entered this");
    place.write("case/.tmp/17", "half a fi");
    insta::assert_snapshot!(place.run(["verify", "case"]), @"
    status: 0
    -- out
    the case holds
      log: 5 entries, 3 checkpoints, root [ROOT]
      key: [ORIGIN][KEY]
      files: 1 exhibits and 3 bodies, [SIZE] bytes
      assessment: entry 4, computed again to the same bytes
      outside: not bound by any outside party; the owner could have rewritten all of it
      draft: case.toml differs from what is recorded; `onus assess` records it
      draft: out/assessment.json differs from what is recorded; `onus assess` records it
      leftovers: 2 files that no entry speaks of, as a crash leaves them
    ");
}

#[test]
fn an_assessment_that_was_swapped_is_found() {
    let place = place();
    let json = String::from_utf8(place.read("case/out/assessment.json")).unwrap();
    let body = onus::Digest::of(json.trim_end().as_bytes());
    let path = place.path("case/blobs").join(body.to_path());
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, json.trim_end().replace("not_determined", "supported")).unwrap();
    let ran = place.run(["verify", "case"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("what: its bytes are not those of its name\n  where: blobs/sha256/"), "{ran}");
}
