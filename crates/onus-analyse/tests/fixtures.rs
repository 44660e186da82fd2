//! Every fixture is read by the analyser that its folder is named after, and must give its golden answer.
//!
//! `UPDATE_GOLDEN=1` rewrites the answers; read the difference as you would read code. A file that ends in `.hex`
//! holds bytes as hexadecimal digits; `#` begins a comment.

#![expect(clippy::disallowed_methods, reason = "the walker reads files and the wish to rewrite them")]
#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use md5::Md5;
use onus_analyse::{Subject, analysers, check_answer, observe};
use onus_core::{Digest, Exhibit, Observation};
use sha1::{Digest as _, Sha1};

/// Fixtures of one analyser, at least.
const FIXTURES_MIN: usize = 6;

#[test]
fn every_fixture_gives_its_golden_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let is_rewriting = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for analyser in analysers() {
        let inputs = files(&folder.join(analyser.id)).into_iter().filter(|path| path.extension().unwrap() != "golden");
        let inputs: Vec<_> = inputs.collect();
        assert!(inputs.len() >= FIXTURES_MIN, "{} has too few fixtures", analyser.id);
        for input in inputs {
            let found = read(&input, analyser.id);
            let golden = input.with_extension("golden");
            if is_rewriting {
                fs::write(&golden, &found).unwrap();
            } else if fs::read_to_string(&golden).unwrap_or_default() != found {
                wrong.push(format!("{}\n{found}", golden.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "set UPDATE_GOLDEN=1 to rewrite these:\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_belongs_to_an_analyser_and_every_answer_to_a_fixture() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let known: BTreeSet<&str> = analysers().iter().map(|analyser| analyser.id).collect();
    for entry in files(&folder) {
        assert!(known.contains(entry.file_name().unwrap().to_str().unwrap()), "{}", entry.display());
        let paths = files(&entry);
        let (goldens, inputs): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.extension().unwrap() == "golden");
        let stems = |paths: &[&PathBuf]| -> Vec<_> { paths.iter().map(|path| path.with_extension("")).collect() };
        assert_eq!(stems(&goldens), stems(&inputs), "{}", entry.display());
    }
}

/// What one analyser reads from one file, as JSON with sorted keys.
fn read(path: &Path, analyser: &str) -> String {
    let bytes = if path.extension().unwrap() == "hex" { bytes(path) } else { fs::read(path).unwrap() };
    let hex = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let exhibit = Exhibit {
        sha256: Digest::of(&bytes),
        sha1: hex(&Sha1::digest(&bytes)),
        md5: hex(&Md5::digest(&bytes)),
        size: bytes.len() as u64,
    };
    let set = observe(&Subject { exhibit: &exhibit, bytes: &bytes });
    check_answer(&set, &exhibit).unwrap();
    let of_analyser = |observation: &&Observation| observation.analyser == analyser;
    let observations: Vec<_> = set.observations.iter().filter(of_analyser).collect();
    // Through a value, whose maps are sorted.
    let sorted = serde_json::to_value(observations).unwrap();
    serde_json::to_string_pretty(&sorted).unwrap() + "\n"
}

fn bytes(path: &Path) -> Vec<u8> {
    let text = fs::read_to_string(path).unwrap();
    let digits: String =
        text.lines().filter_map(|line| line.split('#').next()).flat_map(str::split_whitespace).collect();
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
