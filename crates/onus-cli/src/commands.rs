//! The commands, in the order in which a user meets them.

mod add;
mod assess;
mod completions;
mod demo;
mod man;
mod new;
mod rank;
mod reference;
mod reindex;
mod show;
mod trace;
mod verify;
mod worker;

use clap::{Parser, Subcommand};
use onus::Settings;

use crate::{
    failure::{Failure, Status},
    output::Output,
};

/// The burden of proof: keeps evidence of cyber cases in a ledger that anyone can verify, weighs it for competing
/// answers, and says plainly when the answer is not determined
#[derive(Debug, Parser)]
#[command(
    name = "onus",
    version,
    max_term_width = 100,
    after_help = "Exit status: 0 done; 1 done, with findings; 2 not done."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    New(new::Args),
    Add(add::Args),
    Assess(assess::Args),
    Show(show::Args),
    Verify(verify::Args),
    Trace(trace::Args),
    Rank(rank::Args),
    Reference(reference::Args),
    Reindex(reindex::Args),
    Completions(completions::Args),
    Worker(worker::Args),
    Man(man::Args),
}

impl Cli {
    pub(crate) fn run(self, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
        match self.command {
            Command::Demo(args) => demo::run(&args, settings, output),
            Command::New(args) => new::run(&args, settings, output),
            Command::Add(args) => add::run(&args, settings, output),
            Command::Assess(args) => assess::run(&args, settings, output),
            Command::Show(args) => show::run(&args, output),
            Command::Verify(args) => verify::run(&args, output),
            Command::Trace(args) => trace::run(&args, settings, output),
            Command::Rank(args) => rank::run(&args, settings, output),
            Command::Reference(args) => reference::run(&args, settings, output),
            Command::Reindex(args) => reindex::run(&args, output),
            Command::Completions(args) => completions::run(&args, output),
            Command::Worker(args) => worker::run(&args, output),
            Command::Man(args) => man::run(&args, output),
        }
    }
}
