//! The dossier for a terminal.

use crate::sample;
use onus_report::{text, verdict_sentence};

#[test]
fn a_case_that_is_not_determined() {
    insta::assert_snapshot!(text(&sample::not_determined().dossier(), false));
}

#[test]
fn a_case_whose_evidence_supports_an_answer() {
    insta::assert_snapshot!(text(&sample::supported().dossier(), false));
}

#[test]
fn the_verdict_has_one_of_two_forms() {
    let case = sample::not_determined();
    insta::assert_snapshot!(verdict_sentence(&case.assessment, &case.sheet), @"Not determined. The evidence on file does not support any answer. Missing: a conservative weight of at least 20.0 dB over every rival; at least 10.0 dB left when any one item is taken to be forged; a conclusion that holds up to a deception prior of 0.20.");
    let case = sample::supported();
    insta::assert_snapshot!(verdict_sentence(&case.assessment, &case.sheet), @"The evidence on file supports “Group A” over every other answer considered, moderately strongly (24.6 dB, a factor of 290). Forging item 1 (forge cost 30) would be enough to overturn this.");
}

#[test]
fn a_supported_verdict_says_what_would_overturn_it() {
    let mut case = sample::supported();
    case.assessment.minimum_forged_sets = vec![sample::set("b", 20_000, &["control-server", "shared-code"], 5)];
    let sentence = verdict_sentence(&case.assessment, &case.sheet);
    assert!(sentence.ends_with("Forging items 1, 2 (forge cost 5) would be enough to overturn this."), "{sentence}");
}

#[test]
fn colour_only_adds_to_the_words() {
    let case = sample::supported();
    let (plain, colour) = (text(&case.dossier(), false), text(&case.dossier(), true));
    assert!(!plain.contains('\u{1b}') && colour.contains('\u{1b}'));
    let mut stripped = String::new();
    for part in colour.split('\u{1b}') {
        stripped.push_str(part.strip_prefix('[').and_then(|code| code.split_once('m')).map_or(part, |(_, rest)| rest));
    }
    assert_eq!(plain, stripped);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for case in [sample::not_determined(), sample::supported(), crate::hostile::case()] {
        for line in text(&case.dossier(), false).lines() {
            assert!(line.chars().count() <= 100, "{}: {line}", line.chars().count());
        }
    }
}
