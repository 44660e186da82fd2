//! Deception as one latent variable of the case.
//!
//! With probability delta an operation frames a target `t`, uniform over the other named hypotheses, and then item `j`
//! was planted with probability `rho_j`:
//!
//! ```text
//! P(E|a) = (1-delta) prod_j G_j(a) + delta sum_t tau_a(t) prod_j [(1-rho_j) G_j(a) + rho_j Q_j(t)]
//! G_j(a) = P(e_j|a) P(z_j|genuine)
//! Q_j(t) = [(1-eps) P(e_j|t) + eps pi(e_j)] P(z_j|planted)
//! ```
//!
//! One proven plant thereby lowers the trust in every other pointer to the same target, which no discount per item does.
//! Hypotheses are numbered from 0; the last is `other`, whom nobody frames.

use crate::{
    decibans::{from_ln, log_sum_exp, sum},
    unit::Unit,
};

/// The two ends of a likelihood that is linear in the deception prior, as natural logarithms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends {
    /// Nobody is framed.
    pub(crate) honest: f64,
    /// Somebody is framed.
    pub(crate) framing: f64,
}

impl Ends {
    /// Logarithm of the likelihood at a deception prior.
    pub(crate) fn at(self, delta: f64) -> f64 {
        log_sum_exp(vec![libm::log(1.0 - delta) + self.honest, libm::log(delta) + self.framing])
    }
}

/// All terms of the sums, by actor.
pub(crate) struct Model {
    actors: Vec<Actor>,
}

struct Actor {
    /// Logarithm of `G_j` by unit.
    honest: Vec<f64>,
    /// One for each target that this actor could frame.
    frames: Vec<Frame>,
}

/// What framing one target would look like.
struct Frame {
    /// By unit: logarithm of `(1-rho) G + rho Q`.
    terms: Vec<f64>,
    /// By unit: probability that it was planted, if this target was framed.
    planted: Vec<f64>,
}

impl Model {
    /// Prepares the sums for so many hypotheses, `other` included.
    pub(crate) fn new(hypotheses: usize, units: &[Unit], imperfect_imitation: f64) -> Self {
        let named = hypotheses.saturating_sub(1);
        let genuine = |unit: &Unit, actor: usize| unit.ln(actor) + unit.ln_tests_genuine;
        let planted = |unit: &Unit, target: usize| {
            let imitated = log_sum_exp(vec![
                libm::log(1.0 - imperfect_imitation) + unit.ln(target),
                libm::log(imperfect_imitation) + unit.worth.ln_background,
            ]);
            imitated + unit.ln_tests_planted
        };
        let frame = |actor: usize, target: usize| {
            let ends = |unit: &Unit| {
                let genuine = libm::log(1.0 - unit.planting_rate) + genuine(unit, actor);
                let planted = libm::log(unit.planting_rate) + planted(unit, target);
                let either = log_sum_exp(vec![genuine, planted]);
                (either, libm::exp(planted - either))
            };
            let (terms, planted) = units.iter().map(ends).unzip();
            Frame { terms, planted }
        };
        let actor = |actor: usize| Actor {
            honest: units.iter().map(|unit| genuine(unit, actor)).collect(),
            frames: (0..named).filter(|target| *target != actor).map(|target| frame(actor, target)).collect(),
        };
        Self { actors: (0..hypotheses).map(actor).collect() }
    }

    /// Likelihood ends of every hypothesis, without the struck unit if one is given.
    ///
    /// An actor who could frame nobody has the same likelihood at both ends.
    pub(crate) fn ends(&self, struck: Option<usize>) -> Vec<Ends> {
        let total = |terms: &[f64]| {
            sum(terms.iter().enumerate().filter(|(unit, _)| Some(*unit) != struck).map(|(_, term)| *term).collect())
        };
        let ends = |actor: &Actor| {
            let honest = total(&actor.honest);
            let framing = match actor.frames.as_slice() {
                [] => honest,
                frames => frames_likelihood(frames.iter().map(|frame| total(&frame.terms)).collect()),
            };
            Ends { honest, framing }
        };
        self.actors.iter().map(ends).collect()
    }

    /// Probability that somebody was framed, and by unit that it was planted, under a prior over the hypotheses.
    pub(crate) fn planted(&self, prior: &[f64], delta: f64) -> (f64, Vec<f64>) {
        let mut evidence = Vec::new();
        let mut framings = Vec::new();
        for ((actor, ends), prior) in self.actors.iter().zip(self.ends(None)).zip(prior) {
            let ln_prior = libm::log(*prior);
            evidence.push(ln_prior + ends.at(delta));
            let ln_share = ln_prior + libm::log(delta) - ln_count(actor.frames.len());
            framings.extend(actor.frames.iter().map(|frame| (ln_share + sum(frame.terms.clone()), frame)));
        }
        let evidence = log_sum_exp(evidence);
        let weighted = |of: &dyn Fn(&Frame) -> f64| {
            sum(framings.iter().map(|(ln, frame)| libm::exp(ln - evidence) * of(frame)).collect())
        };
        let units = self.actors.first().map_or(0, |actor| actor.honest.len());
        let by_unit = |unit: usize| weighted(&|frame: &Frame| frame.planted.get(unit).copied().unwrap_or_default());
        (weighted(&|_| 1.0), (0..units).map(by_unit).collect())
    }
}

/// Mean over the targets, each as probable as the next.
fn frames_likelihood(totals: Vec<f64>) -> f64 {
    let count = ln_count(totals.len());
    log_sum_exp(totals) - count
}

#[expect(clippy::cast_precision_loss, reason = "a count of hypotheses")]
fn ln_count(count: usize) -> f64 {
    libm::log(count as f64)
}

impl Unit {
    fn ln(&self, hypothesis: usize) -> f64 {
        self.worth.ln.get(hypothesis).copied().unwrap_or_default()
    }
}

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
        let total = log_sum_exp(joint.clone());
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
