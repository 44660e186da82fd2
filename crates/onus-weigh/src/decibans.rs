//! Decibans, and sums whose result does not depend on the order of what is added.

use std::{
    iter::Sum,
    ops::{Add, AddAssign, Sub, SubAssign},
};

/// Natural logarithm of ten, over ten: decibans to natural logarithms.
const NEPERS_PER_DECIBAN: f64 = std::f64::consts::LN_10 / 10.0;

/// Returns the decibans of a likelihood ratio: ten times its decimal logarithm.
pub(crate) fn from_ratio(ratio: f64) -> f64 {
    10.0 * libm::log10(ratio)
}

/// Returns the likelihood ratio of so many decibans.
pub(crate) fn to_ratio(decibans: f64) -> f64 {
    libm::exp(to_ln(decibans))
}

/// Returns the natural logarithm of so many decibans.
pub(crate) fn to_ln(decibans: f64) -> f64 {
    decibans * NEPERS_PER_DECIBAN
}

/// Returns the decibans of a natural logarithm.
pub(crate) fn from_ln(ln: f64) -> f64 {
    ln / NEPERS_PER_DECIBAN
}

/// Returns decibans as whole millidecibans, to the nearest, halves away from zero.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, which is what an infinite weight needs")]
pub(crate) fn millidecibans(decibans: f64) -> i64 {
    (decibans * 1000.0).round() as i64
}

/// A natural logarithm as a whole number of 2⁻⁴¹ parts, so that sums and differences are exact and no order can matter.
///
/// A sheet within its limits stays below 2²¹, half of what fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nepers(i64);

impl Nepers {
    /// Parts of one neper.
    const SCALE: f64 = (1_u64 << 41) as f64;

    /// Rounds a finite logarithm to the nearest part.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub(crate) fn of(ln: f64) -> Self {
        Self((ln * Self::SCALE).round() as i64)
    }

    #[expect(clippy::cast_precision_loss, reason = "what is lost lies below the precision of the terms")]
    pub(crate) fn value(self) -> f64 {
        self.0 as f64 / Self::SCALE
    }
}

impl Add for Nepers {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Nepers {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Nepers {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Nepers {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Nepers {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::default(), Add::add)
    }
}

/// A share between 0 and 1 as a whole number of 2⁻⁵⁰ parts, so that sums and differences of shares are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Share(i64);

impl Share {
    const SCALE: f64 = (1_u64 << 50) as f64;

    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub(crate) fn of(share: f64) -> Self {
        Self((share * Self::SCALE).round() as i64)
    }

    #[expect(clippy::cast_precision_loss, reason = "a share of at most some thousands")]
    pub(crate) fn value(self) -> f64 {
        self.0 as f64 / Self::SCALE
    }
}

impl AddAssign for Share {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl SubAssign for Share {
    fn sub_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_sub(other.0);
    }
}

impl Sum for Share {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::default(), |sum, term| Self(sum.0.saturating_add(term.0)))
    }
}

/// Returns the sum of terms, added in the order of their value so that no other order can matter.
pub(crate) fn sum(mut terms: Vec<f64>) -> f64 {
    terms.sort_by(f64::total_cmp);
    terms.iter().sum()
}

/// Returns the logarithm of the sum of exponentials of the terms, which does not depend on their order.
///
/// Of no terms, and of terms that all are minus infinity, it is minus infinity.
pub(crate) fn log_sum_exp(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    let share = |term: &f64| match term - largest {
        0.0 => Share::of(1.0),
        // Below half a part.
        below if below < -36.0 => Share::default(),
        below => Share::of(libm::exp(below)),
    };
    largest + libm::log(terms.iter().map(share).sum::<Share>().value())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Nepers, from_ratio, log_sum_exp, millidecibans, to_ratio};

    #[test]
    fn twenty_decibans_are_a_factor_of_one_hundred() {
        assert_eq!(millidecibans(from_ratio(100.0)), 20_000);
        assert_eq!(millidecibans(from_ratio(0.5)), -3010);
        assert!((to_ratio(20.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_sums_to_nothing() {
        assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
        assert_eq!(log_sum_exp(&[f64::NEG_INFINITY; 3]), f64::NEG_INFINITY);
    }

    proptest! {
        #[test]
        fn order_cannot_matter(terms in prop::collection::vec(-700.0..700.0_f64, 0..20), rotation in 0..20_usize) {
            let mut other = terms.clone();
            if !other.is_empty() {
                let by = rotation % other.len();
                other.rotate_left(by);
            }
            other.reverse();
            let sum = |terms: &[f64]| terms.iter().map(|term| Nepers::of(*term)).sum::<Nepers>();
            prop_assert_eq!(sum(&terms), sum(&other));
            prop_assert_eq!(log_sum_exp(&terms).to_bits(), log_sum_exp(&other).to_bits());
        }

        #[test]
        fn whole_parts_are_near_enough(terms in prop::collection::vec(-30.0..30.0_f64, 1..20)) {
            let plain: f64 = terms.iter().sum();
            prop_assert!((terms.iter().map(|term| Nepers::of(*term)).sum::<Nepers>().value() - plain).abs() < 1e-11);
            let plain = libm::log(terms.iter().map(|term| libm::exp(*term)).sum());
            prop_assert!((log_sum_exp(&terms) - plain).abs() < 1e-12, "{}", plain);
        }
    }
}
