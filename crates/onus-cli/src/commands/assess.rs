//! `onus assess`.

use std::path::PathBuf;

use onus::{Case, Recorded, Settings};

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
};

/// Weighs a case and says what the evidence supports, or that nothing is determined
///
/// A folder that holds nothing but case.toml is enough; then nothing is written.
/// In a case with a ledger the sheet and the assessment are recorded if they changed, and out/report.html and
/// out/assessment.json are written.
/// With `--format json`, standard output is exactly assessment.json.
///
/// Examples:
///   onus assess opening-ceremony
///   onus assess opening-ceremony --as-of 2018-03-01
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The folder of the case
    #[arg(default_value = ".")]
    case: PathBuf,
    /// Weigh the case as it was known on this day, such as 2018-03-01
    #[arg(long, value_name = "DATE")]
    as_of: Option<jiff::civil::Date>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let case = Case::open(&args.case)?;
    let assessed = onus::assess(&case, settings, args.as_of)?;
    if args.format == Format::Json {
        if let Recorded::NotWritable(why) = &assessed.recorded {
            output.aside(format_args!("note: nothing was recorded: {why}"));
        }
        output.bytes(&assessed.json)?;
        return Ok(Status::Done);
    }
    output.bytes(onus::text(&assessed.dossier(), output.colour).as_bytes())?;
    output.line("")?;
    let report = case.out().join("report.html");
    match &assessed.recorded {
        Recorded::NoLedger => output.line("nothing was recorded: this folder has no ledger")?,
        Recorded::NotWritable(why) => output.line(format_args!("nothing was recorded: {why}"))?,
        Recorded::Entry(entry) => {
            output.line(format_args!("recorded as entry {entry}; report: {}", report.display()))?
        }
        Recorded::Unchanged(entry) => {
            output.line(format_args!("nothing changed since entry {entry}; report: {}", report.display()))?;
        }
    }
    Ok(Status::Done)
}
