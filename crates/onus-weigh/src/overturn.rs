//! Which things would have to go for a hypothesis to lose its weight over a rival: proposed exactly, proved in the full model.
//!
//! In the full model weights do not add and striking an item can even help the leader, so a choice that is right where
//! weights add is only a proposal. Two bounds make it a proof: every choice is tried before it is named, and no unit can
//! take more from the leader's weight than the largest factor it has under the leader over the least it has under the
//! rival. A choice that is as good as the best choice under these bounds is the best there is. Where that does not decide,
//! every better choice is tried, within a limit that depends on nothing but the number of hypotheses.

mod search;

use self::search::Search;
use crate::{
    cover::{Piece, cheapest, fewest},
    decibans::{from_ln, millidecibans},
    model::Model,
};

/// Sets of more things than this are not named: a conclusion that needs so many is not overturned by a set.
pub(crate) const SET_MAX: usize = 32;

/// Units that go together, at one cost.
#[derive(Clone, Debug)]
pub(crate) struct Strike {
    pub(crate) units: Vec<usize>,
    pub(crate) cost: u64,
}

/// A hypothesis, its rival, and what could be struck, in an order that does not depend on how things are called.
pub(crate) struct Contest<'c> {
    pub(crate) model: &'c Model,
    pub(crate) delta: f64,
    pub(crate) one: usize,
    pub(crate) rival: usize,
    pub(crate) strikes: Vec<Strike>,
    /// By strike: what it takes away where weights add, in millidecibans, rounded down.
    pub(crate) additive: Vec<i64>,
    /// How many choices may be tried beyond the proposals, by question.
    pub(crate) trials: usize,
}

/// What is to be as small as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Least {
    Cost,
    Size,
}

/// How it is known that nothing less suffices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Proof {
    /// It is not: it suffices, and that is all.
    None,
    /// Where weights add.
    Additive,
    /// In the full model.
    FullModel,
}

/// A choice that suffices in the full model.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Indices of strikes, sorted.
    pub(crate) strikes: Vec<usize>,
    pub(crate) proof: Proof,
    /// No choice of less than this suffices in the full model.
    pub(crate) at_least: u64,
}

impl Contest<'_> {
    /// Weight of the one over its rival without the struck things, in millidecibans.
    pub(crate) fn left(&self, strikes: &[usize]) -> i64 {
        millidecibans(self.model.weight(self.one, self.rival, &self.units(strikes), self.delta))
    }

    /// The units that go with some strikes, each once.
    pub(crate) fn units(&self, strikes: &[usize]) -> Vec<usize> {
        let mut units: Vec<usize> = strikes
            .iter()
            .filter_map(|strike| self.strikes.get(*strike))
            .flat_map(|strike| strike.units.clone())
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// The least choice that brings the weight below a level; none if none of at most [`SET_MAX`] things is found to.
    pub(crate) fn least(&self, level_mdb: i64, least: Least) -> Option<Choice> {
        let need = self.left(&[]).saturating_sub(level_mdb);
        let bounds = self.pieces(|contest, strike| contest.most(strike));
        let bound = self.cover(&bounds, need, Least::Size).filter(|set| set.len() <= SET_MAX)?;
        let bound = if least == Least::Size { bound } else { self.cover(&bounds, need, least)? };
        let pieces = self.pieces(|contest, strike| contest.additive.get(strike).copied().unwrap_or_default());
        let proposal = self.cover(&pieces, need, least).filter(|set| set.len() <= SET_MAX);
        let additive = proposal.as_ref().map(|proposal| self.value(proposal, least));
        let at_least = self.value(&bound, least);
        let tries = [Some(bound), proposal.map(|proposal| self.grown(proposal, level_mdb))];
        let found =
            tries.into_iter().flatten().filter(|set| self.left(set) < level_mdb).map(|set| self.shrunk(set, level_mdb));
        let found = found.min_by_key(|set| (self.value(set, least), set.len()));
        // Where no proposal suffices, everything that weighs is tried.
        let found = found.or_else(|| {
            let all = self.grown(Vec::new(), level_mdb);
            (self.left(&all) < level_mdb).then(|| self.shrunk(all, level_mdb))
        })?;
        let mut search = Search { contest: self, bounds: &bounds, need, level_mdb, trials: self.trials };
        let (found, proved) = search.improve(found, at_least, least);
        let value = self.value(&found, least);
        let proof = match () {
            () if proved >= value => Proof::FullModel,
            () if additive == Some(value) => Proof::Additive,
            () => Proof::None,
        };
        Some(Choice { strikes: sorted(found), proof, at_least: proved.min(value) })
            .filter(|set| set.strikes.len() <= SET_MAX)
    }

    fn value(&self, set: &[usize], least: Least) -> u64 {
        match least {
            Least::Size => u64::try_from(set.len()).unwrap_or(u64::MAX),
            Least::Cost => set.iter().map(|strike| self.cost(*strike)).sum(),
        }
    }

    fn cost(&self, strike: usize) -> u64 {
        self.strikes.get(strike).map_or(1, |strike| strike.cost)
    }

    fn pieces(&self, weight: impl Fn(&Self, usize) -> i64) -> Vec<Piece> {
        (0..self.strikes.len()).map(|strike| Piece { weight: weight(self, strike), cost: self.cost(strike) }).collect()
    }

    fn cover(&self, pieces: &[Piece], need: i64, least: Least) -> Option<Vec<usize>> {
        match least {
            Least::Size => fewest(pieces, need),
            Least::Cost => cheapest(pieces, need),
        }
    }

    /// The most that a strike can take from the weight, whatever else is struck, in millidecibans, rounded up.
    fn most(&self, strike: usize) -> i64 {
        let units = self.strikes.get(strike).into_iter().flat_map(|strike| &strike.units);
        let most = |unit: &usize| {
            let factors = self.model.factors.get(*unit)?;
            Some((factors.extremes(self.one).1 - factors.extremes(self.rival).0).value())
        };
        rounded_up(from_ln(units.filter_map(most).sum()))
    }

    /// The set with further strikes, those first that take most where weights add, until it suffices or nothing is left.
    fn grown(&self, mut set: Vec<usize>, level_mdb: i64) -> Vec<usize> {
        let mut others: Vec<usize> = (0..self.strikes.len()).filter(|strike| !set.contains(strike)).collect();
        others.sort_by_key(|strike| std::cmp::Reverse(self.additive.get(*strike).copied().unwrap_or_default()));
        for strike in others {
            if set.len() > SET_MAX || self.left(&set) < level_mdb {
                break;
            }
            set.push(strike);
        }
        set
    }

    /// The set without what it does not need, the dearest looked at first.
    fn shrunk(&self, set: Vec<usize>, level_mdb: i64) -> Vec<usize> {
        let mut order = sorted(set.clone());
        order.sort_by_key(|strike| {
            (std::cmp::Reverse(self.cost(*strike)), self.additive.get(*strike).copied().unwrap_or_default())
        });
        let mut needed = set;
        for strike in order {
            let without: Vec<usize> = needed.iter().copied().filter(|other| *other != strike).collect();
            if self.left(&without) < level_mdb {
                needed = without;
            }
        }
        needed
    }
}

fn sorted(mut set: Vec<usize>) -> Vec<usize> {
    set.sort_unstable();
    set
}

/// Decibans as whole millidecibans that are not less.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
pub(crate) fn rounded_up(decibans: f64) -> i64 {
    (decibans * 1000.0).ceil() as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Contest, Least, Proof, Strike, rounded_up};
    use crate::{
        Basis, ForgeCost,
        decibans::from_ln,
        model::Model,
        unit::{Unit, Worth},
    };

    const HYPOTHESES: usize = 4;
    const COSTS: [u64; 3] = [1, 3, 10];
    const RATES: [f64; 3] = [0.7, 0.5, 0.3];

    /// One unit: whom it points at, its ratio, the class of its cost, and the ratio of a failed test.
    type Row = (usize, f64, usize, Option<f64>);

    fn unit(index: usize, (target, ratio, class, test): Row) -> Unit {
        let ln: Vec<f64> =
            (0..HYPOTHESES).map(|one| if one == target { libm::log(ratio * 0.01) } else { libm::log(0.01) }).collect();
        Unit {
            members: vec![index],
            strongest: index,
            ln_lowered: ln.clone(),
            worth: Worth {
                ln,
                ln_background: libm::log(0.01),
                basis: Basis::Table,
                channel: None,
                likeness: 1.0,
                rates: None,
                counted: None,
            },
            forge_cost: ForgeCost::F0,
            planting_rate: RATES[class],
            ln_tests_genuine: 0.0,
            ln_tests_planted: libm::log(test.unwrap_or(1.0)),
        }
    }

    fn contest<'c>(model: &'c Model, units: &[Unit], rows: &[Row], trials: usize) -> Contest<'c> {
        let ahead = model.weight(0, 1, &[], 0.05) > 0.0;
        let (one, rival) = if ahead { (0, 1) } else { (1, 0) };
        let additive = |unit: &Unit| -rounded_up(-from_ln(unit.worth.ln[one] - unit.worth.ln[rival]));
        Contest {
            model,
            delta: 0.05,
            one,
            rival,
            strikes: rows
                .iter()
                .enumerate()
                .map(|(index, row)| Strike { units: vec![index], cost: COSTS[row.2] })
                .collect(),
            additive: units.iter().map(additive).collect(),
            trials,
        }
    }

    /// The least value over all subsets that suffice.
    fn brute_force(contest: &Contest<'_>, level: i64, least: Least) -> Option<u64> {
        let subsets = (0..1_u32 << contest.strikes.len())
            .map(|subset| (0..contest.strikes.len()).filter(|index| subset >> index & 1 == 1).collect::<Vec<usize>>());
        subsets.filter(|set| contest.left(set) < level).map(|set| contest.value(&set, least)).min()
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let test = prop::option::weighted(0.3, 2.0..90.0_f64);
        prop::collection::vec((0..HYPOTHESES, 1.5..80.0_f64, 0..COSTS.len(), test), 1..9)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn what_is_called_proved_is_the_least(rows in rows(), share in 0.0..1.0_f64, trials in prop::sample::select(vec![0, 5, 10_000])) {
            let units: Vec<Unit> = rows.iter().enumerate().map(|(index, row)| unit(index, *row)).collect();
            let model = Model::new(HYPOTHESES, &units, 0.1);
            let contest = contest(&model, &units, &rows, trials);
            let lead = contest.left(&[]);
            prop_assume!(lead > 0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a test")]
            let level = ((lead as f64 * share) as i64).max(1);
            for least in [Least::Cost, Least::Size] {
                let truth = brute_force(&contest, level, least);
                let Some(choice) = contest.least(level, least) else {
                    prop_assert!(truth.is_none() || trials < 10_000, "a set of {truth:?} was overlooked");
                    continue;
                };
                prop_assert!(contest.left(&choice.strikes) < level);
                let (ours, truth) = (contest.value(&choice.strikes, least), truth.unwrap());
                prop_assert!(choice.at_least <= truth, "{} is not excluded: {truth}", choice.at_least);
                if choice.proof == Proof::FullModel {
                    prop_assert_eq!(ours, truth);
                }
                if trials == 10_000 {
                    prop_assert_eq!(choice.proof, Proof::FullModel);
                }
            }
        }
    }
}
