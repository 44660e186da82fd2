//! `onus reference build`.

use std::path::PathBuf;

use onus::{
    Error,
    reference::{self, Built, Note, Role},
};
use serde_json::{Map, Value, json};

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
    progress,
};

/// Builds reference data from what others publish
///
/// FILES are STIX bundles of ATT&CK (Enterprise, ICS, Mobile; STIX 2.0 or 2.1) and clusters of the MISP galaxy
/// (threat-actor.json, microsoft-activity-group.json), unpacked.
/// With bundles of several releases, these say since when each claim stood; with `--history`, the history does, and
/// bundles of the releases that it covers give names, states and addresses.
/// What was left out or mended is counted and listed.
///
/// Examples:
///   onus reference build --out attack.txt --release 17.1=old.json --release 18.1=new.json
///   onus reference build --out attack.txt --history evidence-history.json enterprise-attack-18.1.json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Since which release each claim stands: a history, or reference data that was built earlier
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// A bundle, and the release that it is of
    #[arg(long = "release", value_name = "NAME=FILE", value_parser = release)]
    releases: Vec<(String, PathBuf)>,
    /// A bundle of which names and states are taken, but no claims, and its release
    #[arg(long = "names", value_name = "NAME=FILE", value_parser = release)]
    names: Vec<(String, PathBuf)>,
    /// What the data is called
    #[arg(long, value_name = "TEXT", default_value = "MITRE ATT&CK")]
    title: String,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Bundles and clusters
    files: Vec<PathBuf>,
}

fn release(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok((name.to_owned(), file.into())),
        _ => Err("write it as NAME=FILE, such as 18.1=enterprise-attack-18.1.json".to_owned()),
    }
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Status, Failure> {
    let sign = progress::spinner(output, "building");
    let built = build(args);
    sign.finish_and_clear();
    let built = built?;
    let text = built.reference.to_text();
    reference::write_text(&args.out, &text)?;
    match args.format {
        Format::Text => as_text(args, &built, text.len(), output)?,
        Format::Json => {
            let counts = reference::counts(&built.reference).into_iter();
            let counts: Map<String, Value> = counts.map(|(what, count)| (what.to_owned(), count.into())).collect();
            let digest = built.reference.digest();
            output.json(&json!({"written": args.out, "digest": digest, "counts": counts, "notes": built.notes}))?;
        }
    }
    Ok(Status::Done)
}

fn build(args: &Args) -> Result<Built, Error> {
    let bundles = args.releases.iter().map(|(name, file)| (file, Some(Role::Bundle(Some(name.clone())))));
    let files = args.files.iter().map(|file| (file, None));
    let names = args.names.iter().map(|(name, file)| (file, Some(Role::Names(name.clone()))));
    let history = args.history.iter().map(|file| (file, Some(Role::History)));
    let all = bundles.chain(files).chain(names).chain(history);
    reference::build(&args.title, all.map(|(file, role)| reference::read_origin(file, role)))
}

fn as_text(args: &Args, built: &Built, bytes: usize, output: &mut Output) -> std::io::Result<()> {
    output.line(format_args!("wrote {} ({bytes} bytes)", args.out.display()))?;
    output.line(format_args!("digest: {}", built.reference.digest()))?;
    for (what, count) in reference::counts(&built.reference) {
        output.line(format_args!("  {count:>7}  {what}"))?;
    }
    for notice in &built.reference.notices {
        output.line(notice)?;
    }
    if !built.notes.is_empty() {
        output.line("left out or mended:")?;
    }
    for Note { what, count, examples } in &built.notes {
        output.line(format_args!("  {count:>7}  {what}"))?;
        if !examples.is_empty() {
            output.line(format_args!("           such as {}", examples.join("; ")))?;
        }
    }
    Ok(())
}
