//! Measures over probabilities: what was said of the answer, and whether it was right.

use std::cmp::Ordering;

/// The least probability that a loss is taken of.
const PROBABILITY_MIN: f64 = 1e-6;

/// One answer with the probability that was given to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The probability.
    pub confidence: f64,
    /// How right it was: 1, 0, or a share where the answer was one of several equals.
    pub right: f64,
}

/// Returns the mean bits of surprise at the true answer, of whose probability at least 1e-6 is assumed.
#[must_use]
pub fn log2_loss(of_truth: &[f64]) -> Option<f64> {
    let bits = of_truth.iter().map(|probability| -libm::log2(probability.max(PROBABILITY_MIN)));
    (!of_truth.is_empty()).then(|| bits.sum::<f64>() / of_truth.len() as f64)
}

/// Returns the mean surprise at the true answer as a share of what a uniform guess costs: 1 says nothing.
///
/// Each trial is the probability of the truth and the number of alternatives; trials with fewer than two are left out.
#[must_use]
pub fn multiclass_cllr(trials: &[(f64, usize)]) -> Option<f64> {
    let shares: Vec<f64> = trials
        .iter()
        .filter(|(_, alternatives)| *alternatives > 1)
        .map(|(probability, alternatives)| {
            -libm::log2(probability.max(PROBABILITY_MIN)) / libm::log2(*alternatives as f64)
        })
        .collect();
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}

/// Returns the squared distance of all probabilities of one question from what was true: 0 is perfect, 2 the worst.
#[must_use]
pub fn brier(probabilities: &[f64], truth: usize) -> f64 {
    let target = |index: usize| f64::from(u8::from(index == truth));
    probabilities.iter().enumerate().map(|(index, p)| (p - target(index)) * (p - target(index))).sum()
}

/// Answers of like confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// How many.
    pub count: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// How many of them were right, as a share.
    pub right: f64,
}

/// Returns answers by confidence in so many bins of equal width, empty ones left out; the last includes 1.
#[must_use]
pub fn reliability(answers: &[Judged], bins: u16) -> Vec<Bin> {
    let edge = |bin: u16| f64::from(bin) / f64::from(bins);
    let filled = (0..bins).filter_map(|bin| {
        let is_last = bin + 1 == bins;
        let inside = |judged: &&Judged| {
            let c = judged.confidence;
            (edge(bin) <= c && c < edge(bin + 1)) || (is_last && c >= 1.0)
        };
        let of_bin: Vec<&Judged> = answers.iter().filter(inside).collect();
        let count = of_bin.len();
        let mean = |of: fn(&Judged) -> f64| of_bin.iter().map(|judged| of(judged)).sum::<f64>() / count as f64;
        (count > 0).then(|| Bin { count, confidence: mean(|j| j.confidence), right: mean(|j| j.right) })
    });
    filled.collect()
}

/// Returns the mean distance between confidence and success over the bins, weighted by their counts.
#[must_use]
pub fn expected_calibration_error(answers: &[Judged], bins: u16) -> Option<f64> {
    let len = answers.len() as f64;
    let gap = |bin: &Bin| bin.count as f64 / len * (bin.confidence - bin.right).abs();
    (!answers.is_empty()).then(|| reliability(answers, bins).iter().map(gap).sum())
}

/// One point of a risk-coverage curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoveragePoint {
    /// The confidence from which on an answer is given.
    pub threshold: f64,
    /// Share of questions that are then answered.
    pub coverage: f64,
    /// Share of given answers that are wrong.
    pub risk: f64,
}

/// Returns risk by coverage, the most confident first; equals come in together.
#[must_use]
pub fn risk_coverage(answers: &[Judged]) -> Vec<CoveragePoint> {
    let mut answers = answers.to_vec();
    answers.sort_by(|one, other| match other.confidence.total_cmp(&one.confidence) {
        Ordering::Equal => one.right.total_cmp(&other.right),
        unequal => unequal,
    });
    let (mut given, mut wrong) = (0.0, 0.0);
    let len = answers.len() as f64;
    answers
        .chunk_by(|one, other| one.confidence == other.confidence)
        .map(|equals| {
            given += equals.len() as f64;
            wrong += equals.iter().map(|judged| 1.0 - judged.right).sum::<f64>();
            let threshold = equals.first().map_or(0.0, |judged| judged.confidence);
            CoveragePoint { threshold, coverage: given / len, risk: wrong / given }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Judged, brier, expected_calibration_error, log2_loss, multiclass_cllr, reliability, risk_coverage};

    fn judged(answers: &[(f64, f64)]) -> Vec<Judged> {
        answers.iter().map(|(confidence, right)| Judged { confidence: *confidence, right: *right }).collect()
    }

    #[test]
    fn bits_of_surprise() {
        assert_eq!(log2_loss(&[0.5, 0.25]), Some(1.5));
        assert_eq!(log2_loss(&[]), None);
        assert!((log2_loss(&[0.0]).unwrap() - 19.931_568).abs() < 1e-6);
        assert_eq!(multiclass_cllr(&[(0.25, 4), (1.0, 4), (0.5, 1)]), Some(0.5));
        assert_eq!(multiclass_cllr(&[(0.5, 1)]), None);
        assert_eq!(brier(&[0.5, 0.5], 0), 0.5);
    }

    #[test]
    fn bins_hold_their_lower_edge_and_the_last_holds_one() {
        let bins = reliability(&judged(&[(0.5, 1.0), (0.0, 0.0), (1.0, 1.0), (0.75, 0.0)]), 2);
        assert_eq!(bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(bins.last().map(|bin| bin.confidence), Some(0.75));
        let error = expected_calibration_error(&judged(&[(0.9, 1.0), (0.9, 0.0), (0.1, 0.0)]), 10).unwrap();
        assert!((error - (2.0 / 3.0 * 0.4 + 1.0 / 3.0 * 0.1)).abs() < 1e-12);
        assert_eq!(expected_calibration_error(&[], 10), None);
    }

    #[test]
    fn equals_come_in_together() {
        let curve = risk_coverage(&judged(&[(0.2, 0.0), (0.9, 1.0), (0.9, 0.0), (0.95, 1.0)]));
        let points: Vec<_> = curve.iter().map(|point| (point.coverage, point.risk)).collect();
        assert_eq!(points, [(0.25, 0.0), (0.75, 1.0 / 3.0), (1.0, 0.5)]);
    }
}
