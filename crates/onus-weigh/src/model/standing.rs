//! Weights between hypotheses at one deception prior.

use super::Ends;
use crate::decibans::{from_ln, log_sum_exp};

/// Weights between hypotheses at one deception prior.
pub(crate) struct Standing {
    ln: Vec<f64>,
}

impl Standing {
    pub(crate) fn new(ends: &[Ends], delta: f64) -> Self {
        Self { ln: ends.iter().map(|ends| ends.at(delta)).collect() }
    }

    /// Weight of one hypothesis over another, in decibans.
    pub(crate) fn weight(&self, one: usize, other: usize) -> f64 {
        let ln = |index: usize| self.ln.get(index).copied().unwrap_or_default();
        from_ln(ln(one) - ln(other))
    }

    /// Weight over the strongest other hypothesis, and which that is; none where there is no other.
    pub(crate) fn over_next(&self, one: usize) -> Option<(f64, usize)> {
        let rivals = (0..self.ln.len()).filter(|rival| *rival != one).map(|rival| (self.weight(one, rival), rival));
        rivals.min_by(|(one, _), (other, _)| one.total_cmp(other))
    }

    /// The hypothesis ahead of every other; none in a tie.
    pub(crate) fn leader(&self) -> Option<usize> {
        (0..self.ln.len()).find(|one| self.over_next(*one).is_some_and(|(weight, _)| weight > 0.0))
    }

    /// Posterior of every hypothesis under a prior.
    pub(crate) fn posterior(&self, prior: &[f64]) -> Vec<f64> {
        let joint: Vec<f64> = self.ln.iter().zip(prior).map(|(ln, prior)| ln + libm::log(*prior)).collect();
        let total = log_sum_exp(&joint);
        joint.iter().map(|ln| libm::exp(ln - total)).collect()
    }
}

/// The smallest deception prior at which the leader's likelihood ratio over a rival falls below `ratio`.
///
/// Likelihoods are linear in the prior, so it follows in closed form from the two ends. None if no prior does so.
pub(crate) fn break_even(leader: Ends, rival: Ends, ratio: f64) -> Option<f64> {
    // Scaled so that the largest is one: only proportions matter.
    let scale =
        [leader.honest, leader.framing, rival.honest, rival.framing].into_iter().fold(f64::NEG_INFINITY, f64::max);
    let margin = |leader: f64, rival: f64| libm::exp(leader - scale) - ratio * libm::exp(rival - scale);
    let (honest, framing) = (margin(leader.honest, rival.honest), margin(leader.framing, rival.framing));
    match (honest > 0.0, framing > 0.0) {
        (false, _) => Some(0.0),
        (true, true) => None,
        (true, false) => Some(honest / (honest - framing)),
    }
}
