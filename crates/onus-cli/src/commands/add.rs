//! `onus add`.

use std::{io, path::PathBuf};

use indicatif::ProgressBar;
use onus::plain;
use onus::{AddEvent, AddOptions, AddSummary, Case, Settings, WorkerCommand};
use serde::Serialize;

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
    progress,
};

/// Takes files into a case, has them analysed and enters them in the ledger
///
/// Folders are walked; symbolic links inside them are not followed.
/// The files are copied and never changed, executed or sent anywhere.
/// They are read by processes that can open no file and no connection.
/// Bytes that the case already has are not added again.
/// With `--format json`, each line is one event; what an `acknowledged` line names is on the disk.
///
/// Examples:
///   onus add samples/ report.pdf
///   onus add --case opening-ceremony --source talos bundle.json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Files and folders
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The folder of the case
    #[arg(long, value_name = "DIR", default_value = ".")]
    case: PathBuf,
    /// Who supplied the files: the id of a source on the case sheet
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// An event as a program reads it.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event<'a> {
    Skipped { path: String, why: &'a str },
    Refused { path: String, why: String },
    Known { path: String, exhibit: onus::Digest },
    Acknowledged { exhibits: &'a [onus::Added] },
    Done(&'a AddSummary),
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let case = Case::open(&args.case)?;
    let options = AddOptions { source: args.source.clone(), worker: WorkerCommand::this_program()? };
    let bar = progress::bar(output, "adding");
    let mut printed = Ok(());
    let summary = onus::add(&case, settings, &args.paths, &options, &mut |event| {
        let said = tell(&event, args.format, &bar, output);
        if printed.is_ok() {
            printed = said;
        }
    });
    bar.finish_and_clear();
    let summary = summary?;
    printed?;
    match args.format {
        Format::Json => output.json(&Event::Done(&summary))?,
        Format::Text => sum_up(&summary, output)?,
    }
    Ok(if summary.refused > 0 { Status::NotDone } else { Status::Done })
}

/// What is acknowledged is printed at once: whoever reads it may rely on it.
fn tell(event: &AddEvent<'_>, format: Format, bar: &ProgressBar, output: &mut Output) -> io::Result<()> {
    match event {
        AddEvent::Walked(files) => bar.set_length(*files as u64),
        AddEvent::Acknowledged(exhibits) => bar.inc(exhibits.len() as u64),
        AddEvent::Known { .. } | AddEvent::Refused { .. } => bar.inc(1),
        AddEvent::Skipped(_) => {}
    }
    if format == Format::Json {
        let path = |path: &std::path::Path| path.display().to_string();
        let event = match event {
            AddEvent::Walked(_) => return Ok(()),
            AddEvent::Skipped(skipped) => Event::Skipped { path: path(&skipped.path), why: skipped.why },
            AddEvent::Refused { path: at, why } => Event::Refused { path: path(at), why: why.to_string() },
            AddEvent::Known { path: at, exhibit } => Event::Known { path: path(at), exhibit: *exhibit },
            AddEvent::Acknowledged(exhibits) => Event::Acknowledged { exhibits },
        };
        output.json(&event)?;
        return output.flush();
    }
    let line = match event {
        AddEvent::Skipped(skipped) => format!("left aside, {}: {}", skipped.why, skipped.path.display()),
        AddEvent::Refused { path, why } => format!("not taken, {why}: {}", path.display()),
        AddEvent::Known { path, .. } => format!("already there: {}", path.display()),
        AddEvent::Walked(_) | AddEvent::Acknowledged(_) => return Ok(()),
    };
    bar.suspend(|| match event {
        AddEvent::Refused { .. } => {
            output.aside(line);
            Ok(())
        }
        _ => output.line(line),
    })
}

fn sum_up(summary: &AddSummary, output: &mut Output) -> io::Result<()> {
    let AddSummary { added, failed, known, refused, skipped, isolation } = summary;
    output.line(format_args!("{added} added, {known} already there, {skipped} left aside, {refused} not taken"))?;
    if *failed > 0 {
        output.line(format_args!(
            "{failed} could not be read to the end: `onus show observations --kind analysis_failed`"
        ))?;
    }
    match isolation {
        Some(level) => output.line(format_args!("read in processes shut off by: {}", plain(level))),
        None => Ok(()),
    }
}
