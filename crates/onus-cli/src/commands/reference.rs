//! `onus reference`: what is known of actors, and where it is from.

mod add;
mod build;
mod info;
mod resolve;

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
    Info(info::Args),
    Resolve(resolve::Args),
    Add(add::Args),
    Build(build::Args),
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    match &args.command {
        Command::Info(args) => info::run(args, settings, output),
        Command::Resolve(args) => resolve::run(args, settings, output),
        Command::Add(args) => add::run(args, settings, output),
        Command::Build(args) => build::run(args, output),
    }
}
