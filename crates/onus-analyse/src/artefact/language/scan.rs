//! Runs of bytes that can be text, found in one pass without looking at every byte.
//!
//! Most bytes of a program are no text. A run has a least length, so that the byte at that distance is looked at
//! first: when it cannot be text, everything before it is skipped.

use std::ops::Range;

/// Bytes of a run, at least.
const BYTES_MIN: usize = 10;

/// UTF-16 units of a run, at least.
const UNITS_MIN: usize = 8;

/// The rest of a long run is left out, so that no run costs much.
const RUN_MAX: usize = 16 << 10;

/// What fills up code; a few in a row stand for zeros.
const FILLING: u8 = 0xcc;

/// Another filling of code, which is too frequent in text to end a run.
const NOP: u8 = 0x90;

/// Filling of at least so many bytes ends a run.
const FILLING_MIN: usize = 4;

/// Whether a byte can stand in text of an encoding that builds on ASCII.
#[expect(clippy::indexing_slicing, reason = "the table has an entry for every value")]
const IS_TEXT: [bool; 256] = {
    let mut table = [true; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = matches!(byte as u8, b'\t' | b'\n' | b'\r');
        byte += 1;
    }
    table[0x7f] = false;
    table
};

/// One bit for every UTF-16 unit: whether it can stand in text of the scripts that have models.
#[expect(clippy::indexing_slicing, reason = "the table has an entry for every value")]
const IS_UNIT: [u64; 1024] = {
    let mut table = [0; 1024];
    let mut unit: usize = 0;
    while unit < 0x10000 {
        let is = matches!(unit as u16,
            0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xa0..=0x24f // Latin
            | 0x370..=0x52f // Greek, Cyrillic
            | 0x590..=0x6ff // Hebrew, Arabic
            | 0x900..=0x97f | 0xe00..=0xe5b // Devanagari, Thai
            | 0x1e00..=0x1eff // Latin with two marks
            | 0x200b..=0x203a | 0x20ac | 0x2116 | 0x2190..=0x2193
            | 0x3000..=0x30ff | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xff01..=0xff5e | 0xfb50..=0xfdff);
        // Filling of code, which would be rare syllables and ideographs.
        if is && unit != 0xcccc && unit != 0x9090 {
            table[unit >> 6] |= 1 << (unit & 63);
        }
        unit += 1;
    }
    table
};

#[inline]
#[expect(clippy::indexing_slicing, reason = "the table has an entry for every value")]
fn is_text(byte: u8) -> bool {
    IS_TEXT[byte as usize]
}

#[inline]
#[expect(clippy::indexing_slicing, reason = "the table has an entry for every value")]
fn is_unit(unit: u16) -> bool {
    IS_UNIT[(unit >> 6) as usize] >> (unit & 63) & 1 == 1
}

/// Calls a function with every run of bytes that can be text and that ends with a zero or with the bytes.
pub(super) fn byte_runs(bytes: &[u8], mut each: impl FnMut(Range<usize>)) {
    let is_text_at = |at: usize| bytes.get(at).is_some_and(|byte| is_text(*byte));
    let mut start = 0;
    loop {
        let probe = start + BYTES_MIN - 1;
        if probe >= bytes.len() {
            return;
        }
        if !is_text_at(probe) {
            start = probe + 1;
            continue;
        }
        if let Some(last) = (start..probe).rev().find(|at| !is_text_at(*at)) {
            start = last + 1;
            continue;
        }
        let rest = bytes.get(probe..).unwrap_or_default();
        let end = probe + rest.iter().position(|byte| !is_text(*byte)).unwrap_or(rest.len());
        if bytes.get(end).is_none_or(|byte| *byte == 0) {
            unfilled(bytes, start..end, &mut each);
        }
        start = end + 1;
    }
}

/// Returns a run without the filling before it, if there is any.
pub(super) fn without_filling(bytes: &[u8], run: Range<usize>) -> Option<Range<usize>> {
    let text = bytes.get(run.clone())?;
    let len = text.iter().position(|byte| !matches!(*byte, FILLING | NOP)).unwrap_or(0);
    (len > 0 && run.len() >= len + BYTES_MIN).then_some(run.start + len..run.end)
}

/// Splits a run at filling.
fn unfilled(bytes: &[u8], run: Range<usize>, each: &mut impl FnMut(Range<usize>)) {
    let text = bytes.get(run.clone()).unwrap_or_default();
    let mut start = 0;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| memchr::memchr(FILLING, rest)).map(|at| from + at) {
        let len = text.iter().skip(at).take_while(|byte| **byte == FILLING).count();
        from = at + len;
        if len >= FILLING_MIN {
            emit(run.start + start..run.start + at, BYTES_MIN, each);
            start = from;
        }
    }
    emit(run.start + start..run.end, BYTES_MIN, each);
}

fn emit(run: Range<usize>, min: usize, each: &mut impl FnMut(Range<usize>)) {
    if run.len() >= min {
        each(run.start..run.end.min(run.start + RUN_MAX));
    }
}

/// Calls a function with every run of UTF-16 units, little-endian, that stands between zero units or at the edge.
pub(super) fn unit_runs(bytes: &[u8], mut each: impl FnMut(Range<usize>)) {
    for parity in 0..2 {
        let (units, _) = bytes.get(parity..).unwrap_or_default().as_chunks::<2>();
        let is_unit = |at: usize| units.get(at).is_some_and(|unit| is_unit(u16::from_le_bytes(*unit)));
        let is_edge = |at: Option<usize>| at.and_then(|at| units.get(at)).is_none_or(|unit| is_edge(*unit));
        let mut start = 0;
        loop {
            let probe = start + UNITS_MIN - 1;
            if probe >= units.len() {
                break;
            }
            if !is_unit(probe) {
                start = probe + 1;
                continue;
            }
            if let Some(last) = (start..probe).rev().find(|at| !is_unit(*at)) {
                start = last + 1;
                continue;
            }
            let end = (probe..units.len()).find(|at| !is_unit(*at)).unwrap_or(units.len());
            if is_edge(Some(end)) {
                let start = if is_edge(start.checked_sub(1)) { Some(start) } else { behind_literal(units, start..end) };
                if let Some(start) = start {
                    emit(parity + 2 * start..parity + 2 * end, 2 * UNITS_MIN, &mut each);
                }
            }
            start = end + 1;
        }
    }
}

/// Whether a unit can stand before or after a text: a zero, or filling of code.
fn is_edge(unit: [u8; 2]) -> bool {
    matches!(unit, [0, 0] | [0xcc, 0xcc] | [0x90, 0x90])
}

/// Where a text begins that follows a literal of one byte a character, whose last byte and zero look like a unit.
fn behind_literal(units: &[[u8; 2]], run: Range<usize>) -> Option<usize> {
    let is_ascii = |unit: &[u8; 2]| unit.iter().all(|byte| matches!(byte, 0x20..=0x7e));
    let last = run.start + units.get(run.clone())?.iter().position(|unit| unit[1] == 0)?;
    // The first unit may be the zero before the literal and its first letter.
    let inner = units.get(run.start + 1..last).filter(|inner| !inner.is_empty())?;
    inner.iter().all(is_ascii).then_some(last + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BYTES_MIN, UNITS_MIN, behind_literal, byte_runs, is_edge, is_text, is_unit, unfilled, unit_runs};

    /// Bytes among which runs of every length are frequent.
    fn mixtures() -> impl Strategy<Value = Vec<u8>> {
        let part = prop_oneof![
            Just(vec![0]),
            Just(vec![0, 0]),
            Just(vec![1]),
            Just(vec![0xcc; 5]),
            Just(vec![0x90, 0x90]),
            "[a-zé中ж ]{1,30}".prop_map(String::into_bytes),
            "[a-zж中 ]{1,20}".prop_map(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            prop::collection::vec(any::<u8>(), 1..12),
        ];
        prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
    }

    /// The longest runs of what `is` says, one after the other.
    fn runs<T>(all: &[T], is: impl Fn(&T) -> bool) -> Vec<std::ops::Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        for at in 0..=all.len() {
            if all.get(at).is_none_or(|one| !is(one)) {
                found.push(start..at);
                start = at + 1;
            }
        }
        found
    }

    proptest! {
        #[test]
        fn passing_over_blocks_loses_no_run_of_bytes(text in mixtures()) {
            let (mut found, mut expected) = (Vec::new(), Vec::new());
            byte_runs(&text, |run| found.push(run));
            for run in runs(&text, |byte| is_text(*byte)) {
                if run.len() >= BYTES_MIN && text.get(run.end).is_none_or(|byte| *byte == 0) {
                    unfilled(&text, run, &mut |run| expected.push(run));
                }
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn reading_from_the_end_loses_no_run_of_units(text in mixtures()) {
            let (mut found, mut expected) = (Vec::new(), Vec::new());
            unit_runs(&text, |run| found.push(run));
            for parity in 0..2 {
                let (units, _) = text.get(parity..).unwrap_or_default().as_chunks::<2>();
                for run in runs(units, |unit| is_unit(u16::from_le_bytes(*unit))) {
                    let is_closed = units.get(run.end).is_none_or(|unit| is_edge(*unit));
                    if run.len() < UNITS_MIN || !is_closed {
                        continue;
                    }
                    let is_begun = run.start == 0 || is_edge(units[run.start - 1]);
                    let start = if is_begun { Some(run.start) } else { behind_literal(units, run.clone()) };
                    if let Some(start) = start.filter(|start| run.end - start >= UNITS_MIN) {
                        expected.push(parity + 2 * start..parity + 2 * run.end);
                    }
                }
            }
            prop_assert_eq!(found, expected);
        }
    }

    fn bytes(text: &[u8]) -> Vec<&[u8]> {
        let mut found = Vec::new();
        byte_runs(text, |run| found.push(&text[run]));
        found
    }

    #[test]
    fn a_run_ends_with_a_zero_or_with_the_bytes() {
        assert_eq!(
            bytes(b"\x01twelve bytes\0but not these\x02and the last ones"),
            [&b"twelve bytes"[..], b"and the last ones"]
        );
        assert_eq!(bytes(b"too short\0"), [] as [&[u8]; 0]);
    }

    #[test]
    fn filling_of_code_is_no_text() {
        assert_eq!(bytes(b"\xcc\xcc\xcc\xcc\xcctwelve bytes\xcc\xcc\xcc\xcc\0"), [b"twelve bytes"]);
    }

    #[test]
    fn a_run_of_units_stands_between_zeros_at_any_parity() {
        let text: Vec<u8> = "Привет, мир".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for before in [&b"\0\0"[..], b"\x01\0\0"] {
            let file = [before, &text, b"\0\0"].concat();
            let mut found = Vec::new();
            unit_runs(&file, |run| found.push(run));
            assert_eq!(found.len(), 1);
            assert_eq!(found[0], before.len()..before.len() + text.len());
        }
        let behind = [b"\x01\xff\xff\0a literal!\0", &text[..], b"\0\0"].concat();
        let mut found = Vec::new();
        unit_runs(&behind, |run| found.push(run));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0], 15..15 + text.len());
        let glued = [b"\0\0", &text[..], b"\xff\xff"].concat();
        unit_runs(&glued, |_| panic!("nothing ends it"));
    }
}
