//! How long preparing and ranking take, beside the same in plain Python, in one run.
//!
//! It is not part of the report, whose bytes do not depend on the machine.

use std::{hint::black_box, process::Command, time::Instant};

use onus_weigh::{Reference, benchmark::Benchmark};
use serde_json::Value;

use crate::{
    baselines::{Baselines, two_as_peer},
    engine::Features as _,
    options::{Options, from_root},
    prepared::{self, Prepared},
};

/// Runs of which the fastest counts.
const RUNS: usize = 5;

/// The reference data that is built in, for the program in Python to read.
const BUILTIN: &str = "crates/onus-weigh/reference/attack.txt";

/// Measures the speed and prints it, in milliseconds for a thousand items.
pub(crate) fn print(benchmark: &Benchmark, reference: &Reference, options: &Options) -> Result<(), String> {
    let (preparing, asked) = fastest(|| prepared::prepare(benchmark, reference));
    let asked = asked?;
    let scale = 1000.0 / asked.len().max(1) as f64;
    let (views, _) = fastest(|| {
        asked.iter().for_each(|item| {
            black_box(item.question.view(reference));
        });
    });
    let (two, _) = fastest(|| {
        asked.iter().for_each(|item| {
            black_box(first_of_two(item));
        });
    });
    let (eight, _) = fastest(|| {
        asked.iter().for_each(|item| {
            black_box(Baselines.rows(item, &item.evidence));
        });
    });
    println!("{} items, milliseconds for 1,000 of them, the fastest of {RUNS} runs", asked.len());
    println!("{:>10.2}  taking the view of an item and counting", preparing * scale);
    println!("{:>10.2}  of that, the view", views * scale);
    println!("{:>10.2}  TF-IDF and naive Bayes by citations, ranked", two * scale);
    println!("{:>10.2}  all eight scores of every candidate", eight * scale);
    let peer = python(options)?;
    let seconds = |name: &str| peer.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN) * 1000.0;
    println!("Python, one run");
    println!("{:>10.2}  taking the view of an item and counting", seconds("preparing") * scale);
    println!("{:>10.2}  TF-IDF and naive Bayes by citations, ranked", seconds("ranking") * scale);
    println!(
        "Python : Rust, preparing {:.0}, ranking {:.0}, both {:.0}; same first groups {} of {}",
        seconds("preparing") / preparing,
        seconds("ranking") / two,
        (seconds("preparing") + seconds("ranking")) / (preparing + two),
        asked.iter().map(|item| same(item, &peer)).sum::<usize>(),
        2 * asked.len(),
    );
    Ok(())
}

/// The orders of an item's candidates under two scores.
fn first_of_two(item: &Prepared<'_>) -> [Vec<usize>; 2] {
    two_as_peer(&item.profile, &item.evidence).map(|scores| {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|one, other| scores[*other].total_cmp(&scores[*one]));
        order
    })
}

/// Of the two first groups of an item, how many the program in Python has as well.
fn same(item: &Prepared<'_>, peer: &Value) -> usize {
    let theirs = &peer["first"][item.item.item.as_str()];
    let actors = &item.view.reference.actors;
    let id = |candidate: usize| actors[usize::from(item.question.candidates[candidate])].id.as_str();
    let ours = first_of_two(item);
    ours.iter().enumerate().filter(|(index, order)| theirs[index].as_str() == order.first().map(|c| id(*c))).count()
}

/// Runs the program in Python over the same files.
fn python(options: &Options) -> Result<Value, String> {
    let script = from_root("crates/onus-weigh/benches/calibrate/peer.py");
    let reference = options.reference.clone().unwrap_or_else(|| from_root(BUILTIN));
    let mut command = Command::new("python3");
    command.arg("-B").arg(script).arg(&options.benchmark).arg(reference);
    let output = command.output().map_err(|error| format!("python3 cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("peer.py ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("peer.py did not answer in JSON: {error}"))
}

/// Milliseconds of the fastest run, and what it made.
#[expect(clippy::disallowed_methods, reason = "durations are shown, never stored")]
fn fastest<T>(run: impl Fn() -> T) -> (f64, T) {
    let time = || {
        let begin = Instant::now();
        let made = run();
        (begin.elapsed().as_secs_f64() * 1000.0, made)
    };
    let first = time();
    (1..RUNS).map(|_| time()).fold(first, |best, next| if next.0 < best.0 { next } else { best })
}
