//! `onus reference resolve`.

use std::path::PathBuf;

use onus::{Settings, reference};
use serde_json::json;

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
};

/// Says which actors a name stands for, and in which list
///
/// Names are compared without case, spaces and punctuation.
/// A name may stand for several actors: lists disagree, and which one is meant is for you to say.
/// The exit status is 1 when nobody is named so.
///
/// Example: onus reference resolve "Cozy Bear"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// A name or an id
    name: String,
    /// Reference data in place of what the program ships
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let data = reference::load(settings, args.reference.as_deref())?;
    let found = reference::named(&data, &args.name);
    let status = if found.is_empty() { Status::Findings } else { Status::Done };
    if args.format == Format::Json {
        output.json(&json!({"name": args.name, "actors": found, "notices": data.notices}))?;
        return Ok(status);
    }
    match found.len() {
        0 => output.line(format_args!("no actor of the reference data is named so: {}", args.name))?,
        1 => {}
        several => output.line(format_args!("the name stands for {several} actors"))?,
    }
    for actor in &found {
        let became = actor.replaced_by.as_ref().map_or_else(String::new, |by| format!("; replaced by {by}"));
        output.line(format_args!("{}  {}  ({}{became})", actor.id, actor.name, actor.lists.join(", ")))?;
    }
    if !found.is_empty() {
        for notice in &data.notices {
            output.line(notice)?;
        }
    }
    Ok(status)
}
