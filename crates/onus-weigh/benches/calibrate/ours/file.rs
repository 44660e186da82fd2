//! Writes the fitted model as the file that the program ships.

use std::{collections::BTreeMap, fs, path::Path};

use onus_weigh::{Reference, benchmark::Benchmark, rank::RankModel};

use crate::prepared::Prepared;

/// Digits of a coefficient; more say nothing.
const DIGITS: usize = 6;

/// Writes `weights/rank.toml`.
pub(crate) fn write(
    path: &Path,
    model: &RankModel,
    benchmark: &Benchmark,
    reference: &Reference,
    asked: &[Prepared<'_>],
) -> Result<(), String> {
    let text = text(model, benchmark, reference, asked);
    fs::write(path, text).map_err(|error| format!("cannot be written: {error}: {}", path.display()))
}

fn text(model: &RankModel, benchmark: &Benchmark, reference: &Reference, asked: &[Prepared<'_>]) -> String {
    let mut text = "# The numbers of the ranking model; what each means is in docs/spec/rank.md.\n\
                    # `cargo xtask calibrate BENCHMARK.json --fit` makes this file; do not edit it.\n"
        .to_owned();
    for notice in reference.notices.iter().filter(|notice| notice.contains("MITRE")) {
        text += &format!("# Fitted on facts from {}: {notice}\n", reference.title);
    }
    text += &format!("\nbasis = \"\"\"\n{}\"\"\"\n", basis(benchmark, reference, asked));
    text += &table("honest", &model.honest);
    text += &table("sceptical", &model.sceptical);
    text += &table("share", &model.share);
    text += &table("none", &model.none);
    text += &format!("\n[ratio]\noffset = {}\nslope = {}\n", rounded(model.ratio.offset), rounded(model.ratio.slope));
    let (posterior, naming) = (model.posterior, model.naming);
    text += &format!(
        "\n[posterior]\nplants_fitted = {}\ndeception_prior = {}\nnone_offset = {}\n",
        rounded(posterior.plants_fitted),
        rounded(posterior.deception_prior),
        rounded(posterior.none_offset)
    );
    text + &format!(
        "\n[naming]\nsoftware = {}\ntechniques = {}\ndeep = [{}, {}]\ndeep_margin = {}\n",
        naming.software,
        naming.techniques,
        naming.deep.0,
        naming.deep.1,
        rounded(naming.deep_margin)
    )
}

fn basis(benchmark: &Benchmark, reference: &Reference, asked: &[Prepared<'_>]) -> String {
    let answered = asked.iter().filter(|item| item.has_answer()).count();
    format!(
        "Fitted to benchmark {}, split {}: {} items from reports, {answered} of them with an answer among the candidates, \
         over reference data {} ({}).\n\
         The honest reading is a conditional logit over clean items, the sceptical one over the same with planted traces: \
         {} of the benchmark's own and one of each of 30 recipes an item (none to three names of software, none or three \
         to five techniques, the decoy's rarest or any), drawn by splitmix64 seeded with the digest of purpose `learn`, \
         item and recipe.\n\
         The share of the readings, `none` and the ratio are fitted to scores out of ten folds by report.\n\
         The offset of `none` and the naming rule were chosen by figures of the same folds: docs/calibration.md has them.\n",
        benchmark.name,
        benchmark.split,
        asked.len(),
        reference.title,
        reference.digest(),
        benchmark.planted.len(),
    )
}

fn table(name: &str, values: &BTreeMap<String, f64>) -> String {
    let lines: String = values.iter().map(|(name, value)| format!("{name} = {}\n", rounded(*value))).collect();
    format!("\n[{name}]\n{lines}")
}

/// A number with so many digits that count.
fn rounded(value: f64) -> String {
    let short = format!("{value:.*e}", DIGITS - 1);
    short.parse::<f64>().map_or(short, |value| format!("{value:?}"))
}
