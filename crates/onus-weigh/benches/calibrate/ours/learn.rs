//! Fits the ranking model: both readings, how far each is to be believed, "none", and the weight of evidence.

use std::collections::BTreeMap;

use onus_weigh::{
    fit::{Affine, Choice, Mixing, fit_affine, fit_from, fit_mixing, penalties},
    rank::{FEATURES, NONE_FEATURES, RankModel, Ratio, SHARE_NAMES, SUMS, mixed, share_inputs},
};

use super::{
    Models, NAMING, POSTERIOR,
    lesson::{Lesson, Shown},
    recipe_weights::{OF_SCEPTICAL, OF_SHARE, base},
};
use crate::{engine::log_odds, plants::Recipe, prepared::FOLDS, threads};

/// Inputs of the alternative "none" while readings are fitted; their coefficients are not kept.
const NONE_INPUTS: usize = 6;

/// Penalties: of the honest reading, of the sceptical one, of the share, of its constant, of "none", of its constant.
const RIDGES: [f64; 6] = [1e-2, 1e-3, 5e-3, 1e-4, 1e-2, 1e-6];

/// Coefficients of a reading by fold, and of everything.
type Fits = Vec<Vec<f64>>;

/// Lessons made ready to be learnt from, more than once.
pub(crate) struct Learner<'l> {
    lessons: &'l [Lesson],
    honest: Vec<Choice>,
    sceptical: Vec<Choice>,
    of_honest: Fits,
    /// Where fits of the sceptical reading begin.
    start: Vec<f64>,
}

impl<'l> Learner<'l> {
    /// Fits the honest reading, which no plant can change, and makes all else ready.
    pub(crate) fn new(lessons: &'l [Lesson]) -> Result<Self, String> {
        let choices = |width: usize, is_wanted: &dyn Fn(&Lesson) -> bool| -> Vec<Choice> {
            let weight = |lesson: &Lesson| {
                if is_wanted(lesson) { base(!lesson.answers.is_empty()) } else { 0.0 }
            };
            lessons.iter().map(|lesson| choice(lesson, width, weight(lesson))).collect()
        };
        let honest = choices(SUMS, &|lesson| lesson.shown == Shown::Clean);
        let sceptical = choices(FEATURES.len(), &|_| true);
        let of_honest = by_fold(lessons, &honest, RIDGES[0], &vec![0.0; SUMS + NONE_INPUTS])?;
        let start = vec![0.0; FEATURES.len() + NONE_INPUTS];
        Ok(Self { lessons, honest, sceptical, of_honest, start })
    }

    /// Fits everything, without plants of recipes that are left out.
    pub(crate) fn learn(&mut self, is_left_out: &(dyn Fn(Recipe) -> bool + Sync)) -> Result<Models, String> {
        for (choice, lesson) in self.sceptical.iter_mut().zip(self.lessons) {
            choice.weight = base(!lesson.answers.is_empty()) * OF_SCEPTICAL.of(lesson.shown, is_left_out);
        }
        let of_sceptical = by_fold(self.lessons, &self.sceptical, RIDGES[1], &self.start)?;
        self.start = of_sceptical[FOLDS].clone();
        let read: Vec<[Vec<f64>; 2]> = threads::each(self.lessons.len(), |number| {
            let fold = self.lessons[number].fold;
            [
                log_probabilities(&self.honest[number], &self.of_honest[fold]),
                log_probabilities(&self.sceptical[number], &of_sceptical[fold]),
            ]
        });
        let shares = self.shares(&read, is_left_out)?;
        let mixed: Vec<Vec<f64>> = threads::each(self.lessons.len(), |number| {
            let lesson = &self.lessons[number];
            let [honest, sceptical] = &read[number];
            let inputs = share_inputs(&lesson.design, honest, sceptical);
            mixed(honest, sceptical, product(&inputs, &shares[lesson.fold]))
        });
        let none = self.none(&mixed, is_left_out)?;
        let ratios = self.ratios(&mixed);
        let model = |at: usize| RankModel {
            basis: String::new(),
            honest: named(&FEATURES[..SUMS], &self.of_honest[at]),
            sceptical: named(&FEATURES, &of_sceptical[at]),
            share: named(&SHARE_NAMES, &shares[at]),
            none: named(&NONE_FEATURES, &none[at]),
            ratio: Ratio { offset: ratios[at].offset, slope: ratios[at].slope },
            posterior: POSTERIOR,
            naming: NAMING,
        };
        Ok(Models { by_fold: (0..FOLDS).map(model).collect(), whole: model(FOLDS) })
    }

    /// How far each reading is to be believed, from readings out of fold: in fold the sceptical one looks too good.
    fn shares(&self, read: &[[Vec<f64>; 2]], is_left_out: &(dyn Fn(Recipe) -> bool + Sync)) -> Result<Fits, String> {
        let answered = self.lessons.iter().zip(read).filter(|(lesson, _)| !lesson.answers.is_empty());
        let cases = answered.map(|(lesson, [honest, sceptical])| {
            let right = |of: &[f64]| lesson.answers.iter().map(|answer| libm::exp(of[*answer])).sum::<f64>();
            let case = Mixing {
                weight: OF_SHARE.of(lesson.shown, is_left_out),
                inputs: share_inputs(&lesson.design, honest, sceptical).to_vec(),
                likelihoods: (right(honest), right(sceptical)),
            };
            (lesson.fold, case)
        });
        mixings(&cases.collect::<Vec<_>>(), RIDGES[2], RIDGES[3])
    }

    fn none(&self, mixed: &[Vec<f64>], is_left_out: &(dyn Fn(Recipe) -> bool + Sync)) -> Result<Fits, String> {
        let cases = self.lessons.iter().zip(mixed).map(|(lesson, mixed)| {
            let has_answer = !lesson.answers.is_empty();
            let largest = mixed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let case = Mixing {
                weight: base(has_answer) * OF_SHARE.of_none(lesson.shown, is_left_out),
                inputs: lesson.design.none.iter().copied().chain([largest]).collect(),
                likelihoods: if has_answer { (1.0, 0.0) } else { (0.0, 1.0) },
            };
            (lesson.fold, case)
        });
        mixings(&cases.collect::<Vec<_>>(), RIDGES[4], RIDGES[5])
    }

    /// From log odds to weights of evidence, on clean items with an answer.
    fn ratios(&self, mixed: &[Vec<f64>]) -> Vec<Affine> {
        let clean = self.lessons.iter().zip(mixed);
        let clean = clean.filter(|(lesson, _)| lesson.shown == Shown::Clean && !lesson.answers.is_empty());
        let odds: Vec<(&Lesson, Vec<f64>)> = clean.map(|(lesson, mixed)| (lesson, log_odds(mixed))).collect();
        let of = |without: usize| {
            let values = |is_right: bool| -> Vec<f64> {
                let others = odds.iter().filter(|(lesson, _)| lesson.fold != without);
                let of_item = others.flat_map(|(lesson, odds)| {
                    odds.iter().enumerate().filter(|(row, _)| lesson.answers.contains(row) == is_right)
                });
                of_item.map(|(_, odds)| *odds).collect()
            };
            fit_affine(&values(true), &values(false)).unwrap_or(Affine { offset: 0.0, slope: 0.0 })
        };
        (0..=FOLDS).map(of).collect()
    }
}

/// One lesson as a choice: its candidates, and "none" as one more.
fn choice(lesson: &Lesson, width: usize, weight: f64) -> Choice {
    let rows = lesson.design.rows.iter();
    let candidates = rows.flat_map(|row| row[..width].iter().copied().chain([0.0; NONE_INPUTS]));
    let none = (0..width).map(|_| 0.0).chain(lesson.design.none[..NONE_INPUTS].iter().copied());
    let mut offsets = lesson.offsets.clone();
    if !offsets.is_empty() {
        offsets.push(0.0);
    }
    let answers = if lesson.answers.is_empty() { vec![lesson.design.rows.len()] } else { lesson.answers.clone() };
    Choice { weight, features: candidates.chain(none).collect(), offsets, answers }
}

/// Fits without each fold, and with all.
fn by_fold(lessons: &[Lesson], choices: &[Choice], ridge: f64, start: &[f64]) -> Result<Fits, String> {
    let fit = |without: usize, start: &[f64]| -> Result<Vec<f64>, String> {
        let used = choices.iter().zip(lessons).filter(|(choice, _)| choice.weight > 0.0);
        let used: Vec<&Choice> = used.filter(|(_, lesson)| lesson.fold != without).map(|(choice, _)| choice).collect();
        let fitted = fit_from(&used, &penalties(&used, start.len(), ridge), start);
        Ok(fitted.map_err(|problem| format!("{}: {problem}", super::NAME))?.coefficients)
    };
    let whole = fit(FOLDS, start)?;
    let mut fits = threads::each(FOLDS, |fold| fit(fold, &whole)).into_iter().collect::<Result<Fits, String>>()?;
    fits.push(whole);
    Ok(fits)
}

fn mixings(cases: &[(usize, Mixing)], ridge: f64, of_constant: f64) -> Result<Fits, String> {
    let fit = |without: usize| {
        let used = cases.iter().filter(|(fold, case)| *fold != without && case.weight > 0.0);
        let used: Vec<Mixing> = used.map(|(_, case)| case.clone()).collect();
        fit_mixing(&used, ridge, of_constant).ok_or_else(|| format!("{}: nothing to learn from", super::NAME))
    };
    threads::each(FOLDS + 1, fit).into_iter().collect()
}

/// Log probabilities of the candidates of a choice, without "none".
fn log_probabilities(choice: &Choice, coefficients: &[f64]) -> Vec<f64> {
    let rows = choice.features.chunks_exact(coefficients.len());
    let mut scores: Vec<f64> = rows.map(|row| product(row, coefficients)).collect();
    scores.pop();
    let offset = |row: usize| choice.offsets.get(row).copied().unwrap_or_default();
    let stands: Vec<f64> = scores.iter().enumerate().map(|(row, score)| score + offset(row)).collect();
    let largest = stands.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total = largest + libm::log(stands.iter().map(|score| libm::exp(score - largest)).sum::<f64>());
    scores.iter().map(|score| score - total).collect()
}

fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn named(names: &[&str], values: &[f64]) -> BTreeMap<String, f64> {
    names.iter().zip(values).map(|(name, value)| ((*name).to_owned(), *value)).collect()
}
