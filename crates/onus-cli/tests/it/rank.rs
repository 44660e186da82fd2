//! Ranking groups for what was seen.

use crate::common::Place;

fn json(place: &Place, args: &[&str]) -> serde_json::Value {
    let all = [&["rank"], args, &["--format", "json"]].concat();
    serde_json::from_str(&place.done(all).out).unwrap()
}

#[test]
fn groups_are_ranked_with_what_carries_them() {
    let place = Place::new();
    insta::assert_snapshot!(place.done(["rank", "S0023", "S0117", "S0045", "T1566.001", "T1027", "--top", "3"]), @"
    status: 0
    -- out
    Seen: techniques 2, software 3. Compared with 172 groups in 1047 reports, MITRE ATT&CK 18.1.

    APT28 (G0007) may be named as a hypothesis: it holds when its strongest traces are taken to be planted (S0023, S0117; T1566.001, T1027; S0023, S0117, S0045, T1566.001, T1027); no more than that was tried.
    The order was decided to 0.896 by reading it as if some of it were planted; that is no probability of a plant.

      #  group                     weight  probability  carried by, in dB (reports, groups)
      1  APT28 (G0007)              +30.0        0.986  CHOPSTICK +15.5 (4, 1)  XTunnel +15.5 (4, 1)  ADVSTORESHELL +15.1 (2, 1)  T1566.001 +4.0 (8, 77)  and 1 more
      2  Mustang Panda (G0129)       +6.7        0.002  T1027 +10.2 (13, 19)  T1566.001 +4.0 (10, 77)
      3  Kimsuky (G0094)             +4.5        0.001  T1027 +5.8 (3, 19)  T1566.001 +4.5 (9, 77)
         none of them                            0.002

    Worth looking for, because it would tell the nearest apart:
      T1574.001  0.01 bits  DLL: known of Mustang Panda (G0129), AppleJeus (G1049)
      T1106      0.01 bits  Native API: known of Mustang Panda (G0129), Sandworm Team (G0034), APT37 (G0067), Gamaredon Group (G0047)
      T1059.005  0.01 bits  Visual Basic: known of Mustang Panda (G0129), Kimsuky (G0094), Sandworm Team (G0034), APT37 (G0067), …
      T1204.002  0.01 bits  Malicious File: known of APT28 (G0007), Mustang Panda (G0129), Kimsuky (G0094), Sandworm Team (G0034), …
      T1053.005  0.01 bits  Scheduled Task: known of Mustang Panda (G0129), Kimsuky (G0094), Sandworm Team (G0034), APT37 (G0067), …
      S1228      0.01 bits  PUBLOAD: known of Mustang Panda (G0129)
      S1239      0.01 bits  TONESHELL: known of Mustang Panda (G0129)
      S0013      0.01 bits  PlugX: known of Mustang Panda (G0129)

    This ranks a likeness to what reports say. It suggests hypotheses and is never itself evidence.
    The parts do not add up: traces depend on each other, and the strongest are planted first.
    © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
    Names and victims from the MISP galaxy, CC0 1.0 Universal.
    ");
}

#[test]
fn what_is_unknown_replaced_or_repeated_is_said() {
    let place = Place::new();
    let report = json(&place, &["T1574.002", "T1574.001", "t9999", "plugx", "S0013"]);
    let ids: Vec<&str> = report["seen"].as_array().unwrap().iter().map(|seen| seen["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["T1574.001", "T9999", "S0013"]);
    insta::assert_snapshot!(report["notes"], @r#"["T1574.002 was replaced by T1574.001, which is looked for instead","T9999 is not in the reference data: nobody is known for it"]"#);
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
    insta::assert_snapshot!(place.run(["rank", "S0023", "--without-report", "No Such Report"]), @"
    status: 2
    -- err
    error: the reference data has no such report: No Such Report
     next: give the report's name as the reference data has it
    ");
    insta::assert_snapshot!(place.run(["rank", "S0023", "--release", "99"]), @"
    status: 2
    -- err
    error: the reference data has no such release: 99
     next: name one of the releases that `onus reference info` lists
    ");
}

#[test]
fn what_is_nothing_is_refused() {
    let place = Place::new();
    place.write("text.txt", "T1059.001\n");
    place.write("deep.json", "[".repeat(100_000));
    for args in [["rank", "nothing"], ["rank", "text.txt"], ["rank", "deep.json"]] {
        assert_eq!(place.run(args).code, Some(2), "{args:?}");
    }
    insta::assert_snapshot!(place.run(["rank", "no-such-thing"]), @r#"
    status: 2
    -- err
    error: is no technique, no software of the reference data and no file: no-such-thing
     next: give identifiers such as T1059.001 or S0154, a name such as "PlugX", or a file
    "#);
    insta::assert_snapshot!(place.run(["rank", "text.txt"]), @"
    status: 2
    -- err
    error: holds no technique and no software, or is neither a STIX bundle nor a layer: text.txt
     next: give a STIX 2 bundle or a Navigator layer, as JSON of at most 64 MiB
    ");
    insta::assert_snapshot!(place.run(["rank"]), @"
    status: 2
    -- err
    error: the following required arguments were not provided:
      <WHAT>...

    Usage: onus rank <WHAT>...

    For more information, try '--help'.
    ");
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
    let named =
        |line: &serde_json::Value| format!("{} {}", line["item"].as_str().unwrap(), line["evidence"].as_str().unwrap());
    assert_eq!(
        lines.iter().map(named).collect::<Vec<_>>(),
        ["one both", "one techniques", "one software", "one#x both", "one#x techniques", "one#x software"]
    );
    assert_eq!(lines[0]["ranking"].as_array().unwrap().len(), 4, "three candidates and none of them");
    place.write("items.json", ITEMS.replace("G0016", "G9999"));
    insta::assert_snapshot!(place.run(["rank", "--benchmark", "items.json", "--out", "answers.jsonl"]), @"
    status: 2
    -- err
    error: cannot be asked: one: group `G9999` is not in the reference data
     next: give a benchmark as docs/spec/benchmark.md describes it, made for this reference data
    ");
    place.write("items.json", "{");
    insta::assert_snapshot!(place.run(["rank", "--benchmark", "items.json", "--out", "answers.jsonl"]), @"
    status: 2
    -- err
    error: is no benchmark: EOF while parsing an object at line 1 column 1: items.json
     next: give a benchmark as docs/spec/benchmark.md describes it, made for this reference data
    ");
}
