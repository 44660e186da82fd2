//! Code of programs as fingerprints: which runs of instructions a program has, wherever they lie in it.
//!
//! Compilers and libraries put the same code into programs of anybody, so runs that are found in unrelated projects are
//! left out. What remains is compared by others: this says what a program has, not whose it is. Code is reused, leaked,
//! sold and stolen, so that even much of it shared is no proof of one hand.

mod runs;

use std::sync::LazyLock;

use object::{Architecture, Object as _, ObjectSection as _, SectionKind};
use onus_core::Locus;

use super::forge_cost::ForgeCost;
use crate::{Analyser, FileType, Finding, Findings, Subject};

/// Reads code for x86, of 32 and 64 bits, in every format of programs but those for several architectures at once.
pub(crate) const CODE: Analyser =
    Analyser { id: "code", version: 1, reads: |file_type| file_type.program.is_some(), observe };

/// Bytes of code that are decoded, at most.
const CODE_MAX: usize = 1 << 20;

/// Sections that are looked at, at most.
const SECTIONS_MAX: usize = 4096;

/// Numbers of the fingerprint, at most: the smallest ones, which are a fair sample of all.
const SKETCH_MAX: usize = 400;

/// Runs that are common, by their first 32 bits, sorted.
static COMMON: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let lines = include_str!("code/common.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).filter_map(|digits| u32::from_str_radix(digits, 16).ok()).collect()
});

/// Code as far as it was decoded.
#[derive(Default)]
struct Decoded {
    runs: Vec<u64>,
    bytes: usize,
    /// Where the first of it lies.
    first: Option<Locus>,
    is_cut: bool,
}

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    // that a program is malformed is said by the analyser of its format
    let Ok(file) = object::File::parse(subject.bytes) else { return };
    let (architecture, bitness) = match file.architecture() {
        Architecture::I386 => ("x86", 32),
        Architecture::X86_64 => ("x64", 64),
        _ => return,
    };
    let decoded = decode(&file, subject.bytes, bitness);
    if decoded.is_cut {
        findings.add(Finding::limit(format!(
            "the first {} bytes of code are compared by their instructions",
            decoded.bytes
        )));
    }
    let Some(first) = decoded.first else { return };
    let mut numbers: Vec<u32> = decoded.runs.iter().map(|run| (run >> 32) as u32).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let all = numbers.len();
    numbers.retain(|number| COMMON.binary_search(number).is_err());
    findings.add(
        Finding::new("code_fingerprints", numbers.len().to_string())
            .at(first)
            .with("architecture", architecture)
            .with("decoded", decoded.bytes.to_string())
            .with("common", (all - numbers.len()).to_string())
            .with_list("sketch", numbers.iter().take(SKETCH_MAX).map(|number| format!("{number:08x}")))
            .with("forge_cost", ForgeCost::F2.name()),
    );
}

/// Decodes the sections of code, in the order of the file, until the limit is met.
fn decode(file: &object::File<'_>, bytes: &[u8], bitness: u32) -> Decoded {
    let mut decoded = Decoded::default();
    for section in file.sections().take(SECTIONS_MAX).filter(|section| section.kind() == SectionKind::Text) {
        let Some(range) = section.file_range() else { continue };
        let (Ok(start), Ok(len)) = (usize::try_from(range.0), usize::try_from(range.1)) else { continue };
        let code = bytes.get(start..start.saturating_add(len).min(bytes.len())).unwrap_or_default();
        let room = CODE_MAX - decoded.bytes;
        decoded.is_cut |= code.len() > room;
        let code = code.get(..room).unwrap_or(code);
        if code.is_empty() {
            continue;
        }
        decoded.first.get_or_insert_with(|| Locus::bytes(start, code.len()));
        decoded.bytes += code.len();
        runs::runs(code, bitness, &mut decoded.runs);
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::{COMMON, SKETCH_MAX, runs::runs};
    use crate::VALUE_MAX;

    #[test]
    fn common_runs_are_sorted_and_a_sketch_fits_into_an_attribute() {
        assert!(COMMON.len() > 5_000 && COMMON.is_sorted_by(|one, next| one < next));
        const { assert!(SKETCH_MAX * 9 <= VALUE_MAX) };
    }

    /// Twelve moves of constants, a call and a return, for 64 bits.
    fn function(call: u32, constant: u32) -> Vec<u8> {
        let mut code = Vec::new();
        for number in 0..12 {
            code.push(0xb8 + (number % 3));
            code.extend((u32::from(number) + constant).to_le_bytes());
        }
        code.push(0xe8);
        code.extend(call.to_le_bytes());
        code.push(0xc3);
        code
    }

    fn numbers(code: &[u8]) -> Vec<u64> {
        let mut out = Vec::new();
        runs(code, 64, &mut out);
        out
    }

    #[test]
    fn a_run_is_the_same_wherever_it_lies_and_whatever_it_calls() {
        let one = numbers(&function(0x1234, 7));
        assert_eq!(one.len(), 1);
        assert_eq!(numbers(&function(0x9999, 7)), one, "calls another address");
        assert_eq!(numbers(&[vec![0xcc; 5], vec![0x66, 0x90], function(1, 7)].concat()), one, "after padding");
        assert_ne!(numbers(&function(0x1234, 8)), one, "other constants");
        assert_eq!(
            numbers(&function(0, 0x40_0000)),
            numbers(&function(0, 0x50_0000)),
            "constants as large as addresses"
        );
        assert!(numbers(&[0x90, 0xc3]).is_empty(), "too short");
    }
}
