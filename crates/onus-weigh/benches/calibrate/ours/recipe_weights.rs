//! What planted items count beside clean ones, by what they are fitted for.

use super::lesson::Shown;
use crate::plants::Recipe;

/// What an item without an answer counts, clean or planted.
const OPEN: f64 = 0.3;

/// Weights of sorts of plants, each in all, where the clean item counts 1.
#[derive(Clone, Copy)]
pub(super) struct Totals {
    /// The benchmark's two rarest names.
    two_names: f64,
    /// The benchmark's three rarest techniques.
    three_techniques: f64,
    /// The family's recipes with names alone, spread evenly.
    names: f64,
    /// With techniques alone.
    techniques: f64,
    /// With both.
    both: f64,
}

/// For the sceptical reading; more on both together, where the decoy is strongest.
pub(super) const OF_SCEPTICAL: Totals =
    Totals { two_names: 5.0, three_techniques: 5.0, names: 5.0, techniques: 3.0, both: 8.0 };

/// For the share of the readings, and in proportion for "none".
pub(super) const OF_SHARE: Totals =
    Totals { two_names: 1.5, three_techniques: 1.5, names: 1.0, techniques: 0.6, both: 1.4 };

/// What the plants of an item count together where "none" is fitted.
const OF_NONE: f64 = 0.3;

impl Totals {
    /// Weight of all plants of an item together.
    pub(super) const fn sum(&self) -> f64 {
        self.two_names + self.three_techniques + self.names + self.techniques + self.both
    }

    /// Weight of one planted item, or of the clean one; recipes left out count nothing, the others of their sort more.
    pub(super) fn of(&self, shown: Shown, is_left_out: &dyn Fn(Recipe) -> bool) -> f64 {
        match shown {
            Shown::Clean => 1.0,
            Shown::TwoNames => self.two_names,
            Shown::ThreeTechniques => self.three_techniques,
            Shown::Family(recipe) if is_left_out(recipe) => 0.0,
            Shown::Family(recipe) => {
                let is_same = |other: &Recipe| sort(*other) == sort(recipe) && !is_left_out(*other);
                let count = Recipe::all().iter().filter(|other| is_same(other)).count();
                [self.names, self.techniques, self.both][sort(recipe)] / count as f64
            }
        }
    }

    /// Weight of the same where "none" is fitted.
    pub(super) fn of_none(&self, shown: Shown, is_left_out: &dyn Fn(Recipe) -> bool) -> f64 {
        match shown {
            Shown::Clean => 1.0,
            planted => OF_NONE * self.of(planted, is_left_out) / self.sum(),
        }
    }
}

/// Weight of an item by whether it has an answer.
pub(super) fn base(has_answer: bool) -> f64 {
    if has_answer { 1.0 } else { OPEN }
}

/// Names alone, techniques alone, both.
fn sort(recipe: Recipe) -> usize {
    match (recipe.names, recipe.techniques) {
        (_, 0) => 0,
        (0, _) => 1,
        _ => 2,
    }
}
