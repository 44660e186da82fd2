//! Checkpoints, verifier keys and paths of a log: each value has one spelling.
#![no_main]

use onus_ledger::{Checkpoint, LogPath, VerifierKey};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string(), text);
    }
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(path) = text.parse::<LogPath>() {
        assert_eq!(path.to_string(), text);
    }
});
