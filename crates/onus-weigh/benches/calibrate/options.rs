//! What the program is asked to do, and the files it reads.

use std::{
    fs,
    path::{Path, PathBuf},
};

use onus_weigh::{Reference, benchmark::Benchmark};

const USAGE: &str = "cargo bench -p onus-weigh --bench calibrate -- --benchmark FILE [--reference FILE] [--out FILE] \
                     [--predictions FOLDER] [--fit [FILE]] [--speed]";

/// The ranking model that the program ships.
const SHIPPED: &str = "crates/onus-weigh/weights/rank.toml";

/// The options.
pub(crate) struct Options {
    /// The benchmark, as JSON.
    pub(crate) benchmark: PathBuf,
    /// Reference data in its text form; none: what is built in.
    pub(crate) reference: Option<PathBuf>,
    /// Where the report goes; its drawings go into a folder of the same name.
    pub(crate) out: Option<PathBuf>,
    /// Where what every engine answers goes.
    pub(crate) predictions: Option<PathBuf>,
    /// Where the ranking model, fitted on everything, goes.
    pub(crate) fit: Option<PathBuf>,
    /// Whether only speed is measured, beside Python's.
    pub(crate) speed: bool,
}

impl Options {
    /// Reads the arguments; none where there is nothing to do.
    pub(crate) fn read() -> Result<Option<Self>, String> {
        let mut arguments = std::env::args().skip(1).peekable();
        let mut speed = false;
        let [mut benchmark, mut reference, mut out, mut predictions, mut fit] = [const { None::<PathBuf> }; 5];
        while let Some(argument) = arguments.next() {
            let place = match argument.as_str() {
                // Cargo says so to every benchmark.
                "--bench" => continue,
                "--speed" => {
                    speed = true;
                    continue;
                }
                "--benchmark" => &mut benchmark,
                "--reference" => &mut reference,
                "--out" => &mut out,
                "--predictions" => &mut predictions,
                "--fit" => {
                    let named = arguments.next_if(|next| !next.starts_with("--"));
                    fit = Some(from_root(named.as_deref().unwrap_or(SHIPPED)));
                    continue;
                }
                other => return Err(format!("`{other}` is not understood; {USAGE}")),
            };
            *place = Some(from_root(&arguments.next().ok_or_else(|| format!("`{argument}` needs a path; {USAGE}"))?));
        }
        let Some(benchmark) = benchmark else {
            println!("calibrate: no benchmark file was given, so nothing is measured; {USAGE}");
            return Ok(None);
        };
        Ok(Some(Self { benchmark, reference, out, predictions, fit, speed }))
    }

    /// Reads the benchmark.
    pub(crate) fn benchmark(&self) -> Result<Benchmark, String> {
        let path = &self.benchmark;
        serde_json::from_str(&text(path)?).map_err(|error| format!("not a benchmark: {error}: {}", path.display()))
    }

    /// Reads the reference data.
    pub(crate) fn reference(&self) -> Result<Reference, String> {
        let Some(path) = &self.reference else { return Ok(Reference::builtin().clone()) };
        Reference::parse(&text(path)?).map_err(|problem| format!("not reference data: {problem}: {}", path.display()))
    }
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}: {}", path.display()))
}

/// Returns a path of the repository.
pub(crate) fn from_root(path: &str) -> PathBuf {
    // Cargo runs benchmarks in the folder of their crate; people write paths from the root.
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
