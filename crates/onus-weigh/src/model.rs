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
    /// By target and unit: logarithm of `rho Q`.
    planted: Vec<Vec<f64>>,
}

struct Actor {
    /// Logarithm of `G_j` by unit.
    honest: Terms,
    /// One for each target that this actor could frame.
    frames: Vec<Frame>,
}

/// What framing one target would look like.
struct Frame {
    target: usize,
    /// Logarithm of `(1-rho) G + rho Q` by unit.
    terms: Terms,
}

/// Logarithms of the factors of a product, by unit, and of the product.
struct Terms {
    by_unit: Vec<f64>,
    total: f64,
}

impl Terms {
    fn new(by_unit: Vec<f64>) -> Self {
        Self { total: sum(by_unit.clone()), by_unit }
    }

    /// The product without the factor of one unit.
    fn without(&self, struck: Option<usize>) -> f64 {
        self.total - struck.and_then(|unit| self.by_unit.get(unit)).copied().unwrap_or_default()
    }
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
            libm::log(unit.planting_rate) + imitated + unit.ln_tests_planted
        };
        let planted: Vec<Vec<f64>> =
            (0..named).map(|target| units.iter().map(|unit| planted(unit, target)).collect()).collect();
        let frame = |actor: usize, target: usize| {
            let either = |(unit, planted): (&Unit, &f64)| {
                log_sum_exp(vec![libm::log(1.0 - unit.planting_rate) + genuine(unit, actor), *planted])
            };
            let planted = planted.get(target).into_iter().flatten();
            Frame { target, terms: Terms::new(units.iter().zip(planted).map(either).collect()) }
        };
        let actor = |actor: usize| Actor {
            honest: Terms::new(units.iter().map(|unit| genuine(unit, actor)).collect()),
            frames: (0..named).filter(|target| *target != actor).map(|target| frame(actor, target)).collect(),
        };
        Self { actors: (0..hypotheses).map(actor).collect(), planted }
    }

    /// Likelihood ends of every hypothesis, without the struck unit if one is given.
    ///
    /// An actor who could frame nobody has the same likelihood at both ends.
    pub(crate) fn ends(&self, struck: Option<usize>) -> Vec<Ends> {
        let ends = |actor: &Actor| {
            let honest = actor.honest.without(struck);
            let framing = match actor.frames.as_slice() {
                [] => honest,
                frames => frames_likelihood(frames.iter().map(|frame| frame.terms.without(struck)).collect()),
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
            framings.extend(actor.frames.iter().map(|frame| (ln_share + frame.terms.total, frame)));
        }
        let evidence = log_sum_exp(evidence);
        let weighted = |of: &dyn Fn(&Frame) -> f64| {
            sum(framings.iter().map(|(ln, frame)| libm::exp(ln - evidence) * of(frame)).collect())
        };
        let units = self.actors.first().map_or(0, |actor| actor.honest.by_unit.len());
        let by_unit = |unit: usize| weighted(&|frame: &Frame| self.planted_in(frame, unit));
        (weighted(&|_| 1.0), (0..units).map(by_unit).collect())
    }
}

impl Model {
    /// Probability that a unit was planted, if this target was framed.
    fn planted_in(&self, frame: &Frame, unit: usize) -> f64 {
        let planted = self.planted.get(frame.target).and_then(|planted| planted.get(unit));
        let either = frame.terms.by_unit.get(unit);
        planted.zip(either).map_or(0.0, |(planted, either)| libm::exp(planted - either).min(1.0))
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

#[cfg(test)]
mod tests {
    use super::{Model, Standing, break_even};
    use crate::{
        Basis, ForgeCost,
        unit::{Unit, Worth},
    };

    /// Likelihoods under L, S, C and `other`, and the planting rate.
    const VECTOR: [(&str, [f64; 4], f64); 6] = [
        ("rich-header", [0.30, 0.002, 0.002, 0.002], 0.5),
        ("wipe-routine", [0.25, 0.03, 0.03, 0.03], 0.3),
        ("file-names", [0.20, 0.02, 0.02, 0.02], 0.7),
        ("key-generation", [0.02, 0.03, 0.20, 0.03], 0.5),
        ("credential-spread", [0.05, 0.30, 0.03, 0.05], 0.3),
        ("infrastructure", [0.003, 0.10, 0.003, 0.005], 0.02),
    ];

    fn unit(index: usize, likelihoods: [f64; 4], planting_rate: f64, test: Option<(f64, f64)>) -> Unit {
        let (genuine, planted) = test.unwrap_or((1.0, 1.0));
        Unit {
            members: vec![index],
            strongest: index,
            worth: Worth {
                ln: likelihoods.map(libm::log).to_vec(),
                ln_background: libm::log(likelihoods[3]),
                basis: Basis::Subjective,
                channel: None,
            },
            forge_cost: ForgeCost::F0,
            planting_rate,
            spread_db: 0.0,
            ln_tests_genuine: libm::log(genuine),
            ln_tests_planted: libm::log(planted),
        }
    }

    /// The case of the worked vector, with so many items and with or without the failed test of its first.
    fn case(items: usize, tested: bool) -> Model {
        let units: Vec<Unit> = VECTOR
            .into_iter()
            .take(items)
            .enumerate()
            .map(|(index, (_, likelihoods, rate))| {
                unit(index, likelihoods, rate, (tested && index == 0).then_some((0.002, 0.5)))
            })
            .collect();
        Model::new(4, &units, 0.0)
    }

    fn check(model: &Model, delta: f64, hypothesis: usize, expected: f64) {
        let posterior = Standing::new(&model.ends(None), delta).posterior(&[0.25; 4]);
        assert!(
            (posterior[hypothesis] - expected).abs() < 0.00005,
            "delta {delta}: {posterior:?}, expected {expected}"
        );
    }

    /// Olympic Destroyer with illustrative numbers; computed by an independent prototype to four places.
    #[test]
    fn the_worked_vector_comes_out() {
        let (lazarus, sandworm, apt10) = (0, 1, 2);
        for (delta, before) in [(0.0, 0.9987), (0.01, 0.9914), (0.05, 0.9625), (0.30, 0.7956)] {
            check(&case(5, false), delta, lazarus, before);
        }
        for (delta, l, s, c) in [
            (0.0, 0.9987, 0.0007, 0.0005),
            (0.01, 0.3545, 0.3485, 0.2453),
            (0.05, 0.1006, 0.4856, 0.3418),
            (0.30, 0.0203, 0.5290, 0.3723),
        ] {
            let tested = case(5, true);
            check(&tested, delta, lazarus, l);
            check(&tested, delta, sandworm, s);
            check(&tested, delta, apt10, c);
        }
        for (delta, s) in [(0.0, 0.0234), (0.01, 0.9432), (0.05, 0.9657), (0.30, 0.9706)] {
            check(&case(6, true), delta, sandworm, s);
        }
    }

    /// Before the test no prior alone overturns the leader: the closed form gives 1.17, which is no probability.
    #[test]
    fn the_break_even_prior_follows_in_closed_form() {
        let ends = case(5, false).ends(None);
        assert_eq!(break_even(ends[0], ends[1], 1.0), None);
        let (honest, framing) = (
            libm::exp(ends[0].honest) - libm::exp(ends[1].honest),
            libm::exp(ends[0].framing) - libm::exp(ends[1].framing),
        );
        assert!((honest / (honest - framing) - 1.17).abs() < 0.005);
    }

    #[test]
    fn at_the_break_even_prior_the_weight_is_the_level() {
        let ends = case(5, true).ends(None);
        let delta = break_even(ends[0], ends[1], 10.0).unwrap();
        assert!(0.0 < delta && delta < 1.0, "{delta}");
        let weight = Standing::new(&ends, delta).weight(0, 1);
        assert!((weight - 10.0).abs() < 1e-9, "{weight}");
    }

    /// Without deception in the model the proof of forgery changes nothing, because it multiplies everybody alike.
    #[test]
    fn a_failed_test_only_speaks_through_deception() {
        let posterior = |tested: bool| Standing::new(&case(5, tested).ends(None), 0.0).posterior(&[0.25; 4]);
        for (before, after) in posterior(false).into_iter().zip(posterior(true)) {
            assert!((before - after).abs() < 1e-12);
        }
        let (_, planted) = case(5, true).planted(&[0.25; 4], 0.05);
        assert!(planted[0] > 0.5, "{planted:?}");
    }

    /// The sums against the definition, written out plainly.
    #[test]
    fn sums_agree_with_the_definition() {
        let delta = 0.05;
        let likelihood = |a: usize| {
            let genuine = |(j, (_, p, _)): (usize, &(&str, [f64; 4], f64))| p[a] * if j == 0 { 0.002 } else { 1.0 };
            let honest: f64 = VECTOR.iter().enumerate().map(genuine).product();
            let targets: Vec<usize> = (0..3).filter(|t| *t != a).collect();
            let framed = |t: &usize| -> f64 {
                let term = |(j, item): (usize, &(&str, [f64; 4], f64))| {
                    (1.0 - item.2) * genuine((j, item)) + item.2 * item.1[*t] * if j == 0 { 0.5 } else { 1.0 }
                };
                VECTOR.iter().enumerate().map(term).product()
            };
            let framing: f64 =
                targets.iter().map(framed).sum::<f64>() / f64::from(u32::try_from(targets.len()).unwrap());
            (1.0 - delta) * honest + delta * framing
        };
        let ends = case(6, true).ends(None);
        for (a, ends) in ends.into_iter().enumerate() {
            let (ours, plain) = (libm::exp(ends.at(delta)), likelihood(a));
            assert!((ours / plain - 1.0).abs() < 1e-12, "{ours} {plain}");
        }
    }
}
