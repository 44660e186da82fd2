//! How far adding up weights overstates: traces are not independent, so a sum of their weights has to be tempered.
//!
//! The weights are those of a case: a group's share of its documents' claims over the background, smoothed and capped.
//! The exponent is what the sum must be multiplied with so that it means what it says, fitted on items with an answer.

use onus_weigh::{
    benchmark::{Evidence, Setting},
    calibration::{self, Range, bootstrap},
    fit::{Affine, Choice, fit},
    reference::TraceKind,
};

use crate::{
    engine::answer,
    outcome::{Outcome, outcome},
    prepared::{FOLDS, Prepared},
};

/// Rates of wrong labels among reported uses, as a band.
pub(crate) const NOISE: [f64; 4] = [0.02, 0.05, 0.10, 0.20];

/// The rate at which exponents are given with their range.
pub(crate) const NOISE_USED: f64 = 0.05;

/// Correlations between techniques that are tried.
pub(crate) const CORRELATIONS: [f64; 9] = [0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.4];

/// Draws of the bootstrap; each is a fit.
const DRAWS: usize = 200;

/// Weight of the uniform part of the background.
const BETA: f64 = 1.0;

/// Penalty, only so that every draw can be solved.
const RIDGE: f64 = 1e-6;

/// Smoothing by sort of trace: as many claims of the background as are mixed into a group's own.
#[derive(Clone, Copy)]
pub(crate) struct Smoothing {
    pub(crate) technique: f64,
    pub(crate) software: f64,
}

impl Smoothing {
    fn of(self, is_software: bool) -> f64 {
        if is_software { self.software } else { self.technique }
    }
}

/// How weights are added up.
#[derive(Clone, Copy)]
pub(crate) struct Sums {
    /// Which sorts are shown.
    pub(crate) setting: Setting,
    /// Share of reported uses that are taken to be wrong.
    pub(crate) noise: f64,
    pub(crate) smoothing: Smoothing,
    /// Correlation between techniques: the sum over n of them is divided by 1 + (n - 1) times this.
    pub(crate) correlation: f64,
}

/// What tempering comes to for one sort of evidence.
pub(crate) struct Tempering {
    pub(crate) sums: Sums,
    /// Of techniques and of software where both are shown, else of the one.
    pub(crate) exponents: Vec<(f64, Option<Range>)>,
    /// Items that it was fitted on.
    pub(crate) count: usize,
    /// Cllr and bits of surprise with the sum as it is.
    pub(crate) naive: (f64, f64),
    /// The same out of fold with fitted exponents.
    pub(crate) tempered: (f64, f64),
}

/// Items with what they show, and the sums of their candidates.
struct Trials<'t, 'r> {
    items: Vec<&'t Prepared<'r>>,
    choices: Vec<Choice>,
    width: usize,
}

/// Fits exponents on the items that are wanted.
pub(crate) fn temper(
    asked: &[Prepared<'_>],
    sums: Sums,
    is_wanted: &dyn Fn(&Prepared<'_>, &Evidence) -> bool,
    with_range: bool,
) -> Option<Tempering> {
    let trials = Trials::new(asked, sums, is_wanted);
    let fitted = trials.exponents(&trials.choices)?;
    let range = |index: usize| if with_range { trials.range(index) } else { None };
    let others = |fold: usize| -> Vec<Choice> {
        let others = trials.choices.iter().zip(&trials.items).filter(|(_, item)| item.fold != fold);
        others.map(|(choice, _)| choice.clone()).collect()
    };
    let by_fold = (0..FOLDS).map(|fold| trials.exponents(&others(fold))).collect::<Option<Vec<_>>>()?;
    Some(Tempering {
        sums,
        exponents: fitted.into_iter().enumerate().map(|(index, value)| (value, range(index))).collect(),
        count: trials.items.len(),
        naive: trials.figures(&|_| vec![1.0; trials.width])?,
        tempered: trials.figures(&|fold| by_fold[fold].clone())?,
    })
}

impl<'t, 'r> Trials<'t, 'r> {
    fn new(asked: &'t [Prepared<'r>], sums: Sums, is_wanted: &dyn Fn(&Prepared<'_>, &Evidence) -> bool) -> Self {
        let (mut items, mut choices) = (Vec::new(), Vec::new());
        for item in asked.iter().filter(|item| item.has_answer()) {
            let evidence = item.shown(sums.setting);
            if !evidence.is_empty() && is_wanted(item, &evidence) {
                let features = features(item, &evidence, sums);
                let answers = item.question.answers.clone();
                choices.push(Choice { weight: 1.0, features, offsets: Vec::new(), answers });
                items.push(item);
            }
        }
        Self { items, choices, width: if sums.setting == Setting::Both { 2 } else { 1 } }
    }

    fn exponents(&self, choices: &[Choice]) -> Option<Vec<f64>> {
        Some(fit(choices, &vec![RIDGE; self.width]).ok()?.coefficients)
    }

    /// The range of one exponent; each draw is a fit.
    fn range(&self, index: usize) -> Option<Range> {
        let groups: Vec<usize> = self.items.iter().map(|item| item.group).collect();
        let mut choices = self.choices.clone();
        bootstrap(&groups, DRAWS, 2, |drawn| {
            choices.iter_mut().zip(drawn).for_each(|(choice, times)| choice.weight = *times);
            self.exponents(&choices)?.get(index).copied()
        })
    }

    /// Cllr and bits of surprise with the exponents of each item's fold.
    fn figures(&self, exponents: &dyn Fn(usize) -> Vec<f64>) -> Option<(f64, f64)> {
        let trials = self.items.iter().zip(&self.choices);
        let outcomes: Vec<Outcome> = trials.map(|(item, choice)| judged(item, choice, &exponents(item.fold))).collect();
        figures(&outcomes)
    }
}

/// The sums of weights of each candidate: of techniques and of software, as far as they are shown.
fn features(item: &Prepared<'_>, evidence: &Evidence, sums: Sums) -> Vec<f64> {
    let Sums { setting, noise, smoothing, correlation } = sums;
    let backgrounds = [false, true].map(|is_software| Background::new(item, is_software));
    let profile = &item.profile;
    let cap = libm::log(profile.candidates() as f64 + 2.0);
    let sum = |candidate: usize, is_software: bool| -> f64 {
        let background = &backgrounds[usize::from(is_software)];
        let alpha = smoothing.of(is_software);
        let own = background.claims[candidate];
        let shown = evidence.traces.iter().filter(|trace| profile.is_software[usize::from(**trace)] == is_software);
        let weight = |trace: &u16| {
            let expected = background.share(profile.documents_with[usize::from(*trace)]);
            let share = (profile.count(candidate, *trace) + alpha * expected) / (own + alpha);
            libm::log((1.0 - noise) * share / expected + noise).clamp(-cap, cap)
        };
        let unknown = evidence.unknown.iter().filter(|(kind, _)| (*kind == TraceKind::Software) == is_software).count();
        let of_unknown = libm::log((1.0 - noise) * alpha / (own + alpha) + noise).clamp(-cap, cap);
        let count = shown.clone().count() + unknown;
        let shared = if is_software { 0.0 } else { correlation * (count.max(1) - 1) as f64 };
        (shown.map(weight).sum::<f64>() + unknown as f64 * of_unknown) / (1.0 + shared)
    };
    let sorts = [false, true]
        .into_iter()
        .filter(|is_software| setting.shows(if *is_software { TraceKind::Software } else { TraceKind::Technique }));
    let sorts: Vec<bool> = sorts.collect();
    (0..profile.candidates())
        .flat_map(|candidate| sorts.iter().map(move |sort| (candidate, *sort)))
        .map(|(c, s)| sum(c, s))
        .collect()
}

/// Claims of one sort of trace.
struct Background {
    /// By candidate.
    claims: Vec<f64>,
    /// Of all.
    total: f64,
    /// Distinct traces of this sort in the reference data.
    alphabet: f64,
}

impl Background {
    fn new(item: &Prepared<'_>, is_software: bool) -> Self {
        let profile = &item.profile;
        let is_of_sort = |trace: &&u16| profile.is_software[usize::from(**trace)] == is_software;
        let mut claims = vec![0.0; profile.candidates()];
        for (candidate, traces, _) in &profile.documents {
            claims[*candidate] += traces.iter().filter(is_of_sort).count() as f64;
        }
        let total = claims.iter().sum();
        let alphabet = profile.is_software.iter().filter(|sort| **sort == is_software).count() as f64;
        Self { claims, total, alphabet }
    }

    /// The share of all claims that a trace has, with a little for what was never reported.
    fn share(&self, documents: f64) -> f64 {
        (documents + BETA / self.alphabet.max(1.0)) / (self.total + BETA)
    }
}

/// Returns the smoothing under which each document is best foretold from the other documents of its group.
///
/// A grid of factors of about 1.2; the maximum is flat.
pub(crate) fn smoothing(item: &Prepared<'_>) -> Smoothing {
    let best = |is_software: bool| {
        let (profile, background) = (&item.profile, Background::new(item, is_software));
        let is_of_sort = |trace: &&u16| profile.is_software[usize::from(**trace)] == is_software;
        let likelihood = |alpha: f64| -> f64 {
            let of_document = |(candidate, traces, _): &(usize, Vec<u16>, f64)| -> f64 {
                let traces: Vec<&u16> = traces.iter().filter(is_of_sort).collect();
                let others = background.claims[*candidate] - traces.len() as f64;
                let of_trace = |trace: &&u16| {
                    let expected = background.share(profile.documents_with[usize::from(**trace)]);
                    libm::log((profile.count(*candidate, **trace) - 1.0 + alpha * expected) / (others + alpha))
                };
                traces.iter().map(of_trace).sum()
            };
            profile.documents.iter().map(of_document).sum()
        };
        let grid = (0..60).map(|step| libm::exp(f64::from(step) * 0.18 - 2.0));
        let scored = grid.map(|alpha| (likelihood(alpha), alpha));
        scored.max_by(|one, other| one.0.total_cmp(&other.0)).map_or(1.0, |(_, alpha)| alpha)
    };
    Smoothing { technique: best(false), software: best(true) }
}

/// Judges one item by its tempered sums; the weight of evidence is the odds over even odds among the candidates.
fn judged(item: &Prepared<'_>, choice: &Choice, exponents: &[f64]) -> Outcome {
    let row = |row: &[f64]| row.iter().zip(exponents).map(|(sum, exponent)| sum * exponent).sum();
    let scores: Vec<f64> = choice.features.chunks_exact(exponents.len()).map(row).collect();
    let even = Affine { offset: libm::log((scores.len() as f64 - 1.0).max(1.0)), slope: 1.0 };
    outcome(item, &answer(&scores, None, even))
}

fn figures(outcomes: &[Outcome]) -> Option<(f64, f64)> {
    let targets: Vec<f64> = outcomes.iter().flat_map(|outcome| outcome.targets.iter().copied()).collect();
    let others: Vec<f64> = outcomes.iter().flat_map(|outcome| outcome.others.iter().copied()).collect();
    let truth: Vec<f64> = outcomes.iter().map(|outcome| outcome.truth).collect();
    Some((calibration::cllr(&targets, &others)?, calibration::log2_loss(&truth)?))
}
