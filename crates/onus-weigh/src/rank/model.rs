//! Scores, probabilities and weights from the numbers about each candidate.
//!
//! Two conditional logits read the same evidence. The honest one was fitted to cases as they are, the sceptical one to
//! cases with traces planted by a family of forgers. A third, small model says from how the evidence looks how far each
//! is to be believed. The ranking and its weights take plants to be common, because a ranking must not be led by them; the
//! probabilities take them to be as rare as the deception prior of all weighing says.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    features::{Design, FEATURES, NONE_FEATURES, SUMS},
    strikes::STRIKES,
};
use crate::decibans;

/// The text of the fitted model.
const FITTED: &str = include_str!("../../weights/rank.toml");

/// Weights of evidence are clipped to so many decimal orders of magnitude.
const LOG10_MAX: f64 = 6.0;

/// Log probabilities of the other reading's leader are cut off here.
const LN_MIN: f64 = -12.0;

/// Added to a mixture before its logarithm is taken.
const MIX_MIN: f64 = 1e-15;

/// Margins of the honest reading's leader are cut off here, in nats.
const MARGIN: f64 = 5.0;

/// Strikes (by place) whose margins say how the evidence looks.
const SHARE_MARGINS: [usize; 7] = [0, 2, 3, 4, 5, 7, 10];

/// Features (by column) of the honest reading's leader that say how the evidence looks.
const SHARE_FEATURES: [usize; 9] = [45, 19, 20, 0, 21, 38, 39, 1, 6];

/// Names of the numbers that say how far each reading is to be believed.
pub const SHARE_NAMES: [&str; 24] = [
    "constant",
    "honest-of-honest-leader",
    "same-leader",
    "sceptical-of-sceptical-leader",
    "sceptical-of-honest-leader",
    "honest-of-sceptical-leader",
    "margin",
    "margin-without-2-0",
    "margin-without-3-0",
    "margin-without-0-3",
    "margin-without-0-5",
    "margin-without-2-3",
    "margin-without-3-5",
    "software-top-share",
    "software-known",
    "techniques-known",
    "documentation",
    "rarity-covered",
    "rarity-covered-without-best",
    "best-report-without-best",
    "software",
    "techniques",
    "seen",
    "software-seen",
];

/// The fitted numbers of the ranking model.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankModel {
    /// What the numbers were fitted to, and how.
    pub basis: String,
    /// Nats of score by one unit of each of the first [`SUMS`] of [`FEATURES`]: the evidence as it looks.
    pub honest: BTreeMap<String, f64>,
    /// The same of all of [`FEATURES`]: the evidence as if some of it were planted.
    pub sceptical: BTreeMap<String, f64>,
    /// Log odds for the sceptical reading, by [`SHARE_NAMES`].
    pub share: BTreeMap<String, f64>,
    /// Log odds of "none of the candidates", by [`NONE_FEATURES`].
    pub none: BTreeMap<String, f64>,
    /// From log odds to a weight of evidence.
    pub ratio: Ratio,
    /// How probabilities are made of the two readings.
    pub posterior: PosteriorRule,
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

/// How probabilities are made.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PosteriorRule {
    /// How many planted items stood beside one clean item when the share was fitted.
    pub plants_fitted: f64,
    /// How probable it is beforehand that an operation frames somebody: the deception prior of all weighing.
    pub deception_prior: f64,
    /// Nats added to the log odds of "none".
    pub none_offset: f64,
}

/// The condition under which the first of a ranking may be named.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamingRule {
    /// It must lead without so many of its best names of software.
    pub software: usize,
    /// It must lead without so many of its best techniques.
    pub techniques: usize,
    /// Without so many of both it must not fall far behind.
    pub deep: (usize, usize),
    /// How far is far, in nats.
    pub deep_margin: f64,
}

impl RankModel {
    /// Returns the model that the program ships, `crates/onus-weigh/weights/rank.toml`.
    #[must_use]
    pub fn builtin() -> Self {
        toml::from_str(FITTED).expect("a test reads the shipped model")
    }

    /// Computes log probabilities of the candidates under both readings, mixed twice, and the log odds of "none".
    pub(super) fn scores(&self, design: &Design) -> Scores {
        let honest = log_softmax(&products(&named(&FEATURES[..SUMS], &self.honest), &design.rows));
        let sceptical = log_softmax(&products(&named(&FEATURES, &self.sceptical), &design.rows));
        let inputs = share_inputs(design, &honest, &sceptical);
        let odds = product(&named(&SHARE_NAMES, &self.share), &inputs);
        let rule = self.posterior;
        let rarer = libm::log(rule.plants_fitted) + libm::log((1.0 - rule.deception_prior) / rule.deception_prior);
        let ranking = mixed(&honest, &sceptical, odds);
        let largest = ranking.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let of_none: Vec<f64> = design.none.iter().copied().chain([largest]).collect();
        Scores {
            posterior: mixed(&honest, &sceptical, odds - rarer),
            ln_odds_of_none: product(&named(&NONE_FEATURES, &self.none), &of_none) + rule.none_offset,
            sceptical_share: 1.0 / (1.0 + libm::exp(-odds)),
            ranking,
        }
    }
}

/// Log probabilities by candidate.
pub(super) struct Scores {
    /// With plants taken to be common: what candidates are ranked by.
    pub(super) ranking: Vec<f64>,
    /// With plants taken to be rare: what probabilities are made of.
    posterior: Vec<f64>,
    ln_odds_of_none: f64,
    /// How far the sceptical reading decided the ranking, 0 to 1.
    pub(super) sceptical_share: f64,
}

impl Scores {
    /// Probabilities of the candidates and, last, of none of them.
    pub(super) fn posterior(&self) -> Vec<f64> {
        let none = if self.posterior.is_empty() { 1.0 } else { 1.0 / (1.0 + libm::exp(-self.ln_odds_of_none)) };
        let candidates = log_softmax(&self.posterior).into_iter().map(|ln| (1.0 - none) * libm::exp(ln));
        candidates.chain([none]).collect()
    }

    /// By candidate: weight against the other candidates together, without "none".
    pub(super) fn log10_ratios(&self, ratio: Ratio) -> Vec<f64> {
        let largest = self.ranking.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shares: Vec<f64> = self.ranking.iter().map(|score| libm::exp(score - largest)).collect();
        let total = decibans::sum(shares.clone());
        let one = |(at, score): (usize, &f64)| {
            // the leader's rest is summed by itself: the difference of two near ones would lose it
            let rest = match shares.get(at) {
                Some(share) if *share < 1.0 => total - share,
                _ => decibans::sum(
                    shares.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, share)| *share).collect(),
                ),
            };
            let odds = (score - largest) - libm::log(rest.max(f64::MIN_POSITIVE));
            ((ratio.offset + ratio.slope * odds) / std::f64::consts::LN_10).clamp(-LOG10_MAX, LOG10_MAX)
        };
        self.ranking.iter().enumerate().map(one).collect()
    }
}

/// What says how far each reading is to be believed, in the order of [`SHARE_NAMES`].
///
/// `honest` and `sceptical` are log probabilities by row of the design.
#[must_use]
pub fn share_inputs(design: &Design, honest: &[f64], sceptical: &[f64]) -> [f64; SHARE_NAMES.len()] {
    let (one, other) = (first_largest(honest), first_largest(sceptical));
    let of = |values: &[f64], at: usize| values.get(at).copied().unwrap_or_default();
    let mut inputs = [0.0; SHARE_NAMES.len()];
    let margins = design.margins.get(one).copied().unwrap_or([0.0; STRIKES.len()]);
    let row = design.rows.get(one).copied().unwrap_or([0.0; FEATURES.len()]);
    let (seen, software) = design.seen;
    let seen = super::profiles::count(seen).max(1.0);
    let values = [
        1.0,
        of(honest, one),
        if one == other { 1.0 } else { 0.0 },
        of(sceptical, other),
        of(sceptical, one).max(LN_MIN),
        of(honest, other).max(LN_MIN),
    ];
    let margins = SHARE_MARGINS.map(|at| of(&margins, at).clamp(-MARGIN, MARGIN));
    let features = SHARE_FEATURES.map(|at| of(&row, at));
    let sizes = [libm::log(seen), libm::log(1.0 + super::profiles::count(software))];
    let all = values.into_iter().chain(margins).chain(features).chain(sizes);
    inputs.iter_mut().zip(all).for_each(|(cell, value)| *cell = value);
    inputs
}

/// Logarithm of the softmax of scores.
#[must_use]
pub fn log_softmax(scores: &[f64]) -> Vec<f64> {
    let total = decibans::log_sum_exp(scores);
    scores.iter().map(|score| score - total).collect()
}

/// Log probabilities of a mixture of two, by the log odds for the second.
#[must_use]
pub fn mixed(honest: &[f64], sceptical: &[f64], odds: f64) -> Vec<f64> {
    let share = 1.0 / (1.0 + libm::exp(odds));
    let mix = |(honest, sceptical): (&f64, &f64)| {
        libm::log(share * libm::exp(*honest) + (1.0 - share) * libm::exp(*sceptical) + MIX_MIN)
    };
    honest.iter().zip(sceptical).map(mix).collect()
}

/// The place of the largest; the first of equals.
fn first_largest(values: &[f64]) -> usize {
    let first = |most: (usize, f64), next: (usize, &f64)| if *next.1 > most.1 { (next.0, *next.1) } else { most };
    values.iter().enumerate().fold((0, f64::NEG_INFINITY), first).0
}

fn named(names: &[&str], by_name: &BTreeMap<String, f64>) -> Vec<f64> {
    names.iter().map(|name| by_name.get(*name).copied().unwrap_or_default()).collect()
}

fn products(coefficients: &[f64], rows: &[[f64; FEATURES.len()]]) -> Vec<f64> {
    rows.iter().map(|row| product(coefficients, row)).collect()
}

fn product(coefficients: &[f64], values: &[f64]) -> f64 {
    coefficients.iter().zip(values).map(|(coefficient, value)| coefficient * value).sum()
}

#[cfg(test)]
mod tests {
    use super::{FEATURES, FITTED, NONE_FEATURES, RankModel, SHARE_NAMES, SUMS};

    #[test]
    fn the_shipped_model_has_every_number_once() {
        let model: RankModel = toml::from_str(FITTED).unwrap();
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(model.honest.into_keys().collect::<Vec<_>>(), sorted(&FEATURES[..SUMS]));
        assert_eq!(model.sceptical.into_keys().collect::<Vec<_>>(), sorted(&FEATURES));
        assert_eq!(model.share.into_keys().collect::<Vec<_>>(), sorted(&SHARE_NAMES));
        assert_eq!(model.none.into_keys().collect::<Vec<_>>(), sorted(&NONE_FEATURES));
        let policy = crate::Weights::builtin().policy();
        assert_eq!(model.posterior.deception_prior.to_bits(), policy.delta.to_bits(), "one deception prior for all");
    }
}
