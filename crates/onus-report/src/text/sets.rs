//! What would have to be forged or withdrawn, what was looked for, and what is worth looking for, for a terminal.

use onus_core::plain;
use onus_weigh::{Assessment, ForgedSet};

use super::{
    WIDTH,
    paint::{Paint, wrapped},
};
use crate::{
    gaps::{bits, cost_words},
    index::Index,
    numbers::{count, decibans, probability},
    overturn::told::{Means, foremost, least, plainly, proof, rivals, sentence},
};

/// The rivals over whom sets are listed: the nearest. The page has all.
const RIVALS_MAX: usize = 2;

/// The most kinds that are suggested. The page has all.
const MISSING_MAX: usize = 5;

/// Lists the sets of items without which the leader loses its lead or the level of the verdict, the nearest rivals first.
pub(super) fn sets(assessment: &Assessment, index: &Index<'_>, paint: Paint) -> String {
    let mut out = String::new();
    let rivals = rivals(assessment);
    for (title, means, sets) in [
        ("What would have to be forged", Means::Forge, &assessment.minimum_forged_sets),
        ("What would have to be withdrawn or suppressed", Means::Withdraw, &assessment.minimum_withdrawn_sets),
    ] {
        let near = rivals.iter().take(RIVALS_MAX);
        let told: Vec<&ForgedSet> = near
            .flat_map(|rival| sets.iter().filter(move |set| set.rival == **rival))
            .filter(|set| is_told(set, assessment))
            .collect();
        if told.is_empty() {
            continue;
        }
        out.push_str(&paint.heading(title));
        for set in told {
            let line = format!("{} [{}]", told_plainly(set, means, index), proved(set));
            out.push_str(&format!("  - {}\n", wrapped(&line, WIDTH - 4, "    ")));
        }
        if let Some(more) = rivals.len().checked_sub(RIVALS_MAX).filter(|more| *more > 0) {
            out.push_str(&format!("  {} further behind, see the page\n", count(more, "more answer")));
        }
    }
    out
}

/// Returns the set that a reader should know first, in one sentence; nothing where none is known.
pub(super) fn foremost_forged(assessment: &Assessment, index: &Index<'_>) -> String {
    let set = foremost(&assessment.minimum_forged_sets, assessment);
    set.map_or_else(String::new, |set| told_plainly(set, Means::Forge, index))
}

fn is_told(set: &ForgedSet, assessment: &Assessment) -> bool {
    set.level_mdb == 0 || set.level_mdb == assessment.policy.supported_mdb
}

fn told_plainly(set: &ForgedSet, means: Means, index: &Index<'_>) -> String {
    plainly(&sentence(set, means, index), index)
}

fn proved(set: &ForgedSet) -> String {
    let proof =
        proof(&set.proved_by).map_or_else(|| plain(&set.proved_by).into_owned(), |proof| proof.short.to_owned());
    format!("{}; {proof}", least(set).to_lowercase())
}

/// Lists what was looked for and not found, and what is worth looking for next.
pub(super) fn searched_and_missing(assessment: &Assessment, index: &Index<'_>, paint: Paint) -> String {
    let mut out = String::new();
    let mut say = |line: &str| out.push_str(&format!("  - {}\n", wrapped(line, WIDTH - 4, "    ")));
    let name = |kind: &str| match index.kind(kind) {
        Some((_, known)) => known.title.clone(),
        None => plain(kind).replace('_', " "),
    };
    for row in &assessment.searched {
        let named = row.weights_mdb.iter().find(|(id, _)| *id != onus_weigh::sheet::OTHER);
        let weight = named.filter(|_| row.counted).map_or("not counted".to_owned(), |(_, mdb)| {
            format!("{} for a named answer against an actor not listed", decibans(*mdb))
        });
        let remark = row.remark.as_ref().map_or_else(String::new, |remark| format!(": {}", plain(remark)));
        say(&format!(
            "{}, would have been found with {}: {weight}{remark}",
            name(&row.kind),
            probability(row.detection)
        ));
    }
    let searched = std::mem::take(&mut out);
    let mut say = |line: &str| out.push_str(&format!("  - {}\n", wrapped(line, WIDTH - 4, "    ")));
    for missing in assessment.missing.iter().take(MISSING_MAX) {
        let same = missing
            .same_decision
            .map_or_else(String::new, |same| format!("; changes nothing with probability {}", probability(same)));
        let cost = format!("{}, {}", plain(&missing.cost), cost_words(&missing.cost));
        say(&format!("{}: expected gain {}; cost {cost}{same}", name(&missing.kind), bits(missing.value_bits)));
    }
    if let Some(more) = assessment.missing.len().checked_sub(MISSING_MAX).filter(|more| *more > 0) {
        out.push_str(&format!("  {} of less gain for the cost, see the page\n", count(more, "more kind")));
    }
    [("Looked for and not found", searched), ("Worth looking for next, the best gain for its cost first", out)]
        .iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(title, lines)| format!("{}{lines}", paint.heading(title)))
        .collect()
}
