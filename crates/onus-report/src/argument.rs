//! The argument: answers, evidence, deception, what is missing, who says what, and other assumptions.

use std::collections::BTreeMap;

use maud::{Markup, html};
use onus_weigh::{Alternative, Assessment, NotComputed, Sheet, Verdict, sheet::Level};

use crate::{
    Dossier, charts,
    charts::scrolling,
    foreign::{foreign, named},
    index::Index,
    numbers::{count, distance, prior, probability},
    opening::{capital, item_links},
};

/// Returns the sections of the argument.
pub(crate) fn sections(dossier: &Dossier<'_>, index: &Index<'_>) -> Markup {
    let assessment = dossier.assessment;
    html! {
        section id="answers" {
            h2 { "The answers considered" }
            p { "Every answer is weighed against every other, and " em { "an actor not listed" } " is always one of them. " (levels(dossier.sheet)) }
            (charts::bars::figure(assessment, index))
        }
        section id="evidence" {
            h2 { "What each item adds" }
            (charts::waterfall::figure(assessment, dossier.sheet, index))
        }
        (planted(assessment, index))
        (missing(assessment))
        section id="timeline" {
            h2 { "Who says what" }
            p { "One lane a source, in the order in which they first appear. All are drawn alike; a mark says how far others can check what was said." }
            (charts::timeline::figure(dossier.sheet, assessment.as_of.as_deref(), index))
        }
        (assumptions(assessment, dossier.sheet.prior.as_ref(), index))
    }
}

/// What the answers name; evidence about one level says nothing of another.
fn levels(sheet: &Sheet) -> Markup {
    let words = |level: Level| match level {
        Level::Family => "a family of software",
        Level::Group => "a group",
        Level::Organisation => "an organisation",
        Level::State => "a state",
        Level::Scenario => "a course of events",
    };
    html! {
        @if let Some(first) = sheet.hypotheses.first() {
            "Each of the others names " (words(first.level)) "; what is found about one level says nothing of another."
        }
    }
}

fn planted(assessment: &Assessment, index: &Index<'_>) -> Markup {
    html! {
        section id="planted" {
            h2 { "What if it was planted?" }
            p {
                "Traces can be made to point at somebody else. Beforehand, framing is given a probability of "
                (prior(assessment.policy.delta)) "; with what is on file, under the flat prior over the answers, it comes to "
                strong { (probability(assessment.deception_probability)) } "."
            }
            (charts::curve::figure(assessment, index))
            h3 { "What would have to be forged" }
            (single_points(assessment, index))
            (forged_sets(assessment, index))
        }
    }
}

fn single_points(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let numbers: Vec<usize> = assessment.single_points_of_failure.iter().filter_map(|id| index.item(id)).collect();
    html! {
        @if assessment.leading.is_none() {
            p { "No answer is ahead of every other, so nothing need be forged." }
        } @else if numbers.is_empty() {
            p { "No single item: whichever one is taken to be forged, " (distance(assessment.policy.single_point_mdb)) " or more remain." }
        } @else {
            p { strong { "One thing is enough. " } "Each of these alone, or the group it counts with, would do: " (item_links(&numbers, 40)) "." }
        }
    }
}

fn forged_sets(assessment: &Assessment, index: &Index<'_>) -> Markup {
    html! {
        @if assessment.minimum_forged_sets.is_empty() {
            (absent(assessment, "minimum_forged_sets", "Sets of several items"))
        } @else {
            (scrolling("Sets of items whose forging would overturn the order", &html! {
                table {
                    thead { tr { th scope="col" { "Rival" } th scope="col" class="n" { "Falls below" } th scope="col" { "Items" } th scope="col" class="n" { "Things" } th scope="col" class="n" { "Forge cost" } th scope="col" { "Proved by" } } }
                    tbody { @for set in &assessment.minimum_forged_sets {
                        @let numbers: Vec<usize> = set.observations.iter().filter_map(|id| index.item(id)).collect();
                        tr {
                            th scope="row" { (foreign(index.title(&set.rival))) }
                            td class="n" { (distance(set.level_mdb)) }
                            td { (item_links(&numbers, 40)) }
                            td class="n" { (set.size) }
                            td class="n" { (set.cost) }
                            td { (foreign(&set.proved_by)) }
                        }
                    } }
                }
            }))
        }
    }
}

fn missing(assessment: &Assessment) -> Markup {
    html! {
        section id="missing" {
            h2 { "What is missing" }
            @if assessment.missing.is_empty() {
                (absent(assessment, "missing", "Evidence worth looking for next"))
            } @else {
                ol { @for missing in &assessment.missing {
                    li { (foreign(&missing.kind.replace('_', " "))) ": expected gain " (format!("{:.2}", missing.value_bits)) " bits; cost " (foreign(&missing.cost)) }
                } }
            }
        }
    }
}

/// Says that something is not computed, where a reader looks for it; absence is never implied.
fn absent(assessment: &Assessment, what: &str, name: &str) -> Markup {
    let entry: Option<&NotComputed> = assessment.not_computed.iter().find(|entry| entry.what == what);
    html! {
        p class="absent" {
            strong { (name) ": " }
            @match entry {
                Some(entry) => { "not computed. " (foreign(&capital(&entry.why))) "." }
                None => "none found.",
            }
        }
    }
}

fn assumptions(assessment: &Assessment, own: Option<&BTreeMap<String, f64>>, index: &Index<'_>) -> Markup {
    let has_user = assessment.hypotheses.iter().any(|answer| answer.posterior.user.is_some());
    html! {
        section id="assumptions" {
            h2 { "Under other assumptions" }
            h3 { "Three priors side by side" }
            p {
                "A probability means nothing without the prior that it starts from. "
                em { "Flat" } ": every answer alike. " em { "Sceptical" } ": an actor not listed has one half. "
                @match own {
                    Some(own) => {
                        em { "Sheet" } ": the prior that the case sheet states:"
                        @for (id, prior) in own { " " (foreign(index.title(id))) " " (probability(*prior)) ";" }
                        " it is its author’s."
                    }
                    None => "The case sheet states no prior of its own.",
                }
            }
            (scrolling("Posterior of every answer by prior", &html! {
                table {
                    thead { tr {
                        th scope="col" { "Answer" } th scope="col" { "Flat prior" } th scope="col" { "Sceptical prior" }
                        @if has_user { th scope="col" { "Prior of the sheet" } }
                    } }
                    tbody { @for answer in &assessment.hypotheses {
                        tr {
                            th scope="row" { (foreign(index.title(&answer.id))) }
                            td { (worded(answer.posterior.flat, &answer.likelihood_words.flat)) }
                            td { (worded(answer.posterior.sceptical, &answer.likelihood_words.sceptical)) }
                            @if has_user { td {
                                @match (answer.posterior.user, &answer.likelihood_words.user) {
                                    (Some(posterior), Some(words)) => (worded(posterior, words)),
                                    (Some(posterior), None) => (worded(posterior, "")),
                                    _ => "–",
                                }
                            } }
                        }
                    } }
                }
            }))
            h3 { "Without analysts’ own numbers" }
            p { (without_subjective(assessment.without_subjective.as_ref(), index)) }
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

fn worded(posterior: f64, words: &str) -> Markup {
    html! { span class="n" { (probability(posterior)) } @if !words.is_empty() { " " span class="words" { (foreign(words)) } } }
}

fn without_subjective(alternative: Option<&Alternative>, index: &Index<'_>) -> Markup {
    html! {
        @match alternative {
            None => "The sheet holds none: every weight comes from data that are the same for every case.",
            Some(Alternative { verdict: Verdict::Supported, leading: Some(leading), .. }) => {
                "With every subjective number left out, the evidence on file supports " strong { (foreign(index.title(leading))) } " over every other answer considered."
            }
            Some(Alternative { leading, .. }) => {
                "With every subjective number left out: " strong { "not determined" }
                @match leading {
                    Some(leading) => { "; " (foreign(index.title(leading))) " would be ahead." }
                    None => "; no answer would be ahead of every other.",
                }
            }
        }
    }
}
