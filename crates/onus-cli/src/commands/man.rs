//! `onus man`.

use std::{fs, path::PathBuf};

use clap::CommandFactory as _;
use onus::Error;

use crate::{
    commands::Cli,
    failure::{Failure, Status},
    output::Output,
};

/// Writes the manual pages into a folder
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(crate) struct Args {
    /// The folder
    dir: PathBuf,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Status, Failure> {
    let failed = |source| Error::Io { doing: "writing the manual pages", path: args.dir.clone(), source };
    fs::create_dir_all(&args.dir).map_err(failed)?;
    clap_mangen::generate_to(Cli::command(), &args.dir).map_err(failed)?;
    output.line(format_args!("wrote the manual pages: {}", args.dir.display()))?;
    Ok(Status::Done)
}
