//! A case sheet is refused or read; neither may panic, and what is read can be weighed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onus_core::Digest;
use onus_weigh::{InputDigests, Sheet, Weights, assess};

fuzz_target!(|text: &str| {
    if let Ok(sheet) = Sheet::parse(text) {
        let digest = Digest::of(text.as_bytes());
        let _ =
            assess(&sheet, &Weights::builtin(), InputDigests { sheet: digest, exhibits: digest, tests: None }, None);
    }
});
