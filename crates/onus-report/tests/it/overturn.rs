//! What would overturn it, what is missing, and the way from a number back to its basis.

use onus_report::{Dossier, brief, html, text};
use onus_weigh::{Basis, ForgedSet, Verdict};

use crate::{
    page::{check_links, well_formed},
    sample,
};

/// Asserts that a page of the sample, changed by `change`, holds all of these, and that it is whole.
fn check(change: impl Fn(&mut sample::Case), expected: &[&str]) -> String {
    let mut case = sample::not_determined();
    change(&mut case);
    let page = html(&case.dossier());
    well_formed(&page);
    check_links(&page);
    for expected in expected {
        assert!(page.contains(expected), "{expected}");
    }
    page
}

/// The text of a page without its markup, with single spaces.
fn words(page: &str) -> String {
    let (_, body) = page.split_once("<body>").expect("there is a body");
    let text: String = body.split('<').filter_map(|tag| Some(tag.split_once('>')?.1)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_set_is_told_in_one_sentence_with_its_items() {
    let page = check(|_| {}, &["id=\"overturn\"", "href=\"#proofs\"", "href=\"#cost-F2\""]);
    let words = words(&page);
    for expected in [
        "Forging item 1 (forge cost 30) would end the lead over Group B; the other would be 1.9 dB ahead.",
        "Withdrawing or suppressing item 1 would end the lead over Group B",
        "Each of these alone, or the group it counts with, is a single point of failure: item 1.",
        "falls below 10.0 dBless than moderate support",
        "1 thing, forge cost 10 (F2); 8.1 dB would be left; proved",
        "proved where weights add; nothing of cost below 9 does",
        "Whether something less does too is not known",
        "item 5 subjective",
    ] {
        assert!(words.contains(expected), "{expected}");
    }
}

#[test]
fn nothing_is_forged_where_nobody_is_ahead() {
    let page = check(
        |case| {
            case.assessment.leading = None;
            case.assessment.minimum_forged_sets.clear();
            case.assessment.minimum_withdrawn_sets.clear();
            case.assessment.single_points_of_failure.clear();
            case.assessment.missing.clear();
            (case.assessment.searched, case.sheet.searched) = (vec![], vec![]);
            case.assessment.without_subjective = None;
        },
        &[
            "nothing need be forged or withdrawn",
            "none found",
            "names no kind that was looked for in vain",
            "The sheet holds none",
        ],
    );
    assert!(!page.contains("id=\"proofs\"") && !page.contains("class=\"decided\"") && !page.contains("no one item"));
}

#[test]
fn a_leader_without_sets_says_so() {
    let page = check(
        |case| {
            case.assessment.minimum_forged_sets.clear();
            case.assessment.minimum_withdrawn_sets.clear();
        },
        &[],
    );
    assert!(words(&page).contains("Sets of several items: none found."));
}

#[test]
fn rivals_far_behind_are_folded() {
    let page = check(
        |case| {
            let answer = case.assessment.hypotheses[1].clone();
            for number in 0..29 {
                let id = format!("r{number}");
                case.assessment.minimum_forged_sets.push(sample::set(&id, 0, &["control-server"], 30));
                case.assessment.hypotheses.push(onus_weigh::HypothesisResult {
                    id,
                    weight_mdb_over_next: -30_000 - number,
                    ..answer.clone()
                });
            }
        },
        &["Over 28 further answers, further behind"],
    );
    let (open, folded) = page.split_once("class=\"numbers fold\"").expect("there is a fold");
    assert_eq!(open.matches("class=\"sets\"").count(), 3);
    assert_eq!(folded.matches("class=\"sets\"").count(), 28);
}

#[test]
fn rivals_over_whom_the_same_is_known_share_a_table() {
    let page = check(
        |case| {
            let other = case.assessment.hypotheses[2].weight_mdb_over_next;
            case.assessment.hypotheses[1].weight_mdb_over_next = other;
            case.assessment.minimum_forged_sets =
                ["b", "other"].map(|rival| sample::set(rival, 0, &["control-server"], 30)).to_vec();
            case.assessment.minimum_withdrawn_sets.clear();
        },
        &[],
    );
    assert_eq!(page.matches("class=\"sets\"").count(), 1);
    assert!(words(&page).contains("Over Group B, over An actor not listed, alike: now +18.4 dB, moderate support"));
}

#[test]
fn every_weight_leads_to_its_arithmetic() {
    let page = check(
        |_| {},
        &[
            "href=\"#item-1-weight\"",
            "id=\"item-1-weight\"",
            "href=\"#kind-infrastructure\"",
            "id=\"kind-infrastructure\"",
        ],
    );
    let words = words(&page);
    for expected in [
        "10·log₁₀(0.198 ÷ 0.006) = +15.2 dB",
        "10·log₁₀(0.81 × 33 + 0.19) = +14.3 dB",
        "Group A +14.3 dB moderate support; the other 2 answers 0.0 dB",
        "yes, once for one block, “wiper”; of it, item 3, item 4 would add nothing more.",
        "no: it is of one block, “wiper” with item 2, which is heavier; together they count once.",
        "its tests weigh +9.0 dB for “planted”",
        "10·log₁₀(0.2 ÷ 0.1) = +3.0 dB",
        "Not weighedRepeats another item and adds nothing.",
        "Decided by item 1, item 2; see what each item adds.",
    ] {
        assert!(words.contains(expected), "{expected}");
    }
    assert!(!page.contains("do not give the weight on file"));
}

#[test]
fn steps_that_do_not_give_the_weight_are_said_so() {
    let beware = "These steps do not give the weight on file.";
    check(|case| *case.assessment.observations[0].weights_mdb.get_mut("a").unwrap() += 100, &[beware]);
}

#[test]
fn counts_and_their_notice_are_shown_where_they_are_used() {
    let notice = "The reference data are used with permission.";
    let counted = |case: &mut sample::Case| {
        let result = &mut case.assessment.observations[0];
        (result.basis, result.rates) = (Basis::Reference, None);
        result.remark = Some("named in 3 of 12 reports of `a`; known of 4 of 172 groups".to_owned());
        case.assessment.inputs.reference = Some(onus_core::Digest::of(b"counts"));
    };
    let page = check(counted, &[notice, "counts in the reference data"]);
    assert!(words(&page).contains("CountsNamed in 3 of 12 reports of Group A; known of 4 of 172 groups."));
    let mut case = sample::not_determined();
    assert!(!html(&case.dossier()).contains(notice) && !text(&case.dossier(), false).contains(notice));
    counted(&mut case);
    assert!(text(&case.dossier(), false).contains(notice));
    let without = Dossier { notices: &[], ..case.dossier() };
    assert!(!html(&without).contains("id=\"notices\""));
}

#[test]
fn searches_that_tell_are_a_step_of_the_sum() {
    let to_other = |case: &mut sample::Case| case.assessment.hypotheses[2].weight_mdb_over_next = -16_000;
    let page = check(to_other, &["−0.8 dB", "for every named answer", "no weight is known for this kind"]);
    assert!(page.contains(">Looked for and not found</text>"), "the named leader against an actor not listed");
    assert!(!html(&sample::not_determined().dossier()).contains(">Looked for and not found</text>"));
}

#[test]
fn confidence_stands_on_a_line_of_its_own() {
    for (case, word) in [(sample::not_determined(), "low"), (sample::supported(), "high")] {
        let line = format!("<p class=\"confidence\">Confidence: {word}. ");
        let page = html(&case.dossier());
        let (_, rest) = page.split_once(&line).expect("there is a line");
        let line = rest.split("</p>").next().expect("it ends");
        for likelihood in ["chance", "likely", "certain", "probab"] {
            assert!(!line.contains(likelihood), "{line}");
        }
    }
}

#[test]
fn both_verdicts_stand_side_by_side() {
    let page = check(|case| case.assessment.without_subjective.as_mut().unwrap().verdict = Verdict::Supported, &[]);
    assert!(words(&page).contains("With themWithout themVerdictnot determinedsupportedAheadGroup AGroup A"));
}

#[test]
fn the_brief_form_says_what_would_have_to_be_forged() {
    let mut case = sample::not_determined();
    assert!(brief(&case.dossier(), false).contains("Forging item 1 (forge cost 30) would end the lead over “Group B”"));
    case.assessment.minimum_forged_sets = vec![ForgedSet { left_mdb: 0, ..sample::set("b", 0, &["denial"], 1) }];
    assert!(brief(&case.dossier(), false).contains("“Group B”; the two would be level."));
}
