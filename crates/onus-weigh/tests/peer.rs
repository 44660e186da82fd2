//! A second evaluator of the same model, in another language, comes to the same numbers.

use std::{io::Write, path::PathBuf, process::Command};

use onus_core::Digest;
use onus_weigh::{InputDigests, Sheet, Weights, assess};

const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peer.py");
const WEIGHTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/weights");
const SHEETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sheets");

/// The sheets of `tests/sheets`, weighed by both. A machine without Python skips it; the gate has one.
#[test]
fn both_evaluators_agree() {
    if Command::new("python3").arg("--version").output().is_err() {
        return;
    }
    let folder = tempfile("onus-weigh-peer");
    let mut sheets: Vec<PathBuf> =
        std::fs::read_dir(SHEETS).expect("the folder exists").map(|entry| entry.expect("an entry").path()).collect();
    sheets.sort();
    assert!(!sheets.is_empty());
    for path in sheets {
        let text = std::fs::read_to_string(&path).expect("a sheet");
        let sheet = Sheet::parse(&text).unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()));
        let digest = Digest::of(b"");
        let result =
            assess(&sheet, &Weights::builtin(), InputDigests { sheet: digest, exhibits: digest, tests: None }, None);
        let assessment = folder.join("assessment.json");
        let bytes = onus_core::to_canonical(&result).expect("an assessment is JSON");
        std::fs::File::create(&assessment).and_then(|mut file| file.write_all(&bytes)).expect("a temporary file");
        let output = Command::new("python3")
            .arg("-B")
            .arg(PEER)
            .arg(WEIGHTS)
            .arg(&path)
            .arg(&assessment)
            .output()
            .expect("python3 runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", path.display());
    }
    std::fs::remove_dir_all(folder).expect("the folder is ours");
}

fn tempfile(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}
