//! The fixtures of images as inputs of unit tests.

use super::{Pe, facts::Facts, image::Image};
use crate::artefact::consistency::{ConsistencyTest, Outcome};

/// Returns the bytes of a fixture: hexadecimal digits, with comments.
pub(super) fn bytes(fixture: &str) -> Vec<u8> {
    let words = fixture.lines().filter_map(|line| line.split('#').next()).flat_map(str::split_whitespace);
    let digits: String = words.collect();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// Runs a test on bytes and returns `consistent`, `not run`, or what contradicts what.
pub(super) fn outcome(test: &ConsistencyTest<Pe>, bytes: &[u8]) -> String {
    match (test.run)(&Facts::of(Image::of(bytes).unwrap(), true)) {
        Outcome::Consistent => "consistent".to_owned(),
        Outcome::NotRun(_) => "not run".to_owned(),
        Outcome::Inconsistent { explain, .. } => explain,
    }
}

/// Returns where the PE signature of an image stands.
pub(super) fn header(bytes: &[u8]) -> usize {
    u32::from_le_bytes(bytes[0x3c..0x40].try_into().unwrap()) as usize
}
