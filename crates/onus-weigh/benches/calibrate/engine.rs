//! What an engine is, and engines whose few numbers are fitted by cross-validation.

use std::f64::consts::LN_10;

use onus_weigh::{
    benchmark::Evidence,
    fit::{Affine, Choice, fit, fit_affine, penalties},
};

use crate::prepared::{FOLDS, Prepared};

/// Penalty on standardised coefficients.
pub(crate) const RIDGE: f64 = 1e-3;

/// What an engine says of the candidates, in their order.
#[derive(Clone)]
pub(crate) struct Answer {
    /// Weight of evidence for each against some other candidate, in decades. It also orders them.
    pub(crate) log10_lr: Vec<f64>,
    /// Probability of each.
    pub(crate) posterior: Vec<f64>,
    /// Probability of nobody among the candidates.
    pub(crate) none: f64,
}

/// One way of ranking.
pub(crate) trait Engine {
    /// Its name in tables.
    fn name(&self) -> &str;

    /// Ranks the candidates of an item, with numbers that were fitted without the item's fold.
    fn rank(&self, asked: &Prepared<'_>, evidence: &Evidence) -> Answer;
}

/// Features of the candidates of an item.
pub(crate) trait Features {
    /// How many there are.
    fn width(&self) -> usize;

    /// Returns a row for each candidate and, where `has_none`, one more for nobody among them.
    fn rows(&self, asked: &Prepared<'_>, evidence: &Evidence) -> Vec<f64>;

    /// Whether nobody is an alternative.
    fn has_none(&self) -> bool {
        false
    }
}

/// One trial to learn from: an item, or a twin of it with false traces.
pub(crate) struct Example {
    /// The item by number.
    pub(crate) asked: usize,
    /// What it counts.
    pub(crate) weight: f64,
    /// Its features.
    pub(crate) rows: Vec<f64>,
    /// Whether it is the item itself.
    pub(crate) is_clean: bool,
}

/// Returns the examples with their features: the items as a setting shows them, and their twins.
///
/// Items without an answer teach nothing where nobody is no alternative, and count .3 where it is.
pub(crate) fn examples(
    features: &dyn Features,
    asked: &[Prepared<'_>],
    clean: &[Evidence],
    twins: &[(usize, Evidence, f64)],
) -> Vec<Example> {
    let usable = |number: &usize| features.has_none() || asked[*number].has_answer();
    let weight = |number: usize| if asked[number].has_answer() { 1.0 } else { 0.3 };
    let clean = clean.iter().enumerate().filter(|(number, evidence)| usable(number) && !evidence.is_empty());
    let clean = clean.map(|(number, evidence)| Example {
        asked: number,
        weight: weight(number),
        rows: features.rows(&asked[number], evidence),
        is_clean: true,
    });
    let twins = twins.iter().filter(|(number, ..)| usable(number));
    let twins = twins.map(|(number, evidence, factor)| Example {
        asked: *number,
        weight: weight(*number) * factor,
        rows: features.rows(&asked[*number], evidence),
        is_clean: false,
    });
    clean.chain(twins).collect()
}

/// A conditional logit over some columns of features, one fit a fold.
pub(crate) struct Fitted<'f> {
    name: String,
    features: &'f dyn Features,
    columns: Vec<usize>,
    by_fold: Vec<(Vec<f64>, Affine)>,
}

impl<'f> Fitted<'f> {
    /// Fits coefficients and calibration for each fold, without that fold's items.
    pub(crate) fn new(
        name: &str,
        features: &'f dyn Features,
        columns: &[usize],
        asked: &[Prepared<'_>],
        examples: &[Example],
    ) -> Result<Self, String> {
        let width = features.width();
        let choices: Vec<(usize, Choice)> = examples
            .iter()
            .map(|example| (asked[example.asked].fold, choice(example, asked, columns, width)))
            .collect();
        let mut coefficients = Vec::with_capacity(FOLDS);
        for fold in 0..FOLDS {
            let others = choices.iter().filter(|(other, _)| *other != fold);
            let others: Vec<Choice> = others.map(|(_, choice)| choice.clone()).collect();
            let penalties = penalties(&others, columns.len(), RIDGE);
            let fitted = fit(&others, &penalties).map_err(|problem| format!("{name}: {problem}"))?;
            coefficients.push(fitted.coefficients);
        }
        let calibration = calibration(&choices, examples, &coefficients, features.has_none());
        let by_fold = coefficients.into_iter().zip(calibration).collect();
        Ok(Self { name: name.to_owned(), features, columns: columns.to_vec(), by_fold })
    }
}

impl Engine for Fitted<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn rank(&self, asked: &Prepared<'_>, evidence: &Evidence) -> Answer {
        let (coefficients, calibration) = &self.by_fold[asked.fold];
        let rows = self.features.rows(asked, evidence);
        let score = |row: &[f64]| self.columns.iter().zip(coefficients).map(|(column, c)| row[*column] * c).sum();
        let mut scores: Vec<f64> = rows.chunks_exact(self.features.width()).map(score).collect();
        let none = if self.features.has_none() { scores.pop() } else { None };
        answer(&scores, none, *calibration)
    }
}

fn choice(example: &Example, asked: &[Prepared<'_>], columns: &[usize], width: usize) -> Choice {
    let rows = example.rows.chunks_exact(width);
    let question = &asked[example.asked].question;
    let answers = if question.answers.is_empty() { vec![question.candidates.len()] } else { question.answers.clone() };
    let features = rows.flat_map(|row| columns.iter().map(|column| row[*column])).collect();
    Choice { weight: example.weight, features, offsets: Vec::new(), answers }
}

/// Returns for each fold the calibration of log odds, from answered items of the other folds, each scored without its own.
fn calibration(
    choices: &[(usize, Choice)],
    examples: &[Example],
    coefficients: &[Vec<f64>],
    has_none: bool,
) -> Vec<Affine> {
    let mut odds: Vec<(usize, Vec<f64>, Vec<f64>)> = Vec::new();
    for ((fold, choice), _) in choices.iter().zip(examples).filter(|(_, example)| example.is_clean) {
        let row = |row: &[f64]| row.iter().zip(&coefficients[*fold]).map(|(value, c)| value * c).sum();
        let mut scores: Vec<f64> = choice.features.chunks_exact(coefficients[*fold].len()).map(row).collect();
        if has_none {
            scores.pop();
        }
        if choice.answers.iter().all(|answer| *answer < scores.len()) {
            let odds_of = log_odds(&scores);
            let (of_right, of_wrong): (Vec<_>, Vec<_>) =
                odds_of.iter().enumerate().partition(|(index, _)| choice.answers.contains(index));
            let values = |list: Vec<(usize, &f64)>| list.into_iter().map(|(_, odds)| *odds).collect();
            odds.push((*fold, values(of_right), values(of_wrong)));
        }
    }
    (0..FOLDS)
        .map(|fold| {
            let others = || odds.iter().filter(|(other, ..)| *other != fold);
            let targets: Vec<f64> = others().flat_map(|(_, targets, _)| targets).copied().collect();
            let rest: Vec<f64> = others().flat_map(|(.., rest)| rest).copied().collect();
            fit_affine(&targets, &rest).unwrap_or(Affine { offset: 0.0, slope: 0.0 })
        })
        .collect()
}

/// Returns what scores come to: probabilities with nobody as an alternative, weights of evidence without.
pub(crate) fn answer(scores: &[f64], none: Option<f64>, calibration: Affine) -> Answer {
    let largest = scores.iter().copied().chain(none).fold(f64::NEG_INFINITY, f64::max);
    let shares: Vec<f64> = scores.iter().map(|score| libm::exp(score - largest)).collect();
    let of_none = none.map_or(0.0, |score| libm::exp(score - largest));
    let total = shares.iter().sum::<f64>() + of_none;
    let log10_lr = log_odds(scores).iter().map(|odds| calibration.of(*odds) / LN_10).collect();
    Answer { log10_lr, posterior: shares.iter().map(|share| share / total).collect(), none: of_none / total }
}

/// Natural logarithm of the odds of each among all, computed so that near certainty keeps its digits.
pub(crate) fn log_odds(scores: &[f64]) -> Vec<f64> {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let shares: Vec<f64> = scores.iter().map(|score| libm::exp(score - largest)).collect();
    let total: f64 = shares.iter().sum();
    let leader = scores.iter().position(|score| *score == largest);
    let behind: f64 =
        shares.iter().enumerate().filter(|(index, _)| Some(*index) != leader).map(|(_, share)| share).sum();
    // Equal leaders share one rest, so that they stay equal.
    let rest = |score: f64, share: f64| if score == largest { behind } else { total - share };
    let odds = |(score, share): (&f64, &f64)| score - largest - libm::log(rest(*score, *share).max(1e-300));
    scores.iter().zip(&shares).map(odds).collect()
}
