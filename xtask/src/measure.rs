//! `measure`: the speed and memory of the pipeline on made files, as the table in `docs/measured.md`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Outcome, no_arguments,
    tree::{self, root},
};

/// Files of one run.
const FILES: usize = 10_000;

/// Bytes of one file.
const SIZE: usize = 10_240;

/// Runs of which the median is printed.
const RUNS: usize = 3;

/// Words of the text files.
const WORDS: [&str; 16] = [
    "the", "report", "of", "a", "server", "that", "was", "seen", "in", "traces", "and", "files", "on", "many", "long",
    "days",
];

/// What one command took.
struct Taken {
    seconds: f64,
    peak_mib: u64,
}

/// Builds the program and measures it. Nothing is asserted: a table is printed.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    tree::run(Command::new("cargo").current_dir(root()).args(["build", "--release", "--locked", "-p", "onus-cli"]))?;
    let onus = target().join("release/onus");
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    println!("| {FILES} files of {SIZE} bytes | seconds | files a second | peak memory of one process, MiB |");
    println!("|---|---|---|---|");
    for (name, make) in [("random bytes", random as fn(u64) -> Vec<u8>), ("English text", text)] {
        let files = folder.path().join(format!("files-{}", name.replace(' ', "-")));
        fill(&files, make).map_err(|error| format!("making files: {error}"))?;
        let mut runs = Vec::new();
        for number in 0..RUNS {
            // Cases stay until the end: file systems are slow to give out what was just deleted.
            let case = folder.path().join(format!("{}-{number}", name.replace(' ', "-")));
            tree::run(&mut Command::new("sync"))?;
            measured(&onus, folder.path(), &["new".into(), case.clone()])?;
            let add = measured(&onus, folder.path(), &["add".into(), "--case".into(), case.clone(), files.clone()])?;
            let verify = measured(&onus, folder.path(), &["verify".into(), case.clone()])?;
            runs.push((add, verify));
        }
        row(&format!("`onus add`, {name}"), runs.iter().map(|(add, _)| add).collect());
        row(&format!("`onus verify`, {name}"), runs.iter().map(|(_, verify)| verify).collect());
    }
    Ok(())
}

fn row(name: &str, mut runs: Vec<&Taken>) {
    runs.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
    let Some(median) = runs.get(runs.len() / 2) else { return };
    let peak = runs.iter().map(|taken| taken.peak_mib).max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "ten thousand files")]
    let rate = FILES as f64 / median.seconds;
    println!("| {name} | {:.2} | {rate:.0} | {peak} |", median.seconds);
}

/// The folder that cargo builds into.
fn target() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "a task may look where cargo builds")]
    let folder = std::env::var_os("CARGO_TARGET_DIR");
    folder.map_or_else(|| root().join("target"), PathBuf::from)
}

/// Runs the program with a key of its own, and watches its memory.
#[expect(clippy::disallowed_methods, reason = "this task is a clock")]
fn measured(onus: &Path, folder: &Path, arguments: &[PathBuf]) -> Result<Taken, String> {
    let begin = Instant::now();
    let mut child = Command::new(onus)
        .args(arguments)
        .env("ONUS_CONFIG", folder.join("config"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{}: {error}", onus.display()))?;
    let mut peak_mib = 0;
    let status = loop {
        peak_mib = peak_mib.max(peak(child.id()));
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let seconds = begin.elapsed().as_secs_f64();
    if status.success() { Ok(Taken { seconds, peak_mib }) } else { Err(format!("{arguments:?} ended with {status}")) }
}

/// The most memory that a process has had so far, in MiB; 0 where the system does not say.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default() / 1024
}

fn fill(folder: &Path, make: fn(u64) -> Vec<u8>) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    (0..FILES as u64).try_for_each(|number| fs::write(folder.join(format!("{number:05}")), make(number)))
}

/// Bytes that do not repeat, the same at every run (splitmix64).
fn random(seed: u64) -> Vec<u8> {
    numbers(seed).flat_map(u64::to_le_bytes).take(SIZE).collect()
}

fn text(seed: u64) -> Vec<u8> {
    let word = |number: u64| WORDS.get(usize::try_from(number % 16).unwrap_or_default()).copied().unwrap_or_default();
    let mut text = String::with_capacity(SIZE + 16);
    for (index, number) in numbers(seed).enumerate() {
        text.push_str(word(number));
        text.push_str(if index % 12 == 11 { ".\n" } else { " " });
        if text.len() >= SIZE {
            break;
        }
    }
    text.truncate(SIZE);
    text.into_bytes()
}

fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}
