//! What the rules of the engine were chosen among, and what it does with recipes that it has never met.

use onus_weigh::benchmark::Benchmark;

use super::{
    DEEP_MARGINS, Learner, Models, OFFSETS,
    trial::{Trial, trials},
};
use crate::{framed::Manner, plants::Recipe, prepared::Prepared};

/// Recipes that are left out of learning together.
#[derive(Clone, Copy)]
pub(crate) struct LeftOut {
    pub(crate) name: &'static str,
    pub(crate) has: fn(Recipe) -> bool,
}

/// What is left out, each by itself.
const LEFT_OUT: [LeftOut; 3] = [
    LeftOut { name: "all with three names", has: |recipe| recipe.names == 3 },
    LeftOut { name: "all with names and techniques together", has: |recipe| recipe.names > 0 && recipe.techniques > 0 },
    LeftOut { name: "all that plant any traces and not the rarest", has: |recipe| !recipe.is_rare },
];

/// Everything that was asked of the engine.
pub(crate) struct Versions {
    /// As it is, without its gate.
    pub(crate) ungated: Trial,
    /// As it is.
    pub(crate) gated: Trial,
    /// By offset of "none" and margin of the deep strike.
    pub(crate) rules: Vec<((f64, f64), Trial)>,
    /// By what was left out of learning.
    pub(crate) left_out: Vec<(LeftOut, Trial)>,
}

/// Asks every version of the engine.
pub(crate) fn versions(
    models: &Models,
    learner: &mut Learner<'_>,
    benchmark: &Benchmark,
    asked: &[Prepared<'_>],
) -> Result<Versions, String> {
    let rules: Vec<(f64, f64)> =
        OFFSETS.iter().flat_map(|offset| DEEP_MARGINS.iter().map(move |margin| (*offset, *margin))).collect();
    let with_rules = rules.iter().map(|(offset, margin)| {
        models.with(|model| {
            model.posterior.none_offset = *offset;
            model.naming.deep_margin = *margin;
        })
    });
    let without = LEFT_OUT.iter().map(|left_out| {
        let learnt = learner.learn(&left_out.has);
        eprintln!("fitted without {}", left_out.name);
        learnt
    });
    let mut all = vec![models.ungated(), models.clone()];
    all.extend(with_rules);
    all.extend(without.collect::<Result<Vec<Models>, String>>()?);
    let manner = |number: usize| if number == 0 { Manner::Plain } else { Manner::Gated };
    let asked_of: Vec<(&Models, Manner)> = all.iter().enumerate().map(|(n, models)| (models, manner(n))).collect();
    let mut found = trials(&asked_of, benchmark, asked).into_iter();
    let mut next = || found.next().unwrap_or_default();
    Ok(Versions {
        ungated: next(),
        gated: next(),
        rules: rules.into_iter().map(|rule| (rule, next())).collect(),
        left_out: LEFT_OUT.into_iter().map(|left_out| (left_out, next())).collect(),
    })
}
