//! Logistic calibration: an affine map from log odds to the logarithm of a likelihood ratio.

use super::solve::solve;

/// The most steps of Newton's method.
const STEPS_MAX: usize = 60;

/// The map `offset + slope · x`, natural logarithms on both sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// What is added.
    pub offset: f64,
    /// What is multiplied.
    pub slope: f64,
}

impl Affine {
    /// Returns the value of the map.
    #[must_use]
    pub fn of(self, x: f64) -> f64 {
        self.offset + self.slope * x
    }
}

/// Fits the map by logistic regression in which targets and others weigh half each, whatever their numbers.
///
/// A touch of ridge (1e-9) keeps it finite where they are separated. None without targets or without others.
#[must_use]
pub fn fit_affine(targets: &[f64], others: &[f64]) -> Option<Affine> {
    if targets.is_empty() || others.is_empty() {
        return None;
    }
    let mut at = Affine { offset: 0.0, slope: 1.0 };
    let groups = [(targets, 1.0), (others, 0.0)];
    let loss = |map: Affine| -> f64 {
        let cost = |x: f64, truth: f64| {
            let z = if truth > 0.0 { -map.of(x) } else { map.of(x) };
            if z > 0.0 { z + libm::log1p(libm::exp(-z)) } else { libm::log1p(libm::exp(z)) }
        };
        groups.iter().map(|(xs, t)| xs.iter().map(|x| cost(*x, *t)).sum::<f64>() * 0.5 / xs.len() as f64).sum()
    };
    let mut here = loss(at);
    for _ in 0..STEPS_MAX {
        let (mut slope, mut curvature) = ([0.0; 2], [[1e-9, 0.0], [0.0, 1e-9]]);
        for (xs, truth) in groups {
            let weight = 0.5 / xs.len() as f64;
            for x in xs {
                let p = 1.0 / (1.0 + libm::exp(-at.of(*x).clamp(-40.0, 40.0)));
                let (gap, spread) = (weight * (p - truth), weight * p * (1.0 - p));
                slope = [slope[0] + gap, slope[1] + gap * x];
                let [[a, _], [b, c]] = curvature;
                curvature = [[a + spread, 0.0], [b + spread * x, c + spread * x * x]];
            }
        }
        let rows: Vec<Vec<f64>> = curvature.iter().map(|row| row.to_vec()).collect();
        let Some(&[d_offset, d_slope]) = solve(&rows, &slope).as_deref() else { break };
        let mut share = 1.0;
        let next = loop {
            let next = Affine { offset: at.offset - share * d_offset, slope: at.slope - share * d_slope };
            if loss(next) <= here || share < 1e-6 {
                break next;
            }
            share *= 0.5;
        };
        let after = loss(next);
        if after >= here {
            break;
        }
        at = next;
        let gain = here - after;
        here = after;
        if gain < 1e-14 {
            break;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::fit_affine;

    #[test]
    fn two_values_give_their_log_odds() {
        // At x = 1 targets are three times as common as others, at x = 0 a third as common.
        let map = fit_affine(&[1.0, 1.0, 1.0, 0.0], &[1.0, 0.0, 0.0, 0.0]).unwrap();
        assert!((map.of(1.0) - libm::log(3.0)).abs() < 1e-6, "{map:?}");
        assert!((map.of(0.0) + libm::log(3.0)).abs() < 1e-6, "{map:?}");
    }

    #[test]
    fn separation_stays_finite_and_nothing_gives_nothing() {
        let map = fit_affine(&[1.0, 2.0], &[-1.0, -2.0]).unwrap();
        assert!(map.slope > 1.0 && map.slope.is_finite());
        assert_eq!(fit_affine(&[], &[1.0]), None);
        assert_eq!(fit_affine(&[1.0], &[]), None);
    }
}
