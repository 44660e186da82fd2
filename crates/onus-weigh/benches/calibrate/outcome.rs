//! What came of asking engines: one outcome an item, and measures over many with ranges by report.

use onus_weigh::{
    benchmark::Evidence,
    calibration::{self, DECADES_MAX, Judged, Place, Range, bootstrap, surprise},
};

use crate::{
    engine::{Answer, Engine},
    prepared::Prepared,
};

/// Draws of the bootstrap.
pub(crate) const DRAWS: usize = 1000;

/// Seed of the bootstrap.
pub(crate) const SEED: u64 = 1;

/// The answer to one item, judged.
#[derive(Clone)]
pub(crate) struct Outcome {
    pub(crate) kind: String,
    pub(crate) group: usize,
    /// Place of the best right answer; none for items without one.
    pub(crate) place: Option<Place>,
    /// Probability of the right answers together.
    pub(crate) truth: f64,
    /// The leading answer, and whether it is right.
    pub(crate) leader: Judged,
    /// The largest probability of any candidate.
    pub(crate) top: f64,
    /// The largest of any that is wrong.
    pub(crate) wrong: f64,
    /// Probability of nobody among the candidates.
    pub(crate) none: f64,
    /// Clipped weights of the right answers.
    pub(crate) targets: Vec<f64>,
    /// Clipped weights of all others.
    pub(crate) others: Vec<f64>,
}

/// Asks an engine all items that show something.
pub(crate) fn ask(engine: &dyn Engine, asked: &[Prepared<'_>], evidence: &[Evidence]) -> Vec<Outcome> {
    let pairs = asked.iter().zip(evidence).filter(|(_, evidence)| !evidence.is_empty());
    pairs.map(|(asked, evidence)| outcome(asked, &engine.rank(asked, evidence))).collect()
}

/// Judges one answer.
pub(crate) fn outcome(asked: &Prepared<'_>, answer: &Answer) -> Outcome {
    let answers = &asked.question.answers;
    let place = Place::best(&answer.log10_lr, answers);
    let clipped = |(index, lr): (usize, &f64)| (index, lr.clamp(-DECADES_MAX, DECADES_MAX));
    let (of_right, of_others): (Vec<_>, Vec<_>) =
        answer.log10_lr.iter().enumerate().map(clipped).partition(|(index, _)| answers.contains(index));
    let values = |list: Vec<(usize, f64)>| list.into_iter().map(|(_, lr)| lr).collect();
    let leads = answer.log10_lr.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let leaders = answer.log10_lr.iter().zip(&answer.posterior).filter(|(lr, _)| **lr == leads);
    let confidence = leaders.map(|(_, posterior)| *posterior).fold(0.0, f64::max);
    let wrong = answer.posterior.iter().enumerate().filter(|(index, _)| !answers.contains(index));
    Outcome {
        kind: asked.item.kind.clone(),
        group: asked.group,
        place,
        truth: answers.iter().map(|index| answer.posterior[*index]).sum(),
        leader: Judged { confidence, right: place.map_or(0.0, |place| place.hit(1)) },
        top: answer.posterior.iter().copied().fold(0.0, f64::max),
        wrong: wrong.map(|(_, posterior)| *posterior).fold(0.0, f64::max),
        none: answer.none,
        targets: values(of_right),
        others: values(of_others),
    }
}

/// A figure with its 95 % range.
#[derive(Clone, Copy)]
pub(crate) struct Figure {
    pub(crate) value: f64,
    pub(crate) range: Option<Range>,
}

/// Measures over outcomes of items with an answer.
#[derive(Clone)]
pub(crate) struct Summary {
    pub(crate) count: usize,
    pub(crate) top: [Figure; 3],
    pub(crate) reciprocal: Figure,
    pub(crate) cllr: Figure,
    pub(crate) cllr_min: f64,
    pub(crate) log2_loss: Figure,
    pub(crate) calibration_error: Figure,
}

/// Returns the measures of outcomes; none where no item has an answer.
pub(crate) fn summary(outcomes: &[&Outcome]) -> Option<Summary> {
    let outcomes: Vec<&Outcome> = outcomes.iter().copied().filter(|outcome| outcome.place.is_some()).collect();
    let targets: Vec<f64> = outcomes.iter().flat_map(|outcome| outcome.targets.iter().copied()).collect();
    let others: Vec<f64> = outcomes.iter().flat_map(|outcome| outcome.others.iter().copied()).collect();
    let truth: Vec<f64> = outcomes.iter().map(|outcome| outcome.truth).collect();
    let leaders: Vec<Judged> = outcomes.iter().map(|outcome| outcome.leader).collect();
    let top = |k: usize| mean_figure(&outcomes, |outcome| outcome.place.map_or(0.0, |place| place.hit(k)));
    let range = |statistic: &dyn Fn(&[f64]) -> Option<f64>| resample(&outcomes, statistic);
    Some(Summary {
        count: outcomes.len(),
        top: [top(1), top(3), top(5)],
        reciprocal: mean_figure(&outcomes, |outcome| outcome.place.map_or(0.0, Place::reciprocal_rank)),
        cllr: Figure { value: calibration::cllr(&targets, &others)?, range: range(&cllr_of(&outcomes)) },
        cllr_min: calibration::cllr_min(&targets, &others)?,
        log2_loss: Figure {
            value: calibration::log2_loss(&truth)?,
            range: mean_figure(&outcomes, |outcome| -libm::log2(outcome.truth.max(1e-6))).range,
        },
        calibration_error: Figure {
            value: calibration::expected_calibration_error(&leaders, 10)?,
            range: range(&|drawn: &[f64]| {
                let times = |(judged, times): (&Judged, &f64)| std::iter::repeat_n(*judged, *times as usize);
                let drawn: Vec<Judged> = leaders.iter().zip(drawn).flat_map(times).collect();
                calibration::expected_calibration_error(&drawn, 10)
            }),
        },
    })
}

/// A mean over outcomes with its range.
pub(crate) fn mean_figure(outcomes: &[&Outcome], value: impl Fn(&Outcome) -> f64) -> Figure {
    let values: Vec<f64> = outcomes.iter().map(|outcome| value(outcome)).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    Figure { value: mean, range: resample(outcomes, &|drawn| weighted(&values, drawn)) }
}

/// Differences of two engines on the same items, with ranges: first hits, reciprocal ranks, Cllr, bits of surprise.
pub(crate) fn difference(one: &[&Outcome], other: &[&Outcome]) -> [Figure; 4] {
    let paired = |value: &dyn Fn(&Outcome) -> f64| {
        let gaps: Vec<f64> = one.iter().zip(other).map(|(one, other)| value(one) - value(other)).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        Figure { value: mean, range: resample(one, &|drawn| weighted(&gaps, drawn)) }
    };
    let (cost_one, cost_other) = (cllr_of(one), cllr_of(other));
    let gap = |drawn: &[f64]| Some(cost_one(drawn)? - cost_other(drawn)?);
    let all = vec![1.0; one.len()];
    [
        paired(&|outcome| outcome.place.map_or(0.0, |place| place.hit(1))),
        paired(&|outcome| outcome.place.map_or(0.0, Place::reciprocal_rank)),
        Figure { value: gap(&all).unwrap_or(f64::NAN), range: resample(one, &gap) },
        paired(&|outcome| -libm::log2(outcome.truth.max(1e-6))),
    ]
}

/// Cllr as a function of how often each outcome was drawn.
fn cllr_of(outcomes: &[&Outcome]) -> impl Fn(&[f64]) -> Option<f64> + use<> {
    let cost = |outcome: &&Outcome| {
        let of_targets: f64 = outcome.targets.iter().map(|lr| surprise(*lr)).sum();
        let of_others: f64 = outcome.others.iter().map(|lr| surprise(-*lr)).sum();
        [of_targets, outcome.targets.len() as f64, of_others, outcome.others.len() as f64]
    };
    let costs: Vec<[f64; 4]> = outcomes.iter().map(cost).collect();
    move |drawn| {
        let mut sums = [0.0; 4];
        for (cost, times) in costs.iter().zip(drawn) {
            sums.iter_mut().zip(cost).for_each(|(sum, cost)| *sum += cost * times);
        }
        let [of_targets, targets, of_others, others] = sums;
        (targets > 0.0 && others > 0.0).then(|| 0.5 * (of_targets / targets + of_others / others))
    }
}

/// A mean over what was drawn.
pub(crate) fn weighted(values: &[f64], drawn: &[f64]) -> Option<f64> {
    let count: f64 = drawn.iter().sum();
    (count > 0.0).then(|| values.iter().zip(drawn).map(|(value, times)| value * times).sum::<f64>() / count)
}

fn resample(outcomes: &[&Outcome], statistic: &dyn Fn(&[f64]) -> Option<f64>) -> Option<Range> {
    let groups: Vec<usize> = outcomes.iter().map(|outcome| outcome.group).collect();
    bootstrap(&groups, DRAWS, SEED, statistic)
}
