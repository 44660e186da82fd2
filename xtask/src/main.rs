//! The tasks of this repository: `cargo xtask` lists them, `cargo xtask ci` is the whole gate.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "these tasks talk to the person who runs them")]

mod calibrate;
mod ci;
mod demo;
mod licences;
mod measure;
mod tidy;
mod tree;

use std::process::ExitCode;

/// What a task or a step comes to: nothing, or what is wrong and what to do about it.
type Outcome = Result<(), String>;

/// One task: its name, what runs, and one line for the list. A task that takes no argument refuses any.
struct Task {
    name: &'static str,
    run: fn(&[String]) -> Outcome,
    about: &'static str,
}

const TASKS: &[Task] = &[
    Task {
        name: "calibrate",
        run: calibrate::run,
        about: "measures the ranking: BENCHMARK.json [--fit] [--out docs/calibration.md] [--speed]; takes some minutes",
    },
    Task { name: "ci", run: ci::run, about: "runs the whole gate in its order; --without STEP leaves one step out" },
    Task {
        name: "demo-fresh",
        run: demo::run,
        about: "builds and runs the demo in a fresh clone of what is committed",
    },
    Task { name: "licences", run: licences::run, about: "compares every locked package with deny.toml" },
    Task { name: "measure", run: measure::run, about: "prints the table of docs/measured.md; takes a minute or two" },
    Task { name: "tidy", run: tidy::run, about: "checks edges between crates, tables, documents and file hygiene" },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        println!("cargo xtask TASK\n");
        for task in TASKS {
            println!("  {:<12} {}", task.name, task.about);
        }
        return ExitCode::SUCCESS;
    };
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprintln!("error: there is no task `{name}`; `cargo xtask` lists them");
        return ExitCode::from(2);
    };
    match (task.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {name}: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Refuses arguments, for tasks that take none.
fn no_arguments(arguments: &[String]) -> Outcome {
    match arguments.first() {
        None => Ok(()),
        Some(first) => Err(format!("takes no argument, but was given `{first}`")),
    }
}
