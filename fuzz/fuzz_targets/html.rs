//! Bytes that are told to be HTML by what stands before them.
#![no_main]

use onus_analyse::{Subject, check_answer, observe};
use onus_core::{Digest, Exhibit};

libfuzzer_sys::fuzz_target!(|rest: &[u8]| {
    let bytes = ["<html>".as_bytes(), rest].concat();
    let exhibit =
        Exhibit { sha256: Digest::of(&bytes), sha1: String::new(), md5: String::new(), size: bytes.len() as u64 };
    let set = observe(&Subject { exhibit: &exhibit, bytes: &bytes });
    assert!(set.analysers.iter().any(|run| run.id == "html"));
    check_answer(&set, &exhibit).unwrap();
});
