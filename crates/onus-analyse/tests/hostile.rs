//! Documents and archives that are cut, damaged or made to cost: there is an answer, and it has the right form.

#![expect(clippy::disallowed_methods, reason = "reads fixtures, and how long the tests may take")]
#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::{fs, path::Path};

use onus_analyse::{Subject, check_answer, observe};
use onus_core::{Digest, Exhibit, ObservationSet};

/// Fixtures that are cut and damaged at every byte.
const EACH_BYTE: [&str; 7] = [
    "archive/zip_with_utc_beside_local_time.hex",
    "archive/cabinet_with_two_files.hex",
    "lnk/link_of_explorer.hex",
    "ooxml/workbook_with_path.hex",
    "pdf/ordinary.pdf",
    "rtf/ordinary.rtf",
    "script/powershell_with_blob.ps1",
];

/// Fixtures that are cut and damaged at some bytes.
const SOME_BYTES: [&str; 4] = [
    "archive/gzip_of_a_tar.hex",
    "archive/tar_with_pax_records.hex",
    "ole/word_with_project.hex",
    "ole/workbook_of_excel.hex",
];

fn check(bytes: &[u8]) -> ObservationSet {
    let exhibit =
        Exhibit { sha256: Digest::of(bytes), sha1: "1".repeat(40), md5: "5".repeat(32), size: bytes.len() as u64 };
    let set = observe(&Subject { exhibit: &exhibit, bytes });
    check_answer(&set, &exhibit).unwrap();
    set
}

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    let bytes = fs::read(&path).unwrap();
    if path.extension().unwrap() != "hex" {
        return bytes;
    }
    let text = String::from_utf8(bytes).unwrap();
    let digits: String =
        text.lines().filter_map(|line| line.split('#').next()).flat_map(str::split_whitespace).collect();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

fn cut_and_damage(name: &str, step: usize) {
    let bytes = fixture(name);
    for at in (0..bytes.len()).step_by(step) {
        check(&bytes[..at]);
        for value in [0, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            check(&damaged);
        }
    }
}

#[test]
fn a_document_that_is_cut_or_damaged_anywhere_is_read() {
    let step = if std::env::var_os("ONUS_LONG_TESTS").is_some() { 1 } else { 11 };
    for name in EACH_BYTE {
        cut_and_damage(name, step);
    }
    for name in SOME_BYTES {
        cut_and_damage(name, 5 * step);
    }
}

/// A header before a content, and one in the directory that leads to an offset.
fn zip_entry(name: &str, packed: &[u8], size: u32, offset: u32) -> (Vec<u8>, Vec<u8>) {
    let mut shared = [20_u16, 0, 8, 0, 0x21].map(u16::to_le_bytes).concat();
    shared.extend([0, packed.len() as u32, size].map(u32::to_le_bytes).concat());
    shared.extend([name.len() as u16, 0].map(u16::to_le_bytes).concat());
    let local = [b"PK\x03\x04".as_slice(), &shared, name.as_bytes(), packed].concat();
    let mut central = [b"PK\x01\x02\x14\x03".as_slice(), &shared, &[0; 14], name.as_bytes()].concat();
    central[42..46].copy_from_slice(&offset.to_le_bytes());
    (local, central)
}

/// An archive whose entries all lead to one content.
fn overlapping(packed: &[u8], size: u32, count: usize) -> Vec<u8> {
    let (local, central) = zip_entry("a", packed, size, 0);
    let directory = central.repeat(count);
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend([count as u16; 2].map(u16::to_le_bytes).concat());
    end.extend([directory.len() as u32, local.len() as u32].map(u32::to_le_bytes).concat());
    [local, directory, end, vec![0, 0]].concat()
}

fn has(set: &ObservationSet, kind: &str, part: &str) -> bool {
    set.observations.iter().any(|observation| observation.kind == kind && observation.value.contains(part))
}

#[test]
fn a_bomb_of_overlapping_entries_is_stopped_by_the_budget() {
    let packed = miniz_oxide::deflate::compress_to_vec(&vec![0; 32 << 20], 1);
    let set = check(&overlapping(&packed, 32 << 20, 9_000));
    assert!(has(&set, "limit", "contents of"));
    let test = set.observations.iter().find(|o| o.value == "zip-entries-apart").unwrap();
    assert_eq!(test.attributes["result"], "inconsistent");
}

#[test]
fn contents_that_unpack_to_nothing_are_stopped_by_the_budget() {
    let empty_blocks = [0, 0, 0, 0xff, 0xff].repeat(1 << 20);
    assert!(has(&check(&overlapping(&empty_blocks, 0, 9_000)), "limit", "contents of"));
}

#[test]
fn documents_that_are_made_to_cost_are_read_within_limits() {
    let zip = |name: &str, content: &[u8]| {
        let packed = miniz_oxide::deflate::compress_to_vec(content, 1);
        let (local, mut central) = zip_entry(name, &packed, content.len() as u32, 0);
        central[42..46].fill(0);
        let sizes = [central.len() as u32, local.len() as u32].map(u32::to_le_bytes).concat();
        [local, central, b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec(), sizes, vec![0, 0], b"[Content_Types].xml".to_vec()]
            .concat()
    };
    for hostile in [
        [b"{\\rtf1".to_vec(), b"{".repeat(1_000_000)].concat(),
        [b"{\\rtf1".to_vec(), b"{\\author a".repeat(100_000)].concat(),
        [b"{\\rtf1{\\fonttbl".to_vec(), b"a;".repeat(1_000_000)].concat(),
        [b"%PDF-1.4\n".to_vec(), b"1 0 obj<</Type/ObjStm/N 9/First 9>>stream\n".repeat(30_000)].concat(),
        [
            b"%PDF-1.4\n".to_vec(),
            (0..60_000).flat_map(|n| format!("{n} 0 obj<</Type/ObjStm>>stream\n").into_bytes()).collect(),
        ]
        .concat(),
        [b"%PDF-1.4\ntrailer".to_vec(), b"<</Info".repeat(200_000)].concat(),
        [b"%PDF-1.4\n".to_vec(), b"trailer%".repeat(200_000)].concat(),
        [b"%PDF-1.4\n".to_vec(), b"/AA".repeat(1_000_000)].concat(),
        [b"%PDF-1.4\n".to_vec(), b"<x:xmpmeta".repeat(100_000)].concat(),
        [b"PK\x03\x04".to_vec(), b"PK\x03\x04".repeat(500_000)].concat(),
        zip("docProps/app.xml", "<a>b".repeat(1_000_000).as_bytes()),
        zip("docProps/app.xml", "<HeadingPairs><lpstr>b</lpstr>".repeat(100_000).as_bytes()),
        zip("word/document.xml", "<w:lang w:val='a' ".repeat(300_000).as_bytes()),
        zip(
            "word/document.xml",
            (0..100_000).map(|n| format!("<lang val='{n}'/><ins author='{n}'/>")).collect::<String>().as_bytes(),
        ),
        format!("#!/bin/sh\n{}", "\"\\".repeat(1_000_000)).into_bytes(),
        format!("#!/bin/sh\n{}", " ".repeat(2_000_000)).into_bytes(),
        format!("#!/bin/sh\n{}", "'abc'".repeat(500_000)).into_bytes(),
        format!("#!/bin/sh\n{}", "/home/".repeat(300_000)).into_bytes(),
        format!("<?php\n{}", "/*".repeat(500_000)).into_bytes(),
    ] {
        check(&hostile);
    }
}

#[test]
fn a_compound_file_whose_sectors_all_lead_to_themselves_ends() {
    let mut bytes = vec![0; 1 << 20];
    bytes[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    bytes[30..34].copy_from_slice(&[9, 0, 6, 0]);
    for (number, sector) in bytes[512..].as_chunks_mut::<4>().0.iter_mut().enumerate() {
        *sector = (number as u32 % 2048).to_le_bytes();
    }
    for start in [0_u32, 1, 2047] {
        for at in [48, 60, 68, 76, 80] {
            bytes[at..at + 4].copy_from_slice(&start.to_le_bytes());
        }
        check(&bytes);
    }
}
