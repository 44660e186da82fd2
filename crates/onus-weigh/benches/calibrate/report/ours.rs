//! The engine of this repository: what is asked of it, how its rules were chosen, and recipes it has never met.

use onus_weigh::calibration::area_under_curve;

use super::{
    best_peer, of_kind,
    table::{figure, head, number, row, share},
};
use crate::{
    framed::{Framed, Manner, range_of_decoy, shares},
    ours::{NAME, NAMING, POSTERIOR, Trial},
    outcome::{Figure, Outcome, Summary, summary},
    plants::Recipe,
    study::{Measured, Study},
};

pub(super) fn text(study: &Study) -> String {
    format!(
        "## The engine `{NAME}`\n\n\
         It is asked through the code that the program runs, with numbers fitted without the item's fold; the shipped \
         numbers, `crates/onus-weigh/weights/rank.toml`, are fitted the same way on everything by `cargo xtask calibrate \
         BENCHMARK.json --fit`.\n\
         It learns from clean items and from plants of every recipe of the family on other items, so where a *taught* \
         engine of others meets a recipe for the first time, `{NAME}` has met its like. What it does with recipes it has \
         not met is a table of its own below.\n\
         *As it is* means without its naming gate, *behind the gate* with it; the gate is its own. The ranking and its \
         weights take plants to be as common as they were in fitting, probabilities take them to be as rare as the \
         deception prior of {} says.\n",
        POSTERIOR.deception_prior
    ) + &bars(study)
        + &rules(study)
        + &left_out(study)
        + &super::tried::text()
}

/// A share at one half or more.
fn at_half(values: &[f64]) -> f64 {
    values.iter().filter(|value| **value >= 0.5).count() as f64 / values.len() as f64
}

/// Share of items of a kind in which the right group stands at one half or more.
pub(super) fn right_named(outcomes: &[Outcome], kind: &str) -> f64 {
    at_half(&of_kind(outcomes, kind).iter().map(|outcome| outcome.truth).collect::<Vec<_>>())
}

fn wrong_named(outcomes: &[Outcome], kind: &str) -> f64 {
    at_half(&of_kind(outcomes, kind).iter().map(|outcome| outcome.wrong).collect::<Vec<_>>())
}

fn accused(outcomes: &[Outcome]) -> f64 {
    at_half(&of_kind(outcomes, "open").iter().map(|outcome| outcome.top).collect::<Vec<_>>())
}

/// Share of items in which nobody is more probable than every candidate.
fn nobody_first(outcomes: &[Outcome], kind: &str) -> f64 {
    let of_kind = of_kind(outcomes, kind);
    of_kind.iter().filter(|outcome| outcome.none > outcome.top).count() as f64 / of_kind.len() as f64
}

/// The recipe under which a wrong group is named most often, and how often.
fn worst(trial: &Trial) -> (f64, String) {
    let of = |recipe: Recipe| {
        let met: Vec<&Framed> = trial.family.iter().filter(|framed| framed.recipe == recipe).collect();
        (shares(&met).wrong_half, recipe.name())
    };
    Recipe::all().into_iter().map(of).max_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or_default()
}

fn surprise(outcomes: &[Outcome], kind: &str) -> Option<Summary> {
    summary(&of_kind(outcomes, kind))
}

/// What is asked of the engine, and what it reaches.
fn bars(study: &Study) -> String {
    let mut text = "\n### What is asked of it\n\n\
        Bars that the work on the model aimed at. Shares and surprise are behind its gate, the surprise of the other engine is without any; the gate does not change the order.\n\
        Points count, not ranges: where a range holds the bar, met and not met are a toss of a coin.\n"
        .to_owned();
    text += &head(&["bar", "figure", "met"]);
    let Some(best) = best_peer(study) else { return text };
    let trial = &study.versions.gated;
    let plain = &study.versions.ungated;
    let mut add = |bar: String, value: f64, limit: f64, is_least: bool| {
        let is_met = if is_least { value >= limit } else { value <= limit };
        text += &row(&[bar, number(value), if is_met { "yes" } else { "**no**" }.to_owned()]);
    };
    for kind in super::MAIN_KINDS {
        let of = |outcomes: &[Outcome]| surprise(outcomes, kind);
        let (Some(open), Some(closed), Some(peer)) = (of(&plain.clean), of(&trial.clean), of(&best.plain)) else {
            continue;
        };
        let peer_is = |value: f64| format!("that of `{}`, {}", best.name, number(value));
        let (rank, cllr) = (peer.reciprocal.value, peer.cllr.value);
        add(format!("`{kind}`: MRR at least {}", peer_is(rank)), open.reciprocal.value, rank, true);
        add(format!("`{kind}`: Cllr at most {}", peer_is(cllr)), open.cllr.value, cllr, false);
        add(format!("`{kind}`: loss by calibration at most .03"), open.cllr.value - open.cllr_min, 0.03, false);
        let loss = peer.log2_loss.value;
        add(format!("`{kind}`: surprise at most {}", peer_is(loss)), closed.log2_loss.value, loss, false);
        for (variant, limit) in [("sw2", 0.22), ("tech3", 0.18)] {
            let Some(recipe) = Recipe::of_variant(variant) else { continue };
            let met = trial.benchmark_plants.iter().filter(|framed| framed.recipe == recipe && framed.kind == kind);
            let leads = shares(&met.collect::<Vec<_>>()).decoy_leads;
            add(format!("`{kind}`: decoy leads with `{variant}` in at most {limit}"), leads, limit, false);
        }
    }
    let loo = "report-loo";
    add(format!("`{loo}`: right group named in at least .25"), right_named(&trial.clean, loo), 0.25, true);
    add("any wrong group named, no plant, at most .03".to_owned(), wrong_named(&trial.clean, loo), 0.03, false);
    add("open items: any group named in at most .03".to_owned(), accused(&trial.clean), 0.03, false);
    let benchmark = shares(&trial.benchmark_plants.iter().collect::<Vec<_>>());
    add("the benchmark's plants: decoy named in at most .03".to_owned(), benchmark.decoy_half, 0.03, false);
    add("the benchmark's plants: any wrong group named in at most .03".to_owned(), benchmark.wrong_half, 0.03, false);
    let family = shares(&trial.family.iter().collect::<Vec<_>>());
    add("all recipes: decoy named in at most .03".to_owned(), family.decoy_half, 0.03, false);
    add("all recipes: any wrong group named in at most .03".to_owned(), family.wrong_half, 0.03, false);
    let (rate, name) = worst(trial);
    add(format!("each recipe: any wrong group named in at most .03; the worst is {name}"), rate, 0.03, false);
    add("all recipes, met in learning: decoy leads in at most .35".to_owned(), family.decoy_leads, 0.35, false);
    for (left_out, trial) in &study.versions.left_out {
        let met = trial.family.iter().filter(|framed| (left_out.has)(framed.recipe));
        let leads = shares(&met.collect::<Vec<_>>()).decoy_leads;
        add(format!("recipes not met in learning ({}): decoy leads in at most .35", left_out.name), leads, 0.35, false);
    }
    text + &beside_taught(study, best)
}

/// The same resistance by simpler means: the best of the others, taught with plants of other recipes.
fn beside_taught(study: &Study, best: &Measured) -> String {
    let number_of = study.engines.iter().position(|engine| engine.name == best.name);
    let met = study.family.iter().filter(|met| Some(met.engine) == number_of && met.manner == Manner::Taught);
    let rank = |outcomes: &[Outcome]| {
        super::MAIN_KINDS
            .map(|kind| surprise(outcomes, kind).map_or(f64::NAN, |found| found.reciprocal.value))
            .map(number)
    };
    let Some(taught) = &best.taught else { return String::new() };
    let ([temporal, loo], [our_temporal, our_loo]) = (rank(taught), rank(&study.versions.gated.clean));
    format!(
        "\nOver all recipes the decoy leads in {} with `{NAME}`, which has learnt from each of them, and in {} with `{}` \
         taught with plants of the other half of the recipes; its MRR is then {temporal} on `report-temporal` and {loo} on \
         `report-loo`, where `{NAME}` has {our_temporal} and {our_loo}.\n\
         What teaching buys in resistance, a simpler engine can have as well; `{NAME}` pays less for it on clean items.\n",
        number(shares(&study.versions.gated.family.iter().collect::<Vec<_>>()).decoy_leads),
        number(shares(&met.collect::<Vec<_>>()).decoy_leads),
        best.name,
    )
}

/// The rules that were compared.
fn rules(study: &Study) -> String {
    let ours = study.engines.iter().find(|engine| engine.is_ours);
    let mut text = format!(
        "\n### Rules that were chosen by these figures\n\n\
         The offset is added to the log odds of nobody; the margin is how far, in nats, whoever is named may fall behind \
         once its three best names and five best techniques are struck together.\n\
         Shipped are {} and {}. They were chosen on the same folds that the figures are of, so the figures of the chosen \
         row lean towards the good; so does the choice of the model itself, for which about forty were looked at.\n\
         No row meets every bar. The shipped margin is the mildest that names a wrong group in at most .03 of the \
         plants over all recipes; a milder one names the right group in a quarter of `report-loo`, and more innocent ones \
         where names and techniques are planted together: an innocent named weighs more than silence. \
         The shipped offset gives the least surprise; a larger one lets nobody win on more open items, and on more \
         answered ones too.\n\
         *Wrong* is any wrong group at one half or more. *Nobody first* counts where nobody is more probable than every \
         candidate.\n",
        POSTERIOR.none_offset, NAMING.deep_margin
    );
    text += &ours.map_or_else(String::new, nobody);
    text += &head(&[
        "offset, margin",
        "surprise temporal",
        "surprise loo",
        "right named temporal",
        "right named loo",
        "wrong, loo",
        "open accused",
        "nobody first, open",
        "nobody first, loo",
        "benchmark's plants: decoy / wrong",
        "recipes: decoy / wrong",
        "worst recipe: wrong",
    ]);
    for ((offset, margin), trial) in &study.versions.rules {
        let clean = &trial.clean;
        let [temporal, loo] = super::MAIN_KINDS;
        let loss = |kind| surprise(clean, kind).map_or(f64::NAN, |found| found.log2_loss.value);
        let pair = |met: &[Framed]| {
            let found = shares(&met.iter().collect::<Vec<_>>());
            format!("{} / {}", number(found.decoy_half), number(found.wrong_half))
        };
        text += &row(&[
            format!("{offset}, {margin}"),
            number(loss(temporal)),
            number(loss(loo)),
            number(right_named(clean, temporal)),
            number(right_named(clean, loo)),
            number(wrong_named(clean, loo)),
            number(accused(clean)),
            number(nobody_first(clean, "open")),
            number(nobody_first(clean, loo)),
            pair(&trial.benchmark_plants),
            pair(&trial.family),
            number(worst(trial).0),
        ]);
    }
    text
}

/// How well the probability of nobody tells open items from others.
fn nobody(ours: &Measured) -> String {
    let of = |kind: &str| of_kind(&ours.plain, kind).iter().map(|outcome| outcome.none).collect::<Vec<f64>>();
    let apart = |kind: &str| area_under_curve(&of("open"), &of(kind)).map_or_else(|| "-".to_owned(), number);
    format!(
        "The probability of nobody is larger on an open item than on one of `report-loo` in {}, and than on one of \
         `report-temporal` in {} of all pairs, 0.5 being chance.\n",
        apart("report-loo"),
        apart("report-temporal")
    )
}

/// Recipes that were not learnt from.
fn left_out(study: &Study) -> String {
    let mut text = "\n### Recipes that it has never met\n\n\
        The same fit without some recipes, then asked about those. *Met* is the shipped way, which has learnt from them.\n\
        The figures say how far resistance carries over to a forger who plants otherwise than foreseen: little. Claims \
        about plants are claims about this family of recipes.\n\
        Whether a wrong group is named depends on the gate, which learns nothing, so those two columns hardly differ.\n"
        .to_owned();
    text += &head(&[
        "left out",
        "plants",
        "decoy leads, met",
        "decoy leads, not met",
        "wrong named, met",
        "wrong named, not met",
        "MRR `report-loo`",
    ]);
    for (left_out, trial) in &study.versions.left_out {
        let of = |trial: &'_ Trial| -> Vec<Framed> {
            trial.family.iter().filter(|framed| (left_out.has)(framed.recipe)).cloned().collect()
        };
        let (met, not_met) = (of(&study.versions.gated), of(trial));
        let leads = |met: &[Framed]| {
            let met: Vec<&Framed> = met.iter().collect();
            Figure { value: shares(&met).decoy_leads, range: range_of_decoy(&met) }
        };
        let wrong = |met: &[Framed]| shares(&met.iter().collect::<Vec<_>>()).wrong_half;
        let rank = surprise(&trial.clean, "report-loo").map_or(f64::NAN, |found| found.reciprocal.value);
        text += &row(&[
            left_out.name.to_owned(),
            met.len().to_string(),
            figure(leads(&met)),
            figure(leads(&not_met)),
            number(wrong(&met)),
            number(wrong(&not_met)),
            number(rank),
        ]);
    }
    text + &each_left_out(study)
}

fn each_left_out(study: &Study) -> String {
    let mut text = "\nDecoy leads, recipe by recipe, met / not met.\n".to_owned();
    let names = study.versions.left_out.iter().map(|(left_out, _)| left_out.name);
    text += &head(&["recipe"].into_iter().chain(names).collect::<Vec<_>>());
    for recipe in Recipe::all() {
        let leads = |trial: &Trial| {
            let met: Vec<&Framed> = trial.family.iter().filter(|framed| framed.recipe == recipe).collect();
            share(shares(&met).decoy_leads)
        };
        let cells = study.versions.left_out.iter().map(|(left_out, trial)| {
            if (left_out.has)(recipe) {
                format!("{} / {}", leads(&study.versions.gated), leads(trial))
            } else {
                String::new()
            }
        });
        text += &row(&[recipe.name()].into_iter().chain(cells).collect::<Vec<_>>());
    }
    text
}
