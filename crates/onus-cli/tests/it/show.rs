//! Looking things up.

use crate::common::Place;

fn place() -> Place {
    let place = Place::with_case();
    place.write("in/a.txt", "Statement of the ministry\n\n25 March 2024\n");
    place.write("in/b.txt", "second\n");
    place.done(["add", "--case", "case", "in"]);
    place
}

#[test]
fn rows_can_be_narrowed_down() {
    let place = place();
    let json = |args: &[&str]| {
        let mut all = vec!["show", "case"];
        all.extend(args);
        all.extend(["--format", "json"]);
        place.done(all).out.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<serde_json::Value>>()
    };
    assert_eq!(json(&["exhibits"]).len(), 2);
    assert_eq!(json(&["exhibits", "--limit", "1"])[0]["name"], "in/a.txt");
    assert_eq!(json(&["observations", "--kind", "date"])[0]["value"], "2024-03-25");
    let second = json(&["exhibits"])[1]["exhibit"].as_str().unwrap().to_owned();
    assert_eq!(json(&["entries", "--exhibit", &second]).len(), 2);
    assert_eq!(json(&["entries", "--exhibit", &second[7..15], "--kind", "exhibit.added"])[0]["number"], 3);
    assert!(json(&["observations", "--exhibit", &second]).iter().all(|row| row["exhibit"] == *second));
    assert_eq!(json(&["entries", "--kind", "nothing"]).len(), 0);
}

#[test]
fn a_digest_that_is_none_is_refused() {
    insta::assert_snapshot!(place().run(["show", "case", "entries", "--exhibit", "xyz"]), @"
    status: 2
    -- err
    error: is not the beginning of a digest: xyz
     next: give the first digits as `onus show exhibits` prints them
    ");
}

#[test]
fn the_index_follows_the_log() {
    let place = place();
    assert_eq!(place.done(["show", "case", "entries"]).out.lines().count(), 5);
    place.write("c.txt", "third\n");
    place.done(["add", "--case", "case", "c.txt"]);
    assert_eq!(place.done(["show", "case", "entries"]).out.lines().count(), 7);
    let extended = place.done(["show", "case", "observations"]).out;
    place.done(["reindex", "case"]);
    assert_eq!(place.done(["show", "case", "observations"]).out, extended);
}

#[test]
fn building_the_index_twice_gives_the_same_bytes() {
    let place = place();
    place.done(["reindex", "case"]);
    let first = place.read("case/index.sqlite");
    place.done(["reindex", "case"]);
    assert!(first == place.read("case/index.sqlite"));
}

#[test]
fn an_index_that_is_damaged_or_of_another_case_is_built_anew() {
    let place = place();
    let right = place.done(["show", "case", "entries"]).out;
    place.done(["new", "other"]);
    place.done(["show", "other", "entries"]);
    let foreign = place.read("other/index.sqlite");
    let mut cut = place.read("case/index.sqlite");
    cut.truncate(5000);
    for wrong in [b"no index".to_vec(), Vec::new(), foreign, cut] {
        place.write("case/index.sqlite", wrong);
        assert_eq!(place.done(["show", "case", "entries"]).out, right);
    }
}
