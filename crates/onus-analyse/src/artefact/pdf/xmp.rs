//! Packets of XMP (ISO 16684-1): the same facts once more, and the history of the document.

use std::ops::Range;

use jiff::Timestamp;
use onus_core::Locus;

use super::{Side, file::File};
use crate::{
    Finding, Findings,
    artefact::{
        office::{language, person, property, software, time, trace},
        xml::{self, Token},
    },
};

/// Packets that are read, at most, and bytes of each.
const PACKETS_MAX: usize = 50;
const PACKET_MAX: usize = 4 << 20;

/// Facts of one packet, at most.
const FACTS_MAX: usize = 1_000;

/// Reads every packet; the last one that says something counts for the tests.
pub(super) fn read(file: &File<'_>, side: &mut Side, findings: &mut Findings) {
    for (text, range) in packets(file, findings) {
        let mut read = Side::default();
        for (name, value) in facts(&text) {
            if let Some(finding) = one(&name, &value, &range, &mut read) {
                findings.add(finding.with("from", "XMP"));
            }
        }
        if read.created.is_some() || read.producer.is_some() || read.modified.is_some() {
            *side = read;
        }
    }
}

/// The packets as they lie in the file, and those that are packed, in the order of the file.
fn packets(file: &File<'_>, findings: &mut Findings) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = file.bytes.get(at..).and_then(|rest| memchr::memmem::find(rest, b"<x:xmpmeta")) {
        let start = at + start;
        let rest = file.bytes.get(start..file.bytes.len().min(start + PACKET_MAX)).unwrap_or_default();
        let len = memchr::memmem::find(rest, b"</x:xmpmeta>").unwrap_or(rest.len());
        found.push((String::from_utf8_lossy(rest.get(..len).unwrap_or_default()).into_owned(), start..start + len));
        at = start + len.max(1);
        if found.len() >= PACKETS_MAX {
            findings.add(Finding::limit(format!("of the packets of XMP the first {PACKETS_MAX} are read")));
            return found;
        }
    }
    for object in file.of_type(b"/XML").into_iter().take(PACKETS_MAX) {
        let Some((_, stream)) = file.unpacked(object, PACKET_MAX) else { continue };
        let is_plain = found.iter().any(|(_, range)| stream.range.contains(&range.start));
        if !is_plain && memchr::memmem::find(&stream.bytes, b"xmpmeta").is_some() {
            found.push((String::from_utf8_lossy(&stream.bytes).into_owned(), stream.range));
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// Names and values, whether written as elements or as attributes.
fn facts(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for token in xml::tokens(text) {
        if let Token::Open { name: "Description" | "li", attributes, .. } = token {
            found.extend(xml::attributes(attributes).map(|(name, value)| (name.to_owned(), value)).take(FACTS_MAX));
        }
        if found.len() >= FACTS_MAX {
            break;
        }
    }
    for (path, value) in xml::texts(text).take(FACTS_MAX) {
        let name = path.iter().rev().find(|name| !matches!(**name, "li" | "Seq" | "Bag" | "Alt"));
        found.extend(name.map(|name| ((*name).to_owned(), value)));
    }
    found
}

fn one(name: &str, value: &str, range: &Range<usize>, side: &mut Side) -> Option<Finding> {
    let locus = Locus::bytes(range.start, range.len());
    let seconds = || value.parse::<Timestamp>().ok().map(|time| (time.as_second(), range.clone()));
    if value.trim().is_empty() {
        return None;
    }
    Some(match name {
        "CreatorTool" => software("creator", value, "", locus),
        "Producer" => {
            side.producer = Some((value.to_owned(), range.clone()));
            software("producer", value, "", locus)
        }
        "softwareAgent" => software("history", value, "", locus),
        "CreateDate" => {
            side.created = seconds();
            time("created", value, zone(value), locus)
        }
        "ModifyDate" => {
            side.modified = seconds();
            time("modified", value, zone(value), locus)
        }
        "MetadataDate" => time("metadata_changed", value, zone(value), locus),
        "when" => time("history", value, zone(value), locus),
        "creator" => person("author", value, locus),
        "language" => language(value, "XMP", locus),
        "title" => property("title", value, locus),
        "DocumentID" | "InstanceID" | "OriginalDocumentID" => trace("document_id", value, locus).with("which", name),
        _ => return None,
    })
}

/// The zone at the end of a time.
fn zone(written: &str) -> &str {
    if written.ends_with('Z') {
        return "UTC";
    }
    let at = written.len().saturating_sub(6);
    written.get(at..).filter(|end| end.starts_with(['+', '-']) && written.contains('T')).unwrap_or("")
}
