//! How far to believe the second of two readings, from how a case looks.

use super::solve::solve;

/// The most steps of Newton's method.
const STEPS_MAX: usize = 200;

/// The gain of a step, as a share of the loss, below which nothing more is to be had.
const GAIN_MIN: f64 = 1e-12;

/// Added to the likelihood of a case, so that one that neither reading foresaw does not decide alone.
const LIKELIHOOD_MIN: f64 = 1e-12;

/// One case: how it looks, and how probable each reading made what happened.
///
/// With likelihoods of 0 and 1 it is a plain yes or no, and the fit is a logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixing {
    /// What the case counts.
    pub weight: f64,
    /// How it looks; the first is 1.
    pub inputs: Vec<f64>,
    /// Likelihood of what happened under the first reading and under the second.
    pub likelihoods: (f64, f64),
}

/// Fits log odds for the second reading, linear in the inputs: the largest mean of the logarithm of the mixed likelihood,
/// less half of `ridge` times the squares of the coefficients of standardised inputs (`of_constant` for the first).
///
/// Newton's method on the likelihood as observed; where that is not concave, a step of expectation and maximisation.
/// None without cases, with cases of unlike widths, or without any weight.
#[must_use]
pub fn fit_mixing(cases: &[Mixing], ridge: f64, of_constant: f64) -> Option<Vec<f64>> {
    let width = cases.first()?.inputs.len();
    let total: f64 = cases.iter().map(|case| case.weight).sum();
    if width == 0 || cases.iter().any(|case| case.inputs.len() != width) || total.is_nan() || total <= 0.0 {
        return None;
    }
    let scales = scales(cases, width);
    let standard = |case: &Mixing| -> Vec<f64> {
        case.inputs.iter().zip(&scales).map(|(value, (mean, spread))| (value - mean) / spread).collect()
    };
    let rows: Vec<Vec<f64>> = cases.iter().map(standard).collect();
    let ridges: Vec<f64> = (0..width).map(|index| if index == 0 { of_constant } else { ridge }).collect();
    let problem = Problem { cases, rows, ridges, total };
    let mut at = vec![0.0; width];
    let mut here = problem.loss(&at);
    for _ in 0..STEPS_MAX {
        let Some(next) = problem.next(&at, here) else { break };
        let after = problem.loss(&next);
        at = next;
        let gain = here - after;
        here = after;
        if gain <= GAIN_MIN * here.abs() {
            break;
        }
    }
    let mut raw: Vec<f64> = at.iter().zip(&scales).map(|(value, (_, spread))| value / spread).collect();
    let moved: f64 = raw.iter().zip(&scales).skip(1).map(|(value, (mean, _))| value * mean).sum();
    raw.first_mut().into_iter().for_each(|constant| *constant -= moved);
    Some(raw)
}

/// Mean and spread of each input; the constant stays as it is.
fn scales(cases: &[Mixing], width: usize) -> Vec<(f64, f64)> {
    let count = cases.len() as f64;
    let of = |index: usize| {
        let values = || cases.iter().filter_map(|case| case.inputs.get(index));
        let mean = values().sum::<f64>() / count;
        let spread = values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        if index == 0 { (0.0, 1.0) } else { (mean, libm::sqrt(spread) + 1e-6) }
    };
    (0..width).map(of).collect()
}

struct Problem<'c> {
    cases: &'c [Mixing],
    rows: Vec<Vec<f64>>,
    ridges: Vec<f64>,
    total: f64,
}

impl Problem<'_> {
    /// Share of the second reading, and the mixed likelihood.
    fn mixed(case: &Mixing, row: &[f64], at: &[f64]) -> (f64, f64) {
        let odds: f64 = row.iter().zip(at).map(|(value, factor)| value * factor).sum();
        let share = 1.0 / (1.0 + libm::exp(-odds.clamp(-40.0, 40.0)));
        let (one, other) = case.likelihoods;
        (share, (1.0 - share) * one + share * other + LIKELIHOOD_MIN)
    }

    fn loss(&self, at: &[f64]) -> f64 {
        let of = |(case, row): (&Mixing, &Vec<f64>)| -case.weight * libm::log(Self::mixed(case, row, at).1);
        let penalty: f64 = at.iter().zip(&self.ridges).map(|(value, ridge)| 0.5 * ridge * value * value).sum();
        self.cases.iter().zip(&self.rows).map(of).sum::<f64>() / self.total + penalty
    }

    /// The next coefficients; none where no step gains.
    fn next(&self, at: &[f64], here: f64) -> Option<Vec<f64>> {
        let (slope, observed, bound) = self.derivatives(at);
        let step = solve(&observed, &slope).or_else(|| solve(&bound, &slope))?;
        let promised: f64 = step.iter().zip(&slope).map(|(step, slope)| step * slope).sum();
        let mut share = 1.0;
        while share > 1e-8 {
            let next: Vec<f64> = at.iter().zip(&step).map(|(value, step)| value - share * step).collect();
            if self.loss(&next) <= here - 1e-4 * share * promised {
                return Some(next);
            }
            share *= 0.5;
        }
        None
    }

    /// Slope, curvature as observed, and the curvature that bounds it: that of complete knowledge of the reading.
    fn derivatives(&self, at: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let width = at.len();
        let mut slope: Vec<f64> = at.iter().zip(&self.ridges).map(|(value, ridge)| value * ridge).collect();
        let mut bound: Vec<Vec<f64>> = (0..width)
            .map(|row| self.ridges.iter().enumerate().map(|(c, r)| if c == row { *r } else { 0.0 }).collect())
            .collect();
        let mut observed = bound.clone();
        for (case, row) in self.cases.iter().zip(&self.rows) {
            let (share, likelihood) = Self::mixed(case, row, at);
            let after = share * case.likelihoods.1 / likelihood;
            let weight = case.weight / self.total;
            slope.iter_mut().zip(row).for_each(|(slope, value)| *slope += weight * (share - after) * value);
            let full = weight * share * (1.0 - share);
            let seen = full - weight * after * (1.0 - after);
            add(&mut bound, row, full);
            add(&mut observed, row, seen);
        }
        (slope, observed, bound)
    }
}

/// Adds a square of a row to the lower triangle.
fn add(to: &mut [Vec<f64>], row: &[f64], times: f64) {
    for (index, (line, left)) in to.iter_mut().zip(row).enumerate() {
        line.iter_mut().zip(row).take(index + 1).for_each(|(cell, right)| *cell += times * left * right);
    }
}

#[cfg(test)]
mod tests {
    use super::{Mixing, fit_mixing};

    fn case(weight: f64, input: f64, likelihoods: (f64, f64)) -> Mixing {
        Mixing { weight, inputs: vec![1.0, input], likelihoods }
    }

    #[test]
    fn certain_cases_give_log_odds() {
        let yes = |weight, input| case(weight, input, (0.0, 1.0));
        let no = |weight, input| case(weight, input, (1.0, 0.0));
        let cases = [yes(3.0, 1.0), no(1.0, 1.0), yes(1.0, -1.0), no(1.0, -1.0)];
        let fitted = fit_mixing(&cases, 0.0, 0.0).unwrap();
        assert!((fitted[0] + fitted[1] - libm::log(3.0)).abs() < 1e-4, "{fitted:?}");
        assert!((fitted[0] - fitted[1]).abs() < 1e-4, "{fitted:?}");
    }

    #[test]
    fn the_mixed_likelihood_is_at_its_largest() {
        let cases: Vec<Mixing> = (0..40)
            .map(|n| {
                let input = f64::from(n % 7) - 3.0;
                let second = if (n * 5) % 11 < 4 + n % 7 { 0.6 } else { 0.1 };
                case(1.0 + f64::from(n % 3), input, (0.7 - second, second))
            })
            .collect();
        let loss = |at: &[f64]| -> f64 {
            let of = |case: &Mixing| {
                let share = 1.0 / (1.0 + libm::exp(-(at[0] + at[1] * case.inputs[1])));
                -case.weight * libm::log((1.0 - share) * case.likelihoods.0 + share * case.likelihoods.1)
            };
            cases.iter().map(of).sum()
        };
        let best = fit_mixing(&cases, 1e-9, 1e-9).unwrap();
        for (one, other) in [(0.01, 0.0), (-0.01, 0.0), (0.0, 0.01), (0.0, -0.01)] {
            assert!(loss(&best) <= loss(&[best[0] + one, best[1] + other]), "{best:?}");
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(fit_mixing(&[], 0.1, 0.1), None);
        assert_eq!(fit_mixing(&[case(0.0, 1.0, (1.0, 0.0))], 0.1, 0.1), None);
        let unlike = [case(1.0, 1.0, (1.0, 0.0)), Mixing { weight: 1.0, inputs: vec![1.0], likelihoods: (0.0, 1.0) }];
        assert_eq!(fit_mixing(&unlike, 0.1, 0.1), None);
    }
}
