//! The first screen: the question, the verdict, what fails, four facts, and how to check it all.

use maud::{Markup, html};
use onus_weigh::{Assessment, Gate, Verdict};

use crate::{
    Dossier, LedgerFacts,
    charts::curve::break_even,
    contest::Contest,
    foreign::{foreign, named},
    index::Index,
    links,
    numbers::{count, distance, factor, prior},
    verdict::{self, Words},
};

/// The most observations that are named under one condition.
const DECIDING_MAX: usize = 6;

/// Returns the first screen.
pub(crate) fn section(dossier: &Dossier<'_>, index: &Index<'_>) -> Markup {
    let (case, assessment) = (&dossier.sheet.case, dossier.assessment);
    html! {
        section id="verdict" aria-labelledby="question" {
            p class="case" {
                (foreign(&case.title))
                @if let Some(happened) = &case.happened { " · " time { (happened.as_str()) } }
            }
            h1 id="question" { (foreign(&assessment.question)) }
            (sentence(dossier))
            (firmness(assessment, index))
            (gates(assessment, index))
            (facts(dossier, index))
            (check(dossier))
            (inputs(assessment))
        }
    }
}

fn sentence(dossier: &Dossier<'_>) -> Markup {
    let is_open = dossier.assessment.verdict == Verdict::NotDetermined;
    html! {
        p class=(if is_open { "sentence open" } else { "sentence" }) {
            @for words in verdict::opening(dossier.assessment, dossier.sheet) {
                @match words {
                    Words::Plain(text) => (text),
                    Words::Strong(text) => strong { bdi { (text) } },
                }
            }
        }
    }
}

/// The confidence, and what rests on analysts' own numbers: each a line of its own.
fn firmness(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let confidence = verdict::confidence(assessment);
    html! {
        @if let Some(confidence) = confidence { p class="confidence" { (confidence) } }
        @if let Some(without) = &assessment.without_subjective {
            p class="confidence" {
                "Part of this rests on analysts’ own numbers " (links::subjective()) ". " a href="#without-subjective" { "Without them" } ": "
                @match (without.verdict, &without.leading) {
                    (Verdict::Supported, Some(leading)) => { em { (foreign(index.title(leading))) } " would be supported." }
                    (_, Some(leading)) => { "not determined, with " em { (foreign(index.title(leading))) } " ahead." }
                    (_, None) => "not determined, with no answer ahead of every other.",
                }
            }
        }
    }
}

/// The conditions of the verdict: those that fail first, with what was found.
fn gates(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let failing: Vec<&Gate> = verdict::failing(assessment).collect();
    let passed: Vec<&Gate> = verdict::passed(assessment).collect();
    html! {
        @if !failing.is_empty() {
            h2 class="small" { "Missing, the gravest first" }
            ul class="gates" { @for gate in &failing { (self::gate(gate, assessment, index)) } }
        }
        @if !passed.is_empty() {
            h2 class="small" { @if failing.is_empty() { "All conditions are met" } @else { "Met" } }
            ul class="gates met" { @for gate in &passed { (self::gate(gate, assessment, index)) } }
        }
    }
}

fn gate(gate: &Gate, assessment: &Assessment, index: &Index<'_>) -> Markup {
    let condition = verdict::condition(gate, &assessment.policy);
    html! {
        li class=(if gate.passed { "met" } else { "fails" }) {
            span class="sign" aria-hidden="true" { (if gate.passed { "✓" } else { "–" }) }
            span { span class="condition" { (capital(&condition)) } " " span class="found" { (named(&capital(&gate.detail), index)) ". " @if assessment.leading.is_some() { (decided_by(gate, index)) } } }
        }
    }
}

/// The observations that decide a condition, and the part of the page that shows how.
fn decided_by(gate: &Gate, index: &Index<'_>) -> Markup {
    let (part, name) = match gate.id.as_str() {
        "break-even-delta" => ("#planted", "the curve over the deception prior"),
        "single-point-of-failure" | "forge-cost" => ("#overturn", "what would have to be forged"),
        _ => ("#evidence", "what each item adds"),
    };
    html! {
        span class="decided" {
            @if !gate.observations.is_empty() { "Decided by " (links::items(&gate.observations, DECIDING_MAX, index)) "; see " } @else { "See " }
            a href=(part) { (name) } "."
        }
    }
}

/// Returns text with its first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn facts(dossier: &Dossier<'_>, index: &Index<'_>) -> Markup {
    let assessment = dossier.assessment;
    let contest = Contest::of(assessment);
    html! {
        h2 class="hidden" { "Four facts" }
        dl class="facts" {
            div { dt { a href="#answers" { "Strongest rival" } } dd { (rival(contest.as_ref(), index)) } }
            div { dt { a href="#planted" { "Break-even deception prior" } } dd { (break_even_fact(assessment, index)) } }
            div { dt { a href="#overturn" { "Single points of failure" } } dd { (single_points(assessment, index)) } }
            div {
                dt { a href="#evidence" { "Independent roots" } }
                dd {
                    b { (assessment.independent_roots) }
                    span { "behind what speaks for the answer ahead; " (assessment.policy.roots) " are asked for" }
                }
            }
        }
    }
}

fn rival(contest: Option<&Contest<'_>>, index: &Index<'_>) -> Markup {
    html! {
        @match contest {
            None => { b { "none" } span { "fewer than two answers are considered" } }
            Some(contest) if contest.is_tie => {
                b { "level" }
                span { (foreign(index.title(&contest.leader.id))) " and " (foreign(index.title(&contest.rival.id))) " are level" }
            }
            Some(contest) => {
                b { (distance(contest.total_mdb())) }
                span {
                    "from " em { (foreign(index.title(&contest.leader.id))) } ", ahead so far, to "
                    em { (foreign(index.title(&contest.rival.id))) } ": " (factor(contest.total_mdb()))
                }
            }
        }
    }
}

fn break_even_fact(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let asked = prior(assessment.policy.break_even_delta);
    html! {
        @match break_even(assessment) {
            _ if assessment.leading.is_none() => { b { "none" } span { "no answer is ahead of every other" } }
            None => { b { "none" } span { "no deception prior alone overturns the order; forged items may" } }
            Some((rival, delta)) if delta <= 0.0 => {
                b { "0" }
                span { "even without deception the weight over " em { (foreign(index.title(rival))) } " is too low; " (asked) " has to be survived" }
            }
            Some((rival, delta)) => {
                b { (prior(delta)) }
                span { "from there on the weight over " em { (foreign(index.title(rival))) } " is too low; " (asked) " has to be survived" }
            }
        }
    }
}

fn single_points(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let points = &assessment.single_points_of_failure;
    html! {
        b { (if points.is_empty() { "none".to_owned() } else { count(points.len(), "item") }) }
        span {
            @if assessment.leading.is_none() {
                "no answer is ahead of every other"
            } @else if points.is_empty() {
                "no one item, taken to be forged, leaves less than " (distance(assessment.policy.single_point_mdb))
            } @else {
                "any one of these or its group, forged, takes the lead or leaves too little: " (links::items(points, 12, index))
            }
        }
    }
}

fn check(dossier: &Dossier<'_>) -> Markup {
    html! {
        h2 class="small" { "How to check this yourself" }
        p class="check" {
            code { "onus verify CASE" }
            " finds any alteration and weighs the case again. "
            @match dossier.ledger {
                Some(ledger) => (bounds(ledger)),
                None => "This page was made from a case sheet alone: there is no ledger to verify.",
            }
        }
    }
}

fn bounds(ledger: &LedgerFacts) -> Markup {
    html! {
        "The ledger has " (count(usize::try_from(ledger.size).unwrap_or(usize::MAX), "entry").replace("entrys", "entries"))
        @if let Some(entry) = ledger.assessment_entry { "; this assessment is entry " (entry) }
        @if ledger.bounds.is_empty() {
            ". It is " strong { "not bound by any outside party" } ": nothing but its owner’s word says that it was not rewritten as a whole."
        } @else {
            ". Outside bounds: "
            @for (position, bound) in ledger.bounds.iter().enumerate() { @if position > 0 { "; " } (foreign(bound)) }
            "."
        }
    }
}

fn inputs(assessment: &Assessment) -> Markup {
    let inputs = &assessment.inputs;
    html! {
        dl class="inputs" {
            div { dt { "As known on" } dd { @match &assessment.as_of { Some(day) => (foreign(day)), None => "no given day: all that is on file counts" } } }
            div { dt { "Version" } dd { (foreign(&inputs.engine)) } }
            div { dt { "Case sheet" } dd { code { (inputs.sheet) } } }
            div { dt { "Exhibits" } dd { code { (inputs.exhibits) } } }
            div { dt { "Weights" } dd { code { (inputs.weights) } } }
            div { dt { "Reference data" } dd { @match &inputs.reference { Some(digest) => { code { (digest) } } None => "none used" } } }
        }
    }
}
