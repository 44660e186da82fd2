//! What becomes of every answer the likelier it is that somebody was framed.

use maud::{Markup, html};
use onus_weigh::{Assessment, DeltaPoint, HypothesisResult};

use super::{in_numbers, series};
use crate::{
    foreign::foreign,
    index::Index,
    numbers::{prior, probability},
    svg::{Anchor, Drawing, Scale, Shape, line, mark, percent, swatch, text},
};

/// Where the plot begins and ends, from the top.
const TOP: usize = 52;
const BOTTOM: usize = 312;

const SCALE: Scale = Scale { min: 0.0, max: 0.5 };

/// Returns the figure.
pub(crate) fn figure(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let drawing = Drawing {
        id: "planted-chart",
        title: "Posterior probability of every answer by deception prior",
        description: "One line an answer, from a deception prior of 0 at the left to 0.5 at the right, under a flat \
                      prior over the answers. The table below gives the same numbers.",
        height: BOTTOM + 40,
        has_links: false,
    };
    let content = html! {
        (grid())
        (levels(assessment))
        @for (number, answer) in assessment.hypotheses.iter().enumerate() { (curve(assessment, answer, number)) }
    };
    html! {
        figure id="figure-planted" {
            (drawing.of(&content))
            figcaption {
                ul class="legend" {
                    @for (number, answer) in assessment.hypotheses.iter().enumerate() {
                        li { (sample(answer, number)) (foreign(index.title(&answer.id))) }
                    }
                }
                "Posterior of every answer under a " a href="#prior-flat" { "flat prior" } " over the answers, over the prior probability that the operation framed somebody."
            }
            (in_numbers("Posteriors under the flat prior", &table(assessment, index)))
        }
    }
}

fn height_of(probability: f64) -> f64 {
    let probability = if probability.is_finite() { probability.clamp(0.0, 1.0) } else { 0.0 };
    260.0 * (1.0 - probability)
}

/// The height of a probability in whole pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between nought and the height of the plot"
)]
fn y(probability: f64) -> usize {
    TOP + height_of(probability).round() as usize
}

fn grid() -> Markup {
    html! {
        @for (level, words) in [(0.0, ""), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1.0, "1")] {
            (line(if level == 0.0 { "zero" } else { "grid" }, ("0", y(level)), ("100%", y(level))))
            (text("100%", y(level) - 4, Anchor::End, "tick halo", words))
        }
        @for (level, words) in [(0.0, "0"), (0.1, "0.1"), (0.2, "0.2"), (0.3, "0.3"), (0.4, "0.4"), (0.5, "0.5")] {
            (text(&SCALE.x(level), BOTTOM + 16, Anchor::Middle, "tick", words))
        }
        (text("50%", BOTTOM + 34, Anchor::Middle, "hint", "deception prior"))
    }
}

/// The priors that mean something: the one of the policy, the one to survive, and the one at which the conclusion falls.
fn levels(assessment: &Assessment) -> Markup {
    let policy = &assessment.policy;
    let mut levels = vec![
        (policy.delta, format!("used here: {}", prior(policy.delta)), "level"),
        (policy.break_even_delta, format!("must survive: {}", prior(policy.break_even_delta)), "level"),
    ];
    if let Some((_, least)) = break_even(assessment).filter(|(_, least)| (0.0..=0.5).contains(least)) {
        levels.push((least, format!("break-even: {}", prior(least)), "level break-even"));
    }
    levels.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
    html! {
        @for (row, (delta, words, class)) in levels.iter().enumerate() {
            @let x = SCALE.x(*delta);
            @let baseline = 12 + 15 * row;
            (line(class, (&x, baseline + 3), (&x, BOTTOM)))
            @let (anchor, at) = if *delta > 0.3 { (Anchor::End, SCALE.at(*delta) - 0.6) } else { (Anchor::Start, SCALE.at(*delta) + 0.6) };
            (text(&percent(at), baseline, anchor, "hint", words))
        }
    }
}

/// Returns the smallest deception prior at which the leader's weight falls too low, and the rival.
pub(crate) fn break_even(assessment: &Assessment) -> Option<(&str, f64)> {
    let some = assessment.break_even_delta.iter().filter_map(|(rival, delta)| Some((rival.as_str(), (*delta)?)));
    some.min_by(|(_, one), (_, other)| one.total_cmp(other))
}

fn curve(assessment: &Assessment, answer: &HypothesisResult, number: usize) -> Markup {
    let points: Vec<(f64, f64)> = assessment.delta_curve.iter().filter_map(|point| at(point, answer)).collect();
    let mut path = String::new();
    for (delta, posterior) in &points {
        path.push(if path.is_empty() { 'M' } else { 'L' });
        path.push_str(&format!("{:.2},{:.2}", SCALE.at(*delta) * 10.0, height_of(*posterior)));
    }
    let class = series(&answer.id, number);
    let marked = points.iter().filter(|(delta, _)| (delta * 10.0 - (delta * 10.0).round()).abs() < 1e-9);
    html! {
        svg x="0" y=(TOP) width="100%" height=(BOTTOM - TOP) viewBox="0 0 1000 260" preserveAspectRatio="none" overflow="visible" {
            path class=(format!("curve {class}")) d=(path) vector-effect="non-scaling-stroke" {}
        }
        @for (delta, posterior) in marked {
            (mark(shape(answer, number), &format!("point {class}"), &SCALE.x(*delta), y(*posterior)))
        }
    }
}

fn at(point: &DeltaPoint, answer: &HypothesisResult) -> Option<(f64, f64)> {
    Some((point.delta, *point.posterior.get(&answer.id)?))
}

fn shape(answer: &HypothesisResult, number: usize) -> Shape {
    let of_series = Shape::ALL.get(number % Shape::ALL.len()).copied().unwrap_or(Shape::Circle);
    if answer.id == onus_weigh::sheet::OTHER { Shape::Circle } else { of_series }
}

fn sample(answer: &HypothesisResult, number: usize) -> Markup {
    let class = series(&answer.id, number);
    swatch(&html! {
        path class=(format!("curve {class}")) d="M0,7H34" {}
        (mark(shape(answer, number), &format!("point {class}"), "17", 7))
    })
}

fn table(assessment: &Assessment, index: &Index<'_>) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "Deception prior" }
                @for answer in &assessment.hypotheses { th scope="col" class="n" { (foreign(index.title(&answer.id))) } }
            } }
            tbody {
                @for point in &assessment.delta_curve {
                    tr {
                        th scope="row" class="n" { (format!("{:.3}", point.delta)) }
                        @for answer in &assessment.hypotheses {
                            td class="n" { @if let Some(posterior) = point.posterior.get(&answer.id) { (probability(*posterior)) } @else { "–" } }
                        }
                    }
                }
            }
        }
    }
}
