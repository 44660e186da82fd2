//! Which evidence would be worth looking for next: value of information over the cost of looking.
//!
//! For every kind that the case does not have, the outcomes are a likeness to one of the named hypotheses, or none.
//! Their probabilities follow from the table's rates seen through a report of grade B2, from the posterior, and from the
//! deception model: what is cheaply planted teaches less.

use std::collections::BTreeSet;

use onus_core::{Credibility, Reliability};

use crate::{
    Missing, Weights,
    decibans::Share,
    known::Known,
    model::Ways,
    weighed::Weighed,
    weights::{Collection, Kind},
};

/// The most kinds that are suggested.
const KINDS_MAX: usize = 10;

/// Gains below this are not worth a line, in bits.
const BITS_MIN: f64 = 0.001;

/// Of how many kinds it is said how probable it is that they change nothing.
const SAME_DECISION: usize = 3;

/// The kinds worth looking for, the best value for its cost first.
pub(crate) fn missing(case: &Weighed<'_>, known: &Known<'_>, weights: &Weights) -> Vec<Missing> {
    if case.ids.len() < 2 {
        return Vec::new();
    }
    let searched = known.sheet.searched.iter().map(|row| row.kind.as_str());
    let weighed = known.items.iter().enumerate().filter(|(index, _)| case.units.position_of(*index).is_some());
    let had: BTreeSet<&str> = weighed.map(|(_, item)| item.stated.kind.as_str()).chain(searched).collect();
    let wanted = weights.kinds().filter(|(name, _)| !had.contains(name));
    let wanted = wanted.filter_map(|(name, kind)| Some((name, kind, kind.collection?)));
    let mut missing: Vec<(f64, Missing, Outcomes)> = wanted
        .map(|(name, kind, collection)| one(case, weights, name, kind, collection))
        .filter(|(_, missing, _)| missing.value_bits >= BITS_MIN)
        .collect();
    missing.sort_by(|(one, this, _), (other, that, _)| other.total_cmp(one).then_with(|| this.kind.cmp(&that.kind)));
    missing.truncate(KINDS_MAX);
    let supported = crate::decibans::to_ratio(crate::weighed::mdb_to_decibans(weights.policy().supported_mdb));
    let with_decision = |(rank, (_, missing, outcomes)): (usize, (f64, Missing, Outcomes))| Missing {
        same_decision: (rank < SAME_DECISION).then(|| outcomes.same_decision(supported)),
        ..missing
    };
    missing.into_iter().enumerate().map(with_decision).collect()
}

fn one(
    case: &Weighed<'_>,
    weights: &Weights,
    name: &str,
    kind: &Kind,
    collection: Collection,
) -> (f64, Missing, Outcomes) {
    let outcomes = Outcomes::of(&case.ways, kind, weights);
    let value_bits = outcomes.value_bits();
    let per_cost = value_bits / f64::from(weights.collection_effort(collection));
    let missing = Missing {
        kind: name.to_owned(),
        value_bits,
        cost: collection.word().to_owned(),
        bits_per_cost: per_cost,
        same_decision: None,
    };
    (per_cost, missing, outcomes)
}

/// Probabilities of hypothesis and outcome together.
struct Outcomes {
    /// By outcome: first that nothing is found, then a likeness to each named hypothesis; within by hypothesis.
    joint: Vec<Vec<f64>>,
}

impl Outcomes {
    fn of(ways: &Ways, kind: &Kind, weights: &Weights) -> Self {
        let named = ways.honest.len().saturating_sub(1);
        #[expect(clippy::cast_precision_loss, reason = "a count of hypotheses")]
        let count = named as f64;
        let right = weights.channel(Reliability::B, Credibility::try_from(2).unwrap_or(Credibility::CANNOT_BE_JUDGED));
        // Likenesses to many hypotheses exclude each other here, so together they must leave room.
        let another = kind.another_actor.min((1.0 - kind.same_actor) / count.max(1.0));
        let same = right * kind.same_actor + (1.0 - right) * another;
        let missed = weights.imperfect_imitation();
        let gained = (1.0 - missed) * (same - another);
        let planting = weights.planting_rate(kind.forge_cost);
        let share = |share: Option<&Share>| share.copied().unwrap_or_default().value();
        let actor = |(actor, (honest, frames)): (usize, (&Share, &Vec<Share>))| {
            let honest = honest.value();
            let framing = frames.iter().copied().sum::<Share>().value();
            let at = |target: usize| {
                if target == actor {
                    honest * same + framing * ((1.0 - planting) * same + planting * another)
                } else {
                    (honest + framing) * another + share(frames.get(target)) * planting * gained
                }
            };
            let found: Vec<f64> = (0..named).map(at).collect();
            let own = if actor < named { at(actor) - (honest + framing) * another } else { 0.0 };
            let together = own + count * (honest + framing) * another + framing * planting * gained;
            let nothing = (honest + framing - together).max(0.0);
            std::iter::once(nothing).chain(found).collect::<Vec<f64>>()
        };
        let by_actor: Vec<Vec<f64>> = ways.honest.iter().zip(&ways.frames).enumerate().map(actor).collect();
        let outcome = |outcome: usize| by_actor.iter().filter_map(|row| row.get(outcome).copied()).collect();
        Self { joint: (0..=named).map(outcome).collect() }
    }

    /// By hypothesis, whatever the outcome.
    fn marginal(&self) -> Vec<f64> {
        let hypotheses = self.joint.first().map_or(0, Vec::len);
        let one = |hypothesis: usize| total(self.joint.iter().filter_map(|row| row.get(hypothesis).copied()));
        (0..hypotheses).map(one).collect()
    }

    /// Expected fall of the entropy of the posterior.
    fn value_bits(&self) -> f64 {
        let after = total(self.joint.iter().map(|joint| entropy(joint)));
        (entropy(&self.marginal()) - after).max(0.0)
    }

    /// Probability that the same hypothesis leads afterwards, and is or is not ahead by a ratio as before.
    fn same_decision(&self, ratio: f64) -> f64 {
        let now = decision(&self.marginal(), ratio);
        let same = self.joint.iter().filter(|joint| decision(joint, ratio) == now);
        total(same.map(|joint| total(joint.iter().copied()))).min(1.0)
    }
}

/// Who is ahead, and whether by the ratio.
fn decision(joint: &[f64], ratio: f64) -> (Option<usize>, bool) {
    let most = joint.iter().copied().fold(0.0, f64::max);
    let mut leaders = joint.iter().enumerate().filter(|(_, share)| **share == most);
    let leader = leaders.next().filter(|_| leaders.next().is_none()).map(|(index, _)| index);
    let next = joint.iter().enumerate().filter(|(index, _)| Some(*index) != leader).map(|(_, share)| *share);
    (leader, most >= ratio * next.fold(0.0, f64::max))
}

/// The entropy of shares that sum to their total, times the total, in bits.
fn entropy(joint: &[f64]) -> f64 {
    let all = total(joint.iter().copied());
    let term = |share: &f64| if *share > 0.0 { share * libm::log2(all / share) } else { 0.0 };
    total(joint.iter().map(term))
}

/// A sum that does not depend on the order.
fn total(terms: impl Iterator<Item = f64>) -> f64 {
    terms.map(Share::of).sum::<Share>().value()
}

#[cfg(test)]
mod tests {
    use super::{Outcomes, entropy};
    use crate::{Weights, decibans::Share, model::Ways};

    fn ways(honest: &[f64]) -> Ways {
        let honest: Vec<Share> = honest.iter().copied().map(Share::of).collect();
        Ways { frames: vec![vec![Share::default(); honest.len() - 1]; honest.len()], honest }
    }

    #[test]
    fn entropy_is_in_bits() {
        assert!((entropy(&[0.5, 0.5]) - 1.0).abs() < 1e-12);
        assert!((entropy(&[0.25; 4]) - 2.0).abs() < 1e-12);
        assert_eq!(entropy(&[1.0, 0.0]), 0.0);
    }

    /// Two hypotheses and `other`, nobody framed: the definition written out.
    #[test]
    fn the_value_is_the_expected_fall_of_the_entropy() {
        let weights = Weights::builtin();
        let kind = weights.kind("infrastructure").unwrap();
        let odds = 0.85 / 0.15 * 1.73;
        let right = odds / (1.0 + odds);
        let same = right * 0.25 + (1.0 - right) * 0.006;
        let prior = [0.6, 0.3, 0.1];
        let likelihood = |h: usize, v: usize| match v {
            0 => 1.0 - likelihood_of(h, 1, same) - likelihood_of(h, 2, same),
            v => likelihood_of(h, v, same),
        };
        fn likelihood_of(h: usize, v: usize, same: f64) -> f64 {
            if h + 1 == v { same } else { 0.006 }
        }
        let bits = |p: f64| -p * libm::log2(p);
        let mut expected: f64 = prior.iter().copied().map(bits).sum();
        for v in 0..3 {
            let probability: f64 = (0..3).map(|h| prior[h] * likelihood(h, v)).sum();
            expected -= (0..3).map(|h| probability * bits(prior[h] * likelihood(h, v) / probability)).sum::<f64>();
        }
        let outcomes = Outcomes::of(&ways(&prior), kind, &weights);
        assert!((outcomes.value_bits() - expected).abs() < 1e-9, "{} {expected}", outcomes.value_bits());
        assert!(outcomes.same_decision(100.0) < 1.0);
    }

    #[test]
    fn probabilities_of_all_outcomes_sum_to_one_with_deception_too() {
        let weights = Weights::builtin();
        let mut ways = ways(&[0.4, 0.2, 0.1]);
        ways.frames = vec![vec![0.0, 0.1], vec![0.1, 0.0], vec![0.05, 0.05]]
            .into_iter()
            .map(|row: Vec<f64>| row.into_iter().map(Share::of).collect())
            .collect();
        for (name, kind) in weights.kinds() {
            let joint = Outcomes::of(&ways, kind, &weights).joint;
            let sum: f64 = joint.iter().flatten().sum();
            assert!((sum - 1.0).abs() < 1e-9, "{name}: {sum}");
            assert!(joint.iter().flatten().all(|share| *share >= 0.0), "{name}");
        }
    }
}
