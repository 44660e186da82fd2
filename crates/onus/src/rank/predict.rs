//! Answers the questions of a benchmark, each under its own rule on what may be used.

use std::{
    fs,
    io::{BufWriter, Write as _},
    path::Path,
};

use onus_weigh::{
    Reference,
    benchmark::{Benchmark, Evidence, Item, Planted, Prediction, Question, Ranked, Setting},
    rank::{RankModel, Seen, rank},
    reference::View,
};
use rayon::prelude::*;

use crate::{Error, Result};

/// The largest benchmark that is read, in bytes.
const BENCHMARK_MAX: u64 = 256 << 20;

/// Ranks every item of a benchmark, and every planted variant, in each setting that shows it any trace, and writes one
/// prediction a line. Returns how many.
///
/// # Errors
/// The file cannot be read or is no benchmark; an item asks for what the reference data does not have; a planted variant
/// repeats an item that does not exist.
pub fn predict(reference: &Reference, benchmark: &Path, out: &Path) -> Result<usize> {
    let size = fs::metadata(benchmark).map_err(Error::io("reading the benchmark", benchmark))?.len();
    if size > BENCHMARK_MAX {
        return Err(no_benchmark("is larger than 256 MiB", benchmark.display()));
    }
    let bytes = fs::read(benchmark).map_err(Error::io("reading the benchmark", benchmark))?;
    let read: Benchmark = serde_json::from_slice(&bytes)
        .map_err(|error| no_benchmark("is no benchmark", format_args!("{error}: {}", benchmark.display())))?;
    let lines = predictions(reference, &read)?;
    let write = || -> std::io::Result<()> {
        let mut file = BufWriter::new(fs::File::create(out)?);
        for line in &lines {
            serde_json::to_writer(&mut file, line)?;
            file.write_all(b"\n")?;
        }
        file.flush()
    };
    write().map_err(Error::io("writing predictions", out))?;
    Ok(lines.len())
}

/// Answers every item, in the order of the file, each followed by its planted variants.
fn predictions(reference: &Reference, benchmark: &Benchmark) -> Result<Vec<Prediction>> {
    for planted in &benchmark.planted {
        if !benchmark.items.iter().any(|item| item.item == planted.base) {
            return Err(no_benchmark("a planted variant repeats an item that is not there", &planted.base));
        }
    }
    let model = RankModel::builtin();
    let answers: Vec<Result<Vec<Prediction>>> = benchmark
        .items
        .par_iter()
        .map(|item| {
            let question = item
                .question(benchmark, reference)
                .map_err(|error| no_benchmark("cannot be asked", format_args!("{}: {error}", item.item)))?;
            let variants = benchmark.planted.iter().filter(|planted| planted.base == item.item);
            Ok(answers(reference, &model, item, &question, variants))
        })
        .collect();
    Ok(answers.into_iter().collect::<Result<Vec<_>>>()?.concat())
}

fn answers<'b>(
    reference: &Reference,
    model: &RankModel,
    item: &Item,
    question: &Question,
    variants: impl Iterator<Item = &'b Planted>,
) -> Vec<Prediction> {
    let view = question.view(reference);
    let mut shown: Vec<(&str, Setting, Evidence)> =
        Setting::ALL.map(|setting| (item.item.as_str(), setting, item.evidence(reference, setting))).to_vec();
    for planted in variants {
        let evidence = |setting| (planted.item.as_str(), setting, planted.evidence(item, reference, setting));
        shown.extend(Setting::ALL.map(evidence));
    }
    let shown = shown.into_iter().filter(|(.., evidence)| !evidence.is_empty());
    shown.map(|(name, setting, evidence)| answer(&view, model, name, setting, &evidence)).collect()
}

fn answer(view: &View<'_>, model: &RankModel, name: &str, setting: Setting, evidence: &Evidence) -> Prediction {
    let ranking = rank(view, &view.candidates, &Seen::all(view.reference, evidence), model);
    let id =
        |actor: u16| view.reference.actors.get(usize::from(actor)).map_or_else(String::new, |actor| actor.id.clone());
    let candidates = ranking.candidates.iter().map(|ranked| Ranked {
        group: id(ranked.actor),
        log10_lr: ranked.log10_ratio,
        posterior: ranked.posterior,
    });
    let none = Ranked { group: "none".to_owned(), log10_lr: 0.0, posterior: ranking.none };
    Prediction { item: name.to_owned(), evidence: setting, ranking: candidates.chain([none]).collect() }
}

fn no_benchmark(what: &'static str, given: impl std::fmt::Display) -> Error {
    Error::BadValue {
        what,
        given: given.to_string(),
        remedy: "give a benchmark as docs/spec/benchmark.md describes it, made for this reference data",
    }
}
