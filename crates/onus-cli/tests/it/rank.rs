//! Ranking groups for what was seen.

use crate::common::Place;

fn json(place: &Place, args: &[&str]) -> serde_json::Value {
    let all = [&["rank"], args, &["--format", "json"]].concat();
    serde_json::from_str(&place.done(all).out).unwrap()
}

#[test]
fn groups_are_ranked_with_what_carries_them() {
    let place = Place::new();
    insta::assert_snapshot!(place.done(["rank", "S0023", "S0117", "S0045", "T1566.001", "T1027", "--top", "3"]), @"");
}

#[test]
fn what_is_unknown_replaced_or_repeated_is_said() {
    let place = Place::new();
    let report = json(&place, &["T1574.002", "T1574.001", "t9999", "plugx", "S0013"]);
    let ids: Vec<&str> = report["seen"].as_array().unwrap().iter().map(|seen| seen["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["T1574.001", "T9999", "S0013"]);
    insta::assert_snapshot!(report["notes"], @"");
    let sum: f64 = report["ranking"].as_array().unwrap().iter().map(|row| row["posterior"].as_f64().unwrap()).sum();
    assert!((sum + report["none"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    assert!(report["reference"]["notices"][0].as_str().unwrap().contains("The MITRE Corporation"));
}

#[test]
fn a_bundle_and_a_layer_say_the_same_as_identifiers() {
    let place = Place::new();
    place.write(
        "layer.json",
        r#"{"name": "l", "domain": "enterprise-attack", "techniques": [
            {"techniqueID": "T1059.001", "score": 1}, {"techniqueID": "T1027", "score": 2},
            {"techniqueID": "T1105", "score": 0}, {"techniqueID": "T1003", "score": 3, "enabled": false}]}"#,
    );
    place.write(
        "bundle.json",
        r#"{"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": [
            {"type": "attack-pattern", "spec_version": "2.1", "id": "attack-pattern--00000000-0000-4000-8000-000000000001",
             "created": "2020-01-01T00:00:00Z", "modified": "2020-01-01T00:00:00Z", "name": "PowerShell",
             "external_references": [{"source_name": "mitre-attack", "external_id": "T1059.001"}]},
            {"type": "attack-pattern", "spec_version": "2.1", "id": "attack-pattern--00000000-0000-4000-8000-000000000002",
             "created": "2020-01-01T00:00:00Z", "modified": "2020-01-01T00:00:00Z", "name": "Obfuscated Files",
             "external_references": [{"source_name": "mitre-attack", "external_id": "T1027"}]}]}"#,
    );
    let plain = json(&place, &["T1059.001", "T1027"]);
    for file in ["layer.json", "bundle.json"] {
        assert_eq!(json(&place, &[file])["ranking"], plain["ranking"], "{file}");
    }
}

#[test]
fn a_report_about_the_case_itself_can_be_left_out() {
    let place = Place::new();
    let with = json(&place, &["S0023", "T1027"]);
    let without = json(&place, &["S0023", "T1027", "--without-report", "ESET Sednit Part 2"]);
    assert_ne!(with["ranking"][0]["weight_mdb"], without["ranking"][0]["weight_mdb"]);
    insta::assert_snapshot!(place.run(["rank", "S0023", "--without-report", "No Such Report"]), @"");
    insta::assert_snapshot!(place.run(["rank", "S0023", "--release", "99"]), @"");
}

#[test]
fn what_is_nothing_is_refused() {
    let place = Place::new();
    place.write("text.txt", "T1059.001\n");
    place.write("deep.json", "[".repeat(100_000));
    for args in [["rank", "nothing"], ["rank", "text.txt"], ["rank", "deep.json"]] {
        assert_eq!(place.run(args).code, Some(2), "{args:?}");
    }
    insta::assert_snapshot!(place.run(["rank", "no-such-thing"]), @"");
    insta::assert_snapshot!(place.run(["rank", "text.txt"]), @"");
    insta::assert_snapshot!(place.run(["rank"]), @"");
}

const ITEMS: &str = r#"{
    "name": "two questions", "split": "test", "candidate_sets": {"18.1": ["G0007", "G0032", "G0016", "G0129"]},
    "items": [
        {"item": "one", "kind": "open", "training": {"release": "18.1", "hide_citations": [], "hide_campaigns": []},
         "evidence": {"techniques": ["T1027", "T1566.001"], "software": ["S0023"]}, "answer": [], "not_candidates": ["G0129"]}],
    "planted": [{"item": "one#x", "base": "one", "variant": "x", "decoy": "G0032", "add": ["S0180"]}]}"#;

#[test]
fn a_benchmark_is_answered_item_by_item() {
    let place = Place::new();
    place.write("items.json", ITEMS);
    place.done(["rank", "--benchmark", "items.json", "--out", "answers.jsonl"]);
    let answers = String::from_utf8(place.read("answers.jsonl")).unwrap();
    let lines: Vec<serde_json::Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |line: &serde_json::Value| format!("{} {}", line["item"].as_str().unwrap(), line["evidence"].as_str().unwrap());
    assert_eq!(
        lines.iter().map(named).collect::<Vec<_>>(),
        ["one both", "one techniques", "one software", "one#x both", "one#x techniques", "one#x software"]
    );
    assert_eq!(lines[0]["ranking"].as_array().unwrap().len(), 4, "three candidates and none of them");
    place.write("items.json", ITEMS.replace("G0016", "G9999"));
    insta::assert_snapshot!(place.run(["rank", "--benchmark", "items.json", "--out", "answers.jsonl"]), @"");
    place.write("items.json", "{");
    insta::assert_snapshot!(place.run(["rank", "--benchmark", "items.json", "--out", "answers.jsonl"]), @"");
}
