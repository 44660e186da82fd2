//! Measures the ranking and what others do on a benchmark of reported cases, and writes the report about it.
//!
//! `cargo bench -p onus-weigh --bench calibrate -- --benchmark FILE [--reference FILE] [--out FILE] [--predictions FOLDER] [--fit [FILE]] [--speed]`
//! Relative paths begin at the root of the repository. Without a benchmark it says so and ends well.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a program that a developer runs and reads")]

mod baselines;
mod engine;
mod exponents;
mod framed;
mod gate;
mod line_up;
mod measures;
mod memo;
mod options;
mod ours;
mod outcome;
mod plants;
mod predictions;
mod prepared;
mod profile;
mod report;
mod speed;
mod study;
mod threads;

use std::process::ExitCode;

use crate::{baselines::Baselines, memo::Memo, options::Options};

fn main() -> ExitCode {
    match Options::read().and_then(|options| options.map_or(Ok(()), |options| run(&options))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let (benchmark, reference) = (options.benchmark()?, options.reference()?);
    if options.speed {
        return speed::print(&benchmark, &reference, options);
    }
    let asked = prepared::prepare(&benchmark, &reference)?;
    prepared::say_unknown(&asked);
    eprintln!("prepared {} items", asked.len());
    let lessons = ours::lessons(&benchmark, &asked);
    eprintln!("made {} lessons", lessons.len());
    let mut learner = ours::Learner::new(&lessons)?;
    let models = learner.learn(&|_| false)?;
    eprintln!("fitted the ranking model");
    if let Some(path) = &options.fit {
        ours::write(path, &models.whole, &benchmark, &reference, &asked)?;
        if options.out.is_none() {
            return Ok(());
        }
    }
    let features = Memo::new(Baselines);
    let versions = ours::versions(&models, &mut learner, &benchmark, &asked)?;
    drop(learner);
    eprintln!("asked every version of ours");
    let study = study::run(&benchmark, &asked, &features, options, (&models, versions))?;
    if let Some(folder) = &options.predictions {
        measures::write(folder, &study)?;
    }
    let report = report::write(&study, &benchmark, &reference, &asked);
    match &options.out {
        None => print!("{}", report.text),
        Some(path) => report.save(path)?,
    }
    Ok(())
}
