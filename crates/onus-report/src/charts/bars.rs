//! Every answer as a bar of decibans over the verbal scale.

use maud::{Markup, html};
use onus_weigh::{Assessment, HypothesisResult, words::support};

use super::in_numbers;
use crate::{
    foreign::foreign,
    index::Index,
    numbers::{decibans, float, float_db},
    svg::{Anchor, Drawing, Scale, bar, label, line, percent, text},
};

/// Height of one answer's row, and of the words above the rows.
const ROW: usize = 48;
const TOP: usize = 56;

/// The axis ends at the first of these, in decibans, that holds every weight; beyond the last a bar is cut.
const ENDS: [i64; 5] = [30, 40, 60, 80, 100];

/// One band of the verbal scale, in millidecibans from zero outwards.
pub(crate) struct Band {
    pub(crate) from_mdb: i64,
    pub(crate) words: &'static str,
}

/// Returns the bands of the verbal scale, read off the function that words every weight.
pub(crate) fn bands() -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for from_mdb in (0..=100_000).step_by(10) {
        let words = support(from_mdb);
        if bands.last().is_none_or(|band| band.words != words) {
            bands.push(Band { from_mdb, words });
        }
    }
    bands
}

/// Returns the figure.
pub(crate) fn figure(assessment: &Assessment, index: &Index<'_>) -> Markup {
    let end = end_of_axis(assessment);
    let scale = Scale { min: -float_db(end), max: float_db(end) };
    let bottom = TOP + ROW * assessment.hypotheses.len();
    let drawing = Drawing {
        id: "answers-chart",
        title: "Weight of the evidence for every answer",
        description: "One bar an answer: its weight in decibans over the strongest other answer. To the right the \
                      evidence supports it, to the left it supports another. The table below gives the same numbers.",
        height: bottom + 24,
        has_links: false,
    };
    let content = html! {
        (stripes(&scale, end, bottom))
        (ticks(&scale, end, bottom))
        (line("level", (&scale.x(float_db(assessment.policy.supported_mdb)), TOP - 8), (&scale.x(float_db(assessment.policy.supported_mdb)), bottom)))
        @for (number, result) in assessment.hypotheses.iter().enumerate() {
            (row(result, index.title(&result.id), &scale, TOP + ROW * number))
        }
    };
    html! {
        figure id="figure-answers" {
            (drawing.of(&content))
            figcaption {
                "Weight of each answer over the strongest other one. The thin whisker ends at the conservative weight, "
                "lowered by what the weights themselves are uncertain by. The dashed line is what the verdict asks of it: "
                (decibans(assessment.policy.supported_mdb).trim_start_matches('+')) ", a factor of 100 at 20 dB. "
                "Striped bands are the verbal scale of the ENFSI guideline."
            }
            (in_numbers("Weights", &table(assessment, index)))
        }
    }
}

fn end_of_axis(assessment: &Assessment) -> i64 {
    let reach = |result: &HypothesisResult| {
        result.weight_mdb_over_next.unsigned_abs().max(result.conservative_mdb_over_next.unsigned_abs())
    };
    let most = assessment.hypotheses.iter().map(reach).max().unwrap_or(0);
    ENDS.into_iter().find(|end| most <= end.unsigned_abs() * 1000).unwrap_or(100) * 1000
}

/// The bands behind the bars, with their words where there is room.
fn stripes(scale: &Scale, end: i64, bottom: usize) -> Markup {
    let bands = bands();
    let ends = bands.iter().skip(1).map(|band| band.from_mdb).chain([end]);
    let spans: Vec<(usize, i64, i64, &str)> = bands
        .iter()
        .zip(ends)
        .enumerate()
        .filter(|(_, (band, _))| band.from_mdb < end)
        .map(|(number, (band, to))| (number, band.from_mdb, to.min(end), band.words))
        .collect();
    html! {
        @for (number, from, to, words) in spans {
            @for sign in [-1, 1] {
                @if number % 2 == 1 { (bar("stripe", scale, (float_db(sign * from), float_db(sign * to)), TOP - 8, bottom + 8 - TOP)) }
                @if number > 0 { (band_words(scale, (float_db(sign * from), float_db(sign * to)), words)) }
            }
        }
        (text(&scale.x(scale.min), 12, Anchor::Start, "hint wide", "← supports another answer"))
        (text(&scale.x(scale.max), 12, Anchor::End, "hint wide", "supports this answer over every other →"))
        (text(&scale.x(scale.min), 12, Anchor::Start, "hint narrow", "← another"))
        (text(&scale.x(scale.max), 12, Anchor::End, "hint narrow", "this answer →"))
    }
}

/// The words of one band in at most two lines; none where the band is too narrow for them.
fn band_words(scale: &Scale, ends: (f64, f64), words: &str) -> Markup {
    let words = words.strip_suffix(" support").unwrap_or(words);
    let width = (scale.at(ends.1) - scale.at(ends.0)).abs();
    let middle = percent(f64::midpoint(scale.at(ends.0), scale.at(ends.1)));
    let (first, second) = words.split_once(' ').unwrap_or(("", words));
    html! {
        @if width >= 7.0 {
            (text(&middle, 28, Anchor::Middle, "band wide", first))
            (text(&middle, 41, Anchor::Middle, "band wide", second))
        }
    }
}

fn ticks(scale: &Scale, end: i64, bottom: usize) -> Markup {
    let step = if end > 60_000 { 20_000 } else { 10_000 };
    let values: Vec<i64> = (0..).map(|n| n * step).take_while(|value| *value <= end).collect();
    let all = values.iter().rev().map(|value| -value).chain(values.iter().skip(1).copied());
    html! {
        @for value in all {
            @let x = scale.x(float_db(value));
            (line(if value == 0 { "zero" } else { "grid" }, (&x, TOP - 8), (&x, bottom)))
            @let anchor = if value == -end { Anchor::Start } else if value == end { Anchor::End } else { Anchor::Middle };
            @let class = if value % 20_000 == 0 { "tick" } else { "tick wide" };
            (text(&x, bottom + 16, anchor, class, &if value == 0 { "0 dB".to_owned() } else { format!("{}{}", if value < 0 { "−" } else { "+" }, value.abs() / 1000) }))
        }
    }
}

fn row(result: &HypothesisResult, title: &str, scale: &Scale, top: usize) -> Markup {
    let (point, conservative) = (float_db(result.weight_mdb_over_next), float_db(result.conservative_mdb_over_next));
    let class = if result.weight_mdb_over_next >= 0 { "bar for" } else { "bar against" };
    let value = decibans(result.weight_mdb_over_next);
    html! {
        (label("2", top + 14, "name", title, 46))
        (text("99.5%", top + 14, Anchor::End, "value halo wide", &format!("{value} · {}", result.words)))
        (text("99.5%", top + 14, Anchor::End, "value halo narrow", &value))
        (bar(class, scale, (0.0, point), top + 22, 14))
        @let y = top + 29;
        (line("whisker", (&scale.x(point), y), (&scale.x(conservative), y)))
        (line("whisker", (&scale.x(conservative), y - 9), (&scale.x(conservative), y + 9)))
        @if point.abs() > scale.max { (text(&scale.x(point), top + 33, if point < 0.0 { Anchor::Start } else { Anchor::End }, "beyond", if point < 0.0 { "◂" } else { "▸" })) }
    }
}

fn table(assessment: &Assessment, index: &Index<'_>) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Answer" } th scope="col" class="n" { "Weight" } th scope="col" class="n" { "Conservative" } th scope="col" { "Words (ENFSI)" } } }
            tbody {
                @for result in &assessment.hypotheses {
                    tr {
                        th scope="row" { (foreign(index.title(&result.id))) }
                        td class="n" { a href="#evidence" { (decibans(result.weight_mdb_over_next)) } }
                        td class="n" { a href="#words" { (decibans(result.conservative_mdb_over_next)) } }
                        td { (foreign(&result.words)) }
                    }
                }
            }
        }
    }
}

/// Returns how far a bar of so many columns reaches for a weight, on the axis of the figure.
pub(crate) fn share_of_axis(assessment: &Assessment, mdb: i64, columns: usize) -> usize {
    let end = float_db(end_of_axis(assessment));
    let share = (float_db(mdb).abs() / end).min(1.0) * float(columns as u64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nought and the columns")]
    let cells = share.round() as usize;
    cells
}

#[cfg(test)]
mod tests {
    #[test]
    fn bands_are_those_of_the_words() {
        let edges: Vec<i64> = super::bands().iter().map(|band| band.from_mdb).collect();
        assert_eq!(edges, [0, 3_010, 10_000, 20_000, 30_000, 40_000, 60_000]);
    }
}
