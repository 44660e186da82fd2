//! The kinds of the table of weights: those of this case with why their numbers are what they are, all others below.

use std::collections::BTreeSet;

use maud::{Markup, html};
use onus_weigh::{Assessment, Weights, weights::Kind};

use crate::{
    anchor::Place,
    charts::scrolling,
    foreign::foreign,
    numbers::{prior, rate},
};

/// Returns the tables; every kind has its place in one of them.
pub(super) fn kinds(assessment: &Assessment, weights: &Weights) -> Markup {
    let observed = assessment.observations.iter().map(|result| result.kind.as_str());
    let searched = assessment.searched.iter().map(|row| row.kind.as_str());
    let missing = assessment.missing.iter().map(|missing| missing.kind.as_str());
    let of_case: BTreeSet<&str> = observed.chain(searched).chain(missing).collect();
    let (here, elsewhere): (Vec<_>, Vec<_>) = weights.kinds().partition(|(name, _)| of_case.contains(name));
    html! {
        h3 id="kinds" { "What a close likeness of each kind is worth" }
        p { "No item weighs more than " (format!("{:.1}", weights.cap_db())) " dB. A planted trace misses its target with probability " (prior(weights.imperfect_imitation())) ". The numbers are the same for every case and every party." }
        @if !here.is_empty() { (scrolling("Weights of the kinds named in this dossier", &table(&here))) }
        @if !elsewhere.is_empty() {
            details class="numbers" {
                summary { "The other kinds as a table" }
                (scrolling("Weights of the other kinds", &table(&elsewhere)))
            }
        }
    }
}

fn table(kinds: &[(&str, &Kind)]) -> Markup {
    html! {
        table class="kinds" {
            thead { tr {
                th scope="col" { "Kind, and why" } th scope="col" class="n" { "If that actor" } th scope="col" class="n" { "If another" }
                th scope="col" class="n" { "Uncertain by" } th scope="col" { "Cost" } th scope="col" class="n" { "False alarm" } th scope="col" class="n" { "Detection" } th scope="col" { "Basis" }
            } }
            tbody { @for (name, kind) in kinds { tr id=(Place::Kind(name).id()) {
                th scope="row" { (foreign(&kind.title)) " " code { (name) } span class="why" { (foreign(&kind.why)) } }
                td class="n" { (rate(kind.same_actor)) }
                td class="n" { (rate(kind.another_actor)) }
                td class="n" { (format!("{:.1} dB", kind.spread_db)) }
                td { a href=(Place::Cost(kind.forge_cost).href()) { (format!("{:?}", kind.forge_cost)) } }
                td class="n" { (rate(kind.test.false_alarm)) }
                td class="n" { (rate(kind.test.detection)) }
                td { (foreign(&kind.basis)) }
            } } }
        }
    }
}
