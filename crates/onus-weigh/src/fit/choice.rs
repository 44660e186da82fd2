//! Conditional logit: which of several alternatives, each with features, was the right one.

use std::borrow::Borrow;

use super::solve::solve;

/// The most steps of Newton's method; ten are usual.
const STEPS_MAX: usize = 60;

/// The gain of a step, as a share of the loss, below which nothing more is to be had.
const GAIN_MIN: f64 = 1e-11;

/// One question: its alternatives, and which of them are right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// What the question counts.
    pub weight: f64,
    /// Features by alternative: one row after the other, all of the same width.
    pub features: Vec<f64>,
    /// What is added to the score of each alternative, not fitted; empty: nothing.
    ///
    /// The logarithm of `n` lets one alternative stand for `n`.
    pub offsets: Vec<f64>,
    /// Right alternatives by number; one of them was chosen, and which one does not matter.
    pub answers: Vec<usize>,
}

/// Why nothing was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitProblem {
    /// A choice does not fit the width, or has no right alternative.
    #[error("choice {0} does not have whole rows of features, an offset a row, and a right alternative")]
    Choice(usize),
    /// There are as many penalties as features, none below zero.
    #[error("penalties must be as many as features, and not negative")]
    Penalties,
    /// Features cannot be told apart; a penalty above zero on each makes it solvable.
    #[error("the features cannot be told apart; ask for a penalty")]
    Singular,
}

/// What was fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Logit {
    /// One a feature.
    pub coefficients: Vec<f64>,
    /// Mean loss a unit of weight, in nats, with the penalty.
    pub loss: f64,
    /// Steps it took.
    pub steps: usize,
}

/// Returns penalties that mean the same for every feature whatever its unit: `ridge` times its variance over all rows.
#[must_use]
pub fn penalties<C: Borrow<Choice>>(choices: &[C], width: usize, ridge: f64) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); width];
    let mut rows = 0.0;
    let counted = choices.iter().map(Borrow::borrow).filter(|choice| choice.weight > 0.0);
    for row in counted.flat_map(|choice| choice.features.chunks_exact(width.max(1))) {
        rows += 1.0;
        for ((sum, squares), value) in sums.iter_mut().zip(row) {
            *sum += value;
            *squares += value * value;
        }
    }
    let variance = |(sum, squares): &(f64, f64)| (squares / rows - (sum / rows) * (sum / rows)).max(1e-12);
    sums.iter().map(|sums| if rows > 0.0 { ridge * variance(sums) } else { ridge }).collect()
}

/// Fits coefficients by Newton's method: the least of the mean of `-ln P(a right alternative)` plus half of the sum of
/// penalty times squared coefficient.
///
/// # Errors
/// See [`FitProblem`].
pub fn fit(choices: &[Choice], penalties: &[f64]) -> Result<Logit, FitProblem> {
    fit_from(choices, penalties, &vec![0.0; penalties.len()])
}

/// Fits the same from some coefficients on; near ones save steps, and the end is the same but for the last digits.
///
/// # Errors
/// See [`FitProblem`]; as many coefficients as penalties are asked for.
pub fn fit_from<C: Borrow<Choice>>(choices: &[C], penalties: &[f64], start: &[f64]) -> Result<Logit, FitProblem> {
    let choices: Vec<&Choice> = choices.iter().map(Borrow::borrow).collect();
    let choices = choices.as_slice();
    let width = penalties.len();
    if width == 0 || start.len() != width || penalties.iter().any(|penalty| penalty.is_nan() || *penalty < 0.0) {
        return Err(FitProblem::Penalties);
    }
    if let Some(index) = choices.iter().position(|choice| !is_sound(choice, width)) {
        return Err(FitProblem::Choice(index));
    }
    let mut at = start.to_vec();
    let mut state = State::at(choices, penalties, &at, true);
    for steps in 0..STEPS_MAX {
        let step = solve(&state.curvature, &state.slope).ok_or(FitProblem::Singular)?;
        let promised: f64 = step.iter().zip(&state.slope).map(|(step, slope)| step * slope).sum();
        let mut share = 1.0;
        let next = loop {
            let next: Vec<f64> = at.iter().zip(&step).map(|(value, step)| value - share * step).collect();
            let loss = State::at(choices, penalties, &next, false).loss;
            if loss <= state.loss - 1e-4 * share * promised {
                break Some(next);
            }
            share *= 0.5;
            if share < 1e-6 {
                break None;
            }
        };
        let Some(next) = next else { return Ok(Logit { coefficients: at, loss: state.loss, steps }) };
        let before = state.loss;
        at = next;
        state = State::at(choices, penalties, &at, true);
        if before - state.loss <= GAIN_MIN * before.abs() {
            return Ok(Logit { coefficients: at, loss: state.loss, steps: steps + 1 });
        }
    }
    Ok(Logit { coefficients: at, loss: state.loss, steps: STEPS_MAX })
}

fn is_sound(choice: &Choice, width: usize) -> bool {
    let rows = choice.features.len() / width;
    choice.features.len() == rows * width
        && (choice.offsets.is_empty() || choice.offsets.len() == rows)
        && !choice.answers.is_empty()
        && choice.answers.iter().all(|answer| *answer < rows)
}

/// Loss, and where it is asked for slope and curvature, at some coefficients.
struct State {
    loss: f64,
    slope: Vec<f64>,
    curvature: Vec<Vec<f64>>,
}

impl State {
    fn at(choices: &[&Choice], penalties: &[f64], coefficients: &[f64], with_slope: bool) -> Self {
        let width = coefficients.len();
        let (mut loss, mut slope, mut curvature) = (0.0, vec![0.0; width], vec![vec![0.0; width]; width]);
        let total: f64 = choices.iter().map(|choice| choice.weight).sum::<f64>().max(f64::MIN_POSITIVE);
        for choice in choices.iter().filter(|choice| choice.weight > 0.0) {
            let scores = scores(choice, coefficients);
            let right: Vec<f64> = choice.answers.iter().filter_map(|answer| scores.get(*answer).copied()).collect();
            let (all, of_right) = (log_sum_exp(&scores), log_sum_exp(&right));
            let weight = choice.weight / total;
            loss += weight * (all - of_right);
            if with_slope {
                let expected = add_spread(choice, &scores, all, weight, &mut curvature);
                let mut reached = vec![0.0; width];
                for (answer, score) in choice.answers.iter().zip(&right) {
                    let row = choice.features.chunks_exact(width).nth(*answer).unwrap_or_default();
                    add(&mut reached, row, libm::exp(score - of_right));
                }
                add(&mut slope, &expected, weight);
                add(&mut slope, &reached, -weight);
            }
        }
        for (index, (penalty, value)) in penalties.iter().zip(coefficients).enumerate() {
            loss += 0.5 * penalty * value * value;
            if let Some(slope) = slope.get_mut(index) {
                *slope += penalty * value;
            }
            if let Some(diagonal) = curvature.get_mut(index).and_then(|row| row.get_mut(index)) {
                *diagonal += penalty;
            }
        }
        Self { loss, slope, curvature }
    }
}

fn scores(choice: &Choice, coefficients: &[f64]) -> Vec<f64> {
    let rows = choice.features.chunks_exact(coefficients.len().max(1));
    let mut scores: Vec<f64> =
        rows.map(|row| row.iter().zip(coefficients).map(|(value, factor)| value * factor).sum()).collect();
    scores.iter_mut().zip(&choice.offsets).for_each(|(score, offset)| *score += offset);
    scores
}

/// Adds the spread of the features under the model to the lower triangle of the curvature, and returns their mean.
///
/// With several right alternatives the true curvature is less; this one bounds it, so every step still descends.
fn add_spread(choice: &Choice, scores: &[f64], all: f64, weight: f64, curvature: &mut [Vec<f64>]) -> Vec<f64> {
    let width = curvature.len();
    let mut mean = vec![0.0; width];
    for (row, score) in choice.features.chunks_exact(width).zip(scores) {
        let share = libm::exp(score - all);
        // What has no share of the probability changes no digit.
        if share < 1e-12 {
            continue;
        }
        add(&mut mean, row, share);
        for (index, (line, left)) in curvature.iter_mut().zip(row).enumerate() {
            let factor = weight * share * left;
            line.iter_mut().zip(row).take(index + 1).for_each(|(cell, right)| *cell += factor * right);
        }
    }
    for (index, (line, left)) in curvature.iter_mut().zip(&mean).enumerate() {
        let factor = weight * left;
        line.iter_mut().zip(&mean).take(index + 1).for_each(|(cell, right)| *cell -= factor * right);
    }
    mean
}

fn add(to: &mut [f64], values: &[f64], times: f64) {
    to.iter_mut().zip(values).for_each(|(to, value)| *to += times * value);
}

/// The logarithm of the sum of exponentials, added in the order given.
fn log_sum_exp(terms: &[f64]) -> f64 {
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + libm::log(terms.iter().map(|term| libm::exp(term - largest)).sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::{Choice, FitProblem, fit, fit_from, penalties};

    /// Two alternatives with features 1 and 0; the first is right in `first` of `first + second` questions.
    fn coin(first: f64, second: f64) -> Vec<Choice> {
        let choice =
            |weight, answer| Choice { weight, features: vec![1.0, 0.0], offsets: vec![], answers: vec![answer] };
        vec![choice(first, 0), choice(second, 1)]
    }

    #[test]
    fn a_coin_gives_its_log_odds() {
        let fitted = fit(&coin(3.0, 1.0), &[0.0]).unwrap();
        assert!((fitted.coefficients[0] - libm::log(3.0)).abs() < 1e-6, "{fitted:?}");
        let entropy = -(0.75 * libm::log(0.75) + 0.25 * libm::log(0.25));
        assert!((fitted.loss - entropy).abs() < 1e-9);
    }

    #[test]
    fn the_penalty_pulls_to_zero_as_far_as_it_should() {
        // At the optimum sigma(b) - 3/4 + penalty * b = 0.
        let fitted = fit(&coin(3.0, 1.0), &[0.1]).unwrap();
        let b = fitted.coefficients[0];
        assert!((1.0 / (1.0 + libm::exp(-b)) - 0.75 + 0.1 * b).abs() < 1e-6);
    }

    #[test]
    fn an_offset_lets_one_stand_for_many() {
        let mut choices = coin(3.0, 1.0);
        choices.iter_mut().for_each(|choice| choice.offsets = vec![0.0, libm::log(2.0)]);
        let fitted = fit(&choices, &[0.0]).unwrap();
        assert!((fitted.coefficients[0] - libm::log(6.0)).abs() < 1e-6, "{fitted:?}");
    }

    #[test]
    fn several_right_answers_count_as_one() {
        // Three alternatives, features 1, 1, 0; both of the first are right: P = 2e^b / (2e^b + 1).
        let rows = vec![1.0, 1.0, 0.0];
        let choice = |weight, answers: &[usize]| Choice {
            weight,
            features: rows.clone(),
            offsets: vec![],
            answers: answers.to_vec(),
        };
        let fitted = fit(&[choice(2.0, &[0, 1]), choice(1.0, &[2])], &[0.0]).unwrap();
        assert!(fitted.coefficients[0].abs() < 1e-5, "{fitted:?}");
    }

    #[test]
    fn units_of_features_do_not_matter() {
        let table = |unit: f64| -> Vec<Choice> {
            let rows = [[1.0, 0.2, 0.0, 0.9], [0.3, 0.1, 0.5, 0.4], [0.0, 0.7, 0.8, 0.1]];
            let answers = [0, 1, 1];
            let choice = |(row, answer): (&[f64; 4], usize)| Choice {
                weight: 1.0,
                features: row.iter().enumerate().map(|(i, v)| if i % 2 == 0 { v * unit } else { *v }).collect(),
                offsets: vec![],
                answers: vec![answer],
            };
            rows.iter().zip(answers).map(choice).collect()
        };
        let small = fit(&table(1.0), &penalties(&table(1.0), 2, 0.01)).unwrap();
        let large = fit(&table(1000.0), &penalties(&table(1000.0), 2, 0.01)).unwrap();
        assert!((small.coefficients[0] - 1000.0 * large.coefficients[0]).abs() < 1e-4);
        assert!((small.coefficients[1] - large.coefficients[1]).abs() < 1e-4);
    }

    #[test]
    fn a_start_changes_the_way_and_not_the_end() {
        let choices: Vec<Choice> = coin(3.0, 1.0);
        let far = fit_from(&choices.iter().collect::<Vec<_>>(), &[0.1], &[2.0]).unwrap();
        assert!((far.coefficients[0] - fit(&choices, &[0.1]).unwrap().coefficients[0]).abs() < 1e-5);
        assert_eq!(fit_from(&choices, &[0.1], &[]), Err(FitProblem::Penalties));
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        let choice = |features: &[f64], answers: &[usize]| Choice {
            weight: 1.0,
            features: features.to_vec(),
            offsets: vec![],
            answers: answers.to_vec(),
        };
        assert_eq!(fit(&[], &[]), Err(FitProblem::Penalties));
        assert_eq!(fit(&[], &[-1.0]), Err(FitProblem::Penalties));
        assert_eq!(fit(&[choice(&[1.0, 2.0, 3.0], &[0])], &[0.1, 0.1]), Err(FitProblem::Choice(0)));
        assert_eq!(fit(&[choice(&[1.0, 2.0], &[2])], &[0.1]), Err(FitProblem::Choice(0)));
        assert_eq!(fit(&[choice(&[1.0, 2.0], &[])], &[0.1]), Err(FitProblem::Choice(0)));
        assert_eq!(fit(&[choice(&[1.0, 1.0], &[0])], &[0.0]), Err(FitProblem::Singular));
    }
}
