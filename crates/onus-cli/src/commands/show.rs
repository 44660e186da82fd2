//! `onus show`.

use std::{io, path::PathBuf};

use onus::{Case, EntryRow, ExhibitRow, Filter, Index, ObservationRow};

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
};

/// Lists what a case holds
///
/// Read from index.sqlite, which is brought up to date first.
/// With `--format json`, each line is one row.
///
/// Examples:
///   onus show exhibits
///   onus show opening-ceremony observations --kind technique --limit 20
///   onus show opening-ceremony entries --exhibit 3f2a
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, allow_missing_positional = true)]
pub(crate) struct Args {
    /// The folder of the case
    #[arg(default_value = ".")]
    case: PathBuf,
    /// What to list
    #[arg(value_enum)]
    what: What,
    /// Only entries or observations of this kind, or exhibits with this outcome
    #[arg(long)]
    kind: Option<String>,
    /// Only what is about the exhibit whose digest begins so
    #[arg(long, value_name = "DIGITS")]
    exhibit: Option<String>,
    /// At most so many rows
    #[arg(long, value_name = "NUMBER")]
    limit: Option<u32>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// Exhibits, in the order in which they were added
    Exhibits,
    /// Observations of the newest run over each exhibit
    Observations,
    /// Entries of the ledger
    Entries,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Status, Failure> {
    let index = Index::open(&Case::open(&args.case)?)?;
    let filter = Filter { kind: args.kind.clone(), exhibit: args.exhibit.clone(), limit: args.limit };
    let mut printed = Ok(());
    let mut then = |print: io::Result<()>| {
        if printed.is_ok() {
            printed = print;
        }
    };
    match (args.what, args.format) {
        (What::Exhibits, Format::Json) => index.exhibits(&filter, &mut |row| then(output.json(&row)))?,
        (What::Exhibits, Format::Text) => index.exhibits(&filter, &mut |row| then(exhibit(&row, output)))?,
        (What::Observations, Format::Json) => index.observations(&filter, &mut |row| then(output.json(&row)))?,
        (What::Observations, Format::Text) => {
            index.observations(&filter, &mut |row| then(observation(&row, output)))?
        }
        (What::Entries, Format::Json) => index.entries(&filter, &mut |row| then(output.json(&row)))?,
        (What::Entries, Format::Text) => index.entries(&filter, &mut |row| then(entry(&row, output)))?,
    }
    printed?;
    Ok(Status::Done)
}

/// The first digits of a digest, enough to tell exhibits of one case apart.
fn short(digest: &str) -> &str {
    digest.strip_prefix("sha256:").unwrap_or(digest).get(..16).unwrap_or(digest)
}

fn exhibit(row: &ExhibitRow, output: &mut Output) -> io::Result<()> {
    let source = row.source.as_deref().unwrap_or("-");
    let outcome = row.outcome.as_deref().unwrap_or("not analysed");
    output.line(format_args!("{}  {:>10}  {outcome:<8}  {source:<12}  {}", short(&row.exhibit), row.size, row.name))
}

fn observation(row: &ObservationRow, output: &mut Output) -> io::Result<()> {
    let place = match (row.line, row.offset) {
        (Some(line), _) => format!("line {line}"),
        (None, Some(offset)) => format!("byte {offset}"),
        (None, None) => "whole".to_owned(),
    };
    let attribute = |name: &str| row.attributes.get(name).and_then(serde_json::Value::as_str);
    // of a consistency test its name says nothing without what came of it
    let value = match (row.kind.as_str(), attribute("result")) {
        ("consistency_test", Some("inconsistent")) => {
            format!("{}: inconsistent ({})", row.value, attribute("strength").unwrap_or_default())
        }
        ("consistency_test", Some("consistent")) => {
            format!("{}: no contradiction found, forge cost {}", row.value, attribute("forge_cost").unwrap_or_default())
        }
        ("consistency_test", Some(other)) => format!("{}: {}", row.value, other.replace('_', " ")),
        _ => row.value.clone(),
    };
    output.line(format_args!("{}  {place:<10}  {:<16}  {value}", short(&row.exhibit), row.kind))
}

fn entry(row: &EntryRow, output: &mut Output) -> io::Result<()> {
    let about = ["name", "exhibit", "body", "origin", "text"]
        .into_iter()
        .find_map(|member| row.entry.get(member).and_then(serde_json::Value::as_str))
        .unwrap_or_default();
    output.line(format_args!("{:>6}  {}  {:<16}  {about}", row.number, row.time, row.kind))
}
