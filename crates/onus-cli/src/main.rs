//! The `onus` program: reads the command line, runs one command, prints what came of it.

mod commands;
mod failure;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{commands::Cli, output::Output};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = onus::Settings::from_environment();
    let mut output = Output::new(&settings);
    match cli.run(&settings, &mut output).and_then(|status| Ok(output.flush().map(|()| status)?)) {
        Ok(status) => status.into(),
        Err(failure) => failure.report(&mut output),
    }
}
