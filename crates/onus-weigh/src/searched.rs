//! Kinds of traces that were looked for and not found.
//!
//! Where an actor carried it out, a likeness to that actor would have been found with probability `d p`; where another did,
//! with `d pi`. Likenesses to the others are equally probable under everybody and cancel. So absence speaks for `other`
//! against every named hypothesis alike, and tells no two of them apart.

use std::collections::BTreeMap;

use crate::{
    Basis, SearchedResult, Weights,
    decibans::millidecibans,
    known::Known,
    sheet::OTHER,
    unit::{Unit, Worth, hypothesis_ids},
};

/// A search that found nothing, or why it does not count.
pub(crate) struct Search {
    pub(crate) kind: String,
    pub(crate) detection: f64,
    pub(crate) worth: Result<Worth, String>,
}

impl Search {
    /// What the assessment says of it.
    pub(crate) fn result(&self, ids: &[&str]) -> SearchedResult {
        let mdb = |worth: &Worth| {
            let weights = worth.decibans().into_iter().map(millidecibans);
            ids.iter().map(|id| (*id).to_owned()).zip(weights).collect()
        };
        SearchedResult {
            kind: self.kind.clone(),
            detection: self.detection,
            weights_mdb: self.worth.as_ref().map(mdb).unwrap_or_default(),
            counted: self.worth.is_ok(),
            remark: self.worth.as_ref().err().cloned(),
        }
    }
}

/// The searches of a sheet by kind, of several for one kind the surest.
///
/// A kind is found when there is an item of it that can be judged and repeats no other. An empty statement finds nothing.
pub(crate) fn searches(known: &Known<'_>, weights: &Weights) -> Vec<Search> {
    let mut by_kind: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &known.sheet.searched {
        let surest = by_kind.entry(&row.kind).or_insert(row.detection);
        *surest = surest.max(row.detection);
    }
    let found = |kind: &str| {
        known.items.iter().any(|item| {
            let can_be_judged = weights.channel(item.source.reliability, item.stated.credibility) > 0.0;
            item.stated.kind == kind && !item.is_withdrawn && item.repeats.is_none() && can_be_judged
        })
    };
    let search = |(kind, detection): (&str, f64)| {
        let worth = match weights.kind(kind) {
            _ if found(kind) => Err("a trace of this kind is on file, so it is not absent".to_owned()),
            None => Err("no weight is known for this kind".to_owned()),
            Some(rates) => absence(known, detection, rates.same_actor, rates.another_actor),
        };
        Search { kind: kind.to_owned(), detection, worth }
    };
    by_kind.into_iter().map(search).collect()
}

/// The units of the searches that count: nothing can be forged or withdrawn about them, so they have no members.
pub(crate) fn units<'s>(searches: &'s [Search], weights: &'s Weights) -> impl Iterator<Item = Unit> + 's {
    searches.iter().filter_map(|search| {
        let (worth, kind) = (search.worth.as_ref().ok()?, weights.kind(&search.kind)?);
        Some(Unit {
            members: Vec::new(),
            strongest: usize::MAX,
            ln_lowered: worth.lowered(kind.spread_db),
            worth: worth.clone(),
            forge_cost: kind.forge_cost,
            // What is not there was not planted.
            planting_rate: 0.0,
            ln_tests_genuine: 0.0,
            ln_tests_planted: 0.0,
        })
    })
}

fn absence(known: &Known<'_>, detection: f64, same_actor: f64, another_actor: f64) -> Result<Worth, String> {
    let ln = |rate: f64| libm::log(1.0 - detection * rate);
    let (named, other) = (ln(same_actor), ln(another_actor));
    if named >= other {
        return Err("is equally probable under every hypothesis".to_owned());
    }
    let of = |id: &str| if id == OTHER { other } else { named };
    Ok(Worth {
        ln: hypothesis_ids(known).into_iter().map(of).collect(),
        ln_background: other,
        basis: Basis::Table,
        channel: None,
        likeness: 1.0,
        rates: None,
        counted: None,
    })
}
