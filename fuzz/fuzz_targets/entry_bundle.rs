//! Entry bundles and the entries in them: an entry that is read is written back byte for byte.
#![no_main]

use onus_ledger::{Entry, split_bundle};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let bundled = (0..=256).find_map(|width| split_bundle(bytes, width).ok()).unwrap_or_default();
    for bytes in bundled.into_iter().chain([bytes]) {
        if let Ok(entry) = Entry::from_bytes(bytes) {
            assert_eq!(entry.to_bytes().unwrap(), bytes);
            assert_eq!(entry.to_bytes().unwrap(), onus_core::to_canonical(&entry).unwrap());
        }
    }
});
