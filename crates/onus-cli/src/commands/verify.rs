//! `onus verify`.

use std::{fs, path::PathBuf};

use onus::{Case, Draft, Error, Finding, Holds, Recomputed, VerifierKey, VerifyOptions, bounds_in_words};
use serde_json::json;

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
    progress,
};

/// Says whether a case holds: the log and its signatures, every file in it, and the newest assessment
///
/// The first thing that does not hold is named, and the exit status is 1.
/// An owner can rewrite everything that no outsider has seen: this says which outside bounds there are.
/// verify.py in the case is a second, independent verifier.
///
/// Examples:
///   onus verify opening-ceremony
///   onus verify opening-ceremony --checkpoint got-in-march --witness "$(cat witness.vkey)"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The folder of the case
    case: PathBuf,
    /// A checkpoint of this case that you got earlier and kept
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// The key of a witness that you trust
    #[arg(long = "witness", value_name = "VKEY")]
    witnesses: Vec<VerifierKey>,
    /// The key that the log must have begun with
    #[arg(long, value_name = "VKEY")]
    key: Option<VerifierKey>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Status, Failure> {
    let case = Case::open(&args.case)?;
    let read = |path: &PathBuf| {
        fs::read(path).map_err(|source| Error::Io { doing: "reading the checkpoint", path: path.clone(), source })
    };
    let options = VerifyOptions {
        key: args.key.clone(),
        handed_over: args.checkpoints.iter().map(read).collect::<Result<_, _>>()?,
        witnesses: args.witnesses.clone(),
    };
    let sign = progress::spinner(output, "verifying");
    let verified = onus::verify(&case, &options);
    sign.finish_and_clear();
    match (verified?, args.format) {
        (Ok(holds), Format::Text) => holds_as_text(&holds, output)?,
        (Ok(holds), Format::Json) => output.json(&holds_as_json(&holds))?,
        (Err(finding), format) => {
            fails(&finding, format, output)?;
            return Ok(Status::Findings);
        }
    }
    Ok(Status::Done)
}

fn fails(finding: &Finding, format: Format, output: &mut Output) -> std::io::Result<()> {
    let Finding { what, meaning, path } = finding;
    if format == Format::Json {
        return output.json(&json!({"holds": false, "what": what, "meaning": meaning, "path": path}));
    }
    output.line("the case does not hold")?;
    output.line(format_args!("  what: {what}"))?;
    output.line(format_args!("  where: {path}"))?;
    output.line(format_args!("  next: {meaning}"))
}

fn holds_as_text(holds: &Holds, output: &mut Output) -> std::io::Result<()> {
    let Holds { log, exhibits, redacted, bodies, bytes, .. } = holds;
    output.line("the case holds")?;
    output.line(format_args!("  log: {} entries, {} checkpoints, root {}", log.size, log.checkpoints, log.root))?;
    output.line(format_args!("  key: {}", log.key))?;
    output.line(format_args!("  files: {exhibits} exhibits and {bodies} bodies, {bytes} bytes"))?;
    if *redacted > 0 {
        output.line(format_args!("  taken out, as their entries say: {redacted} exhibits"))?;
    }
    output.line(format_args!("  assessment: {}", assessment_in_words(&holds.assessment)))?;
    let bounds = bounds_in_words(&log.bounds);
    bounds.iter().try_for_each(|bound| output.line(format_args!("  outside: {bound}")))?;
    if !log.bounds.is_bound() {
        output.line("  outside: not bound by any outside party; the owner could have rewritten all of it")?;
    }
    for (draft, what) in [(holds.sheet, "case.toml"), (holds.out, "out/assessment.json")] {
        if draft == Draft::Differs {
            output.line(format_args!("  draft: {what} differs from what is recorded; `onus assess` records it"))?;
        }
    }
    if !holds.leftovers.is_empty() {
        output.line(format_args!(
            "  leftovers: {} files that no entry speaks of, as a crash leaves them",
            holds.leftovers.len()
        ))?;
    }
    Ok(())
}

fn assessment_in_words(assessment: &Recomputed) -> String {
    match assessment {
        Recomputed::None => "none".to_owned(),
        Recomputed::Same(entry) => format!("entry {entry}, computed again to the same bytes"),
        Recomputed::OtherVersion { entry, engine } => {
            format!("entry {entry}, made by another version, not computed again: {engine}")
        }
    }
}

fn holds_as_json(holds: &Holds) -> serde_json::Value {
    let (state, entry) = match &holds.assessment {
        Recomputed::None => ("none", None),
        Recomputed::Same(entry) => ("same", Some(entry)),
        Recomputed::OtherVersion { entry, .. } => ("other_version", Some(entry)),
    };
    let draft = |draft: Draft| match draft {
        Draft::Unrecorded => "unrecorded",
        Draft::Same => "same",
        Draft::Differs => "differs",
        Draft::Absent => "absent",
    };
    json!({
        "holds": true,
        "origin": holds.log.origin,
        "key": holds.log.key,
        "size": holds.log.size,
        "root": holds.log.root,
        "checkpoints": holds.log.checkpoints,
        "exhibits": holds.exhibits,
        "redacted": holds.redacted,
        "bodies": holds.bodies,
        "bytes": holds.bytes,
        "assessment": {"recomputed": state, "entry": entry},
        "is_bound": holds.log.bounds.is_bound(),
        "bounds": bounds_in_words(&holds.log.bounds),
        "sheet": draft(holds.sheet),
        "out": draft(holds.out),
        "leftovers": holds.leftovers,
    })
}
