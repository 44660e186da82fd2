//! `onus reference add`.

use std::{ops::ControlFlow, path::PathBuf};

use onus::{
    Error, Settings, WorkerCommand,
    fingerprints::{self, Fingerprint},
    reference::{self, Addition, Additions, Import, Note, Taken},
    trace::{TraceEvent, trace},
};
use serde_json::json;

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
};

/// Adds cases of your own whose actor is known
///
/// They are kept in reference.toml in the folder of your configuration (ONUS_CONFIG), apart from what the program ships,
/// and stand in the newest release alone. Every command that uses reference data lays them over it.
/// Unknown ids are refused, and nothing is written then; revoked ones are replaced by their successors.
///
/// With files, what programs share with others is kept of them in fingerprints.jsonl beside it: numbers of their code,
/// hashes of imports and of the Rich header, names of sections. `onus trace` then says which files share code with them.
/// The files themselves are not kept, and are read by processes that can open no file and no connection.
///
/// Examples:
///   onus reference add --actor G0032 --report "Own case 7" --uses T1059.001,S0154
///   onus reference add --actor G0032 samples/
///   onus reference add --from cases.toml
///   onus reference add --from bundle.json --report "Own case 8"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The actor: an id, or a name that stands for one actor alone
    #[arg(long, value_name = "ID-OR-NAME", required_unless_present = "from")]
    actor: Option<String>,
    /// Files whose fingerprints are kept: programs that you attribute to the actor
    #[arg(requires = "actor", conflicts_with_all = ["from", "report", "url", "uses", "to"])]
    files: Vec<PathBuf>,
    /// The name of the report; with a bundle, of claims that cite none
    #[arg(long, value_name = "NAME", required_unless_present_any = ["from", "files"])]
    report: Option<String>,
    /// Where the report is published
    #[arg(long, value_name = "URL", requires = "actor")]
    url: Option<String>,
    /// What was used: ids of techniques and software
    #[arg(long, value_name = "IDS", value_delimiter = ',', requires = "actor", required_unless_present_any = ["from", "files"])]
    uses: Vec<String>,
    /// Cases from a file: additions (TOML), or a STIX bundle
    #[arg(long, value_name = "FILE", conflicts_with_all = ["actor", "uses", "url"])]
    from: Option<PathBuf>,
    /// The file of additions to write, in place of your own
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    if !args.files.is_empty() {
        return add_files(args, settings, output);
    }
    let path = args.to.clone().or_else(|| reference::additions_path(settings)).ok_or(Error::NoConfig)?;
    let import = import(args)?;
    let mut additions: Additions = reference::read_additions(&path)?;
    let mut taken = Taken::default();
    for case in &import.cases {
        let more = additions.take(case, onus::Reference::builtin())?;
        taken.added += more.added;
        taken.known += more.known;
        taken.replaced.extend(more.replaced);
    }
    if taken.added > 0 {
        reference::write_additions(&path, &additions)?;
    }
    let Taken { added, known, replaced } = &taken;
    if args.format == Format::Json {
        let notes = &import.notes;
        output.json(&json!({"to": path, "added": added, "known": known, "replaced": replaced, "notes": notes}))?;
        return Ok(Status::Done);
    }
    output.line(format_args!("{added} claims added, {known} known already: {}", path.display()))?;
    for (old, new) in replaced {
        output.line(format_args!("  {old} was taken as {new}"))?;
    }
    for Note { what, count, .. } in &import.notes {
        output.line(format_args!("  {count} {what}"))?;
    }
    Ok(Status::Done)
}

/// Keeps the fingerprints of files.
fn add_files(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let path = fingerprints::path(settings).ok_or(Error::NoConfig)?;
    let reference = onus::Reference::builtin();
    let actor = reference::actor(reference, args.actor.as_deref().unwrap_or_default())?;
    let actor = reference.actors.get(usize::from(actor)).map(|actor| actor.id.clone()).unwrap_or_default();
    let (mut new, mut without) = (Vec::new(), 0);
    let summary = trace(
        &args.files,
        &WorkerCommand::this_program()?,
        &[],
        |traced| Fingerprint::of(&actor, traced.path, &traced.set),
        |event| {
            match event {
                TraceEvent::Refused { path, why } => output.aside(format_args!("not read, {why}: {}", path.display())),
                TraceEvent::Traced(read) if read.traits.is_empty() && read.sketch.is_empty() => without += 1,
                TraceEvent::Traced(read) => new.push(read),
                TraceEvent::Walked(_) | TraceEvent::Skipped(_) => {}
            }
            ControlFlow::Continue(())
        },
    )?;
    let read = new.len();
    let added = fingerprints::add(&path, new)?;
    let refused = summary.refused + summary.failed;
    if args.format == Format::Json {
        output.json(&json!({"to": path, "actor": actor, "added": added, "known": read - added, "without": without}))?;
    } else {
        output.line(format_args!(
            "{added} files of {actor} added, {} known already, {without} without anything to compare: {}",
            read - added,
            path.display()
        ))?;
    }
    Ok(if refused > 0 { Status::NotDone } else { Status::Done })
}

fn import(args: &Args) -> Result<Import, Error> {
    let report = args.report.clone().unwrap_or_default();
    let Some(from) = &args.from else {
        let url = args.url.clone().unwrap_or_default();
        let uses = args.uses.iter().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect();
        let case = Addition { actor: args.actor.clone().unwrap_or_default(), report, url, uses };
        return Ok(Import { cases: vec![case], notes: Vec::new() });
    };
    reference::read_cases(from, &report)
}
