//! Writes what was measured as JSON with every digit, for another program to compare with what it measures.

use std::{fs, path::Path};

use onus_weigh::calibration::area_under_curve;
use serde_json::{Map, Value, json};

use crate::{
    framed::{Framed, Manner, shares},
    outcome::{Outcome, summary},
    plants::Recipe,
    study::{Measured, Study},
};

/// Writes `measures.json`: by engine, by kind.
pub(crate) fn write(folder: &Path, study: &Study) -> Result<(), String> {
    let engines = study.engines.iter().enumerate();
    let all: Map<String, Value> = engines
        .map(|(number, engine)| (engine.name.clone(), Value::Object(of_engine(number, engine, study))))
        .collect();
    let path = folder.join("measures.json");
    let text = format!("{:#}\n", Value::Object(all));
    fs::write(&path, text).map_err(|error| format!("cannot be written: {error}: {}", path.display()))
}

fn of_engine(number: usize, engine: &Measured, study: &Study) -> Map<String, Value> {
    let mut kinds: Vec<&str> = engine.plain.iter().map(|outcome| outcome.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut found = Map::new();
    for kind in &kinds {
        let outcomes: Vec<&Outcome> = engine.plain.iter().filter(|outcome| outcome.kind == *kind).collect();
        if let Some(value) = of_kind(&outcomes) {
            found.insert((*kind).to_owned(), value);
        }
        for variant in ["sw2", "tech3"] {
            let Some(recipe) = Recipe::of_variant(variant) else { continue };
            let is_wanted = |framed: &&Framed| {
                framed.engine == number
                    && framed.manner == Manner::Plain
                    && framed.recipe == recipe
                    && framed.kind == *kind
            };
            let met: Vec<&Framed> = study.benchmark_plants.iter().filter(is_wanted).collect();
            let shares = shares(&met);
            if shares.count > 0 {
                let value = json!({
                    "n": shares.count,
                    "top1_planted": shares.right_leads,
                    "decoy_top1": shares.decoy_leads,
                    "decoy_at_0.5": shares.decoy_half,
                    "decoy_at_0.9": shares.decoy_nine_tenths,
                });
                found.insert(format!("{kind}#{variant}"), value);
            }
        }
    }
    let tops = |kind: &str| -> Vec<f64> {
        engine.plain.iter().filter(|outcome| outcome.kind == kind).map(|outcome| outcome.top).collect()
    };
    let (open, closed) = (tops("open"), tops("report-loo"));
    let at = |level: f64| open.iter().filter(|top| **top >= level).count() as f64 / open.len() as f64;
    let open = json!({
        "n": open.len(),
        "false_accusations_at_0.5": at(0.5),
        "false_accusations_at_0.9": at(0.9),
        "auroc_closed_over_open": area_under_curve(&closed, &open),
    });
    found.insert("open".to_owned(), open);
    found
}

fn of_kind(outcomes: &[&Outcome]) -> Option<Value> {
    let summary = summary(outcomes)?;
    Some(json!({
        "n": summary.count,
        "top1": summary.top[0].value,
        "top3": summary.top[1].value,
        "top5": summary.top[2].value,
        "mrr": summary.reciprocal.value,
        "cllr": summary.cllr.value,
        "cllr_min": summary.cllr_min,
        "log2loss": summary.log2_loss.value,
        "ece": summary.calibration_error.value,
    }))
}
