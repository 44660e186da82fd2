//! False traces: the benchmark's own, the family of recipes, and items whose culprit is no candidate.

use onus_weigh::calibration::{Range, area_under_curve};

use super::{
    MAIN_KINDS, best_peer, of_kind,
    ours::right_named,
    table::{figure, head, number, row, share},
};
use crate::{
    framed::{Framed, Manner, Shares, range_of_decoy, shares},
    outcome::{Figure, Outcome},
    plants::Recipe,
    study::{Measured, Study},
};

pub(super) fn text(study: &Study) -> String {
    "## With false traces\n\n\
     Traces of a decoy are added to what was observed; the right answer stays.\n\
     *Taught* engines have learnt from items with plants of other recipes than the one they meet: the recipes are in two \
     halves, and who learns from one half is tested on the other.\n\
     *The gate* holds back who does not lead without its two best names of software, or without its three best \
     techniques: such a group is shown below one half. The order does not change, so the gate cannot take a decoy off the \
     top.\n"
        .to_owned()
        + &benchmark(study)
        + &family(study)
        + &by_recipe(study)
        + &open(study)
}

/// The two variants that the benchmark holds.
fn benchmark(study: &Study) -> String {
    let mut text = "\n### The benchmark's plants\n\n\
        `sw2` adds the decoy's two rarest names of software, `tech3` its three rarest techniques.\n"
        .to_owned();
    for kind in MAIN_KINDS {
        for variant in ["sw2", "tech3"] {
            let Some(recipe) = Recipe::of_variant(variant) else { continue };
            let plants: Vec<&Framed> =
                study.benchmark_plants.iter().filter(|framed| framed.recipe == recipe && framed.kind == kind).collect();
            let count = plants.iter().filter(|framed| is_of(framed, 0, Manner::Plain)).count();
            text += &format!("\n`{kind}`, `{variant}`, {count} plants\n");
            text += &table_of_shares(study, &plants);
        }
    }
    text
}

/// All recipes together.
fn family(study: &Study) -> String {
    let recipes = Recipe::all().len();
    let mut text = format!(
        "\n### A family of forgers\n\n\
         {recipes} recipes: none to three names of software, none or three to five techniques, the rarest of the decoy or \
         any. One plant an item and recipe; the decoy is drawn evenly from the candidates that have enough traces.\n\
         A confident wrong verdict is a wrong group at one half or more.\n"
    );
    let plants: Vec<&Framed> = study.family.iter().collect();
    let count = plants.iter().filter(|framed| is_of(framed, 0, Manner::Plain)).count();
    text += &format!("\nAll recipes, {count} plants\n");
    text + &table_of_shares(study, &plants)
}

fn table_of_shares(study: &Study, plants: &[&Framed]) -> String {
    let mut text = head(&[
        "engine",
        "",
        "decoy leads",
        "right group leads",
        "decoy at .5",
        "decoy at .9",
        "any wrong group at .5",
    ]);
    for (number, engine) in study.engines.iter().enumerate() {
        for manner in Manner::ALL {
            let met: Vec<&Framed> = plants.iter().copied().filter(|framed| is_of(framed, number, manner)).collect();
            if met.is_empty() {
                continue;
            }
            let name = if manner == Manner::Plain { engine.name.clone() } else { String::new() };
            // The gate does not change the order, so it has the range of the row above.
            let range = if manner.is_gated() { None } else { range_of_decoy(&met) };
            text += &row(&[vec![name, manner.name().to_owned()], cells(shares(&met), range)].concat());
        }
    }
    text
}

fn cells(shares: Shares, range: Option<Range>) -> Vec<String> {
    let leads = Figure { value: shares.decoy_leads, range };
    let others = [shares.right_leads, shares.decoy_half, shares.decoy_nine_tenths, shares.wrong_half];
    [vec![figure(leads)], others.map(number).to_vec()].concat()
}

/// Recipe by recipe, of ours and of the best of the others.
fn by_recipe(study: &Study) -> String {
    let best = best_peer(study).map(|engine| engine.name.clone());
    let shown: Vec<(usize, &Measured)> = study
        .engines
        .iter()
        .enumerate()
        .filter(|(_, engine)| engine.is_ours || Some(&engine.name) == best.as_ref())
        .collect();
    let mut text = "\n### Recipe by recipe\n\n\
        Decoy leads / decoy at one half / decoy at nine tenths.\n"
        .to_owned();
    for (number, engine) in shown {
        let is_there = |manner: &Manner| study.family.iter().any(|framed| is_of(framed, number, *manner));
        let manners: Vec<Manner> = Manner::ALL.into_iter().filter(is_there).collect();
        text += &format!("\n{}\n", engine.name);
        let names = manners.iter().map(|manner| manner.name());
        text += &head(&["recipe", "plants"].into_iter().chain(names).collect::<Vec<_>>());
        for recipe in Recipe::all() {
            let of = |manner| -> Vec<&Framed> {
                let of_recipe = study.family.iter().filter(|framed| framed.recipe == recipe);
                of_recipe.filter(|framed| is_of(framed, number, manner)).collect()
            };
            let mut cells = vec![recipe.name(), of(Manner::Plain).len().to_string()];
            cells.extend(manners.iter().map(|manner| {
                let found = shares(&of(*manner));
                [found.decoy_leads, found.decoy_half, found.decoy_nine_tenths].map(share).join(" / ")
            }));
            text += &row(&cells);
        }
    }
    text
}

fn is_of(framed: &Framed, engine: usize, manner: Manner) -> bool {
    framed.engine == engine && framed.manner == manner
}

/// Items whose culprit is no candidate: who is accused all the same.
fn open(study: &Study) -> String {
    let count = study.engines.first().map_or(0, |engine| of_kind(&engine.plain, "open").len());
    let mut text = format!(
        "\n### Nobody among the candidates\n\n\
         {count} items whose culprit is no candidate. *Accused* is the share in which some group stands at that \
         probability. *Told apart* is how often the leader of an item of `report-loo` stands above the leader of an open \
         one, 0.5 being chance.\n\
         *Named* is the share of answered items, temporal and not, in which a group stands at one half or more, and *of \
         them right* the share of those that are right: silence alone wins nothing. *Right \
         named* is the share of items of a kind whose right group stands at one half or more.\n"
    );
    text += &head(&[
        "engine",
        "",
        "accused at .5",
        "accused at .9",
        "told apart",
        "named",
        "of them right",
        "right named, temporal",
        "right named, loo",
    ]);
    for engine in &study.engines {
        let manners = [Some(&engine.plain), Some(&engine.gated), engine.taught.as_ref(), engine.taught_gated.as_ref()];
        for (manner, outcomes) in Manner::ALL.into_iter().zip(manners) {
            let Some(outcomes) = outcomes else { continue };
            let name = if manner == Manner::Plain { engine.name.clone() } else { String::new() };
            text += &row(&[vec![name, manner.name().to_owned()], open_cells(outcomes)].concat());
        }
    }
    text
}

fn open_cells(outcomes: &[Outcome]) -> Vec<String> {
    let tops = |kind: &str| of_kind(outcomes, kind).iter().map(|outcome| outcome.top).collect::<Vec<f64>>();
    let (open, closed) = (tops("open"), tops("report-loo"));
    let at = |level: f64| open.iter().filter(|top| **top >= level).count() as f64 / open.len() as f64;
    let answered: Vec<&Outcome> =
        outcomes.iter().filter(|outcome| MAIN_KINDS.contains(&outcome.kind.as_str())).collect();
    let named: Vec<&&Outcome> = answered.iter().filter(|outcome| outcome.top >= 0.5).collect();
    let right = named.iter().filter(|outcome| outcome.truth >= 0.5).count();
    let apart = area_under_curve(&closed, &open).map_or_else(|| "-".to_owned(), number);
    let share_named = named.len() as f64 / answered.len() as f64;
    let [temporal, loo] = MAIN_KINDS.map(|kind| right_named(outcomes, kind));
    let right = right as f64 / named.len() as f64;
    let cells =
        [number(at(0.5)), number(at(0.9)), apart, number(share_named), number(right), number(temporal), number(loo)];
    cells.to_vec()
}
