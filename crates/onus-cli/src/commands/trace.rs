//! `onus trace`.

use std::{io, ops::ControlFlow, path::PathBuf};

use onus::{
    Settings, WorkerCommand, fingerprints,
    trace::{BUILD_RUNS_MIN, HoursFinding, Line, TraceEvent, TraceSummary, Traced, build_hours, trace},
};

use crate::{
    failure::{Failure, Status},
    output::Output,
    progress,
};

/// Reads what files say of their origin, and whether that can have been put there afterwards
///
/// Every trace is shown with its place and with what it costs to forge it, and is compared with the rest of its file.
/// A contradiction is shown with what else it can mean, and how often files that nobody forged have it.
/// That no contradiction was found does not make a trace genuine.
///
/// Folders are walked; symbolic links inside them are not followed. No case is needed, and nothing is kept.
/// What a file shares with files that you attributed (`onus reference add`) is shown beside it; it is no verdict.
/// The files are never changed, executed or sent anywhere; they are read by processes that can open no file and no
/// connection. With `--format jsonl`, each line is one file.
///
/// Exit status: 1 if some file contradicts itself.
///
/// Examples:
///   onus trace sample.exe
///   onus trace --format jsonl samples/ > traces.jsonl
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Files and folders
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How a trace is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: JSON, one file a line.
    Jsonl,
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let bar = progress::bar(output, "tracing");
    let (format, colour) = (args.format, output.colour);
    let known = fingerprints::path(settings).map_or(Ok(Vec::new()), |path| fingerprints::read(&path))?;
    let mut printed = Ok(());
    let summary = trace(
        &args.paths,
        &WorkerCommand::this_program()?,
        &known,
        |traced| made(traced, format, colour),
        |event| {
            printed = match event {
                TraceEvent::Walked(files) => {
                    bar.set_length(files as u64);
                    Ok(())
                }
                TraceEvent::Skipped(skipped) => {
                    bar.suspend(|| {
                        output.aside(format_args!("left aside, {}: {}", skipped.why, skipped.path.display()))
                    });
                    Ok(())
                }
                TraceEvent::Refused { path, why } => {
                    bar.inc(1);
                    bar.suspend(|| output.aside(format_args!("not read, {why}: {}", path.display())));
                    Ok(())
                }
                TraceEvent::Traced(made) => {
                    bar.inc(1);
                    bar.suspend(|| print(&made, format, output))
                }
            };
            if printed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        },
    );
    bar.finish_and_clear();
    printed?;
    let summary = summary?;
    if format == Format::Text {
        sum_up(&summary, output)?;
    }
    Ok(status(&summary))
}

/// What is printed of one file; it is made on the thread that read it.
fn made(traced: &Traced<'_>, format: Format, colour: bool) -> Vec<u8> {
    let line = Line::of(traced);
    match format {
        Format::Jsonl => line.to_json(),
        Format::Text => onus::trace_text(&line.path, line.format, &traced.set, colour).into_bytes(),
    }
}

fn print(made: &[u8], format: Format, output: &mut Output) -> io::Result<()> {
    output.bytes(made)?;
    if format == Format::Text {
        output.line("")?;
    }
    output.flush()
}

fn sum_up(summary: &TraceSummary, output: &mut Output) -> io::Result<()> {
    let TraceSummary { traced, contradicted, failed, refused, skipped, isolation, built } = summary;
    output.line(format_args!(
        "{traced} read, {contradicted} of them with a contradiction, {skipped} left aside, {refused} not read"
    ))?;
    if *failed > 0 {
        output.line(format_args!("{failed} could not be read to the end"))?;
    }
    if built.len() > 1 {
        hours(built, output)?;
    }
    match isolation {
        Some(level) => output.line(format_args!("read in processes shut off by: {level}")),
        None => Ok(()),
    }
}

/// When the files were built, together: runs of builds, never files, and nothing from few of them.
fn hours(built: &[i64], output: &mut Output) -> io::Result<()> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let hours = build_hours(built);
    let runs = hours.runs.len();
    let files = built.len();
    output.line(format_args!(
        "{files} carry a build time, of {runs} runs of builds (times at most six hours apart are one)"
    ))?;
    let (from, held, offsets) = match hours.finding {
        HoursFinding::TooFewRuns => {
            return output.line(format_args!(
                "  nothing is said of working hours or time zones from fewer than {BUILD_RUNS_MIN} runs"
            ));
        }
        HoursFinding::NoWorkday => return output.line("  they come at all hours, as those of machines do"),
        HoursFinding::Workday { from_utc, held, offsets } => (from_utc, held, offsets),
    };
    let days =
        DAYS.iter().zip(hours.weekdays).map(|(day, count)| format!("{day} {count}")).collect::<Vec<_>>().join(", ");
    let zones = offsets.iter().map(|offset| format!("UTC{offset:+}")).collect::<Vec<_>>().join(", ");
    output.line(format_args!("  by day, in UTC: {days}"))?;
    output.line(format_args!(
        "  {held} of them lie in the nine hours from {from:02}:00 UTC; that would be a working day in {zones}"
    ))?;
    output.line("  machines build by timetables, people at night, and stamps are set with any editor (forge cost F0)")
}

fn status(summary: &TraceSummary) -> Status {
    match summary {
        TraceSummary { refused: 1.., .. } | TraceSummary { failed: 1.., .. } => Status::NotDone,
        TraceSummary { contradicted: 1.., .. } => Status::Findings,
        _ => Status::Done,
    }
}
