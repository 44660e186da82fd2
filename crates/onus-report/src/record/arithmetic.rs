//! How the weight of one item comes about, written out so that it can be done again with pen and paper.

use maud::{Markup, html};
use onus_weigh::{
    Basis, CountedResult, ObservationResult, Rates,
    sheet::{Likeness, OTHER, Stated},
    words::support,
};

use crate::{
    anchor::Place,
    foreign::{foreign, named},
    index::Index,
    links,
    numbers::{decibans, float_db, float_decibans, probability, rate},
    opening::capital,
};

/// The most answers whose weight is given one by one.
const ANSWERS_MAX: usize = 12;

/// Returns the steps from the rates of the kind to what went into the sum; for what is not weighed, why.
pub(super) fn arithmetic(number: usize, stated: &Stated, result: &ObservationResult, index: &Index<'_>) -> Markup {
    let is_weighed = !result.weights_mdb.is_empty();
    html! {
        dl class="arithmetic" id=(Place::Weight(number).id()) {
            (line("Kind", &html! { (links::kind(&result.kind, index)) @if index.kind(&result.kind).is_none() { ", without an entry in the table" } }))
            @if !is_weighed {
                (line("Not weighed", &html! { @match &result.remark { Some(remark) => { (named(&capital(remark), index)) "." } None => "No reason is on file." } }))
            } @else {
                (line("Resting on", &html! { (basis(result.basis)) }))
                (steps(stated, result, index))
                (line("Weight", &weights(result, index)))
                (line("In the sum", &counted(result, index)))
                (line("Planting", &planting(result, index)))
            }
        }
    }
}

fn line(name: &str, content: &Markup) -> Markup {
    html! { div { dt { (name) } dd { (content) } } }
}

fn basis(basis: Basis) -> Markup {
    html! {
        @match basis {
            Basis::Reference => "counts in the reference data",
            Basis::Table => { "the " a href="#kinds" { "table of kinds" } ", the same for every case" }
            Basis::Subjective => { "an analyst’s own numbers in the sheet " (links::subjective()) }
            Basis::None => "nothing",
        }
    }
}

fn steps(stated: &Stated, result: &ObservationResult, index: &Index<'_>) -> Markup {
    html! {
        @match (result.basis, &result.rates) {
            (Basis::Subjective, _) => (line("Numbers", &own_numbers(stated, index))),
            (_, Some(rates)) => (from_rates(stated, rates, result, index)),
            (Basis::Reference, None) => @if let Some(counted) = &result.reference { (from_counts(counted, result, index)) },
            _ => {}
        }
        @if let Some(remark) = &result.remark {
            (line(if result.basis == Basis::Reference { "Counts" } else { "Remark" }, &html! { (named(&capital(remark), index)) "." }))
        }
    }
}

/// An analyst's own probabilities and what follows for each answer against an actor not listed.
fn own_numbers(stated: &Stated, index: &Index<'_>) -> Markup {
    let numbers = stated.likelihood.iter().flatten();
    let other = stated.likelihood.as_ref().and_then(|numbers| numbers.get(OTHER)).copied().unwrap_or(1.0);
    html! {
        "probability of seeing it under an actor not listed " (rate(other))
        @for (id, number) in numbers.filter(|(id, _)| *id != OTHER).take(ANSWERS_MAX) {
            "; under " (foreign(index.title(id))) " " (rate(*number)) ": "
            span class="formula" { "10·log₁₀(" (rate(*number)) " ÷ " (rate(other)) ") = " (float_decibans(10.0 * libm::log10(number / other))) }
        }
        ". They are used as they are: no grade lowers them."
    }
}

/// How many reports name the trace, on each answer's actor and on anybody, and what the report lets through.
fn from_counts(found: &CountedResult, result: &ObservationResult, index: &Index<'_>) -> Markup {
    html! {
        (line("Counts", &html! {
            (foreign(&found.trace)) " (" (foreign(&found.name)) "), release " (foreign(&found.release)) ": known of "
            (found.known_of) " of " (found.actors) " actors"
            @for (id, share) in found.by_hypothesis.iter().take(ANSWERS_MAX) {
                "; named in " (share.naming) " of " (share.reports) " reports on " (foreign(index.title(id)))
                " (" (foreign(&share.actor)) ")"
            }
            ". Reports that the case itself cites are not among them."
        }))
        @if found.share < 1.0 {
            (line("Dependence", &html! {
                "traces of one sort depend on each other: of so many in this case each carries " (rate(found.share)) " of its weight"
            }))
        }
        @if let Some(right) = result.channel {
            (line("Report", &html! { "taken to be right with r = " (rate(right)) }))
        }
    }
}

/// The rates, the likeness and the report, each with the weight as it stands after that step.
fn from_rates(stated: &Stated, rates: &Rates, result: &ObservationResult, index: &Index<'_>) -> Markup {
    let close = 10.0 * libm::log10(rates.same_actor / rates.another_actor);
    let likened = close * rates.likeness;
    let cap = index.weights().map(onus_weigh::Weights::cap_db).filter(|_| rates.is_capped);
    let ratio = libm::pow(10.0, cap.map_or(likened, |cap| likened.min(cap)) / 10.0);
    let likeness = match stated.likeness {
        Likeness::Exact => "exact",
        Likeness::Close => "close",
        Likeness::Partial => "partial",
    };
    html! {
        (line("Rates", &html! {
            "a close likeness is found with probability " (rate(rates.same_actor)) " where that actor acted, "
            (rate(rates.another_actor)) " where another did: "
            span class="formula" { "10·log₁₀(" (rate(rates.same_actor)) " ÷ " (rate(rates.another_actor)) ") = " (float_decibans(close)) }
        }))
        (line("Likeness", &html! {
            (likeness) ", which counts " (rate(rates.likeness)) " times: " span class="formula" { (float_decibans(likened)) }
            @if rates.is_capped {
                ", cut at " @match cap { Some(cap) => (float_decibans(cap)), None => "what" }
                ", the most that anything counted among so many actors can weigh"
            }
        }))
        @if let Some(right) = result.channel {
            (line("Report", &report(stated, right, ratio, index)))
            @if !agrees(stated, right, ratio, result) { (line("Beware", &html! { strong { "These steps do not give the weight on file." } })) }
        }
    }
}

/// Whether the steps give the weight on file, to two thousandths of a deciban.
///
/// What points at or away from an actor not listed is not checked: its weights are sums of two.
fn agrees(stated: &Stated, right: f64, ratio: f64, result: &ObservationResult) -> bool {
    let seen_mdb = 10_000.0 * libm::log10(right * ratio + 1.0 - right);
    let is_seen = |mdb: &i64| *mdb == 0 || (1000.0 * float_db(*mdb).abs() - seen_mdb.abs()).abs() <= 2.0;
    let about_other = stated.points_at.iter().chain(&stated.points_away).any(|id| id == OTHER);
    about_other || result.weights_mdb.values().all(is_seen)
}

/// The report as a noisy channel.
fn report(stated: &Stated, right: f64, ratio: f64, index: &Index<'_>) -> Markup {
    let grade = index.source(&stated.source).map_or('F', |(_, source)| source.reliability.letter());
    let seen = 10.0 * libm::log10(right * ratio + 1.0 - right);
    html! {
        "grade " @if index.weights().is_some() { a href="#grades" { (grade) (stated.credibility.number()) } } @else { (grade) (stated.credibility.number()) }
        ", taken to be right with r = " (rate(right)) ": "
        span class="formula" { "10·log₁₀(" (rate(right)) " × " (rate(ratio)) " + " (rate(1.0 - right)) ") = " (float_decibans(seen)) }
    }
}

/// The weights for every answer against an actor not listed, with the words of the ENFSI guideline.
fn weights(result: &ObservationResult, index: &Index<'_>) -> Markup {
    let telling: Vec<(&String, i64)> =
        result.weights_mdb.iter().filter(|(_, mdb)| **mdb != 0).map(|(id, mdb)| (id, *mdb)).collect();
    let silent = result.weights_mdb.len() - telling.len();
    html! {
        @for (id, mdb) in telling.iter().take(ANSWERS_MAX) {
            span class="weight" { (foreign(index.title(id))) " " b { (decibans(*mdb)) } " " span class="words" { (support(*mdb)) @if *mdb < 0 { " for another" } } } "; "
        }
        @if telling.len() > ANSWERS_MAX { (telling.len() - ANSWERS_MAX) " more answers likewise; " }
        @if silent > 0 { span class="weight" { @if telling.is_empty() { "every answer" } @else if silent == 1 { "the other answer" } @else { "the other " (silent) " answers" } " " (decibans(0)) } }
    }
}

/// Whether it went into the sum, and with whom it counts once.
fn counted(result: &ObservationResult, index: &Index<'_>) -> Markup {
    let followers: Vec<String> = index.followers(&result.id).iter().map(|id| (*id).to_owned()).collect();
    let group = || html! { @match &result.block { Some(block) => { "one block, “" (foreign(block)) "”" } None => "one origin" } };
    html! {
        @match (&result.counted_with, result.counted) {
            (Some(with), _) => { "no: it is of " (group()) " with " (links::item(with, index)) ", which is heavier; together they count once." }
            (None, true) if followers.is_empty() => "yes, by itself.",
            (None, true) => { "yes, once for " (group()) "; of it, " (links::items(&followers, ANSWERS_MAX, index)) " would add nothing more." }
            (None, false) => "no.",
        }
    }
}

/// What a forgery takes, how probable planting was beforehand, and what it comes to.
fn planting(result: &ObservationResult, index: &Index<'_>) -> Markup {
    let tests: i64 =
        result.tests.iter().filter(|test| test.counted).fold(0, |sum, test| sum.saturating_add(test.weight_mdb));
    html! {
        @if let Some(cost) = result.forge_cost {
            "forge cost " (links::cost(cost, index))
            @if let Some(weights) = index.weights() { ": where somebody is framed, planted with probability " (rate(weights.planting_rate(cost))) }
            "; "
        }
        @if tests != 0 { "its tests weigh " b { (decibans(tests)) } " for “planted”; " }
        @match result.planted_probability {
            Some(planted) => { "with all that is on file, under the " a href="#prior-flat" { "flat prior" } ", planted with probability " b { (probability(planted)) } "." }
            None => "no probability of planting is computed.",
        }
    }
}
