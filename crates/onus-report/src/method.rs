//! The method in two pages, from the numbers that the program itself weighs with.

mod kinds;

use maud::{Markup, html};
use onus_core::{Credibility, Reliability};
use onus_weigh::{Assessment, ForgeCost, Weights};

use crate::{
    anchor::Place,
    charts::{bars::bands, scrolling},
    index::Index,
    numbers::{distance, factor, prior},
    opening::capital,
    verdict::condition,
};

/// Every class of forge cost with what it means.
const COSTS: [(ForgeCost, &str); 5] = [
    (ForgeCost::F0, "free text, or a field that an editor changes in minutes"),
    (ForgeCost::F1, "a script and public tools"),
    (ForgeCost::F2, "a rebuild, or reuse of somebody’s published or leaked tool"),
    (ForgeCost::F3, "consistent changes in several places, or private code or access of the imitated party"),
    (ForgeCost::F4, "a key, a third party’s record, or years of consistent conduct"),
];

/// Returns the section.
pub(crate) fn section(assessment: &Assessment, index: &Index<'_>) -> Markup {
    html! {
        section id="method" {
            h2 { "Method" }
            (prose(assessment))
            h3 { "When an answer is called supported" }
            p { "All of these hold against every rival, an actor not listed among them. If one fails, the verdict is “not determined”." }
            ul class="notes" { @for gate in &assessment.gates { li { (capital(&condition(gate, &assessment.policy))) "." } } }
            (scale_of_words())
            @if let Some(weights) = index.weights() {
                (grades(weights))
                (costs(weights))
                (kinds::kinds(assessment, weights))
            } @else {
                p class="absent" id="kinds" { "The weights used here are not those of the program that made this page; their digest stands under the verdict." }
            }
        }
    }
}

fn prose(assessment: &Assessment) -> Markup {
    let delta = prior(assessment.policy.delta);
    html! {
        h3 { "What is weighed" }
        p { "The weight of an item between two answers is how much more probable it is under the one than under the other, in decibans. Only the ratio counts: a trace that fits one answer well and every other just as well weighs nothing. What a kind of trace is worth stands in one table that is the same for every case and every party. A kind without an entry weighs nothing and is shown as not weighed. Denials, accusations without checkable content and sources of grade F weigh nothing, whoever speaks." }
        h3 { "Reports are not facts" }
        p { "What is known only from a report is seen through the report: it is right with a probability that the grades of source and item set, and otherwise says what such reports say anyway. A report that copies another adds nothing. Traits of one origin count once, by the heaviest of them. What has been withdrawn, and all that rests on it, leaves the sum from that day on." }
        h3 id="deception" { "Deception" }
        p { "Whether somebody was framed is one open question of the whole case, not a discount on each item. With a probability of " (delta) " the operation is taken to point at one of the other named answers; then each item was planted with a probability that depends on how cheap it is to forge. A failed consistency test makes planting likelier, and with it the doubt in every other item that points the same way. The total is therefore not the sum of the items: the difference is the step “because some of it may have been planted”." }
        h3 id="words" { "What the words mean" }
        p { "A posterior is the prior of an answer times how probable all that is on file is under it, divided by the sum of these products over all answers. The probability of what is on file counts the possibility of planting at the deception prior of " (delta) "." }
        p { "The conservative weight is the weight less what the numbers behind it are uncertain by: the root of the summed squares of the uncertainties of all groups that tell the two answers apart." }
        p { "Weights are worded after the guideline of the European Network of Forensic Science Institutes (2015), probabilities after Intelligence Community Directive 203 (2015). A probability is only ever given with its prior. Whether an answer is called supported is decided by the conditions below and by nothing else." }
    }
}

fn scale_of_words() -> Markup {
    html! {
        h3 { "Words for weights" }
        (scrolling("Words for weights", &html! {
            table {
                thead { tr { th scope="col" { "Words" } th scope="col" class="n" { "From" } th scope="col" { "That is" } } }
                tbody { @for band in bands() { tr { th scope="row" { (band.words) } td class="n" { (distance(band.from_mdb)) } td { @if band.from_mdb == 0 { "less than a factor of 2" } @else { (factor(band.from_mdb)) " or more" } } } } }
            }
        }))
    }
}

fn grades(weights: &Weights) -> Markup {
    let credibilities: Vec<Credibility> = (1..=6).filter_map(|number| Credibility::try_from(number).ok()).collect();
    html! {
        h3 id="grades" { "How far a report is believed" }
        p { "Probability that a report says what is the case, by the grade of its source (rows) and of the item (columns)." }
        (scrolling("Reliability by grade", &html! {
            table {
                thead { tr { th scope="col" { "Source" } @for grade in &credibilities { th scope="col" class="n" { (grade.number()) } } } }
                tbody { @for source in Reliability::ALL { tr {
                    th scope="row" { (source.letter()) }
                    @for item in &credibilities { td class="n" { (format!("{:.2}", weights.channel(source, *item))) } }
                } } }
            }
        }))
    }
}

fn costs(weights: &Weights) -> Markup {
    html! {
        h3 id="costs" { "How dear a forgery is" }
        (scrolling("Forge costs", &html! {
            table {
                thead { tr { th scope="col" { "Cost" } th scope="col" { "What it takes" } th scope="col" class="n" { "Effort" } th scope="col" class="n" { "Planted, if somebody was framed" } } }
                tbody { @for (cost, words) in COSTS { tr id=(Place::Cost(cost).id()) { th scope="row" { (format!("{cost:?}")) } td { (words) } td class="n" { (weights.forging_effort(cost)) } td class="n" { (format!("{:.2}", weights.planting_rate(cost))) } } } }
            }
        }))
    }
}
