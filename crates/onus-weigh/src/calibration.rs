//! Measures of how well judgements hold: do likelihood ratios and probabilities mean what they say?
//!
//! Pure functions over numbers. Likelihood ratios are decimal logarithms for one hypothesis against the others, probabilities lie between 0 and 1.
//! A measure of nothing is `None`, never 0. `docs/calibration.md` uses them.

mod bootstrap;
mod places;
mod posteriors;
mod ratios;

pub use bootstrap::{Range, SplitMix64, bootstrap};
pub use places::Place;
pub use posteriors::{
    Bin, CoveragePoint, Judged, brier, expected_calibration_error, log2_loss, multiclass_cllr, reliability,
    risk_coverage,
};
pub use ratios::{
    DECADES_MAX, TippettPoint, area_under_curve, cllr, cllr_min, empirical_cross_entropy, misleading, recalibrated,
    surprise, tippett,
};
