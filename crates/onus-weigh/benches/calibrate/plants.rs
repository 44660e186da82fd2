//! Makes false flags: traces of a group that did not do it, added to what was observed.
//!
//! A recipe says how many names of software and how many techniques a forger plants, and whether the rarest or any.
//! Recipes are in two halves: what learns from one half is tested on the other, so no engine knows the recipe it meets.

use onus_core::Digest;
use onus_weigh::{
    benchmark::{Benchmark, Evidence, Planted, Setting},
    calibration::SplitMix64,
};

use crate::prepared::Prepared;

/// Twins of one item to learn from.
const TWINS: usize = 6;

/// What the twins of an item count together, against 1 of the item itself.
const TWINS_WEIGHT: f64 = 4.0;

/// How a forger chooses what to plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recipe {
    /// Names of software.
    pub(crate) names: usize,
    /// Techniques.
    pub(crate) techniques: usize,
    /// The decoy's rarest, ties broken at random; otherwise any.
    pub(crate) is_rare: bool,
}

impl Recipe {
    /// Returns the whole family.
    pub(crate) fn all() -> Vec<Self> {
        let names = |is_rare| (0..=3).map(move |names| (names, is_rare));
        let all = [true, false].into_iter().flat_map(names).flat_map(|(names, is_rare)| {
            [0, 3, 4, 5].into_iter().map(move |techniques| Self { names, techniques, is_rare })
        });
        all.filter(|recipe| recipe.names + recipe.techniques > 0).collect()
    }

    /// Returns the half of the family that it is in; neighbours are in different halves.
    pub(crate) fn half(self) -> usize {
        (self.names + self.techniques.saturating_sub(2) + usize::from(!self.is_rare)) % 2
    }

    /// Returns the recipe of a variant of the benchmark.
    pub(crate) fn of_variant(variant: &str) -> Option<Self> {
        match variant {
            "sw2" => Some(Self { names: 2, techniques: 0, is_rare: true }),
            "tech3" => Some(Self { names: 0, techniques: 3, is_rare: true }),
            _ => None,
        }
    }

    /// Returns its name in tables.
    pub(crate) fn name(self) -> String {
        let how = if self.is_rare { "rare" } else { "any" };
        format!("{} names, {} techniques, {how}", self.names, self.techniques)
    }
}

/// One item with false traces.
pub(crate) struct Plant {
    /// The item by number.
    pub(crate) asked: usize,
    /// Whom the traces point at, by place among the candidates.
    pub(crate) decoy: usize,
    /// What is then observed.
    pub(crate) evidence: Evidence,
}

/// Adds false traces of a decoy, drawn evenly from the wrong candidates that have enough of them.
pub(crate) fn draw(asked: &Prepared<'_>, recipe: Recipe, purpose: &str) -> Option<(usize, Evidence)> {
    let seed = format!("{purpose}|{}|{}", asked.item.item, recipe.name());
    let mut generator = SplitMix64::new(seed_of(&seed));
    let profile = &asked.profile;
    let is_new = |trace: &u16| asked.evidence.traces.binary_search(trace).is_err();
    let split = |candidate: usize| {
        let known = profile.known[candidate].iter().copied();
        known.filter(is_new).partition::<Vec<u16>, _>(|trace| profile.is_software[usize::from(*trace)])
    };
    let enough = |candidate: &usize| {
        let (software, techniques) = split(*candidate);
        software.len() >= recipe.names && techniques.len() >= recipe.techniques
    };
    let wrong = (0..profile.candidates()).filter(|candidate| !asked.question.answers.contains(candidate));
    let fit: Vec<usize> = wrong.filter(enough).collect();
    let decoy = *fit.get(generator.below(fit.len()))?;
    let (software, techniques) = split(decoy);
    let mut added = Vec::new();
    for (mut traces, wanted) in [(software, recipe.names), (techniques, recipe.techniques)] {
        generator.shuffle(&mut traces);
        if recipe.is_rare {
            // The sort keeps the random order of equals.
            traces.sort_by(|one, other| {
                let owners = |trace: &u16| profile.owners[usize::from(*trace)];
                owners(one).total_cmp(&owners(other))
            });
        }
        added.extend(traces.into_iter().take(wanted));
    }
    let planted = Evidence { traces: added, unknown: Vec::new() };
    Some((decoy, asked.evidence.clone().with(planted)))
}

/// Twins to learn from: of each item some recipes of one half, with what each counts.
pub(crate) fn twins(asked: &[Prepared<'_>], half: usize) -> Vec<(usize, Evidence, f64)> {
    let mut twins = Vec::new();
    for (number, item) in asked.iter().enumerate() {
        let mut recipes: Vec<Recipe> = Recipe::all().into_iter().filter(|recipe| recipe.half() == half).collect();
        SplitMix64::new(seed_of(&format!("recipes|{}", item.item.item))).shuffle(&mut recipes);
        let drawn = recipes.into_iter().filter_map(|recipe| draw(item, recipe, "learn"));
        let drawn: Vec<Evidence> = drawn.map(|(_, evidence)| evidence).take(TWINS).collect();
        let weight = TWINS_WEIGHT / drawn.len().max(1) as f64;
        twins.extend(drawn.into_iter().map(|evidence| (number, evidence, weight)));
    }
    twins
}

/// One plant of a recipe for every answered item about a report.
pub(crate) fn of_recipe(asked: &[Prepared<'_>], recipe: Recipe) -> Vec<Plant> {
    let items = asked.iter().enumerate().filter(|(_, item)| item.has_answer() && item.item.kind.starts_with("report-"));
    let plants = items.filter_map(|(number, item)| {
        let (decoy, evidence) = draw(item, recipe, "test")?;
        Some(Plant { asked: number, decoy, evidence })
    });
    plants.collect()
}

/// The plants that the benchmark itself holds, with their variants.
pub(crate) fn of_benchmark<'b>(benchmark: &'b Benchmark, asked: &[Prepared<'_>]) -> Vec<(&'b Planted, Plant)> {
    let plant = |planted: &'b Planted| {
        let number = asked.iter().position(|item| item.item.item == planted.base)?;
        let (item, reference) = (&asked[number], asked[number].view.reference);
        let decoy = item.question.candidates.binary_search(&reference.actor(&planted.decoy)?).ok()?;
        let evidence = planted.evidence(item.item, reference, Setting::Both);
        Some((planted, Plant { asked: number, decoy, evidence }))
    };
    benchmark.planted.iter().filter_map(plant).collect()
}

/// The seed that a text stands for.
pub(crate) fn seed_of(text: &str) -> u64 {
    let digest = Digest::of(text.as_bytes());
    digest.as_bytes().iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
}
