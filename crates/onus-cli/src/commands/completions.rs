//! `onus completions`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::{
    commands::Cli,
    failure::{Failure, Status},
    output::Output,
};

/// Prints a completion script for a shell
///
/// Example: onus completions bash > ~/.local/share/bash-completion/completions/onus
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "onus", &mut script);
    output.bytes(&script)?;
    Ok(Status::Done)
}
