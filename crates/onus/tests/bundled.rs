//! The bundled cases replayed by day: silent while the evidence does not carry an answer, and what was planted is seen.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use onus::demo::bundled;
use onus_core::Digest;
use onus_weigh::{Assessment, InputDigests, Sheet, Verdict, Weights, assess};

fn on(case: &str, day: &str) -> Assessment {
    let sheet = bundled().iter().find(|bundled| bundled.id == case).unwrap().sheet;
    let digest = Digest::of(sheet.as_bytes());
    let digests = InputDigests { sheet: digest, exhibits: digest, tests: None };
    assess(&Sheet::parse(sheet).unwrap(), &Weights::builtin(), digests, Some(day.parse().unwrap()))
}

/// Days on which later public evidence says that nobody should have been named.
const SILENT: [(&str, &[&str]); 6] = [
    ("apt31-statements-2024", &["2023-08-09", "2024-03-25", "2024-03-27"]),
    ("dark-seoul-2013", &["2013-03-21", "2013-03-22", "2013-04-30"]),
    ("lazarus-russian-words-2017", &["2017-02-13", "2017-02-21"]),
    ("olympic-destroyer-2018", &["2018-02-13", "2018-02-25", "2018-03-09", "2018-06-20"]),
    ("sunburst-kazuar-2020", &["2021-01-06", "2021-01-12", "2021-04-16"]),
    ("telecom-2024", &["2024-12-31"]),
];

#[test]
fn nobody_is_named_while_the_evidence_does_not_carry_it() {
    for (case, days) in SILENT {
        for day in days {
            assert_eq!(on(case, day).verdict, Verdict::NotDetermined, "{case} as of {day}");
        }
    }
}

#[test]
fn what_later_evidence_supports_is_ahead_on_the_last_day() {
    for (case, day, leading) in [
        ("dark-seoul-2013", "2013-07-09", "dprk-linked"),
        ("lazarus-russian-words-2017", "2020-08-27", "lazarus"),
        ("olympic-destroyer-2018", "2019-10-18", "sandworm"),
        ("olympic-destroyer-2018", "2020-10-20", "sandworm"),
    ] {
        assert_eq!(on(case, day).leading.as_deref(), Some(leading), "{case} as of {day}");
    }
}

#[test]
fn an_answer_that_passes_every_gate_is_supported() {
    let assessment = on("dark-seoul-2013", "2013-07-09");
    assert_eq!((assessment.verdict, assessment.confidence.as_str()), (Verdict::Supported, "high"));
}

/// Before anybody had shown it to be planted, the build header was in what would have had to be forged.
#[test]
fn what_was_planted_is_in_a_minimum_forged_set_before_it_is_known() {
    let sheet = bundled().iter().find(|bundled| bundled.id == "olympic-destroyer-2018").unwrap().sheet;
    let mut sheet = Sheet::parse(sheet).unwrap();
    sheet.tests.clear();
    let digest = Digest::of(b"");
    let digests = InputDigests { sheet: digest, exhibits: digest, tests: None };
    let day = "2018-03-09".parse().unwrap();
    let assessment = assess(&sheet, &Weights::builtin(), digests, Some(day));
    assert_eq!(assessment.leading.as_deref(), Some("lazarus"));
    assert!(assessment.minimum_forged_sets.iter().any(|set| set.observations.iter().any(|id| id == "rich-header")));
}

#[test]
fn a_trace_that_failed_its_test_is_seen_as_planted() {
    for (case, day, item) in [
        ("olympic-destroyer-2018", "2018-03-09", "rich-header"),
        ("olympic-destroyer-2018", "2020-10-20", "rich-header"),
        ("lazarus-russian-words-2017", "2017-02-21", "command-words"),
        ("lazarus-russian-words-2017", "2020-08-27", "command-words"),
    ] {
        let assessment = on(case, day);
        let planted = assessment.observations.iter().find(|result| result.id == item).unwrap().planted_probability;
        assert!(planted.unwrap() > 0.5, "{case} as of {day}: {item} {planted:?}");
    }
}

#[test]
fn what_was_withdrawn_weighs_nothing() {
    let assessment = on("dark-seoul-2013", "2013-03-22");
    let address = assessment.observations.iter().find(|result| result.id == "chinese-address").unwrap();
    assert!(address.withdrawn && address.weights_mdb.is_empty());
}
