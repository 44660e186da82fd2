//! Any bytes: what type of file they are, and everything that reads that type.
#![no_main]

use onus_analyse::{Subject, check_answer, observe};
use onus_core::{Digest, Exhibit};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let exhibit =
        Exhibit { sha256: Digest::of(bytes), sha1: String::new(), md5: String::new(), size: bytes.len() as u64 };
    let set = observe(&Subject { exhibit: &exhibit, bytes });
    check_answer(&set, &exhibit).unwrap();
});
