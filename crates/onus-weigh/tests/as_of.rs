//! A case replayed by day: what was not yet published does not count, what was withdrawn no longer does.
#![expect(clippy::unwrap_used, reason = "a test")]

use onus_core::Digest;
use onus_weigh::{Assessment, InputDigests, ObservationResult, Sheet, Weights, assess};

const CASE: &str = r#"
onus = 1
[case]
title = "A case"
question = "Who?"

[[hypothesis]]
id = "a"
title = "Group A"
level = "group"
[[hypothesis]]
id = "b"
title = "Group B"
level = "group"

[[source]]
id = "lab"
title = "A laboratory"
reliability = "B"
[[source]]
id = "outlet"
title = "An outlet"
reliability = "A"
cites = ["lab"]

[[observation]]
id = "header"
seen = "2018-03"
source = "lab"
kind = "rich_header"
value = "like another file's"
points_at = ["a"]
credibility = 2

[[observation]]
id = "told-again"
seen = "2018-04-02"
source = "outlet"
kind = "rich_header"
value = "the laboratory says that it is like another file's"
points_at = ["a"]
credibility = 2

[[observation]]
id = "built-on-it"
seen = "2018-04-03"
source = "lab"
kind = "code_overlap"
value = "found by way of the header"
points_at = ["a"]
relies_on = ["header"]
credibility = 2

[[test]]
id = "contradiction"
observation = "header"
result = "inconsistent"
seen = "2018-05-01"
source = "lab"
value = "the tools it names did not build this"

[[retraction]]
observation = "header"
seen = "2018-06-01"
source = "lab"
value = "wrong file"
"#;

fn on(day: &str) -> Assessment {
    let digest = Digest::of(b"");
    let digests = InputDigests { sheet: digest, exhibits: digest, tests: None };
    assess(&Sheet::parse(CASE).unwrap(), &Weights::builtin(), digests, Some(day.parse().unwrap()))
}

fn item<'a>(assessment: &'a Assessment, id: &str) -> &'a ObservationResult {
    assessment.observations.iter().find(|observation| observation.id == id).unwrap()
}

#[test]
fn a_partial_date_counts_from_its_last_day() {
    assert!(on("2018-03-30").observations.is_empty());
    assert_eq!(on("2018-03-31").observations.len(), 1);
}

#[test]
fn a_report_of_a_report_adds_nothing_whatever_its_grade() {
    let (before, after) = (on("2018-04-01"), on("2018-04-02"));
    assert_eq!(before.hypotheses, after.hypotheses);
    assert_eq!(item(&after, "told-again").repeats.as_deref(), Some("header"));
    assert_eq!(item(&after, "told-again").root, "lab");
}

#[test]
fn a_failed_test_makes_a_plant_about_as_probable_as_not_from_its_day_on() {
    let planted = |day: &str| item(&on(day), "header").planted_probability.unwrap();
    assert!(planted("2018-04-30") < 0.1, "{}", planted("2018-04-30"));
    assert!(planted("2018-05-01") > 0.45, "{}", planted("2018-05-01"));
}

#[test]
fn a_retraction_reaches_what_repeats_or_needs_the_item() {
    let after = on("2018-06-01");
    for id in ["header", "told-again", "built-on-it"] {
        assert!(item(&after, id).withdrawn, "{id}");
        assert!(item(&after, id).weights_mdb.is_empty(), "{id}");
    }
    assert_eq!(after.leading, None);
}

#[test]
fn nothing_known_is_not_determined() {
    let nothing = on("2017-01-01");
    assert_eq!(nothing.verdict, onus_weigh::Verdict::NotDetermined);
    assert!(nothing.gates.iter().all(|gate| !gate.passed));
    assert_eq!(nothing.leading, None);
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let bytes = || onus_core::to_canonical(&on("2018-05-01")).unwrap();
    assert_eq!(bytes(), bytes());
    let read: Assessment = serde_json::from_slice(&bytes()).unwrap();
    assert_eq!(onus_core::to_canonical(&read).unwrap(), bytes());
}
