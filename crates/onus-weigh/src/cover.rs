//! The cheapest and the smallest choice of whole weights that together reach a need, exactly.

use std::collections::BTreeMap;

/// One thing that may be chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    /// What it takes away, in millidecibans; pieces that take nothing away are never chosen.
    pub(crate) weight: i64,
    /// What it costs: at least one.
    pub(crate) cost: u64,
}

/// Chooses as few pieces as possible whose weights sum to at least the need; none if all of them do not.
///
/// The heaviest are taken first, which is optimal where every piece counts one. Of equally heavy pieces the first is taken.
pub(crate) fn fewest(pieces: &[Piece], need: i64) -> Option<Vec<usize>> {
    let mut left = need;
    let mut chosen = Vec::new();
    for (index, weight) in heaviest_first(pieces.iter().enumerate()) {
        if left <= 0 {
            break;
        }
        left = left.saturating_sub(weight);
        chosen.push(index);
    }
    (left <= 0).then_some(chosen)
}

/// Chooses pieces of the least cost whose weights sum to at least the need; none if all of them do not.
///
/// Costs fall into few classes, and of one class the heaviest pieces serve best, so a choice is a number of pieces of each
/// class. Best weights by cost are kept class by class, up to the cost of the fewest pieces, which bounds the answer.
pub(crate) fn cheapest(pieces: &[Piece], need: i64) -> Option<Vec<usize>> {
    let bound = fewest(pieces, need)?.iter().filter_map(|index| pieces.get(*index)).map(|piece| piece.cost).sum();
    let mut classes: BTreeMap<u64, Vec<(usize, &Piece)>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        classes.entry(piece.cost.max(1)).or_default().push((index, piece));
    }
    let classes: Vec<Class> = classes.into_iter().map(|(cost, pieces)| Class::new(cost, pieces, bound)).collect();
    let size = usize::try_from(bound).ok()?.checked_add(1)?;
    let mut best = vec![0_i64; size];
    let mut counts: Vec<Vec<usize>> = Vec::new();
    for class in &classes {
        let (weights, taken) = class.added_to(&best);
        best = weights;
        counts.push(taken);
    }
    let mut cost = best.iter().position(|weight| *weight >= need)?;
    let mut chosen = Vec::new();
    for (class, counts) in classes.iter().zip(&counts).rev() {
        let count = counts.get(cost).copied().unwrap_or_default();
        chosen.extend(class.heaviest.iter().take(count).copied());
        cost = cost.saturating_sub(count * class.cost);
    }
    Some(chosen)
}

/// The pieces of one cost, heaviest first.
struct Class {
    cost: usize,
    heaviest: Vec<usize>,
    /// By number of pieces: their weight together.
    together: Vec<i64>,
}

impl Class {
    fn new(cost: u64, pieces: Vec<(usize, &Piece)>, bound: u64) -> Self {
        let most = usize::try_from(bound / cost).unwrap_or(usize::MAX);
        let pieces = heaviest_first(pieces.into_iter());
        let (mut heaviest, mut together, mut sum) = (Vec::new(), vec![0], 0_i64);
        for (index, weight) in pieces.into_iter().take(most) {
            sum = sum.saturating_add(weight);
            heaviest.push(index);
            together.push(sum);
        }
        Self { cost: usize::try_from(cost).unwrap_or(usize::MAX), heaviest, together }
    }

    /// Best weights by cost when pieces of this class may be added, and how many of them then are.
    fn added_to(&self, best: &[i64]) -> (Vec<i64>, Vec<usize>) {
        let at = |cost: usize| {
            let counts = self.together.iter().enumerate().take_while(|(count, _)| count * self.cost <= cost);
            let weights = counts.filter_map(|(count, weight)| {
                Some((best.get(cost - count * self.cost)?.saturating_add(*weight), count))
            });
            // Of equal weights the fewer pieces.
            weights.fold((0, 0), |most, next| if next.0 > most.0 { next } else { most })
        };
        (0..best.len()).map(at).unzip()
    }
}

/// Index and weight of every piece that takes something away, the heaviest first, equal ones as listed.
fn heaviest_first<'p>(pieces: impl Iterator<Item = (usize, &'p Piece)>) -> Vec<(usize, i64)> {
    let weighing = pieces.filter(|(_, piece)| piece.weight > 0);
    let mut sorted: Vec<(usize, i64)> = weighing.map(|(index, piece)| (index, piece.weight)).collect();
    sorted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    sorted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Piece, cheapest, fewest};

    /// The least cost and the least number over all subsets.
    fn brute_force(pieces: &[Piece], need: i64) -> Option<(u64, usize)> {
        let subsets = (0..1_u32 << pieces.len()).filter_map(|subset| {
            let chosen =
                || pieces.iter().enumerate().filter(|(index, _)| subset >> index & 1 == 1).map(|(_, piece)| piece);
            let weight: i64 = chosen().map(|piece| piece.weight).sum();
            (weight >= need).then(|| (chosen().map(|piece| piece.cost).sum(), chosen().count()))
        });
        let all: Vec<(u64, usize)> = subsets.collect();
        Some((all.iter().map(|(cost, _)| *cost).min()?, all.iter().map(|(_, count)| *count).min()?))
    }

    #[test]
    fn by_weight_over_cost_would_be_wrong() {
        let piece = |weight, cost| Piece { weight, cost };
        // The best ratio first would take both: 5 for 9 where 4 suffices.
        let pieces = [piece(9, 1), piece(30, 4), piece(10, 4)];
        assert_eq!(cheapest(&pieces, 30), Some(vec![1]));
        assert_eq!(fewest(&pieces, 30), Some(vec![1]));
        assert_eq!(cheapest(&pieces, 50), None);
        assert_eq!(cheapest(&pieces, 0), Some(vec![]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_choice_is_cheaper_or_smaller(
            pieces in prop::collection::vec((-3_000..25_000_i64, prop::sample::select(vec![1_u64, 3, 10, 30, 100])), 0..10),
            need in -1_000..90_000_i64,
        ) {
            let pieces: Vec<Piece> = pieces.into_iter().map(|(weight, cost)| Piece { weight, cost }).collect();
            let value = |chosen: &Vec<usize>| {
                let sum: i64 = chosen.iter().map(|index| pieces[*index].weight).sum();
                assert!(sum >= need, "{chosen:?} does not reach {need}");
                chosen.iter().map(|index| pieces[*index].cost).sum::<u64>()
            };
            let ours = cheapest(&pieces, need).map(|set| value(&set));
            let few = fewest(&pieces, need).inspect(|set| {
                value(set);
            }).map(|set| set.len());
            prop_assert_eq!(ours.zip(few), brute_force(&pieces, need));
            prop_assert_eq!(ours.is_some(), few.is_some());
        }
    }
}
