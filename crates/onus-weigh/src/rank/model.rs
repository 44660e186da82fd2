//! Scores, probabilities and weights from the numbers about each candidate: a conditional logit with an alternative "none".

use std::collections::BTreeMap;

use serde::Deserialize;

use super::features::{Design, FEATURES, NONE_FEATURES};
use crate::decibans;

/// The text of the fitted model.
const FITTED: &str = include_str!("../../weights/rank.toml");

/// Weights of evidence are clipped to so many decimal orders of magnitude.
const LOG10_MAX: f64 = 6.0;

/// The fitted numbers of the ranking model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankModel {
    /// What the numbers were fitted to, and how.
    pub basis: String,
    /// Nats of score by one unit of each of [`FEATURES`].
    pub coefficients: BTreeMap<String, f64>,
    /// The same of "none of the candidates", by [`NONE_FEATURES`].
    pub none: BTreeMap<String, f64>,
    /// From log odds to a weight of evidence.
    pub ratio: Ratio,
    /// Who may be named.
    pub naming: NamingRule,
}

/// An affine map from the log odds among the candidates to the logarithm of a likelihood ratio.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Nats at even odds.
    pub offset: f64,
    /// Nats by one nat of log odds.
    pub slope: f64,
}

/// The condition under which the first of a ranking may be named.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamingRule {
    /// Nats by which "none" is raised beforehand: a sceptical prior.
    pub none_offset: f64,
    /// How many of its best names of software are struck.
    pub software: usize,
    /// How many of its best techniques are struck.
    pub techniques: usize,
}

impl RankModel {
    /// Returns the model that the program ships, `crates/onus-weigh/weights/rank.toml`.
    #[must_use]
    pub fn builtin() -> Self {
        toml::from_str(FITTED).expect("a test reads the shipped model")
    }

    pub(super) fn none_offset(&self) -> f64 {
        self.naming.none_offset
    }

    pub(super) fn scores(&self, design: &Design) -> Scores {
        let named = |names: &[&str], coefficients: &BTreeMap<String, f64>| -> Vec<f64> {
            names.iter().map(|name| coefficients.get(*name).copied().unwrap_or_default()).collect()
        };
        let product = |row: &[f64], by: &[f64]| row.iter().zip(by).map(|(value, by)| value * by).sum::<f64>();
        let (of_candidate, of_none) = (named(&FEATURES, &self.coefficients), named(&NONE_FEATURES, &self.none));
        Scores {
            by_candidate: design.rows.iter().map(|row| product(row, &of_candidate)).collect(),
            none: product(&design.none, &of_none),
        }
    }
}

/// Scores in nats.
pub(super) struct Scores {
    pub(super) by_candidate: Vec<f64>,
    none: f64,
}

impl Scores {
    /// Probabilities of the candidates and, last, of none of them.
    pub(super) fn posterior(&self, none_offset: f64) -> Vec<f64> {
        let scores: Vec<f64> = self.by_candidate.iter().copied().chain([self.none + none_offset]).collect();
        let total = decibans::log_sum_exp(&scores);
        scores.into_iter().map(|score| libm::exp(score - total)).collect()
    }

    /// By candidate: weight against the other candidates together, without "none".
    pub(super) fn log10_ratios(&self, model: &RankModel) -> Vec<f64> {
        let largest = self.by_candidate.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shares: Vec<f64> = self.by_candidate.iter().map(|score| libm::exp(score - largest)).collect();
        let total = decibans::sum(shares.clone());
        let ratio = |(at, score): (usize, &f64)| {
            // the leader's rest is summed by itself: the difference of two near ones would lose it
            let rest = match shares.get(at) {
                Some(share) if *share < 1.0 => total - share,
                _ => decibans::sum(
                    shares.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, s)| *s).collect(),
                ),
            };
            let odds = (score - largest) - libm::log(rest.max(f64::MIN_POSITIVE));
            let ratio = (model.ratio.offset + model.ratio.slope * odds) / std::f64::consts::LN_10;
            ratio.clamp(-LOG10_MAX, LOG10_MAX)
        };
        self.by_candidate.iter().enumerate().map(ratio).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{FEATURES, FITTED, NONE_FEATURES, RankModel};

    #[test]
    fn the_shipped_model_has_every_number_once() {
        let model: RankModel = toml::from_str(FITTED).unwrap();
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(model.coefficients.into_keys().collect::<Vec<_>>(), sorted(&FEATURES));
        assert_eq!(model.none.into_keys().collect::<Vec<_>>(), sorted(&NONE_FEATURES));
    }
}
