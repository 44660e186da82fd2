//! Images whose first bytes are headers that are in order, so that what they lead to is read.
#![no_main]

use onus_analyse::{Subject, check_answer, observe};
use onus_core::{Digest, Exhibit};

const LIBRARY: &str = include_str!("../../crates/onus-analyse/fixtures/pe/library_of_the_microsoft_linker.hex");

libfuzzer_sys::fuzz_target!(|changes: &[u8]| {
    let mut bytes = library();
    // Each change is a place and up to 14 bytes; the rest of the input is put behind the image.
    let (rows, rest) = changes.as_chunks::<16>();
    for [low, high, new @ ..] in rows {
        let place = usize::from(u16::from_le_bytes([*low, *high]));
        let at = place % bytes.len();
        let len = (1 + place / bytes.len()).min(new.len()).min(bytes.len() - at);
        bytes[at..at + len].copy_from_slice(&new[..len]);
    }
    bytes.extend_from_slice(rest);
    let exhibit =
        Exhibit { sha256: Digest::of(&bytes), sha1: String::new(), md5: String::new(), size: bytes.len() as u64 };
    let set = observe(&Subject { exhibit: &exhibit, bytes: &bytes });
    check_answer(&set, &exhibit).unwrap();
});

fn library() -> Vec<u8> {
    let words = LIBRARY.lines().filter_map(|line| line.split('#').next()).flat_map(str::split_whitespace);
    let digits: String = words.collect();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}
