//! `calibrate`: measures the ranking on a benchmark file and writes the report about it.

use std::{path::Path, process::Command};

use crate::{
    Outcome,
    tree::{self, root},
};

/// Runs the program beside the crate that ranks. A first argument without dashes is the benchmark file.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root()).args(["bench", "--locked", "--quiet", "-p", "onus-weigh", "--bench", "calibrate", "--"]);
    let rest = match arguments.split_first() {
        Some((file, rest)) if !file.starts_with("--") => {
            // Cargo starts the program elsewhere, so the path must not depend on where that is.
            let path = std::path::absolute(Path::new(file)).map_err(|error| format!("{error}: {file}"))?;
            cargo.arg("--benchmark").arg(path);
            rest
        }
        _ => arguments,
    };
    tree::run(cargo.args(rest))
}
