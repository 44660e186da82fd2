//! `onus demo`.

use std::{io, path::PathBuf};

use onus::{Settings, WorkerCommand, bounds_in_words, demo};

use crate::{
    failure::{Failure, Status},
    output::Output,
};

/// Unpacks the bundled cases, runs the whole way over each and says what came of it
///
/// Each case gets a folder of its own, with a ledger, and stays there to be looked at.
/// Running it again changes nothing.
///
/// Example: onus demo
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The folder for the cases
    #[arg(default_value = "onus-demo")]
    dir: PathBuf,
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let worker = WorkerCommand::this_program()?;
    let mut status = Status::Done;
    for bundled in demo::bundled() {
        let shown = demo::show(bundled, &args.dir, settings, &worker)?;
        if shown.verified.is_err() {
            status = Status::Findings;
        }
        print(bundled.id, &shown, output)?;
        output.flush()?;
    }
    output.line("look closer: `onus assess`, `onus show` and `onus verify` take the folder of a case")?;
    Ok(status)
}

fn print(id: &str, shown: &demo::Shown, output: &mut Output) -> io::Result<()> {
    output.line(format_args!("== {id}"))?;
    output.bytes(onus::brief(&shown.assessed.dossier(), output.colour).as_bytes())?;
    match &shown.verified {
        Ok(holds) => {
            output.line(format_args!(
                "  verified: entries {}, exhibits {}; assessment computed again",
                holds.log.size, holds.exhibits
            ))?;
            if holds.log.bounds.is_bound() {
                let bounds = bounds_in_words(&holds.log.bounds);
                bounds.iter().try_for_each(|bound| output.line(format_args!("  outside: {bound}")))?;
            } else {
                output.line("  outside: not bound by any outside party")?;
            }
        }
        Err(finding) => output.line(format_args!("  does not hold: {}: {}", finding.what, finding.path))?,
    }
    output.line(format_args!("  report: {}", shown.case.out().join("report.html").display()))?;
    output.line("")
}
