//! Decibans, and sums whose result does not depend on the order of what is added.

/// Natural logarithm of ten, over ten: decibans to natural logarithms.
const NEPERS_PER_DECIBAN: f64 = std::f64::consts::LN_10 / 10.0;

/// Returns the decibans of a likelihood ratio: ten times its decimal logarithm.
pub(crate) fn from_ratio(ratio: f64) -> f64 {
    10.0 * libm::log10(ratio)
}

/// Returns the likelihood ratio of so many decibans.
pub(crate) fn to_ratio(decibans: f64) -> f64 {
    libm::exp(decibans * NEPERS_PER_DECIBAN)
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

/// Returns the sum of terms, added in the order of their value so that no other order can matter.
pub(crate) fn sum(mut terms: Vec<f64>) -> f64 {
    terms.sort_by(f64::total_cmp);
    terms.iter().sum()
}

/// Returns the logarithm of the sum of exponentials of the terms, added in the order of their value.
///
/// Of no terms, and of terms that all are minus infinity, it is minus infinity.
pub(crate) fn log_sum_exp(mut terms: Vec<f64>) -> f64 {
    terms.sort_by(f64::total_cmp);
    match terms.last() {
        Some(&largest) if largest > f64::NEG_INFINITY => {
            largest + libm::log(terms.iter().map(|term| libm::exp(term - largest)).sum::<f64>())
        }
        _ => f64::NEG_INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{from_ratio, log_sum_exp, millidecibans, sum, to_ratio};

    #[test]
    fn twenty_decibans_are_a_factor_of_one_hundred() {
        assert_eq!(millidecibans(from_ratio(100.0)), 20_000);
        assert_eq!(millidecibans(from_ratio(0.5)), -3010);
        assert!((to_ratio(20.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_sums_to_nothing() {
        assert_eq!(sum(vec![]), 0.0);
        assert_eq!(log_sum_exp(vec![]), f64::NEG_INFINITY);
        assert_eq!(log_sum_exp(vec![f64::NEG_INFINITY; 3]), f64::NEG_INFINITY);
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
            prop_assert_eq!(sum(terms.clone()).to_bits(), sum(other.clone()).to_bits());
            prop_assert_eq!(log_sum_exp(terms).to_bits(), log_sum_exp(other).to_bits());
        }
    }
}
