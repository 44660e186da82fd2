//! `onus new`.

use std::path::PathBuf;

use onus::{Case, Settings, TEMPLATE};

use crate::{
    failure::{Failure, Status},
    output::Output,
};

/// Makes a case: a sheet to fill in and an empty ledger
///
/// The folder must not exist, or be empty.
/// At first use this also makes your signing key, in the folder that ONUS_CONFIG names, or in onus below
/// XDG_CONFIG_HOME, or in ~/.config/onus.
///
/// Example: onus new opening-ceremony
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The folder of the new case
    dir: PathBuf,
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let case = Case::create(&args.dir, TEMPLATE, settings)?;
    output.line(format_args!("made a case: {}", case.root().display()))?;
    output.line(format_args!("write down what is known: {}", case.sheet_path().display()))?;
    output.line("then: `onus add` takes files in, `onus assess` weighs the case, `onus verify` checks it")?;
    Ok(Status::Done)
}
