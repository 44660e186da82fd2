//! Images that break off, promise too much or are set to extremes are read all the same.

use onus_core::{Digest, Exhibit, Observation};

use super::{given::bytes, observe};
use crate::{FileType, Findings, Program, Subject};

const LIBRARY: &str = include_str!("../../../fixtures/pe/library_of_the_microsoft_linker.hex");
const SIGNED: &str = include_str!("../../../fixtures/pe/signed.hex");

/// Reads bytes as an image and checks that every place lies inside them.
fn check(bytes: &[u8]) -> Vec<Observation> {
    let exhibit =
        Exhibit { sha256: Digest::of(b""), sha1: String::new(), md5: String::new(), size: bytes.len() as u64 };
    let file_type = FileType { program: Some(Program::Pe), ..FileType::of(b"", true) };
    let mut findings = Findings::new("pe", 10_000, 1 << 20);
    observe(&Subject { exhibit: &exhibit, bytes }, &file_type, &mut findings);
    let mut observations = Vec::new();
    findings.close_into(&mut observations);
    let places = observations.iter().filter_map(|observation| observation.locus);
    places.for_each(|locus| assert!(locus.offset + locus.len <= bytes.len() as u64, "{locus}"));
    observations
}

/// Offset of the signature in the signed image; what stands before it is as in the other.
const SIGNATURE: usize = 0xe00;

#[test]
fn a_file_that_ends_anywhere_is_read() {
    let library = bytes(LIBRARY);
    (0..library.len()).for_each(|len| drop(check(&library[..len])));
    let signed = bytes(SIGNED);
    (SIGNATURE..signed.len()).for_each(|len| drop(check(&signed[..len])));
}

#[test]
fn a_file_with_any_byte_set_to_an_extreme_is_read() {
    for (fixture, from) in [(LIBRARY, 0), (SIGNED, SIGNATURE)] {
        let image = bytes(fixture);
        for at in from..image.len() {
            let mut changed = image.clone();
            changed[at] = if at % 2 == 0 { 0xff } else { 0x7f };
            check(&changed);
        }
    }
}

#[test]
fn every_count_at_its_largest_is_read() {
    let library = bytes(LIBRARY);
    for at in (0..library.len() - 4).step_by(4) {
        let mut changed = library.clone();
        changed[at..at + 4].fill(0xff);
        check(&changed);
    }
}

#[test]
fn sixty_five_thousand_sections_are_read_in_no_time() {
    let mut bytes = bytes(LIBRARY);
    let header = u32::from_le_bytes(bytes[0x3c..0x40].try_into().unwrap()) as usize;
    bytes[header + 6..header + 8].fill(0xff);
    let table = header + 24 + 240;
    let row = bytes[table + 40..table + 80].to_vec();
    bytes.truncate(table);
    (0..65_535).for_each(|_| bytes.extend(&row));
    let set = check(&bytes);
    assert!(set.iter().any(|found| found.kind == "limit" && found.value.contains("of 65535 sections")));
}
