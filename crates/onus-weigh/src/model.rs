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
//!
//! Products are sums of [`Nepers`], so a struck unit is subtracted exactly and nothing depends on an order.

mod factors;
mod standing;

pub(crate) use factors::Factors;
use factors::{Framings, OwnWays, Ratios};
pub(crate) use standing::{Standing, break_even};

use crate::{
    decibans::{Nepers, Share, from_ln, log_sum_exp},
    sheet::HYPOTHESES_MAX,
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
        log_sum_exp(&[libm::log(1.0 - delta) + self.honest, libm::log(delta) + self.framing])
    }
}

/// All products of the sums.
pub(crate) struct Model {
    pub(crate) factors: Vec<Factors>,
    /// By actor: logarithm of the product of all `G_j`.
    honest: Vec<Nepers>,
    /// By actor, and within by target: logarithm of the product of all `(1-rho) G + rho Q`.
    frames: Vec<Vec<Nepers>>,
}

impl Model {
    /// Prepares the sums for so many hypotheses, `other` included.
    pub(crate) fn new(hypotheses: usize, units: &[Unit], imperfect_imitation: f64) -> Self {
        let factors: Vec<Factors> =
            units.iter().map(|unit| Factors::new(unit, hypotheses, imperfect_imitation)).collect();
        let honest = (0..hypotheses).map(|actor| factors.iter().map(|factors| factors.honest(actor)).sum()).collect();
        let frames = frames(hypotheses, &factors);
        Self { factors, honest, frames }
    }

    /// Likelihood ends of every hypothesis.
    pub(crate) fn ends(&self) -> Vec<Ends> {
        (0..self.honest.len()).map(|actor| self.ends_of(actor, &[])).collect()
    }

    /// Likelihood ends of one hypothesis without the struck units.
    ///
    /// An actor who could frame nobody has the same likelihood at both ends.
    pub(crate) fn ends_of(&self, actor: usize, struck: &[usize]) -> Ends {
        let struck = || struck.iter().filter_map(|unit| self.factors.get(*unit));
        let mut honest = self.honest.get(actor).copied().unwrap_or_default();
        struck().for_each(|factors| honest -= factors.honest(actor));
        let mut totals = [Nepers::default(); HYPOTHESES_MAX];
        let frames = self.frames.get(actor).map(Vec::as_slice).unwrap_or_default();
        for (total, frame) in totals.iter_mut().zip(frames) {
            *total = *frame;
        }
        for factors in struck() {
            let row = factors.framing(actor);
            for (total, class) in totals.iter_mut().zip(factors.classes()).take(frames.len()) {
                *total -= row.get(*class).copied().unwrap_or_default();
            }
        }
        let mut terms = [f64::NEG_INFINITY; HYPOTHESES_MAX];
        for (target, (term, total)) in terms.iter_mut().zip(totals).take(frames.len()).enumerate() {
            if target != actor {
                *term = total.value();
            }
        }
        let honest = honest.value();
        let framing = match self.targets(actor) {
            0 => honest,
            // Each target is as probable as the next.
            count => log_sum_exp(terms.get(..frames.len()).unwrap_or_default()) - ln_count(count),
        };
        Ends { honest, framing }
    }

    /// Weight of one hypothesis over another without the struck units, in decibans.
    pub(crate) fn weight(&self, one: usize, other: usize, struck: &[usize], delta: f64) -> f64 {
        let at = |actor: usize| self.ends_of(actor, struck).at(delta);
        from_ln(at(one) - at(other))
    }

    /// How many hypotheses this actor could frame.
    fn targets(&self, actor: usize) -> usize {
        (0..self.honest.len().saturating_sub(1)).filter(|target| *target != actor).count()
    }

    /// Logarithms of what each way in which an actor could have done it contributes to its likelihood: in the open, and
    /// by target.
    fn parts(&self, actor: usize, delta: f64) -> (f64, Vec<f64>) {
        let count = self.targets(actor);
        let honest = self.honest.get(actor).copied().unwrap_or_default().value();
        let share = libm::log(delta) - ln_count(count.max(1));
        let frames = self.frames.get(actor).into_iter().flatten().enumerate();
        let part = |(target, total): (usize, &Nepers)| {
            if target == actor { f64::NEG_INFINITY } else { share + total.value() }
        };
        (if count == 0 { honest } else { libm::log(1.0 - delta) + honest }, frames.map(part).collect())
    }

    /// Probabilities of every way in which it could have been done, under a prior over the hypotheses.
    pub(crate) fn ways(&self, prior: &[f64], delta: f64) -> Ways {
        let parts = prior.iter().enumerate().map(|(actor, prior)| (libm::log(*prior), self.parts(actor, delta)));
        let parts: Vec<(f64, (f64, Vec<f64>))> = parts.collect();
        let all: Vec<f64> = parts
            .iter()
            .flat_map(|(prior, (honest, frames))| frames.iter().chain([honest]).map(move |part| prior + part))
            .collect();
        let evidence = log_sum_exp(&all);
        let share = |part: f64| Share::of(libm::exp(part - evidence));
        Ways {
            honest: parts.iter().map(|(prior, (honest, _))| share(prior + honest)).collect(),
            frames: parts
                .iter()
                .map(|(prior, (_, frames))| frames.iter().map(|part| share(prior + part)).collect())
                .collect(),
        }
    }

    /// Probability that somebody was framed, and by unit that it was planted, under a prior over the hypotheses.
    pub(crate) fn planted(&self, ways: &Ways) -> (f64, Vec<f64>) {
        let framed = ways.frames.iter().flatten().copied().sum::<Share>().value().clamp(0.0, 1.0);
        let framings = Framings::new(&ways.frames);
        (framed, self.factors.iter().map(|factors| factors.planted(&framings)).collect())
    }

    /// By unit and actor, in microdecibans: how far the actor's likelihood moves when the unit is taken otherwise.
    pub(crate) fn moves(&self, delta: f64) -> Moves {
        let ways: Vec<OwnWays> = (0..self.honest.len()).map(|actor| self.own_ways(actor, delta)).collect();
        let mut sums = Vec::new();
        let mut row = |factors: &Factors, ratios: &Ratios| -> Vec<i64> {
            let mut one = |(actor, own)| match factors.mixed(actor, own, ratios, &mut sums) {
                1.0 => 0,
                ratio => micro(from_ln(libm::log(ratio))),
            };
            ways.iter().enumerate().map(&mut one).collect()
        };
        Moves {
            lowered: self.factors.iter().map(|factors| row(factors, &factors.lowered())).collect(),
            struck: self.factors.iter().map(|factors| row(factors, &factors.struck())).collect(),
        }
    }

    fn own_ways(&self, actor: usize, delta: f64) -> OwnWays {
        let (honest, frames) = self.parts(actor, delta);
        let all: Vec<f64> = frames.iter().copied().chain([honest]).collect();
        let total = log_sum_exp(&all);
        let share = |part: f64| Share::of(libm::exp(part - total));
        let frames: Vec<Share> = frames.into_iter().map(share).collect();
        OwnWays { honest: share(honest), framing: frames.iter().copied().sum(), frames }
    }
}

/// By unit and actor, in microdecibans: how far the actor's likelihood moves.
pub(crate) struct Moves {
    /// When the unit's weight is at its 5 % quantile.
    pub(crate) lowered: Vec<Vec<i64>>,
    /// When the unit is struck.
    pub(crate) struck: Vec<Vec<i64>>,
}

/// How probable it is that each hypothesis did it in the open, and framing each target.
pub(crate) struct Ways {
    /// By actor.
    pub(crate) honest: Vec<Share>,
    /// By actor, and within by target; zero for the actor itself.
    pub(crate) frames: Vec<Vec<Share>>,
}

/// By actor and target, the sum over all units of their logarithms.
///
/// Most units tell few hypotheses apart: for each only those are visited that differ from `other`, the rest follow from
/// one common sum.
fn frames(hypotheses: usize, factors: &[Factors]) -> Vec<Vec<Nepers>> {
    let named = hypotheses.saturating_sub(1);
    let mut common = Nepers::default();
    let mut by_actor = vec![Nepers::default(); hypotheses];
    let mut by_target = vec![Nepers::default(); named];
    let mut both = vec![vec![Nepers::default(); named]; hypotheses];
    for factors in factors {
        let plain = factors.plain();
        common += plain;
        for &(one, class) in factors.special() {
            let acting = factors.either(class, factors.background());
            let framed = factors.either(factors.background(), class);
            if let Some(sum) = by_actor.get_mut(one) {
                *sum += acting - plain;
            }
            if let Some(sum) = by_target.get_mut(one) {
                *sum += framed - plain;
            }
            let Some(row) = both.get_mut(one) else { continue };
            for &(target, target_class) in factors.special() {
                if let Some(sum) = row.get_mut(target) {
                    let framed = factors.either(factors.background(), target_class);
                    *sum += factors.either(class, target_class) - acting - framed + plain;
                }
            }
        }
    }
    let row = |(both, by_actor): (Vec<Nepers>, Nepers)| {
        both.into_iter().zip(&by_target).map(|(both, by_target)| common + by_actor + *by_target + both).collect()
    };
    both.into_iter().zip(by_actor).map(row).collect()
}

/// Decibans as whole microdecibans.
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
fn micro(decibans: f64) -> i64 {
    (decibans * 1_000_000.0).round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "a count of hypotheses")]
fn ln_count(count: usize) -> f64 {
    libm::log(count as f64)
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
                likeness: 1.0,
                rates: None,
                counted: None,
            },
            forge_cost: ForgeCost::F0,
            planting_rate,
            ln_lowered: likelihoods.map(libm::log).to_vec(),
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
        let posterior = Standing::new(&model.ends(), delta).posterior(&[0.25; 4]);
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
        let ends = case(5, false).ends();
        assert_eq!(break_even(ends[0], ends[1], 1.0), None);
        let (honest, framing) = (
            libm::exp(ends[0].honest) - libm::exp(ends[1].honest),
            libm::exp(ends[0].framing) - libm::exp(ends[1].framing),
        );
        assert!((honest / (honest - framing) - 1.17).abs() < 0.005);
    }

    #[test]
    fn at_the_break_even_prior_the_weight_is_the_level() {
        let ends = case(5, true).ends();
        let delta = break_even(ends[0], ends[1], 10.0).unwrap();
        assert!(0.0 < delta && delta < 1.0, "{delta}");
        let weight = Standing::new(&ends, delta).weight(0, 1);
        assert!((weight - 10.0).abs() < 1e-9, "{weight}");
    }

    /// Without deception in the model the proof of forgery changes nothing, because it multiplies everybody alike.
    #[test]
    fn a_failed_test_only_speaks_through_deception() {
        let posterior = |tested: bool| Standing::new(&case(5, tested).ends(), 0.0).posterior(&[0.25; 4]);
        for (before, after) in posterior(false).into_iter().zip(posterior(true)) {
            assert!((before - after).abs() < 1e-12);
        }
        let (_, planted) = {
            let case = case(5, true);
            case.planted(&case.ways(&[0.25; 4], 0.05))
        };
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
        let ends = case(6, true).ends();
        for (a, ends) in ends.into_iter().enumerate() {
            let (ours, plain) = (libm::exp(ends.at(delta)), likelihood(a));
            assert!((ours / plain - 1.0).abs() < 1e-11, "{ours} {plain}");
        }
    }
}
