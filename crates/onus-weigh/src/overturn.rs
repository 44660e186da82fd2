//! Which things would have to go for a hypothesis to lose its weight over a rival: proposed exactly, proved in the full model.
//!
//! In the full model weights do not add and striking an item can even help the leader, so a choice that is right where
//! weights add is only a proposal. Two bounds make it a proof: every choice is tried before it is named, and no unit can
//! take more from the leader's weight than the largest factor it has under the leader over the least it has under the
//! rival. A choice that is as good as the best choice under these bounds is the best there is. Where that does not decide,
//! every better choice is tried, within a limit that depends on nothing but the number of hypotheses.

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

/// A search through all choices that are less than a known one.
struct Search<'s, 'c> {
    contest: &'s Contest<'c>,
    /// By strike: the most it can take, and its cost.
    bounds: &'s [Piece],
    need: i64,
    level_mdb: i64,
    trials: usize,
}

/// What a search came to.
enum Outcome {
    Found(Vec<usize>),
    Nothing,
    /// The limit was reached.
    Unknown,
}

impl Search<'_, '_> {
    /// The least choice that is found, and the value below which there is none.
    fn improve(&mut self, mut known: Vec<usize>, at_least: u64, least: Least) -> (Vec<usize>, u64) {
        let mut proved = at_least;
        match least {
            Least::Size => {
                let strikes = self.by_key(|piece| (piece.weight, 0));
                for size in at_least.. {
                    if size >= self.contest.value(&known, least) {
                        break;
                    }
                    match self.of_size(&strikes, 0, usize::try_from(size).unwrap_or(usize::MAX), 0, &mut Vec::new()) {
                        Outcome::Found(set) => return (set, size),
                        Outcome::Nothing => proved = size + 1,
                        Outcome::Unknown => break,
                    }
                }
            }
            Least::Cost => {
                let strikes = self.by_key(|piece| {
                    (piece.weight.saturating_mul(1000) / i64::try_from(piece.cost).unwrap_or(i64::MAX), piece.weight)
                });
                while self.contest.value(&known, least) > at_least {
                    let budget = self.contest.value(&known, least) - 1;
                    match self.within(&strikes, 0, budget, 0, &mut Vec::new()) {
                        Outcome::Found(set) => known = set,
                        Outcome::Nothing => {
                            proved = budget + 1;
                            break;
                        }
                        Outcome::Unknown => break,
                    }
                }
            }
        }
        let value = self.contest.value(&known, least);
        (known, proved.min(value))
    }

    /// Strikes that could take something, sorted from the largest key down.
    fn by_key(&self, key: impl Fn(&Piece) -> (i64, i64)) -> Vec<(usize, Piece)> {
        let mut strikes: Vec<(usize, Piece)> =
            self.bounds.iter().copied().enumerate().filter(|(_, piece)| piece.weight > 0).collect();
        strikes.sort_by_key(|(_, piece)| std::cmp::Reverse(key(piece)));
        strikes
    }

    fn suffices(&mut self, set: &[usize]) -> Option<bool> {
        self.trials = self.trials.checked_sub(1)?;
        Some(self.contest.left(set) < self.level_mdb)
    }

    /// Tries every choice of so many of the strikes from `start` on, sorted by what they can take.
    fn of_size(
        &mut self,
        strikes: &[(usize, Piece)],
        start: usize,
        size: usize,
        sum: i64,
        set: &mut Vec<usize>,
    ) -> Outcome {
        if size == 0 {
            return match self.suffices(set) {
                Some(true) => Outcome::Found(set.clone()),
                Some(false) => Outcome::Nothing,
                None => Outcome::Unknown,
            };
        }
        for at in start..strikes.len() {
            let Some(next) = strikes.get(at..at.saturating_add(size)) else { break };
            if sum + next.iter().map(|(_, piece)| piece.weight).sum::<i64>() < self.need {
                break;
            }
            let Some(&(strike, piece)) = next.first() else { break };
            set.push(strike);
            let outcome = self.of_size(strikes, at + 1, size - 1, sum + piece.weight, set);
            set.pop();
            if !matches!(outcome, Outcome::Nothing) {
                return outcome;
            }
        }
        Outcome::Nothing
    }

    /// Tries every choice within a cost of the strikes from `start` on, sorted by what they can take for their cost.
    fn within(
        &mut self,
        strikes: &[(usize, Piece)],
        start: usize,
        budget: u64,
        sum: i64,
        set: &mut Vec<usize>,
    ) -> Outcome {
        if sum >= self.need && !set.is_empty() {
            match self.suffices(set) {
                Some(true) => return Outcome::Found(set.clone()),
                Some(false) => {}
                None => return Outcome::Unknown,
            }
        }
        for at in start..strikes.len() {
            let rest = strikes.get(at..).unwrap_or_default();
            if sum + most_for(rest, budget) < self.need {
                break;
            }
            let Some(&(strike, piece)) = rest.first() else { break };
            if piece.cost > budget {
                continue;
            }
            let Some(trials) = self.trials.checked_sub(1) else { return Outcome::Unknown };
            self.trials = trials;
            set.push(strike);
            let outcome = self.within(strikes, at + 1, budget - piece.cost, sum + piece.weight, set);
            set.pop();
            if !matches!(outcome, Outcome::Nothing) {
                return outcome;
            }
        }
        Outcome::Nothing
    }
}

/// The most that strikes, sorted by what they take for their cost, can take within a budget when they may be taken in part.
fn most_for(strikes: &[(usize, Piece)], budget: u64) -> i64 {
    let (mut left, mut sum) = (i64::try_from(budget).unwrap_or(i64::MAX), 0_i64);
    for (_, piece) in strikes {
        let cost = i64::try_from(piece.cost).unwrap_or(i64::MAX);
        if cost > left {
            // Rounded up, so that nothing is left out.
            return sum.saturating_add(piece.weight.saturating_mul(left) / cost + 1);
        }
        left -= cost;
        sum = sum.saturating_add(piece.weight);
    }
    sum
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
            worth: Worth { ln, ln_background: libm::log(0.01), basis: Basis::Table, channel: None, likeness: 1.0 },
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
