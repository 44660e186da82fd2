//! What would overturn it: the cheapest and the smallest sets of items that would have to be forged, or withdrawn.

pub(crate) mod told;

use std::collections::BTreeSet;

use maud::{Markup, html};
use onus_weigh::{Assessment, ForgedSet, words::support};

use self::told::{ITEMS_MAX, Means, PROOFS, Run, foremost, least, left, proof, rivals, sentence};
use crate::{
    charts::scrolling,
    foreign::foreign,
    gaps::absent,
    index::Index,
    links,
    numbers::{count, decibans, distance},
};

/// The tables that stand open: those of the nearest rivals. Those of the others are folded.
const TABLES_OPEN: usize = 3;

/// The most rivals that are named over one table.
const NAMES_MAX: usize = 8;

/// Rivals over whom the same is known, number by number.
struct Alike<'a> {
    rivals: Vec<&'a str>,
    over_mdb: i64,
    forged: Vec<ForgedSet>,
    withdrawn: Vec<ForgedSet>,
}

/// Returns what is known over every rival, the nearest first, once for those over whom it is the same.
fn alike(assessment: &Assessment) -> Vec<Alike<'_>> {
    let mut found: Vec<Alike<'_>> = Vec::new();
    for rival in rivals(assessment) {
        let of = |sets: &[ForgedSet]| -> Vec<ForgedSet> {
            let sets = sets.iter().filter(|set| set.rival == rival);
            sets.map(|set| ForgedSet { rival: String::new(), ..set.clone() }).collect()
        };
        let result = assessment.hypotheses.iter().find(|answer| answer.id == rival);
        let over_mdb = result.map_or(0, |result| result.weight_mdb_over_next.saturating_neg());
        let (forged, withdrawn) = (of(&assessment.minimum_forged_sets), of(&assessment.minimum_withdrawn_sets));
        let is_same = |it: &&mut Alike<'_>| it.over_mdb == over_mdb && it.forged == forged && it.withdrawn == withdrawn;
        match found.iter_mut().find(is_same) {
            Some(same) => same.rivals.push(rival),
            None => found.push(Alike { rivals: vec![rival], over_mdb, forged, withdrawn }),
        }
    }
    found
}

/// Returns the section.
pub(crate) fn section(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let alike = alike(assessment);
    let (open, folded) = alike.split_at(alike.len().min(TABLES_OPEN));
    let folded_count = folded.iter().map(|alike| alike.rivals.len()).sum();
    html! {
        section id="overturn" {
            h2 { "What would have to be forged" }
            (single_points(assessment, index))
            (summary(assessment, index))
            @if assessment.leading.is_some() && alike.is_empty() { (absent(assessment, "minimum_forged_sets", "Sets of several items")) }
            @for alike in open { (table(alike, index)) }
            @if !folded.is_empty() {
                details class="numbers fold" {
                    summary { "Over " (count(folded_count, "further answer")) ", further behind" }
                    @for alike in folded { (table(alike, index)) }
                }
            }
            @if !alike.is_empty() { (meaning(assessment, index)) }
        }
    }
}

fn single_points(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let points = &assessment.single_points_of_failure;
    html! {
        @if assessment.leading.is_none() {
            p { "No answer is ahead of every other, so nothing need be forged or withdrawn." }
        } @else if points.is_empty() {
            p { "No single item: whichever one is taken to be forged, " (distance(assessment.policy.single_point_mdb)) " or more remain." }
        } @else {
            p { strong { "One thing is enough. " } "Each of these alone, or the group it counts with, is a single point of failure: " (links::items(points, 40, index)) "." }
        }
    }
}

/// One sentence for forging and one for its mirror.
fn summary(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let of = |sets, means| foremost(sets, assessment).map(|set| sentence(set, means, index));
    let forged = of(&assessment.minimum_forged_sets, Means::Forge);
    let withdrawn = of(&assessment.minimum_withdrawn_sets, Means::Withdraw);
    html! {
        @for runs in forged.iter().chain(&withdrawn) {
            p class="finding" { @for run in runs { (shown(run, index)) } }
        }
    }
}

fn shown(run: &Run<'_>, index: &Index<'_>) -> Markup {
    html! {
        @match run {
            Run::Words(words) => (words),
            Run::Items(ids) => (links::items(ids, ITEMS_MAX, index)),
            Run::Name(name) => em { (foreign(name)) },
        }
    }
}

/// What is known over rivals alike, level by level.
fn table(alike: &Alike<'_>, index: &Index<'_>) -> Markup {
    let Alike { rivals, over_mdb, forged, withdrawn } = alike;
    let levels: BTreeSet<i64> = forged.iter().chain(withdrawn).map(|set| set.level_mdb).collect();
    let first = rivals.first().map_or("", |id| index.title(id));
    html! {
        p class="over" {
            "Over "
            @for (position, id) in rivals.iter().take(NAMES_MAX).enumerate() { @if position > 0 { ", over " } strong { (foreign(index.title(id))) } }
            @if rivals.len() > NAMES_MAX { " and over " (rivals.len() - NAMES_MAX) " more" }
            @if rivals.len() > 1 { ", alike" }
            ": now " a href="#answers" { (decibans(*over_mdb)) } ", " (support(*over_mdb))
        }
        (scrolling(&format!("What would bring the lead over {} down", onus_core::plain(first)), &html! {
            // The roles keep it a table where the style stacks its cells.
            table class="sets" role="table" {
                thead role="rowgroup" { tr role="row" {
                    th scope="col" role="columnheader" { "So that the weight" }
                    th scope="col" role="columnheader" { "would have to be forged" }
                    th scope="col" role="columnheader" { "or withdrawn, or suppressed" }
                } }
                tbody role="rowgroup" { @for level in levels.into_iter().rev() { tr role="row" {
                    th scope="row" role="rowheader" { span class="narrow" { "So that the weight " } (falls(level)) }
                    td role="cell" { span class="narrow" { "Would have to be forged" } (cell(forged, level, Means::Forge, index)) }
                    td role="cell" { span class="narrow" { "Or withdrawn, or suppressed" } (cell(withdrawn, level, Means::Withdraw, index)) }
                } } }
            }
        }))
    }
}

/// The fall to a level, with the words that are lost.
fn falls(level_mdb: i64) -> Markup {
    html! {
        @if level_mdb == 0 { "is lost as a lead" } @else {
            "falls below " (distance(level_mdb)) br; span class="meta" { "less than " (support(level_mdb)) }
        }
    }
}

fn cell(sets: &[ForgedSet], level: i64, means: Means, index: &Index<'_>) -> Markup {
    let sets: Vec<&ForgedSet> = sets.iter().filter(|set| set.level_mdb == level).collect();
    html! {
        @if sets.is_empty() { span class="meta" { "no set of items is known to do it" } }
        @for set in sets {
            div class="set" {
                span class="least" { (least(set)) ": " } (links::items(&set.observations, ITEMS_MAX, index))
                br; span class="meta" { (price(set, means, index)) (left(set)) "; " (proved(set, means)) }
            }
        }
    }
}

/// What a set takes: the cost of forging, with the dearest class in it, or the number of things.
fn price(set: &ForgedSet, means: Means, index: &Index<'_>) -> Markup {
    let dearest = set.observations.iter().filter_map(|id| index.result(id)?.forge_cost).max();
    html! {
        (count(set.size, "thing"))
        @if means == Means::Forge {
            ", forge cost " (set.cost)
            @if let Some(dearest) = dearest { " (" @if set.size > 1 { "up to " } (links::cost(dearest, index)) ")" }
        }
        "; "
    }
}

/// How far it is known that nothing less does it.
fn proved(set: &ForgedSet, means: Means) -> Markup {
    let is_least_cost = set.least.iter().any(|least| least == "cost");
    html! {
        @match proof(&set.proved_by) {
            Some(proof) => a href="#proofs" { (proof.short) },
            None => (foreign(&set.proved_by)),
        }
        @if set.proved_by != "full-model" {
            @if means == Means::Forge && is_least_cost && set.cost_at_least > 0 { "; nothing of cost below " (set.cost_at_least) " does" }
            @else if set.size_at_least > 0 { "; nothing smaller than " (count(usize::try_from(set.size_at_least).unwrap_or(usize::MAX), "thing")) " does" }
        }
    }
}

/// What the words of the tables mean, as far as they occur.
fn meaning(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let sets = assessment.minimum_forged_sets.iter().chain(&assessment.minimum_withdrawn_sets);
    let named: BTreeSet<&str> = sets.map(|set| set.proved_by.as_str()).collect();
    html! {
        dl class="meanings" id="proofs" {
            @for proof in PROOFS.iter().filter(|proof| named.contains(proof.name)) { div { dt { (proof.short) } dd { (proof.long) } } }
            div { dt { "forge cost" } dd {
                "The effort of forging all of it, in units of what takes minutes"
                @if index.weights().is_some() { "; " a href="#costs" { "the table of forge costs" } " has the units" }
                ". A forged item is one made to look like the leader’s, whoever acted: it leaves the sum, and what is left is computed anew."
            } }
            div { dt { "withdrawn" } dd { "An item goes with its tests and with all that relies on it. All that comes from one source is one thing too: whoever holds a source holds what it said." } }
        }
    }
}
