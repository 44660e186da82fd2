//! `ci`: the whole gate, in one order, ended by the first step that fails.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    Outcome, licences, tidy,
    tree::{self, Tree, output, root},
};

/// One step of the gate.
struct Step {
    name: &'static str,
    run: fn() -> Outcome,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", run: fmt },
    Step { name: "clippy", run: || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]) },
    Step { name: "test", run: || cargo(&["test", "--workspace"]) },
    Step { name: "doc", run: doc },
    Step { name: "tidy", run: || tidy::run(&[]) },
    Step { name: "licences", run: || licences::run(&[]) },
    Step { name: "fuzz", run: fuzz },
    Step { name: "python", run: python },
];

/// Runs every step but those named after `--without`.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let left_out = left_out(arguments)?;
    for step in STEPS.iter().filter(|step| !left_out.contains(&step.name)) {
        println!("== {}", step.name);
        #[expect(clippy::disallowed_methods, reason = "durations are shown, never stored")]
        let begin = Instant::now();
        (step.run)().map_err(|message| format!("step {}: {message}", step.name))?;
        println!("== {}: {:.1} s", step.name, begin.elapsed().as_secs_f64());
    }
    Ok(())
}

/// The steps to leave out.
fn left_out(arguments: &[String]) -> Result<Vec<&'static str>, String> {
    let (pairs, rest) = arguments.as_chunks::<2>();
    let names: Option<Vec<_>> = pairs
        .iter()
        .map(|[flag, name]| STEPS.iter().find(|step| flag == "--without" && name == step.name).map(|step| step.name))
        .collect();
    let all: Vec<_> = STEPS.iter().map(|step| step.name).collect();
    names
        .filter(|_| rest.is_empty())
        .ok_or_else(|| format!("takes only `--without STEP`, where STEP is one of {}", all.join(", ")))
}

fn cargo(arguments: &[&str]) -> Outcome {
    let (first, rest) = arguments.split_first().ok_or("no cargo command")?;
    tree::run(Command::new("cargo").current_dir(root()).arg(first).arg("--locked").args(rest))
}

/// rustfmt over the files themselves: `cargo fmt` sees only what a `mod` line names.
fn fmt() -> Outcome {
    let tree = Tree::read()?;
    let sources = tree.files.keys().filter(|path| path.ends_with(".rs"));
    tree::run(Command::new("rustfmt").current_dir(root()).args(["--check", "--edition", "2024"]).args(sources))
        .map_err(|_| "files are not formatted as above; run `rustfmt --edition 2024` on them".to_owned())
}

fn doc() -> Outcome {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root()).env("RUSTDOCFLAGS", "-D warnings");
    tree::run(cargo.args(["doc", "--locked", "--workspace", "--no-deps", "--quiet"]))
}

/// The fuzz targets are compiled, not run, with the nightly toolchain where there is one.
fn fuzz() -> Outcome {
    if !root().join("fuzz/Cargo.toml").exists() {
        return Err("fuzz/Cargo.toml is missing; every parser of foreign bytes has a target there".to_owned());
    }
    let mut probe = Command::new("rustup");
    probe.args(["run", "nightly", "cargo", "--version"]).stdin(Stdio::null()).stdout(Stdio::null());
    let is_there = probe.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    let mut cargo = Command::new(if is_there { "rustup" } else { "cargo" });
    if is_there {
        cargo.args(["run", "nightly", "cargo"]);
    }
    tree::run(cargo.current_dir(root().join("fuzz")).args(["check", "--locked", "--all-targets"]))
}

/// Every `test_*.py` with the standard library's runner; every other Python file must at least parse.
fn python() -> Outcome {
    let tree = Tree::read()?;
    let parse = "import ast, sys; [ast.parse(open(path, encoding='utf-8').read(), path) for path in sys.argv[1:]]";
    let files: Vec<&String> = tree.files.keys().filter(|path| path.ends_with(".py")).collect();
    output(Command::new("python3").current_dir(root()).args(["-c", parse]).args(&files))?;
    for path in files {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        if name.starts_with("test_") {
            let mut python = Command::new("python3");
            tree::run(python.current_dir(root().join(folder)).args(["-B", "-m", "unittest", name]))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::left_out;

    #[test]
    fn only_steps_can_be_left_out() {
        let check = |words: &[&str]| left_out(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(check(&["--without", "test"]), Ok(vec!["test"]));
        assert_eq!(check(&[]), Ok(vec![]));
        for wrong in [&["--without"][..], &["test"], &["--without", "thinking"], &["--with", "test"]] {
            assert!(check(wrong).unwrap_err().contains("fmt, clippy, test, doc"));
        }
    }
}
