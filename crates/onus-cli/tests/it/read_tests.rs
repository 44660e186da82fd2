//! Consistency tests that analysers make of an exhibit count for what the sheet reads from it.

use std::{path::PathBuf, time::Duration};

use onus::{AddOptions, Case, Settings, WorkerCommand};
use serde_json::{Value, json};

use crate::{
    common::Place,
    trace::{genuine, program},
};

const SHEET: &str = r#"onus = 1
[case]
title = "Example"
question = "Who did it?"
[[hypothesis]]
id = "one"
title = "Group One"
level = "group"
[[hypothesis]]
id = "two"
title = "Group Two"
level = "group"
[[source]]
id = "report"
title = "Report"
reliability = "B"
[[observation]]
id = "header"
seen = "2020-03-01"
source = "report"
kind = "rich_header"
value = "the build environment of Group One"
credibility = 2
points_at = ["one"]
exhibit = "EXHIBIT"
[[observation]]
id = "server"
seen = "2020-03-01"
source = "report"
kind = "infrastructure"
value = "a server of Group Two"
credibility = 2
points_at = ["two"]
exhibit = "EXHIBIT"
"#;

/// What the analysers say of a file, as the ledger holds it.
fn read(place: &Place, case: &str, bytes: &[u8]) -> Value {
    place.write(&format!("in-{case}/a.exe"), bytes);
    place.done(["new", case]);
    place.done(["add", "--case", case, &format!("in-{case}")]);
    let entries = place.done(["show", case, "entries", "--format", "json"]).out;
    let body = entries.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let digest = body.filter_map(|row| Some(row["entry"]["body"].as_str()?.to_owned())).next_back().unwrap();
    let path = digest.parse::<onus::Digest>().unwrap().to_path();
    serde_json::from_slice(&place.read(&format!("{case}/blobs/{path}"))).unwrap()
}

/// Weighs the sheet beside a file whose tests are given the rates that were measured, or none.
#[cfg(unix)]
fn assessed(place: &Place, name: &str, bytes: &[u8]) -> Value {
    let mut set = read(place, &format!("{name}-real"), bytes);
    for observation in set["observations"].as_array_mut().unwrap() {
        if observation["kind"] == "consistency_test" {
            observation["attributes"]["false_alarm"] = json!("0.0010");
            observation["attributes"]["detection"] = json!("0.9000");
        }
    }
    let frame = |value: &Value| {
        let json = value.to_string();
        [u32::try_from(json.len()).unwrap().to_be_bytes().as_slice(), json.as_bytes()].concat()
    };
    let hello = json!({"ready": {"isolation": "none"}});
    place.write(&format!("{name}-answer"), [frame(&hello), frame(&set)].concat());
    let script = format!("cat {}; exec sleep 60", place.path(&format!("{name}-answer")).display());
    let worker = WorkerCommand {
        program: PathBuf::from("/bin/sh"),
        args: vec!["-c".into(), script.into()],
        deadline: Duration::from_secs(20),
    };
    let settings = Settings { config: Some(place.path("config")), ..Settings::default() };
    place.done(["new", name]);
    let case = Case::open(&place.path(name)).unwrap();
    let files = [place.path(&format!("in-{name}-real"))];
    onus::add(&case, &settings, &files, &AddOptions { source: None, worker }, &mut |_| {}).unwrap();
    place.write(&format!("{name}/case.toml"), SHEET.replace("EXHIBIT", &onus::Digest::of(bytes).to_string()));
    let assessed = place.done(["assess", name, "--format", "json"]).out;
    place.done(["verify", name]);
    serde_json::from_str(&assessed).unwrap()
}

#[cfg(unix)]
#[test]
fn a_contradiction_in_the_exhibit_makes_its_trace_look_planted_and_the_same_exhibit_unchanged_does_not() {
    let place = Place::new();
    let (changed, genuine) = (assessed(&place, "changed", &program()), assessed(&place, "genuine", &genuine()));
    let tests = |assessment: &Value| assessment["observations"][0]["tests"].as_array().unwrap().clone();
    let failed = tests(&changed).into_iter().find(|test| test["id"] == "header/rich-checksum").unwrap();
    assert_eq!((&failed["result"], &failed["counted"]), (&json!("inconsistent"), &json!(true)), "{failed}");
    assert_eq!(failed["read"], json!({"detection": 0.9, "false_alarm": 0.001}));
    assert!(failed["weight_mdb"].as_i64().unwrap() > 29_000, "{failed}");
    assert!(tests(&changed).iter().all(|test| test["counted"] == (test == &failed)), "one origin counts once");
    assert!(tests(&genuine).iter().all(|test| test["result"] == "consistent"));
    assert!(
        tests(&genuine).iter().filter(|test| test["counted"] == true).all(|test| test["weight_mdb"].as_i64() < Some(0))
    );
    let planted = |assessment: &Value| assessment["observations"][0]["planted_probability"].as_f64().unwrap();
    assert!(planted(&changed) > 0.5 && planted(&genuine) < 0.2, "{} {}", planted(&changed), planted(&genuine));
    let two = |assessment: &Value| assessment["hypotheses"][1]["posterior"]["flat"].as_f64().unwrap();
    assert!(two(&changed) > two(&genuine), "{} {}", two(&changed), two(&genuine));
    assert!(changed["observations"][1]["tests"].as_array().unwrap().is_empty(), "no test is about a server");
    assert!(changed["inputs"]["tests"].is_string());
    assert!(changed["without_subjective"].is_null(), "what was measured is nobody's opinion");
}

#[cfg(unix)]
#[test]
fn a_test_is_not_known_before_it_was_made_and_one_that_the_sheet_states_stands() {
    let place = Place::new();
    assessed(&place, "case", &program());
    let earlier = place.done(["assess", "case", "--format", "json", "--as-of", "2021-01-01"]).out;
    let earlier: Value = serde_json::from_str(&earlier).unwrap();
    assert!(earlier["observations"][0]["tests"].as_array().unwrap().is_empty());
    let stated = "[[test]]\nid = \"header/rich-checksum\"\nobservation = \"header\"\nresult = \"not-run\"\nseen = \"2020-04-01\"\nsource = \"report\"\nvalue = \"no\"\n";
    let sheet = String::from_utf8(place.read("case/case.toml")).unwrap() + stated;
    place.write("case/case.toml", sheet);
    let stated: Value = serde_json::from_str(&place.done(["assess", "case", "--format", "json"]).out).unwrap();
    let tests = stated["observations"][0]["tests"].as_array().unwrap();
    let same: Vec<&Value> = tests.iter().filter(|test| test["id"] == "header/rich-checksum").collect();
    assert_eq!(same.len(), 1);
    assert_eq!(same[0]["result"], "not-run");
    place.done(["verify", "case"]);
}
