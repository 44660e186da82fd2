//! The main figures in sentences.

use onus_weigh::benchmark::Setting;

use super::{
    MAIN_KINDS, best_peer, of_kind,
    ours::right_named,
    table::{between, number},
};
use crate::{
    framed::{Framed, Manner, shares},
    outcome::{Summary, summary},
    plants::Recipe,
    study::{Measured, Study},
};

pub(super) fn text(study: &Study) -> String {
    let mut text = "## In short\n\n".to_owned();
    let best = best_peer(study).map(|engine| engine.name.clone());
    for (engine, measured) in study.engines.iter().enumerate() {
        if measured.is_ours || Some(&measured.name) == best.as_ref() {
            text += &of_engine(study, engine, measured);
        }
    }
    text + &exponents(study)
}

fn of_engine(study: &Study, engine: usize, measured: &Measured) -> String {
    let who = if measured.is_ours { "ours" } else { "the best of the others by MRR on `report-loo`" };
    let mut text = format!("- `{}`, {who}:", measured.name);
    for kind in MAIN_KINDS {
        if let Some(found) = summary(&of_kind(&measured.plain, kind)) {
            text += &format!(" {};", sentence(kind, &found));
        }
    }
    let of = |manner: Manner, recipe: Option<Recipe>| {
        let is_wanted = |framed: &&Framed| {
            framed.engine == engine && framed.manner == manner && recipe.is_none_or(|recipe| framed.recipe == recipe)
        };
        shares(&study.benchmark_plants.iter().filter(is_wanted).collect::<Vec<_>>())
    };
    let leads = |variant: &str, manner| number(of(manner, Recipe::of_variant(variant)).decoy_leads);
    text += &format!(
        " with planted traces the decoy leads in {} of the cases with two names and {} of those with three techniques, \
         and stands at one half or more in {} of both together",
        leads("sw2", Manner::Plain),
        leads("tech3", Manner::Plain),
        number(of(Manner::Plain, None).decoy_half),
    );
    if measured.taught.is_some() {
        text += &format!(
            "; taught with plants of other recipes it leads in {} and {}, and behind the gate it stands at one half in {}",
            leads("sw2", Manner::Taught),
            leads("tech3", Manner::Taught),
            number(of(Manner::TaughtGated, None).decoy_half),
        );
    } else {
        let named = MAIN_KINDS.map(|kind| number(right_named(&measured.gated, kind)));
        text += &format!(
            "; behind the gate in {}, and then the right group is named in {} of `{}` and {} of `{}` without plants",
            number(of(Manner::Gated, None).decoy_half),
            named[0],
            MAIN_KINDS[0],
            named[1],
            MAIN_KINDS[1]
        );
    }
    text + ".\n"
}

fn sentence(kind: &str, found: &Summary) -> String {
    let range = |range| match range {
        Some(range) => format!(" ({})", between(range)),
        None => String::new(),
    };
    format!(
        "on `{kind}` the right group is first in {}{}, MRR {}, Cllr {}",
        number(found.top[0].value),
        range(found.top[0].range),
        number(found.reciprocal.value),
        number(found.cllr.value)
    )
}

/// The exponents of all answered items.
fn exponents(study: &Study) -> String {
    let found = study.tempering.iter().find(|(_, tempering)| tempering.sums.setting == Setting::Both);
    let Some((_, tempering)) = found else { return String::new() };
    let exponent = |index: usize| match tempering.exponents.get(index) {
        Some((value, Some(range))) => format!("{} ({})", number(*value), between(*range)),
        Some((value, None)) => number(*value),
        None => "-".to_owned(),
    };
    format!(
        "- To mean what it says, the sum of the weights of techniques has to be multiplied by {}, that of software by {}; \
         1 would be independence.\n",
        exponent(0),
        exponent(1)
    )
}
