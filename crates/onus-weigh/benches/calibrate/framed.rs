//! What false traces do to each engine: as it is, behind the gate, taught with plants, and both.

use onus_weigh::{
    benchmark::Benchmark,
    calibration::{Place, Range, bootstrap},
};

use crate::{
    engine::{Answer, Engine},
    gate::gated,
    line_up::Entry,
    outcome::{DRAWS, SEED, weighted},
    plants::{self, Plant, Recipe},
    prepared::Prepared,
};

/// How an engine meets a plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Manner {
    Plain,
    Gated,
    Taught,
    TaughtGated,
}

impl Manner {
    pub(crate) const ALL: [Self; 4] = [Self::Plain, Self::Gated, Self::Taught, Self::TaughtGated];

    /// Returns its name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "as it is",
            Self::Gated => "behind the gate",
            Self::Taught => "taught with plants",
            Self::TaughtGated => "taught, behind the gate",
        }
    }

    pub(crate) fn is_gated(self) -> bool {
        matches!(self, Self::Gated | Self::TaughtGated)
    }
}

/// What one plant did to one engine.
#[derive(Clone)]
pub(crate) struct Framed {
    /// Engine by place in the line-up.
    pub(crate) engine: usize,
    pub(crate) manner: Manner,
    pub(crate) recipe: Recipe,
    pub(crate) kind: String,
    /// The set of reports that the item is drawn with.
    pub(crate) group: usize,
    /// Whether the decoy leads, ties at their expected value.
    pub(crate) decoy_leads: f64,
    /// Whether a right answer leads.
    pub(crate) right_leads: f64,
    /// Probability of the decoy.
    pub(crate) decoy: f64,
    /// The largest probability of any wrong candidate.
    pub(crate) wrong: f64,
}

/// Shares over many plants.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shares {
    pub(crate) count: usize,
    pub(crate) decoy_leads: f64,
    pub(crate) right_leads: f64,
    pub(crate) decoy_half: f64,
    pub(crate) decoy_nine_tenths: f64,
    pub(crate) wrong_half: f64,
}

/// Asks the engines of others the benchmark's own plants.
pub(crate) fn by_benchmark(entries: &[Entry<'_>], asked: &[Prepared<'_>], benchmark: &Benchmark) -> Vec<Framed> {
    let plants = plants::of_benchmark(benchmark, asked);
    let known = plants.iter().filter_map(|(planted, plant)| Some((Recipe::of_variant(&planted.variant)?, plant)));
    known.flat_map(|(recipe, plant)| meet(entries, asked, recipe, plant)).collect()
}

/// Asks the engines of others one plant of each recipe of the family for each item.
pub(crate) fn by_family(entries: &[Entry<'_>], asked: &[Prepared<'_>]) -> Vec<Framed> {
    let mut met = Vec::new();
    for recipe in Recipe::all() {
        for plant in plants::of_recipe(asked, recipe) {
            met.extend(meet(entries, asked, recipe, &plant));
        }
    }
    met
}

fn meet(entries: &[Entry<'_>], asked: &[Prepared<'_>], recipe: Recipe, plant: &Plant) -> Vec<Framed> {
    let item = &asked[plant.asked];
    let mut met = Vec::new();
    // ours meets plants by itself: many versions of it are compared at once
    for (number, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.is_ours) {
        let engines = [Some(entry.plain.as_ref()), entry.taught_against(recipe.half())];
        let manners = [[Manner::Plain, Manner::Gated], [Manner::Taught, Manner::TaughtGated]];
        for (engine, [open, closed]) in engines.into_iter().zip(manners) {
            let Some(engine) = engine else { continue };
            let answer = engine.rank(item, &plant.evidence);
            met.push(judge(number, open, recipe, item, plant, &answer));
            let answer = gated(engine as &dyn Engine, item, &plant.evidence, answer);
            met.push(judge(number, closed, recipe, item, plant, &answer));
        }
    }
    met
}

/// Says what a plant did to an answer.
pub(crate) fn judge(
    engine: usize,
    manner: Manner,
    recipe: Recipe,
    item: &Prepared<'_>,
    plant: &Plant,
    answer: &Answer,
) -> Framed {
    let leads = |places: &[usize]| Place::best(&answer.log10_lr, places).map_or(0.0, |place| place.hit(1));
    let answers = &item.question.answers;
    let wrong = answer.posterior.iter().enumerate().filter(|(index, _)| !answers.contains(index));
    Framed {
        engine,
        manner,
        recipe,
        kind: item.item.kind.clone(),
        group: item.group,
        decoy_leads: leads(&[plant.decoy]),
        right_leads: leads(answers),
        decoy: answer.posterior[plant.decoy],
        wrong: wrong.map(|(_, posterior)| *posterior).fold(0.0, f64::max),
    }
}

/// Returns the shares over plants.
pub(crate) fn shares(met: &[&Framed]) -> Shares {
    let mean =
        |value: &dyn Fn(&Framed) -> f64| met.iter().map(|framed| value(framed)).sum::<f64>() / met.len().max(1) as f64;
    let reaches = |value: f64, level: f64| f64::from(u8::from(value >= level));
    Shares {
        count: met.len(),
        decoy_leads: mean(&|framed| framed.decoy_leads),
        right_leads: mean(&|framed| framed.right_leads),
        decoy_half: mean(&|framed| reaches(framed.decoy, 0.5)),
        decoy_nine_tenths: mean(&|framed| reaches(framed.decoy, 0.9)),
        wrong_half: mean(&|framed| reaches(framed.wrong, 0.5)),
    }
}

/// Returns the range of the share in which the decoy leads; whole reports are drawn.
pub(crate) fn range_of_decoy(met: &[&Framed]) -> Option<Range> {
    let groups: Vec<usize> = met.iter().map(|framed| framed.group).collect();
    let leads: Vec<f64> = met.iter().map(|framed| framed.decoy_leads).collect();
    bootstrap(&groups, DRAWS, SEED, |drawn| weighted(&leads, drawn))
}
