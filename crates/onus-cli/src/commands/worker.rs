//! `onus worker`.

use onus::{
    WorkerCommand,
    worker::{self, attempt::Attempt},
};

use crate::{
    failure::{Failure, Status},
    output::Output,
};

/// Reads exhibits for another process of onus, shut off from the machine
///
/// Started by `onus add`; it takes requests on standard input.
/// `--self-test` shows what such a process can do on this system: everything it lists should have been refused.
#[derive(Debug, clap::Args)]
#[command(hide = true, verbatim_doc_comment)]
pub(crate) struct Args {
    /// Try everything that an exhibit must never be able to do, and show how it ended
    #[arg(long, conflicts_with = "attempt")]
    self_test: bool,
    /// Try one of these things, for the self-test
    #[arg(long, value_name = "WHAT", value_parser = attempt)]
    attempt: Option<Attempt>,
}

fn attempt(name: &str) -> Result<Attempt, String> {
    Attempt::ALL.into_iter().find(|attempt| attempt.name() == name).ok_or_else(|| {
        let names: Vec<&str> = Attempt::ALL.iter().map(|attempt| attempt.name()).collect();
        format!("use one of: {}", names.join(", "))
    })
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Status, Failure> {
    if args.self_test {
        return self_test(output);
    }
    let Some(attempt) = args.attempt else {
        worker::run()?;
        return Ok(Status::Done);
    };
    match attempt.make() {
        Ok(how) => output.line(how)?,
        Err(why) => {
            output.line(format_args!("not shut off: {why}"))?;
            return Ok(Status::NotDone);
        }
    }
    Ok(Status::Done)
}

fn self_test(output: &mut Output) -> Result<Status, Failure> {
    let mut status = Status::Done;
    for ended in worker::attempt::self_test(&WorkerCommand::this_program()?)? {
        if !ended.held {
            status = Status::Findings;
        }
        let held = if ended.held { "refused" } else { "ALLOWED" };
        output.line(format_args!("{held}  {:<30}  {}", ended.attempt.describe(), ended.how))?;
    }
    Ok(status)
}
