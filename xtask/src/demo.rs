//! `demo-fresh`: what somebody sees who has just cloned the repository and has Rust only.

use std::{fs, path::Path, process::Command};

use crate::{
    Outcome, no_arguments,
    tree::{self, output, root},
};

/// Clones what is committed into a temporary folder and runs the demo there, with a build folder of its own.
///
/// Only the downloaded sources of dependencies are shared. Changes that are not committed are not seen,
/// and the key that the demo makes does not go into the user's configuration folder.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    let changed = output(Command::new("git").current_dir(root()).args(["status", "--porcelain"]))?;
    if !changed.is_empty() {
        println!("note: {} changed files are not committed and so not in the clone", changed.lines().count());
    }
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let clone = folder.path().join("onus");
    tree::run(Command::new("git").args(["clone", "--quiet"]).arg(root()).arg(&clone))?;
    let mut demo = Command::new("cargo");
    demo.current_dir(&clone).args(["run", "--release", "--locked", "-p", "onus-cli", "--", "demo"]);
    demo.env("CARGO_TARGET_DIR", folder.path().join("target"));
    tree::run(demo.env("ONUS_CONFIG", folder.path().join("config")))?;
    same_bytes(&clone.join("onus-demo"), &folder.path().join("target/release/onus"), &folder.path().join("config"))?;
    let left = output(Command::new("git").current_dir(&clone).args(["status", "--porcelain"]))?;
    if left.is_empty() {
        return Ok(());
    }
    Err(format!("the demo left files that git sees; name them in .gitignore:\n{left}"))
}

/// Weighs every case of the demo with the release build and with the debug build: the bytes must be the same.
fn same_bytes(cases: &Path, release: &Path, config: &Path) -> Outcome {
    tree::run(Command::new("cargo").current_dir(root()).args(["build", "--locked", "--quiet", "-p", "onus-cli"]))?;
    let debug = root().join("target/debug/onus");
    let entries = fs::read_dir(cases).map_err(|error| format!("no cases of the demo: {error}"))?;
    let mut count = 0;
    for entry in entries {
        let case = entry.map_err(|error| error.to_string())?.path();
        if !case.join("case.toml").exists() {
            continue;
        }
        let assess = |onus: &Path| {
            let mut command = Command::new(onus);
            output(command.arg("assess").arg(&case).args(["--format", "json"]).env("ONUS_CONFIG", config))
        };
        if assess(release)? != assess(&debug)? {
            return Err(format!("the debug and the release build weigh a case differently: {}", case.display()));
        }
        count += 1;
    }
    println!("the debug and the release build give the same bytes for {count} cases");
    if count == 0 { Err("the demo left no case to compare".to_owned()) } else { Ok(()) }
}
