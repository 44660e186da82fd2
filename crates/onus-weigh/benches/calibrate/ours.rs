//! The engine that the program ships: fitted by fold for the report, and on everything for its file of numbers.

mod asked;
mod compared;
mod file;
mod learn;
mod lesson;
mod recipe_weights;
mod trial;

use onus_weigh::rank::{NamingRule, PosteriorRule, RankModel};

pub(crate) use asked::{Comparisons, Ours};
pub(crate) use compared::{Versions, versions};
pub(crate) use file::write;
pub(crate) use learn::Learner;
pub(crate) use lesson::lessons;
pub(crate) use trial::Trial;

/// Its name in tables.
pub(crate) const NAME: &str = "onus";

/// How probabilities are made.
///
/// The deception prior is that of all weighing. Plants beside one clean item are the sum of the weights that the share
/// is fitted with. The offset of "none" was chosen among [`OFFSETS`]: it gives the least surprise, and nobody still wins
/// on some open items and on no answered one of `report-loo`.
pub(crate) const POSTERIOR: PosteriorRule =
    PosteriorRule { plants_fitted: recipe_weights::OF_SHARE.sum(), deception_prior: 0.05, none_offset: -1.5 };

/// Who may be named.
///
/// Two names and three techniques are what the simplest forgers of the benchmark plant; three and five are the most that
/// any of the family does. The margin of the deep strike was chosen among [`DEEP_MARGINS`]: it is the mildest that keeps
/// wrong names below .03 over all recipes, at the price of fewer right ones; an innocent named weighs more than silence.
pub(crate) const NAMING: NamingRule = NamingRule { software: 2, techniques: 3, deep: (3, 5), deep_margin: -3.0 };

/// Offsets of "none" that are compared.
pub(crate) const OFFSETS: [f64; 3] = [-1.5, 0.0, 1.0];

/// Margins of the deep strike that are compared.
pub(crate) const DEEP_MARGINS: [f64; 4] = [-5.0, -4.0, -3.0, -2.0];

/// Models that were fitted the same way.
#[derive(Clone)]
pub(crate) struct Models {
    /// By fold: fitted without it.
    pub(crate) by_fold: Vec<RankModel>,
    /// Fitted on everything.
    pub(crate) whole: RankModel,
}

impl Models {
    /// Returns the same models with other rules.
    pub(crate) fn with(&self, change: impl Fn(&mut RankModel)) -> Self {
        let mut models = self.clone();
        models.by_fold.iter_mut().chain([&mut models.whole]).for_each(change);
        models
    }

    /// Returns the same models without the naming gate.
    pub(crate) fn ungated(&self) -> Self {
        let nothing = NamingRule { software: 0, techniques: 0, deep: (0, 0), deep_margin: 0.0 };
        self.with(|model| model.naming = nothing)
    }
}
