//! Where an answer stands in a ranking, with ties at their expected value.

/// A place: how many stand above, and how many share it.
///
/// The order in which equals are written changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// How many are strictly above.
    pub above: usize,
    /// How many others are equal to it.
    pub equals: usize,
}

impl Place {
    /// Returns the place of one of the scores; none where there is no such one.
    #[must_use]
    pub fn of(scores: &[f64], index: usize) -> Option<Self> {
        let own = *scores.get(index)?;
        let above = scores.iter().filter(|score| **score > own).count();
        let equals = scores.iter().filter(|score| **score == own).count();
        Some(Self { above, equals: equals.saturating_sub(1) })
    }

    /// Returns the best place among several right answers.
    #[must_use]
    pub fn best(scores: &[f64], answers: &[usize]) -> Option<Self> {
        answers.iter().filter_map(|answer| Self::of(scores, *answer)).min()
    }

    /// Returns the probability of being among the first `k`, with equals in random order.
    #[must_use]
    pub fn hit(self, k: usize) -> f64 {
        let free = k.saturating_sub(self.above) as f64;
        (free / (self.equals as f64 + 1.0)).min(1.0)
    }

    /// Returns the expected reciprocal of the rank, with equals in random order.
    #[must_use]
    pub fn reciprocal_rank(self) -> f64 {
        let sum: f64 = (0..=self.equals).map(|before| 1.0 / (self.above + before + 1) as f64).sum();
        sum / (self.equals as f64 + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn ties_are_scored_by_their_expected_value() {
        let place = Place::of(&[1.0, 3.0, 1.0, 0.0], 2).unwrap();
        assert_eq!(place, Place { above: 1, equals: 1 });
        assert_eq!([place.hit(1), place.hit(2), place.hit(3), place.hit(10)], [0.0, 0.5, 1.0, 1.0]);
        assert_eq!(place.reciprocal_rank(), (1.0 / 2.0 + 1.0 / 3.0) / 2.0);
    }

    #[test]
    fn the_best_right_answer_counts() {
        assert_eq!(Place::best(&[1.0, 3.0, 2.0], &[0, 2]), Some(Place { above: 1, equals: 0 }));
        assert_eq!(Place::best(&[1.0], &[]), None);
        assert_eq!(Place::best(&[1.0], &[7]), None);
    }
}
