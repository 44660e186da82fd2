//! Tries every choice that is less than a known one, within a limit.

use super::{Contest, Least};
use crate::cover::Piece;

/// A search through all choices that are less than a known one.
pub(super) struct Search<'s, 'c> {
    pub(super) contest: &'s Contest<'c>,
    /// By strike: the most it can take, and its cost.
    pub(super) bounds: &'s [Piece],
    pub(super) need: i64,
    pub(super) level_mdb: i64,
    pub(super) trials: usize,
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
    pub(super) fn improve(&mut self, mut known: Vec<usize>, at_least: u64, least: Least) -> (Vec<usize>, u64) {
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
