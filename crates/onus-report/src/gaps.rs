//! What is missing: kinds of evidence worth looking for, and kinds that were looked for in vain.

use std::collections::BTreeSet;

use maud::{Markup, html};
use onus_weigh::{Assessment, Missing, NotComputed, SearchedResult};

use crate::{
    Dossier,
    charts::scrolling,
    foreign::{self, foreign},
    index::Index,
    links,
    numbers::{decibans, probability},
    opening::capital,
};

/// What looking may cost, the least first.
const COSTS: [&str; 3] = ["low", "medium", "high"];

/// Returns the section.
pub(crate) fn section(dossier: &Dossier<'_>, index: &Index<'_>) -> Markup {
    let assessment = dossier.assessment;
    html! {
        section id="missing" {
            h2 { "What is missing" }
            @match assessment.missing.first() {
                None => (absent(assessment, "missing", "Evidence worth looking for next")),
                Some(first) => {
                    p {
                        "Most worth looking for, for what looking costs: " strong { (links::kind(&first.kind, index)) }
                        " (expected gain " (bits(first.value_bits)) "; cost " (foreign(&first.cost)) ": " (cost_words(&first.cost)) ")."
                    }
                    (ranked(&assessment.missing, index))
                    (meaning(&assessment.missing))
                }
            }
            h3 { "Looked for and not found" }
            (searched(dossier, index))
        }
    }
}

/// Says that something is not computed, where a reader looks for it; absence is never implied.
pub(crate) fn absent(assessment: &Assessment, what: &str, name: &str) -> Markup {
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

fn ranked(missing: &[Missing], index: &Index<'_>) -> Markup {
    html! {
        (scrolling("Evidence worth looking for", &html! {
            table class="gaps" {
                thead { tr {
                    th scope="col" { "Kind" } th scope="col" class="n" { "Expected gain" } th scope="col" { "Cost of looking" }
                    th scope="col" class="n" { "Gain for the cost" } th scope="col" class="n" { "Changes nothing" }
                } }
                tbody { @for missing in missing { tr {
                    th scope="row" { (links::kind(&missing.kind, index)) }
                    td class="n" { (bits(missing.value_bits)) }
                    td { (foreign(&missing.cost)) }
                    td class="n" { (format!("{:.3}", finite(missing.bits_per_cost))) }
                    td class="n" { @match missing.same_decision { Some(same) => (probability(same)), None => "–" } }
                } } }
            }
        }))
    }
}

/// What the columns mean, and the costs that occur.
fn meaning(missing: &[Missing]) -> Markup {
    let costs: Vec<&str> = COSTS.into_iter().filter(|cost| missing.iter().any(|it| it.cost == *cost)).collect();
    html! {
        dl class="meanings" {
            @if !costs.is_empty() { div { dt { "cost of looking" } dd {
                @for (position, cost) in costs.iter().enumerate() { @if position > 0 { "; " } (cost) ": " (cost_words(cost)) }
                "."
            } } }
            div { dt { "expected gain" } dd { "A bit is what the answer to a question of even chances tells. The gain is an expectation over all that might be found, nothing included; what is cheap to plant teaches less." } }
            div { dt { "changes nothing" } dd { "The probability that the same answer stays ahead and the verdict’s level is reached or missed as before. It is given for the first few." } }
        }
    }
}

/// What the cost of looking means.
pub(crate) fn cost_words(cost: &str) -> &'static str {
    match cost {
        "low" => "it is read from an exhibit at hand",
        "medium" => "other software or records have to be compared",
        "high" => "somebody else has to hand it over",
        _ => "not a cost that this version knows",
    }
}

/// Returns a gain with its unit.
pub(crate) fn bits(value: f64) -> String {
    match finite(value) {
        value if value > 0.0 && value < 0.001 => "below 0.001 bits".to_owned(),
        value => format!("{value:.3} bits"),
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value.clamp(-1e6, 1e6) } else { 0.0 }
}

/// What was looked for: with its weight, or with why it has none. A kind that nobody looked for is not in the list.
fn searched(dossier: &Dossier<'_>, index: &Index<'_>) -> Markup {
    let assessment = dossier.assessment;
    let weighed: BTreeSet<&str> = assessment.searched.iter().map(|row| row.kind.as_str()).collect();
    let others: Vec<_> = dossier.sheet.searched.iter().filter(|row| !weighed.contains(row.kind.as_str())).collect();
    html! {
        @if assessment.searched.is_empty() && others.is_empty() {
            p { "The sheet names no kind that was looked for in vain. What nobody looked for weighs nothing." }
        } @else {
            p { "Not finding what would have been there speaks against every named answer alike. What nobody looked for weighs nothing." }
            (scrolling("Looked for and not found", &html! {
                table {
                    thead { tr { th scope="col" { "Kind" } th scope="col" class="n" { "Would have been found" } th scope="col" { "Weight against " em { "an actor not listed" } } } }
                    tbody {
                        @for (position, row) in assessment.searched.iter().enumerate() { tr id=(format!("searched-{}", position + 1)) {
                            th scope="row" { (links::kind(&row.kind, index)) }
                            td class="n" { (probability(row.detection)) }
                            td { (absence(row, index)) }
                        } }
                        @for row in others { tr {
                            th scope="row" { (links::kind(&row.kind, index)) }
                            td class="n" { (probability(row.detection)) }
                            td { "not weighed" }
                        } }
                    }
                }
            }))
        }
    }
}

/// The weight of an absence: one number where it is the same for every named answer.
fn absence(row: &SearchedResult, index: &Index<'_>) -> Markup {
    let named = || row.weights_mdb.iter().filter(|(id, _)| *id != onus_weigh::sheet::OTHER);
    let values: BTreeSet<i64> = named().map(|(_, mdb)| *mdb).collect();
    html! {
        @match (row.counted, values.first(), values.len()) {
            (true, Some(mdb), 1) => { b { (decibans(*mdb)) } " for every named answer" }
            (true, Some(_), _) => @for (id, mdb) in named() { (foreign(index.title(id))) " " b { (decibans(*mdb)) } "; " },
            _ => "not counted",
        }
        @if let Some(remark) = &row.remark { ": " (foreign::named(remark, index)) }
    }
}
