//! What there is to learn from: every item as it is, and with plants of every recipe.

use onus_weigh::{
    benchmark::{Benchmark, Evidence},
    calibration::SplitMix64,
    rank::{Design, Seen, design},
};

use crate::{
    plants::{self, Recipe},
    prepared::Prepared,
    threads,
};

/// Candidates that are kept of a planted item; the rest is rivals that hardly matter.
const KEPT: usize = 48;

/// Of those, the right one, the decoy and the strongest; the others are drawn evenly and stand for all that are left.
const STRONGEST: usize = 34;

/// Columns whose sums say who is strong, each for a forger who plants something else; the first is documentation.
const STRENGTHS: [&[usize]; 6] = [&[1, 6], &[3, 11], &[6], &[24], &[3, 6], &[1, 11]];

/// Weight of documentation in strength.
const DOCUMENTATION: f64 = 0.5;

/// What an item shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Clean,
    /// The benchmark's `sw2`.
    TwoNames,
    /// The benchmark's `tech3`.
    ThreeTechniques,
    Family(Recipe),
}

/// One thing to learn from.
pub(crate) struct Lesson {
    pub(super) fold: usize,
    pub(super) shown: Shown,
    pub(super) design: Design,
    /// Added to the score of each row, so that rows can stand for others; empty: nothing.
    pub(super) offsets: Vec<f64>,
    /// Right rows; none where nobody is right.
    pub(super) answers: Vec<usize>,
}

/// Returns the lessons of all items, in their order.
pub(crate) fn lessons(benchmark: &Benchmark, asked: &[Prepared<'_>]) -> Vec<Lesson> {
    let of_benchmark = plants::of_benchmark(benchmark, asked);
    let of_item = |number: usize| -> Vec<Lesson> {
        let item = &asked[number];
        let mut lessons = vec![lesson(item, Shown::Clean, &item.evidence, None)];
        for (planted, plant) in of_benchmark.iter().filter(|(_, plant)| plant.asked == number) {
            let shown = if planted.variant == "sw2" { Shown::TwoNames } else { Shown::ThreeTechniques };
            lessons.push(lesson(item, shown, &plant.evidence, None));
        }
        for recipe in Recipe::all() {
            let drawn = plants::draw(item, recipe, "learn");
            let shown = Shown::Family(recipe);
            lessons.extend(drawn.map(|(decoy, evidence)| lesson(item, shown, &evidence, Some(decoy))));
        }
        lessons
    };
    threads::each(asked.len(), of_item).into_iter().flatten().collect()
}

fn lesson(item: &Prepared<'_>, shown: Shown, evidence: &Evidence, thinned_with: Option<usize>) -> Lesson {
    let seen = Seen::all(item.view.reference, evidence);
    let design = design(&item.view, &item.question.candidates, &seen);
    let answers = item.question.answers.clone();
    let whole = Lesson { fold: item.fold, shown, design, offsets: Vec::new(), answers };
    let Some(decoy) = thinned_with else { return whole };
    let seed = format!("thin|{}|{shown:?}", item.item.item);
    thin(whole, decoy, &mut SplitMix64::new(plants::seed_of(&seed)))
}

/// Keeps the rows that matter and a sample of the others.
fn thin(mut lesson: Lesson, decoy: usize, generator: &mut SplitMix64) -> Lesson {
    let rows = &lesson.design.rows;
    if rows.len() <= KEPT {
        return lesson;
    }
    let mut kept: Vec<usize> = lesson.answers.iter().copied().chain([decoy]).collect();
    let orders: Vec<Vec<usize>> = STRENGTHS
        .iter()
        .map(|columns| {
            let strength = |row: usize| {
                DOCUMENTATION * rows[row][0] + columns.iter().map(|column| rows[row][*column]).sum::<f64>()
            };
            let mut order: Vec<usize> = (0..rows.len()).collect();
            order.sort_by(|one, other| strength(*other).total_cmp(&strength(*one)));
            order
        })
        .collect();
    for place in 0..rows.len() {
        for row in orders.iter().map(|order| order[place]) {
            if kept.len() < STRONGEST && !kept.contains(&row) {
                kept.push(row);
            }
        }
    }
    let mut rest: Vec<usize> = (0..rows.len()).filter(|row| !kept.contains(row)).collect();
    generator.shuffle(&mut rest);
    let drawn = KEPT - kept.len();
    let stands_for = libm::log(rest.len() as f64 / drawn as f64);
    lesson.offsets = kept.iter().map(|_| 0.0).chain((0..drawn).map(|_| stands_for)).collect();
    lesson.answers = (0..lesson.answers.len()).collect();
    kept.extend(rest.into_iter().take(drawn));
    lesson.design.rows = kept.iter().map(|row| lesson.design.rows[*row]).collect();
    lesson.design.margins = kept.iter().map(|row| lesson.design.margins[*row]).collect();
    lesson
}
