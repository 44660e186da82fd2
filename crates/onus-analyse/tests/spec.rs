//! The worked example of `docs/spec/observations.md` is what the code says.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use md5::Md5;
use onus_analyse::{Subject, check_answer, observe};
use onus_core::{Digest, Exhibit, ObservationSet};
use sha1::{Digest as _, Sha1};

/// The content of the code block after a mark.
fn example<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, after) = text.split_once(&format!("<!-- example: {name} -->\n")).unwrap();
    let (_, block) = after.split_once('\n').unwrap();
    block.split_once("```").unwrap().0
}

#[test]
fn the_example_is_what_the_code_says() {
    let spec = include_str!("../../../docs/spec/observations.md");
    let bytes = example(spec, "exhibit").as_bytes();
    let hex = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let exhibit = Exhibit {
        sha256: Digest::of(bytes),
        sha1: hex(&Sha1::digest(bytes)),
        md5: hex(&Md5::digest(bytes)),
        size: bytes.len() as u64,
    };
    let set = observe(&Subject { exhibit: &exhibit, bytes });
    let said = serde_json::to_string_pretty(&serde_json::to_value(&set).unwrap()).unwrap();
    let written: ObservationSet = serde_json::from_str(example(spec, "answer")).unwrap();
    assert_eq!(written, set, "the code says:\n{said}");
    check_answer(&written, &exhibit).unwrap();
    assert!(spec.contains(&format!("The exhibit is these {} bytes", bytes.len())));
}

#[test]
fn every_kind_of_the_fixtures_is_described() {
    let spec = include_str!("../../../docs/spec/observations.md");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for folder in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().unwrap() == "golden" {
                let golden: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
                for observation in golden.as_array().unwrap() {
                    let names = observation["attributes"].as_object().into_iter().flat_map(|map| map.keys());
                    for name in names.map(String::as_str).chain([observation["kind"].as_str().unwrap()]) {
                        assert!(spec.contains(&format!("`{name}`")), "{name}");
                    }
                }
            }
        }
    }
}
