//! Signed notes: what is read is written back byte for byte.
#![no_main]

use onus_ledger::Note;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::from_bytes(bytes) {
        assert_eq!(note.to_bytes(), bytes);
    }
});
