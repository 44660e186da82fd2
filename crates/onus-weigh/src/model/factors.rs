//! What one unit contributes to the products of the deception model.

use crate::{
    decibans::{Nepers, Share, log_sum_exp},
    unit::Unit,
};

/// The factors of one unit by class: hypotheses under which it is equally probable are of one class.
pub(crate) struct Factors {
    /// By hypothesis: its class. The class of `other` is the background.
    classes: Vec<usize>,
    /// The hypotheses of other classes than the background, with their class.
    special: Vec<(usize, usize)>,
    background: usize,
    /// By class: logarithm of `G`.
    honest: Vec<Nepers>,
    /// By class of the actor, and within by class of the target: logarithm of `(1-rho) G + rho Q`.
    either: Vec<Vec<Nepers>>,
    /// By class of the target: logarithm of `rho Q`.
    planted: Vec<f64>,
    /// By class: logarithm of `G` with the weight at its 5 % quantile.
    lowered_honest: Vec<Nepers>,
    /// The same of `either`.
    lowered_either: Vec<Vec<Nepers>>,
}

impl Factors {
    pub(crate) fn new(unit: &Unit, hypotheses: usize, imperfect_imitation: f64) -> Self {
        let of = |values: &[f64], hypothesis: usize| values.get(hypothesis).copied().unwrap_or_default();
        let mut values: Vec<(f64, f64)> = (0..hypotheses)
            .map(|hypothesis| (of(&unit.worth.ln, hypothesis), of(&unit.ln_lowered, hypothesis)))
            .collect();
        let given = values.clone();
        let by_value =
            |one: &(f64, f64), other: &(f64, f64)| one.0.total_cmp(&other.0).then_with(|| one.1.total_cmp(&other.1));
        values.sort_by(by_value);
        values.dedup_by(|one, other| by_value(one, other).is_eq());
        let class = |value: &(f64, f64)| values.binary_search_by(|one| by_value(one, value)).unwrap_or_default();
        let classes: Vec<usize> = given.iter().map(class).collect();
        let background = classes.last().copied().unwrap_or_default();
        let table = |pick: fn(&(f64, f64)) -> f64| Table::new(unit, values.iter().map(pick), imperfect_imitation);
        let (table, lowered) = (table(|value| value.0), table(|value| value.1));
        Self {
            special: classes.iter().copied().enumerate().filter(|(_, class)| *class != background).collect(),
            classes,
            background,
            honest: table.honest,
            either: table.either,
            planted: table.planted,
            lowered_honest: lowered.honest,
            lowered_either: lowered.either,
        }
    }

    /// Logarithm of `G` for an actor.
    pub(crate) fn honest(&self, actor: usize) -> Nepers {
        self.honest.get(self.class(actor)).copied().unwrap_or_default()
    }

    /// By class of the target: logarithm of `(1-rho) G + rho Q` for an actor.
    pub(crate) fn framing(&self, actor: usize) -> &[Nepers] {
        self.either.get(self.class(actor)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Logarithm of `(1-rho) G + rho Q` by class of actor and target.
    pub(super) fn either(&self, actor: usize, target: usize) -> Nepers {
        self.either.get(actor).and_then(|row| row.get(target)).copied().unwrap_or_default()
    }

    /// The same where actor and target both are of the background.
    pub(super) fn plain(&self) -> Nepers {
        self.either(self.background, self.background)
    }

    pub(crate) fn special(&self) -> &[(usize, usize)] {
        &self.special
    }

    pub(super) fn background(&self) -> usize {
        self.background
    }

    /// By hypothesis: its class.
    pub(super) fn classes(&self) -> &[usize] {
        &self.classes
    }

    fn class(&self, hypothesis: usize) -> usize {
        self.classes.get(hypothesis).copied().unwrap_or_default()
    }

    /// The least and the largest factor that an actor's likelihood has from this unit, however it was done.
    pub(crate) fn extremes(&self, actor: usize) -> (Nepers, Nepers) {
        let honest = self.honest(actor);
        let row = self.framing(actor);
        let least = row.iter().copied().fold(honest, Ord::min);
        (least, row.iter().copied().fold(honest, Ord::max))
    }

    /// Probability that the unit was planted, from the probabilities that each actor framed each target.
    pub(super) fn planted(&self, framings: &Framings<'_>) -> f64 {
        let planted = |(actor, row): (usize, Vec<Share>)| -> Share {
            let either = self.either.get(actor).into_iter().flatten();
            let terms = row.into_iter().zip(either).zip(&self.planted);
            terms
                .filter(|((share, _), _)| *share != Share::default())
                .map(|((share, either), planted)| {
                    Share::of(share.value() * libm::exp(planted - either.value()).min(1.0))
                })
                .sum()
        };
        self.shares(framings).into_iter().enumerate().map(planted).sum::<Share>().value().clamp(0.0, 1.0)
    }

    /// Sums probabilities of actor and target by their classes.
    ///
    /// Only what differs from the background is visited; the background has the rest.
    fn shares(&self, framings: &Framings<'_>) -> Vec<Vec<Share>> {
        let width = self.honest.len();
        let mut sums = vec![vec![Share::default(); width]; width];
        let mut add = |actor: usize, target: usize, share: Share| {
            if let Some(sum) = sums.get_mut(actor).and_then(|row| row.get_mut(target)) {
                *sum += share;
            }
        };
        let mut rest = framings.total;
        for &(one, class) in &self.special {
            let mut acting = framings.by_actor.get(one).copied().unwrap_or_default();
            let mut framed = framings.by_target.get(one).copied().unwrap_or_default();
            for &(other, other_class) in &self.special {
                let both = framings.both(one, other);
                add(class, other_class, both);
                acting -= both;
                framed -= framings.both(other, one);
                rest -= both;
            }
            add(class, self.background, acting);
            add(self.background, class, framed);
            rest -= acting;
            rest -= framed;
        }
        add(self.background, self.background, rest);
        sums
    }

    /// How the factors change when the unit's weight is at its 5 % quantile.
    pub(super) fn lowered(&self) -> Ratios {
        let change = |(lowered, given): (&Nepers, &Nepers)| ratio(*lowered - *given);
        Ratios {
            honest: self.lowered_honest.iter().zip(&self.honest).map(change).collect(),
            framing: self
                .lowered_either
                .iter()
                .zip(&self.either)
                .map(|(lowered, given)| lowered.iter().zip(given).map(change).collect())
                .collect(),
        }
    }

    /// How the factors change when the unit is struck.
    pub(super) fn struck(&self) -> Ratios {
        let change = |given: &Nepers| ratio(Nepers::default() - *given);
        Ratios {
            honest: self.honest.iter().map(change).collect(),
            framing: self.either.iter().map(|row| row.iter().map(change).collect()).collect(),
        }
    }

    /// How an actor's likelihood changes with the factors: the mean of their ratios over the ways in which it could have
    /// done it.
    pub(super) fn mixed(&self, actor: usize, own: &OwnWays, ratios: &Ratios, sums: &mut Vec<Share>) -> f64 {
        sums.clear();
        sums.resize(self.honest.len(), Share::default());
        let mut rest = own.framing;
        for &(target, class) in &self.special {
            let share = own.frames.get(target).copied().unwrap_or_default();
            rest -= share;
            if let Some(sum) = sums.get_mut(class) {
                *sum += share;
            }
        }
        if let Some(sum) = sums.get_mut(self.background) {
            *sum += rest;
        }
        let class = self.class(actor);
        // A way that nobody took adds nothing, however large its ratio.
        let part =
            |(share, ratio): (&Share, &f64)| if *share == Share::default() { 0.0 } else { share.value() * ratio };
        let honest = ratios.honest.get(class).map_or(1.0, |ratio| part((&own.honest, ratio)));
        honest + sums.iter().zip(ratios.framing.get(class).into_iter().flatten()).map(part).sum::<f64>()
    }
}

/// How the factors of one unit change, by class, and by class of actor and target.
pub(super) struct Ratios {
    honest: Vec<f64>,
    framing: Vec<Vec<f64>>,
}

fn ratio(change: Nepers) -> f64 {
    if change == Nepers::default() { 1.0 } else { libm::exp(change.value()) }
}

/// Shares of the ways in which one actor could have done it.
pub(super) struct OwnWays {
    pub(super) honest: Share,
    /// By target.
    pub(super) frames: Vec<Share>,
    /// Of all targets together.
    pub(super) framing: Share,
}

/// Probabilities that each actor framed each target, with their sums.
pub(super) struct Framings<'w> {
    frames: &'w [Vec<Share>],
    by_actor: Vec<Share>,
    by_target: Vec<Share>,
    total: Share,
}

impl<'w> Framings<'w> {
    pub(super) fn new(frames: &'w [Vec<Share>]) -> Self {
        let by_actor: Vec<Share> = frames.iter().map(|row| row.iter().copied().sum()).collect();
        let mut by_target = vec![Share::default(); frames.first().map_or(0, Vec::len)];
        for row in frames {
            for (sum, share) in by_target.iter_mut().zip(row) {
                *sum += *share;
            }
        }
        Self { total: by_actor.iter().copied().sum(), by_actor, by_target, frames }
    }

    fn both(&self, actor: usize, target: usize) -> Share {
        self.frames.get(actor).and_then(|row| row.get(target)).copied().unwrap_or_default()
    }
}

/// The factors by class, for one set of likelihoods.
struct Table {
    honest: Vec<Nepers>,
    either: Vec<Vec<Nepers>>,
    planted: Vec<f64>,
}

impl Table {
    fn new(unit: &Unit, values: impl Iterator<Item = f64>, imperfect_imitation: f64) -> Self {
        let values: Vec<f64> = values.collect();
        let genuine = libm::log(1.0 - unit.planting_rate) + unit.ln_tests_genuine;
        let (meant, missed) = (libm::log(1.0 - imperfect_imitation), libm::log(imperfect_imitation));
        let imitated = |target: &f64| log_sum_exp(&[meant + target, missed + unit.worth.ln_background]);
        let planting = libm::log(unit.planting_rate) + unit.ln_tests_planted;
        let planted: Vec<f64> = values.iter().map(|target| planting + imitated(target)).collect();
        let row =
            |actor: &f64| planted.iter().map(|planted| Nepers::of(log_sum_exp(&[genuine + actor, *planted]))).collect();
        Self {
            honest: values.iter().map(|actor| Nepers::of(actor + unit.ln_tests_genuine)).collect(),
            either: values.iter().map(row).collect(),
            planted,
        }
    }
}
