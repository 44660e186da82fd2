//! Asks models the items and their plants, each compared once for all of them.

use onus_weigh::{
    benchmark::{Benchmark, Evidence},
    rank::{Compared, Seen},
};

use super::{Models, asked::answer};
use crate::{
    engine::Answer,
    framed::{Framed, Manner, judge},
    outcome::{Outcome, outcome},
    plants::{self, Plant, Recipe},
    prepared::Prepared,
    threads,
};

/// What came of one set of models.
#[derive(Default)]
pub(crate) struct Trial {
    /// Items as they are.
    pub(crate) clean: Vec<Outcome>,
    /// The benchmark's own plants.
    pub(crate) benchmark_plants: Vec<Framed>,
    /// One plant of each recipe of the family.
    pub(crate) family: Vec<Framed>,
}

/// Returns what came of each of the models; `models` are given with how they meet plants.
pub(crate) fn trials(models: &[(&Models, Manner)], benchmark: &Benchmark, asked: &[Prepared<'_>]) -> Vec<Trial> {
    let clean = threads::each(asked.len(), |number| {
        let item = &asked[number];
        let answers = if item.evidence.is_empty() { Vec::new() } else { answers(models, item, &item.evidence) };
        answers.iter().map(|answer| outcome(item, answer)).collect::<Vec<Outcome>>()
    });
    let known = plants::of_benchmark(benchmark, asked);
    let known = known.into_iter().filter_map(|(planted, plant)| Some((Recipe::of_variant(&planted.variant)?, plant)));
    let benchmark_plants = met(models, asked, &known.collect::<Vec<_>>());
    let drawn = Recipe::all()
        .into_iter()
        .flat_map(|recipe| plants::of_recipe(asked, recipe).into_iter().map(move |plant| (recipe, plant)));
    let family = met(models, asked, &drawn.collect::<Vec<_>>());
    let mut trials: Vec<Trial> = models.iter().map(|_| Trial::default()).collect();
    for (number, trial) in trials.iter_mut().enumerate() {
        trial.clean = clean.iter().filter_map(|by_model| by_model.get(number).cloned()).collect();
    }
    for by_model in benchmark_plants {
        trials.iter_mut().zip(by_model).for_each(|(trial, framed)| trial.benchmark_plants.push(framed));
    }
    for by_model in family {
        trials.iter_mut().zip(by_model).for_each(|(trial, framed)| trial.family.push(framed));
    }
    trials
}

/// By plant and model: what the plant did.
fn met(models: &[(&Models, Manner)], asked: &[Prepared<'_>], plants: &[(Recipe, Plant)]) -> Vec<Vec<Framed>> {
    threads::each(plants.len(), |number| {
        let (recipe, plant) = &plants[number];
        let item = &asked[plant.asked];
        let answers = answers(models, item, &plant.evidence);
        let judged = models.iter().zip(answers).enumerate();
        judged.map(|(engine, ((_, manner), answer))| judge(engine, *manner, *recipe, item, plant, &answer)).collect()
    })
}

fn answers(models: &[(&Models, Manner)], item: &Prepared<'_>, evidence: &Evidence) -> Vec<Answer> {
    let seen = Seen::all(item.view.reference, evidence);
    let compared = Compared::new(&item.view, &item.question.candidates, &seen);
    models.iter().map(|(models, _)| answer(item, &compared.rank(&models.by_fold[item.fold]))).collect()
}
