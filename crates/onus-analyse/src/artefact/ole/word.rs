//! Word 97 to 2003: language and builds in the head of the text, and who saved it where (`[MS-DOC]`, 2.5).

use super::Facts;
use crate::{
    Findings,
    artefact::{
        compound::{Compound, utf_16},
        language_id,
        little_endian::{u16_at, u32_at},
        office::{path, person, property, trace},
    },
};

/// Pairs of a name and a path that are read, at most; Word keeps ten.
const SAVED_MAX: usize = 100;

/// The mark at the beginning of the stream.
const MARK: u16 = 0xa5ec;

/// Offsets in the stream: version of the format, language, flags, languages of the East, builds, list of savings.
const VERSION: usize = 2;
const LANGUAGE: usize = 6;
const FLAGS: usize = 10;
const LANGUAGE_EAST: usize = 60;
const CREATED_BY: usize = 68;
const REVISED_BY: usize = 72;
const SAVED_BY: usize = 722;

/// The flag that says which of two streams has the tables, and the one of encryption.
const SECOND_TABLE: u16 = 0x200;
const ENCRYPTED: u16 = 0x100;

/// Reads what a Word document says.
pub(super) fn read(file: &Compound<'_>, facts: &mut Facts, findings: &mut Findings) {
    let Some(entry) = file.streams("WordDocument").find(|entry| entry.storages.is_empty()) else { return };
    let stream = file.read(entry);
    let bytes = stream.bytes.as_slice();
    if u16_at(bytes, 0) != Some(MARK) {
        return;
    }
    if let Some(version) = u16_at(bytes, VERSION) {
        findings.add(property("word_format", &version.to_string(), stream.locus(VERSION..VERSION + 2)));
    }
    for (at, from) in [(LANGUAGE, "Word, installed language"), (LANGUAGE_EAST, "Word, installed language of the East")]
    {
        let Some(number) = u16_at(bytes, at).filter(|number| *number != 0) else { continue };
        let tag = language_id::tag(number);
        let locus = stream.locus(at..at + 2);
        findings.add(trace("document_language", tag, locus).with("from", from).with("lcid", format!("{number:#06x}")));
        if at == LANGUAGE {
            facts.language = Some((number, stream.range(at..at + 2)));
        }
    }
    for (at, name) in [(CREATED_BY, "word_created_by_build"), (REVISED_BY, "word_revised_by_build")] {
        if let Some(build) = u32_at(bytes, at).filter(|build| *build != 0) {
            findings.add(property(name, &build.to_string(), stream.locus(at..at + 4)));
        }
    }
    saved_by(file, bytes, findings);
}

/// The list of names and paths of the last savings.
fn saved_by(file: &Compound<'_>, head: &[u8], findings: &mut Findings) {
    let flags = u16_at(head, FLAGS).unwrap_or_default();
    let (Some(at), Some(len)) = (u32_at(head, SAVED_BY), u32_at(head, SAVED_BY + 4)) else { return };
    if len == 0 || flags & ENCRYPTED != 0 {
        return;
    }
    let name = if flags & SECOND_TABLE != 0 { "1Table" } else { "0Table" };
    let Some(entry) = file.streams(name).find(|entry| entry.storages.is_empty()) else { return };
    let stream = file.read(entry);
    let bytes = stream.bytes.as_slice();
    let mut at = at as usize;
    if u16_at(bytes, at) != Some(0xffff) {
        return;
    }
    let count = u16_at(bytes, at.saturating_add(2)).map_or(0, usize::from).min(2 * SAVED_MAX);
    at = at.saturating_add(6);
    for number in 0..count {
        let Some(len) = u16_at(bytes, at).map(|len| 2 * usize::from(len)) else { return };
        let Some(text) = bytes.get(at + 2..at + 2 + len).map(utf_16) else { return };
        let locus = stream.locus(at..at + 2 + len);
        at += 2 + len;
        if text.is_empty() {
            continue;
        }
        if number % 2 == 0 {
            findings.add(person("saved_by", &text, locus));
        } else {
            path(&text, "saved to", locus, findings);
        }
    }
}
