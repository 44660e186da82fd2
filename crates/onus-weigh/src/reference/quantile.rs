//! Quantiles of the beta distribution, by bisection of its distribution function.
//!
//! Regularised incomplete beta function by Lentz's continued fraction; NIST Digital Library of Mathematical Functions, 8.17.

/// Steps of the bisection: enough for the spacing of floats near one.
const STEPS: usize = 60;

/// The most terms of the continued fraction.
const TERMS_MAX: u32 = 300;

/// What stands for zero in a denominator.
const TINY: f64 = 1e-300;

/// Returns the value below which a share of the beta distribution lies; the shape parameters are positive.
pub(super) fn beta_quantile(first: f64, second: f64, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..STEPS {
        let middle = (low + high) / 2.0;
        if below(first, second, middle) < share { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The share of the distribution that lies below a value.
fn below(first: f64, second: f64, value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    if value >= 1.0 {
        return 1.0;
    }
    let ln_front = libm::lgamma(first + second) - libm::lgamma(first) - libm::lgamma(second)
        + first * libm::log(value)
        + second * libm::log1p(-value);
    let front = libm::exp(ln_front);
    // the fraction converges fast on this side of the mean only
    if value < (first + 1.0) / (first + second + 2.0) {
        front * fraction(first, second, value) / first
    } else {
        1.0 - front * fraction(second, first, 1.0 - value) / second
    }
}

fn fraction(first: f64, second: f64, value: f64) -> f64 {
    let sound = |x: f64| if x.abs() < TINY { TINY } else { x };
    let (mut c, mut d) = (1.0, 1.0 / sound(1.0 - (first + second) * value / (first + 1.0)));
    let mut result = d;
    for term in 1..=TERMS_MAX {
        let m = f64::from(term);
        let even = m * (second - m) * value / ((first + 2.0 * m - 1.0) * (first + 2.0 * m));
        d = 1.0 / sound(1.0 + even * d);
        c = sound(1.0 + even / c);
        result *= c * d;
        let odd = -(first + m) * (first + second + m) * value / ((first + 2.0 * m) * (first + 2.0 * m + 1.0));
        d = 1.0 / sound(1.0 + odd * d);
        c = sound(1.0 + odd / c);
        result *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::beta_quantile;

    #[test]
    fn known_quantiles_come_out() {
        // uniform; the square root and its mirror; the median of a symmetric one
        for (first, second, share, expected) in
            [(1.0, 1.0, 0.05, 0.05), (2.0, 1.0, 0.25, 0.5), (1.0, 2.0, 0.75, 0.5), (7.5, 7.5, 0.5, 0.5)]
        {
            let found = beta_quantile(first, second, share);
            assert!((found - expected).abs() < 1e-12, "{first} {second} {share}: {found}");
        }
    }

    #[test]
    fn a_share_that_is_hardly_there_has_its_mass_at_zero() {
        assert!(beta_quantile(0.001, 100.0, 0.95) < 1e-6);
        assert!(beta_quantile(0.001, 100.0, 0.05) < 1e-15);
    }
}
