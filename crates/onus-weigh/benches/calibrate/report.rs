//! The report: plain tables and drawings of what was measured, the same bytes for the same inputs.

mod brief;
mod clean;
mod curves;
mod deceived;
mod drawing;
mod ours;
mod table;
mod tempered;
mod tried;

use std::{fs, path::Path};

use onus_weigh::{Reference, benchmark::Benchmark};

use crate::{
    ours::NAME,
    outcome::{Outcome, summary},
    prepared::Prepared,
    study::{Measured, Study},
};

/// Kinds of items with an answer, in the order of the report.
const KINDS: [&str; 4] = ["report-temporal", "report-loo", "campaign-temporal", "campaign"];

/// Kinds with enough items to compare engines by.
const MAIN_KINDS: [&str; 2] = ["report-temporal", "report-loo"];

/// The text and its drawings.
pub(crate) struct Report {
    pub(crate) text: String,
    /// Name without folder, and SVG.
    drawings: Vec<(String, String)>,
}

impl Report {
    /// Writes the text, and the drawings into the folder of the same name.
    pub(crate) fn save(&self, path: &Path) -> Result<(), String> {
        let folder = path.with_extension("");
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(&folder)?;
            fs::write(path, &self.text)?;
            self.drawings.iter().try_for_each(|(name, svg)| fs::write(folder.join(name), svg))
        };
        write().map_err(|error| format!("cannot be written: {error}: {}", path.display()))
    }
}

/// Writes the report.
pub(crate) fn write(study: &Study, benchmark: &Benchmark, reference: &Reference, asked: &[Prepared<'_>]) -> Report {
    let parts = [
        head(benchmark, reference, asked),
        brief::text(study),
        clean::text(study),
        deceived::text(study),
        ours::text(study),
        curves::text(study),
        tempered::text(study),
        caveats(),
    ];
    Report { text: parts.join("\n"), drawings: curves::drawings(study) }
}

fn head(benchmark: &Benchmark, reference: &Reference, asked: &[Prepared<'_>]) -> String {
    let mut text = format!(
        "# Calibration of the ranking\n\n\
         How often the ranking of groups for observed techniques and software is right, how far its numbers can be \
         believed, and what false traces do to it, beside what others do, in one run.\n\
         This page is generated; do not edit it.\n\n\
         `cargo xtask calibrate BENCHMARK.json --fit --out docs/calibration.md` makes it, its drawings and the numbers of \
         `{NAME}` from a benchmark file, which is not part of this repository.\n\n\
         ## Data\n\n\
         Benchmark `{}`, split `{}`. {}\n\
         Reference data: {}, `{}`.\n",
        benchmark.name,
        benchmark.split,
        benchmark.source,
        reference.title,
        reference.digest(),
    );
    for notice in &reference.notices {
        text += &format!("\n> {notice}\n");
    }
    text += "\n| kind | items | what may be used |\n|---|---|---|\n";
    let uses = [
        ("report-temporal", "the release before the report was first cited: what could have been known"),
        ("report-loo", "the newest release without the report"),
        ("campaign-temporal", "the release before the campaign appeared, without its reports"),
        ("campaign", "the newest release without the campaign and its reports"),
        ("open", "as one of the above; the culprit is no candidate, so the right answer is nobody"),
    ];
    for (kind, what) in uses {
        let count = asked.iter().filter(|item| item.item.kind == kind).count();
        text += &format!("| `{kind}` | {count} | {what} |\n");
    }
    let [least, most] = candidates(asked);
    text + &format!(
        "\nAn item has {least} to {most} candidates, so a guess is right less than once in a hundred.\n\
         Every measured figure is out of fold: ten folds by report, so that an item, its planted twins and every other item of \
         the same report were not used for the numbers that judged it.\n\
         Ranges in brackets are 95 % bootstrap ranges; whole reports are drawn, not items.\n\
         Engines of one score have the documentation of a candidate beside it, and the same calibration as all others: \
         a temperature by conditional logit, then an affine map of log odds.\n"
    )
}

fn candidates(asked: &[Prepared<'_>]) -> [usize; 2] {
    let counts = || asked.iter().map(|item| item.question.candidates.len());
    [counts().min().unwrap_or_default(), counts().max().unwrap_or_default()]
}

fn caveats() -> String {
    "## Caveats\n\n\
     - Truth is the attribution that ATT&CK's curators took from public reports, not a court's finding.\n\
     - `report-loo` and `report-temporal` share claims; their counts do not add up as if independent.\n\
     - Two reports of one event are not told apart, and a second citation can be an echo.\n\
     - Names of software are partly given after the fact, so figures with software lean high.\n\
     - A claim that is cited once vanishes with its report, so figures can also lean low.\n\
     - The model, its rules and its recipe of plants were chosen on these folds; nothing here is a held-out test.
\
     - `onus` has learnt from the family of recipes that it is asked about, on other items; a forger outside the family \
     is met as the table of recipes it has never met says.
\
     - The campaigns are too few to separate engines.\n\
     - The least Cllr is fitted to the trials it scores: with few targets it is too good.\n\
     - The share of plants in the world is unknown; a table about plants says what happens when there is one, not how \
     often there is.\n\
     - Attribution to states was not measured.\n"
        .to_owned()
}

/// Outcomes of one kind.
fn of_kind<'o>(outcomes: &'o [Outcome], kind: &str) -> Vec<&'o Outcome> {
    outcomes.iter().filter(|outcome| outcome.kind == kind).collect()
}

/// The engine of others with the best reciprocal rank on `report-loo`: the one to compare with.
fn best_peer(study: &Study) -> Option<&Measured> {
    let peers = study.engines.iter().filter(|engine| !engine.is_ours);
    let scored = peers.filter_map(|engine| Some((reciprocal(engine)?, engine)));
    scored.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, engine)| engine)
}

fn reciprocal(engine: &Measured) -> Option<f64> {
    summary(&of_kind(&engine.plain, "report-loo")).map(|summary| summary.reciprocal.value)
}
