//! `onus reference info`.

use std::path::PathBuf;

use onus::{Settings, reference};
use serde_json::{Map, Value, json};

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
};

/// Says what the reference data is: its origins, their digests and terms, how much of what, and in which releases
///
/// The digest covers everything that is used: what the program ships, or `--reference`, and what you added.
///
/// Example: onus reference info --format json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Reference data in place of what the program ships
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let data = reference::load(settings, args.reference.as_deref())?;
    let counts = reference::counts(&data);
    if args.format == Format::Json {
        let counts: Map<String, Value> =
            counts.into_iter().map(|(what, count)| (what.to_owned(), count.into())).collect();
        let origins: Vec<Value> = data
            .origins
            .iter()
            .map(|origin| json!({"name": origin.name, "version": origin.version, "digest": origin.digest}))
            .collect();
        let releases: Vec<Value> =
            data.releases.iter().map(|release| json!({"name": release.name, "day": release.day})).collect();
        output.json(&json!({
            "title": data.title, "digest": data.digest(), "origins": origins, "releases": releases,
            "counts": counts, "notices": data.notices,
        }))?;
        return Ok(Status::Done);
    }
    output.line(&data.title)?;
    output.line(format_args!("digest: {}", data.digest()))?;
    for (what, count) in counts {
        output.line(format_args!("  {count:>7}  {what}"))?;
    }
    output.line("releases:")?;
    for release in &data.releases {
        let day = if release.day.is_empty() { "day not known" } else { &release.day };
        output.line(format_args!("  {:<7}  {day}", release.name))?;
    }
    output.line("built from:")?;
    for origin in &data.origins {
        output.line(format_args!("  {}  {}", origin.name, origin.version))?;
        output.line(format_args!("      {}", origin.digest))?;
    }
    for notice in &data.notices {
        output.line(notice)?;
    }
    Ok(Status::Done)
}
