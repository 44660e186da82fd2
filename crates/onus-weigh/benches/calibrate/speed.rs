//! How long preparing and ranking take, in this run on this machine.

use std::time::Instant;

use onus_weigh::{Reference, benchmark::Benchmark};

use crate::{baselines::Baselines, engine::Features as _, line_up::Entry, prepared};

/// Runs of which the fastest counts.
const RUNS: usize = 3;

/// Measures the speed and prints it, in milliseconds a thousand items. It is not part of the report, whose bytes do not
/// depend on the machine.
pub(crate) fn print(benchmark: &Benchmark, reference: &Reference, entries: &[Entry<'_>]) -> Result<(), String> {
    let (prepare, asked) = fastest(|| prepared::prepare(benchmark, reference));
    let asked = asked?;
    let say = |what: &str, milliseconds: f64| {
        eprintln!("{:>9.1} ms for 1,000 items: {what}", milliseconds * 1000.0 / asked.len().max(1) as f64);
    };
    say("taking views and counting", prepare);
    let (score, _) = fastest(|| asked.iter().map(|item| Baselines.rows(item, &item.evidence).len()).sum::<usize>());
    say("the eight scores of every candidate", score);
    for entry in entries {
        let rank = || asked.iter().map(|item| entry.plain.rank(item, &item.evidence).log10_lr.len()).sum::<usize>();
        say(&format!("ranking, {}", entry.name()), fastest(rank).0);
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "durations are shown, never stored")]
fn fastest<T>(run: impl Fn() -> T) -> (f64, T) {
    let mut best = None;
    for _ in 0..RUNS {
        let begin = Instant::now();
        let made = run();
        let milliseconds = begin.elapsed().as_secs_f64() * 1000.0;
        best = match best {
            Some((least, made)) if least <= milliseconds => Some((least, made)),
            _ => Some((milliseconds, made)),
        };
    }
    best.expect("there is at least one run")
}
