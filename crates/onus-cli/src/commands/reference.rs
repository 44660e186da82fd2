//! `onus reference`: what is known of actors, and where it is from.

mod build;

use clap::Subcommand;
use onus::Settings;

use crate::{
    failure::{Failure, Status},
    output::Output,
};

/// The reference data: who was reported to have used what, by whom, and since when
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
}

pub(crate) fn run(args: &Args, _settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    match &args.command {
        Command::Build(args) => build::run(args, output),
    }
}
