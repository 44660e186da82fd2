//! What would have to be forged, or withdrawn, for the leading hypothesis to fall.

use std::collections::BTreeSet;

use crate::{
    ForgedSet, Policy, Weights,
    decibans::millidecibans,
    overturn::{Choice, Contest, Least, Proof, Strike, rounded_up},
    weighed::Weighed,
    words,
};

/// How many terms of the model all searches of a case may compute together.
const TERMS_MAX: usize = 200_000;

/// The fewest and the most choices that one search may try.
const TRIALS: (usize, usize) = (32, 10_000);

/// The cheapest and the smallest sets of items whose forging would bring the leader down, by rival and level.
///
/// A forged item was made to look like the leader's, whoever did it: it tells nobody apart and leaves the sums.
pub(crate) fn forged(case: &Weighed<'_>, weights: &Weights, policy: &Policy) -> Vec<ForgedSet> {
    let strike = |unit: &usize| {
        let cost = case.units.units.get(*unit).map_or(1, |unit| weights.forging_effort(unit.forge_cost));
        Strike { units: vec![*unit], cost }
    };
    let strikes: Vec<Strike> = case.order.iter().map(strike).collect();
    sets(case, &strikes, policy)
}

/// The smallest sets of items whose withdrawal or suppression would bring the leader down, by rival and level.
///
/// An item goes with its tests and with what relies on it. All that comes from one root is one thing too: whoever holds a
/// source holds all it said.
pub(crate) fn withdrawn(case: &Weighed<'_>, policy: &Policy) -> Vec<ForgedSet> {
    let mut known = BTreeSet::new();
    let things = case.order.iter().map(|unit| case.falling_with(*unit)).chain(case.by_root());
    let things = things.filter(|units| !units.is_empty() && known.insert(units.clone()));
    let strikes: Vec<Strike> = things.map(|units| Strike { units, cost: 1 }).collect();
    sets(case, &strikes, policy)
}

/// Observations any one of which, forged, lets the leader fall below the level, or lose its lead where it is lower already;
/// all members of a unit are listed.
pub(crate) fn single_points(case: &Weighed<'_>, policy: &Policy) -> Vec<String> {
    let units = single_point_units(case, policy);
    case.members(&units)
}

fn single_point_units(case: &Weighed<'_>, policy: &Policy) -> Vec<usize> {
    let Some(leader) = case.standing.leader() else { return Vec::new() };
    let ahead = case.standing.over_next(leader).map_or(0, |(weight, _)| millidecibans(weight));
    let level = if ahead >= policy.single_point_mdb { policy.single_point_mdb } else { 1 };
    let falls = |unit: &usize, rival: usize| {
        // What striking one unit does is known nearly; only where it is near the level is it computed in full.
        let nearly = millidecibans(case.standing.weight(leader, rival)) - case.taken(*unit, leader, rival);
        nearly < level + 10 && millidecibans(case.model.weight(leader, rival, &[*unit], policy.delta)) < level
    };
    case.order.iter().copied().filter(|unit| case.rivals(leader).any(|rival| falls(unit, rival))).collect()
}

/// Levels at which the leader's fall is looked at, from the highest down: the lower edge of the words its weight has now,
/// the level of the verdict where the weight is above it, and the loss of the lead.
fn levels(weight_mdb: i64, policy: &Policy) -> Vec<i64> {
    let mut levels = vec![words::lower_edge(weight_mdb), 0];
    if weight_mdb >= policy.supported_mdb {
        levels.push(policy.supported_mdb);
    }
    levels.sort_unstable();
    levels.dedup();
    levels.reverse();
    levels
}

fn sets(case: &Weighed<'_>, strikes: &[Strike], policy: &Policy) -> Vec<ForgedSet> {
    let Some(leader) = case.standing.leader() else { return Vec::new() };
    let hypotheses = case.ids.len();
    let searches = hypotheses.saturating_sub(1) * 6;
    let trials = (TERMS_MAX / (searches * 2 * hypotheses).max(1)).clamp(TRIALS.0, TRIALS.1);
    let mut sets = Vec::new();
    for rival in case.rivals(leader) {
        let contest = contest(case, strikes, (leader, rival), policy.delta, trials);
        for level_mdb in levels(millidecibans(case.standing.weight(leader, rival)), policy) {
            // A lead is lost when nothing of it remains.
            let below = level_mdb.max(1);
            // A lead of less than half a millideciban needs no forgery to be none.
            if contest.left(&[]) < below {
                continue;
            }
            let (cheapest, smallest) = (contest.least(below, Least::Cost), contest.least(below, Least::Size));
            sets.extend(named(case, &contest, level_mdb, cheapest, smallest));
        }
    }
    sets
}

/// The things that favour the leader over the rival: by themselves, or because without them less is left.
fn contest<'c>(
    case: &'c Weighed<'_>,
    strikes: &[Strike],
    (leader, rival): (usize, usize),
    delta: f64,
    trials: usize,
) -> Contest<'c> {
    let additive = |strike: &Strike| -> i64 {
        strike.units.iter().map(|unit| rounded_down(case.unit_weight(*unit, leader, rival)).max(0)).sum()
    };
    let taken = |strike: &Strike| strike.units.iter().map(|unit| case.taken(*unit, leader, rival)).sum::<i64>();
    let favours = strikes.iter().map(|strike| (additive(strike), strike));
    let favours = favours.filter(|(additive, strike)| *additive > 0 || taken(strike) > 0);
    let (additive, strikes) = favours.map(|(additive, strike)| (additive, strike.clone())).unzip();
    Contest { model: &case.model, delta, one: leader, rival, strikes, additive, trials }
}

/// The sets of one rival and level: one entry where the cheapest is the smallest.
fn named(
    case: &Weighed<'_>,
    contest: &Contest<'_>,
    level_mdb: i64,
    cheapest: Option<Choice>,
    smallest: Option<Choice>,
) -> Vec<ForgedSet> {
    let entry = |choice: &Choice, least: &[&str], proof: Proof| {
        let bound = |of: &Option<Choice>| of.as_ref().map_or(0, |choice| choice.at_least);
        ForgedSet {
            rival: case.id(contest.rival),
            level_mdb,
            observations: case.members(&contest.units(&choice.strikes)),
            cost: choice
                .strikes
                .iter()
                .filter_map(|strike| contest.strikes.get(*strike))
                .map(|strike| strike.cost)
                .sum(),
            size: choice.strikes.len(),
            proved_by: match proof {
                Proof::FullModel => "full-model",
                Proof::Additive => "additive",
                Proof::None => "sufficient",
            }
            .to_owned(),
            least: least.iter().map(|least| (*least).to_owned()).collect(),
            left_mdb: contest.left(&choice.strikes),
            cost_at_least: bound(&cheapest),
            size_at_least: bound(&smallest),
        }
    };
    match (&cheapest, &smallest) {
        (Some(cheap), Some(small)) if cheap.strikes == small.strikes => {
            vec![entry(cheap, &["cost", "size"], cheap.proof.min(small.proof))]
        }
        _ => {
            let of = |choice: &Option<Choice>, least: &str| {
                choice.as_ref().map(|choice| entry(choice, &[least], choice.proof))
            };
            of(&cheapest, "cost").into_iter().chain(of(&smallest, "size")).collect()
        }
    }
}

/// Decibans as whole millidecibans that are not more.
fn rounded_down(decibans: f64) -> i64 {
    -rounded_up(-decibans)
}
