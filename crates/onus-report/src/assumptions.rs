//! What becomes of it under other assumptions: three priors, and without analysts' own numbers.

use std::collections::BTreeMap;

use maud::{Markup, html};
use onus_weigh::{Alternative, Assessment, HypothesisResult, Verdict};

use crate::{
    charts::scrolling,
    foreign::{foreign, named},
    index::Index,
    links,
    numbers::{count, decibans, probability},
    opening::capital,
    verdict,
};

/// Returns the section.
pub(crate) fn section(assessment: &Assessment, own: Option<&BTreeMap<String, f64>>, index: &Index<'_>) -> Markup {
    html! {
        section id="assumptions" {
            h2 { "Under other assumptions" }
            h3 { "Three priors side by side" }
            (priors(own, index))
            (posteriors(assessment, index))
            h3 id="without-subjective" { "With and without analysts’ own numbers" }
            (side_by_side(assessment, index))
            @if !assessment.notes.is_empty() {
                h3 { "Remarks on the inputs" }
                ul class="notes" { @for note in &assessment.notes { li { (named(&capital(note), index)) "." } } }
            }
            @if !assessment.not_computed.is_empty() {
                h3 { "What this version does not compute" }
                p { (count(assessment.not_computed.len(), "thing")) " that a reader might expect:" }
                ul class="notes" { @for entry in &assessment.not_computed {
                    li { strong { (foreign(&entry.what.replace('_', " "))) } ": " (foreign(&entry.why)) "." }
                } }
            }
        }
    }
}

/// What each prior assumes; every posterior leads here.
fn priors(own: Option<&BTreeMap<String, f64>>, index: &Index<'_>) -> Markup {
    html! {
        p { "A probability means nothing without the prior that it starts from; " a href="#words" { "how it follows from it" } " is the same for all three." }
        dl class="meanings" {
            div id="prior-flat" { dt { "Flat" } dd { "Every answer alike, an actor not listed among them." } }
            div id="prior-sceptical" { dt { "Sceptical" } dd { "An actor not listed has one half beforehand; the others share the other half." } }
            div id="prior-sheet" { dt { "Sheet" } dd {
                @match own {
                    Some(own) => {
                        "What the case sheet states " (links::subjective()) ":"
                        @for (id, prior) in own { " " (foreign(index.title(id))) " " (probability(*prior)) ";" }
                        " it is its author’s."
                    }
                    None => "The case sheet states no prior of its own.",
                }
            } }
        }
    }
}

fn posteriors(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let has_user = assessment.hypotheses.iter().any(|answer| answer.posterior.user.is_some());
    html! {
        (scrolling("Posterior of every answer by prior", &html! {
            table {
                thead { tr {
                    th scope="col" { "Answer" } th scope="col" { "Flat prior" } th scope="col" { "Sceptical prior" }
                    @if has_user { th scope="col" { "Prior of the sheet" } }
                } }
                tbody { @for answer in &assessment.hypotheses { tr {
                    @let (posterior, words) = (&answer.posterior, &answer.likelihood_words);
                    th scope="row" { (foreign(index.title(&answer.id))) }
                    td { (worded(posterior.flat, &words.flat, "#prior-flat")) }
                    td { (worded(posterior.sceptical, &words.sceptical, "#prior-sceptical")) }
                    @if has_user { td {
                        @match posterior.user {
                            Some(user) => (worded(user, words.user.as_deref().unwrap_or_default(), "#prior-sheet")),
                            None => "–",
                        }
                    } }
                } } }
            }
        }))
    }
}

/// A posterior as a link to the prior that it starts from, with its words (ICD 203).
fn worded(posterior: f64, words: &str, prior: &str) -> Markup {
    html! { a class="n" href=(prior) { (probability(posterior)) } @if !words.is_empty() { " " span class="words" { (foreign(words)) } } }
}

fn side_by_side(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let ids = assessment.observations.iter().filter(|result| index.is_subjective(&result.id) && !result.withdrawn);
    let ids: Vec<String> = ids.map(|result| result.id.clone()).collect();
    html! {
        @match &assessment.without_subjective {
            None => p { "The sheet holds none: every weight comes from data that are the same for every case." },
            Some(alternative) => {
                p {
                    "Analysts put numbers of their own into the sheet"
                    @if !ids.is_empty() { ": " (links::items(&ids, 20, index)) }
                    ". On the right stands what is left when all of them are taken out."
                }
                (scrolling("With and without analysts’ own numbers", &comparison(assessment, alternative, index)))
            }
        }
    }
}

/// One verdict, under its assumptions.
struct Column<'a> {
    verdict: Verdict,
    leader: Option<&'a HypothesisResult>,
    leading: Option<&'a str>,
    failing: Vec<String>,
    has_numbers: bool,
}

impl<'a> Column<'a> {
    fn of(alternative: &'a Alternative, assessment: &'a Assessment) -> Self {
        let leading = alternative.leading.as_deref();
        let failing = alternative.gates.iter().filter(|gate| !gate.passed);
        Self {
            verdict: alternative.verdict,
            leader: alternative.hypotheses.iter().find(|answer| Some(answer.id.as_str()) == leading),
            leading,
            failing: failing.map(|gate| verdict::condition(gate, &assessment.policy)).collect(),
            has_numbers: !alternative.hypotheses.is_empty(),
        }
    }
}

fn comparison(assessment: &Assessment, alternative: &Alternative, index: &Index<'_>) -> Markup {
    let with = Alternative {
        verdict: assessment.verdict,
        leading: assessment.leading.clone(),
        gates: assessment.gates.clone(),
        hypotheses: assessment.hypotheses.clone(),
    };
    let columns = [Column::of(&with, assessment), Column::of(alternative, assessment)];
    let weight = |leader: &HypothesisResult| {
        html! { (decibans(leader.weight_mdb_over_next)) " " span class="words" { (foreign(&leader.words)) } }
    };
    let conservative = |leader: &HypothesisResult| html! { (decibans(leader.conservative_mdb_over_next)) };
    let posterior =
        |leader: &HypothesisResult| worded(leader.posterior.flat, &leader.likelihood_words.flat, "#prior-flat");
    html! {
        table class="sides" {
            thead { tr { td {} th scope="col" { "With them" } th scope="col" { "Without them" } } }
            tbody {
                tr { th scope="row" { "Verdict" } @for column in &columns { td { strong { @match column.verdict { Verdict::Supported => "supported", Verdict::NotDetermined => "not determined" } } } } }
                tr { th scope="row" { "Ahead" } @for column in &columns { td { @match column.leading { Some(id) => (foreign(index.title(id))), None => "no answer" } } } }
                @if columns.iter().all(|column| column.has_numbers) {
                    tr { th scope="row" { "Its weight over the next" } @for column in &columns { td { (of_leader(column, weight)) } } }
                    tr { th scope="row" { "Conservative weight" } @for column in &columns { td { (of_leader(column, conservative)) } } }
                    tr { th scope="row" { "Posterior, flat prior" } @for column in &columns { td { (of_leader(column, posterior)) } } }
                    tr { th scope="row" { "Conditions that fail" } @for column in &columns { td {
                        @if column.failing.is_empty() { "none" }
                        @for (position, condition) in column.failing.iter().enumerate() { @if position > 0 { "; " } (condition) }
                    } } }
                }
            }
        }
    }
}

fn of_leader(column: &Column<'_>, of: impl Fn(&HypothesisResult) -> Markup) -> Markup {
    html! { @match column.leader { Some(leader) => (of(leader)), None => "–" } }
}
