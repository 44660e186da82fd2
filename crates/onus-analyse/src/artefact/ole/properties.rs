//! Property sets: who wrote a document, when, with what (`[MS-OLEPS]`, `[MS-OSHARED]` 2.3.3).

use std::ops::Range;

use super::{Facts, Placed};
use crate::{
    Findings,
    artefact::{
        code_page,
        compound::{Compound, Stream, utf_16},
        language_id,
        little_endian::{u16_at, u32_at, u64_at},
        office::{person, property, software, time, trace},
        stamp,
    },
};

/// Property sets, and properties of one section, at most.
const SETS_MAX: usize = 16;
const PROPERTIES_MAX: usize = 1_000;

/// Sections of a set: the second of the document's summary has the properties that users add.
const SECTIONS_MAX: usize = 2;

/// Entries of a vector, at most.
const VECTOR_MAX: usize = 200;

/// Bytes of a text, and of all texts of a section, at most.
const TEXT_MAX: usize = 64 << 10;
const TEXTS_MAX: usize = 4 << 20;

/// The first moment of 1980; what is before is no time but a count.
const PLAUSIBLE_MIN: i64 = 315_532_800;

const CODE_PAGE: u32 = 1;
const LOCALE: u32 = 0x8000_0000;
const SUMMARY: &str = "\u{5}SummaryInformation";
const DOCUMENT_SUMMARY: &str = "\u{5}DocumentSummaryInformation";

/// A value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Number(i64),
    Text(String),
    Time(u64),
    Texts(Vec<String>),
}

/// A property of a set.
struct Property {
    id: u32,
    value: Value,
    range: Range<usize>,
}

/// Reads the sets of the whole document.
pub(super) fn read(file: &Compound<'_>, facts: &mut Facts, findings: &mut Findings) {
    for (name, is_summary) in [(SUMMARY, true), (DOCUMENT_SUMMARY, false)] {
        for entry in file.streams(name).take(SETS_MAX) {
            let stream = file.read(entry);
            let is_main = entry.storages.is_empty();
            let part = entry.path().replace('\u{5}', "");
            system(&stream, &part, findings);
            let mut read = Facts::default();
            for property in section(&stream, 0, &mut read.code_page) {
                let finding = if is_summary {
                    summary(&property, &mut read, &stream)
                } else {
                    document(&property, &stream, findings)
                };
                if let Some(finding) = finding {
                    findings.add(finding.with("part", part.as_str()));
                }
            }
            if let Some((number, range)) = &read.code_page {
                let locus = onus_core::Locus::bytes(range.start, range.len());
                findings.add(trace("code_page", number.to_string(), locus).with("from", part.as_str()));
            }
            if is_main {
                facts.code_page = facts.code_page.take().or(read.code_page);
                facts.created = facts.created.take().or(read.created);
                facts.saved = facts.saved.take().or(read.saved);
            }
        }
    }
}

/// The system that the program ran on, as the set says it.
fn system(stream: &Stream, part: &str, findings: &mut Findings) {
    let (Some(version), Some(kind)) = (u16_at(&stream.bytes, 4), u16_at(&stream.bytes, 6)) else { return };
    let kind = match kind {
        0 => "Windows of 16 bits",
        1 => "Macintosh",
        2 => "Windows",
        _ => "another system",
    };
    let value = format!("{kind} {}.{}", version & 0xff, version >> 8);
    findings.add(trace("operating_system", value, stream.locus(4..8)).with("part", part));
}

/// Reads the properties of a section; the code page comes first, whatever the order.
fn section(stream: &Stream, number: usize, code_page: &mut Option<Placed<u16>>) -> Vec<Property> {
    let bytes = stream.bytes.as_slice();
    let found = u32_at(bytes, 24).map_or(0, |count| count as usize).min(SECTIONS_MAX);
    if number >= found {
        return Vec::new();
    }
    let Some(start) = u32_at(bytes, 28 + 20 * number + 16).map(|start| start as usize) else { return Vec::new() };
    let count = u32_at(bytes, start.saturating_add(4)).unwrap_or_default() as usize;
    let places: Vec<(u32, usize)> = (0..count.min(PROPERTIES_MAX))
        .filter_map(|index| {
            let at = start.checked_add(8 + 8 * index)?;
            Some((u32_at(bytes, at)?, start.checked_add(u32_at(bytes, at + 4)? as usize)?))
        })
        .collect();
    let page = places.iter().find(|(id, _)| *id == CODE_PAGE).and_then(|(_, at)| {
        let number = u16_at(bytes, at.checked_add(4)?)?;
        Some((number, stream.range(at + 4..at + 6)))
    });
    let page_number = page.as_ref().map_or(1252, |(number, _)| *number);
    *code_page = page;
    let properties = places.into_iter().filter(|(id, _)| *id != CODE_PAGE);
    let mut left = TEXTS_MAX;
    properties
        .filter_map(|(id, at)| {
            let (value, len) = value(bytes, at, page_number, &mut left)?;
            Some(Property { id, value, range: at..at + len })
        })
        .collect()
}

/// Reads a typed value and returns how many bytes it takes.
fn value(bytes: &[u8], at: usize, page: u16, left: &mut usize) -> Option<(Value, usize)> {
    let data = at.checked_add(4)?;
    match u32_at(bytes, at)? & 0xffff {
        2 => Some((Value::Number(i64::from(u16_at(bytes, data)?.cast_signed())), 6)),
        3 => Some((Value::Number(i64::from(u32_at(bytes, data)?.cast_signed())), 8)),
        0x13 => Some((Value::Number(i64::from(u32_at(bytes, data)?)), 8)),
        0x1e => text(bytes, data, page, left).map(|(text, len)| (Value::Text(text), 4 + len)),
        0x1f => {
            let len = (u32_at(bytes, data)? as usize).checked_mul(2)?.min(TEXT_MAX);
            *left = left.checked_sub(len)?;
            let text = utf_16(bytes.get(data + 4..data.checked_add(4 + len)?)?);
            Some((Value::Text(text), 8 + len))
        }
        0x40 => Some((Value::Time(u64_at(bytes, data)?), 12)),
        0x100c => {
            let mut at = data.checked_add(4)?;
            let mut texts = Vec::new();
            for _ in 0..(u32_at(bytes, data)? as usize).min(VECTOR_MAX) {
                let Some((entry, len)) = (u32_at(bytes, at)? != 0x100c).then(|| value(bytes, at, page, left)).flatten()
                else {
                    break;
                };
                if let Value::Text(text) = entry {
                    texts.push(text);
                }
                at = at.checked_add(len)?;
            }
            Some((Value::Texts(texts), at - (data - 4)))
        }
        _ => None,
    }
}

fn text(bytes: &[u8], at: usize, page: u16, left: &mut usize) -> Option<(String, usize)> {
    let len = u32_at(bytes, at)? as usize;
    *left = left.checked_sub(len.min(TEXT_MAX))?;
    let content = bytes.get(at + 4..at.checked_add(4 + len.min(TEXT_MAX))?)?;
    let text = if page == 1200 {
        utf_16(content)
    } else {
        code_page::decode(page, content.split(|byte| *byte == 0).next().unwrap_or_default())
    };
    Some((text, len.checked_add(4)?))
}

fn summary(property: &Property, facts: &mut Facts, stream: &Stream) -> Option<crate::Finding> {
    let range = stream.range(property.range.clone());
    let locus = stream.locus(property.range.clone());
    let seconds = |ticks: u64| {
        stamp::filetime_seconds(ticks)
            .filter(|seconds| *seconds > PLAUSIBLE_MIN)
            .map(|seconds| (seconds, range.clone()))
    };
    Some(match (property.id, &property.value) {
        (_, Value::Text(text)) if text.trim().is_empty() => return None,
        (2, Value::Text(text)) => self::property("title", text, locus),
        (3, Value::Text(text)) => self::property("subject", text, locus),
        (4, Value::Text(text)) => person("author", text, locus),
        (5, Value::Text(text)) => self::property("keywords", text, locus),
        (6, Value::Text(text)) => self::property("comments", text, locus),
        (7, Value::Text(text)) => self::property("template", text, locus),
        (8, Value::Text(text)) => person("last_modified_by", text, locus),
        (9, Value::Text(text)) => self::property("revision", text, locus),
        (10, Value::Time(ticks)) => self::property("editing_minutes", &(ticks / 600_000_000).to_string(), locus),
        (11, Value::Time(ticks)) => time("printed", &stamp::filetime(*ticks)?, "UTC", locus),
        (12, Value::Time(ticks)) => {
            facts.created = seconds(*ticks);
            time("created", &stamp::filetime(*ticks)?, "UTC", locus)
        }
        (13, Value::Time(ticks)) => {
            facts.saved = seconds(*ticks);
            time("saved", &stamp::filetime(*ticks)?, "UTC", locus)
        }
        (18, Value::Text(text)) => software("application", text, "", locus),
        (LOCALE, Value::Number(lcid)) => locale(*lcid, locus),
        _ => return None,
    })
}

fn document(property: &Property, stream: &Stream, findings: &mut Findings) -> Option<crate::Finding> {
    let locus = stream.locus(property.range.clone());
    Some(match (property.id, &property.value) {
        (_, Value::Text(text)) if text.trim().is_empty() => return None,
        (2, Value::Text(text)) => self::property("category", text, locus),
        (14, Value::Text(text)) => person("manager", text, locus),
        (15, Value::Text(text)) => trace("organisation_name", text.as_str(), locus).with("role", "company"),
        (23, Value::Number(version)) => {
            self::property("application_version", &format!("{}.{}", (version >> 16) & 0xffff, version & 0xffff), locus)
        }
        (12, Value::Texts(headings)) => {
            for heading in headings {
                findings.add(trace("interface_text", heading.as_str(), locus).with("from", "heading pairs"));
            }
            return None;
        }
        (LOCALE, Value::Number(lcid)) => locale(*lcid, locus),
        _ => return None,
    })
}

fn locale(lcid: i64, locus: onus_core::Locus) -> crate::Finding {
    let tag = language_id::tag((lcid & 0xffff) as u16);
    trace("document_language", tag, locus)
        .with("from", "locale of the property set")
        .with("lcid", format!("{lcid:#06x}"))
}
