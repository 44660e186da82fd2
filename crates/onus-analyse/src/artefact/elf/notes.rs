//! Notes: build identifier, ABI, properties, package (System V gABI, "Note Section").

use std::ops::Range;

use super::image::{Image, PT_NOTE, SHT_NOTE};
use crate::artefact::reader::Reader;

/// Notes, at most.
const NOTES_MAX: usize = 1_000;

/// `NT_GNU_ABI_TAG`.
pub(crate) const ABI_TAG: u32 = 1;
/// `NT_GNU_BUILD_ID`.
pub(crate) const BUILD_ID: u32 = 3;
/// Go's build identifier.
pub(crate) const GO_BUILD_ID: u32 = 4;
/// `NT_GNU_PROPERTY_TYPE_0`.
pub(crate) const PROPERTIES: u32 = 5;
/// The package note of systemd (`FDO`).
pub(crate) const PACKAGE: u32 = 0xcafe_1a7e;

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note<'a> {
    /// Who defines the type, without the zero byte at the end.
    pub owner: &'a [u8],
    /// The type.
    pub kind: u32,
    /// Where the whole note lies.
    pub range: Range<usize>,
    /// Where its content lies.
    pub content: Range<usize>,
}

/// Reads the notes of every section and, where there are no sections, of every segment.
pub(crate) fn notes<'a>(image: &Image<'a>) -> Vec<Note<'a>> {
    let sections = image.sections.iter().filter(|section| section.kind == SHT_NOTE);
    let mut ranges: Vec<(Range<usize>, u64)> = sections.map(|section| (section.range.clone(), section.align)).collect();
    if ranges.is_empty() {
        let segments = image.segments.iter().filter(|segment| segment.kind == PT_NOTE);
        ranges.extend(segments.map(|segment| (segment.range.clone(), segment.align)));
    }
    let mut notes = Vec::new();
    for (range, align) in ranges {
        read(image.reader, range, if align == 8 { 8 } else { 4 }, &mut notes);
    }
    notes
}

fn read<'a>(reader: Reader<'a>, range: Range<usize>, align: usize, notes: &mut Vec<Note<'a>>) {
    let mut at = range.start;
    while at + 12 <= range.end && notes.len() < NOTES_MAX {
        let (Some(name), Some(size), Some(kind)) = (reader.u32(at), reader.u32(at + 4), reader.u32(at + 8)) else {
            return;
        };
        let (name, size) = (name as usize, size as usize);
        let start = align_up((at + 12).saturating_add(name), align.min(4).max(align));
        let end = start.saturating_add(size);
        if end > range.end {
            return;
        }
        let owner = reader.slice(at + 12, name).unwrap_or_default();
        let owner = owner.strip_suffix(b"\0").unwrap_or(owner);
        notes.push(Note { owner, kind, range: at..end, content: start..end });
        at = align_up(end, align);
    }
}

fn align_up(at: usize, align: usize) -> usize {
    at.checked_next_multiple_of(align).unwrap_or(usize::MAX)
}

/// Returns the value of a property of four bytes, and where it lies (Linux Extensions to gABI, "Program Property").
pub(crate) fn property(reader: Reader<'_>, note: &Note<'_>, wanted: u32) -> Option<(u32, Range<usize>)> {
    let mut at = note.content.start;
    while at + 8 <= note.content.end {
        let (kind, size) = (reader.u32(at)?, reader.u32(at + 4)? as usize);
        if kind == wanted && size == 4 {
            return Some((reader.u32(at + 8)?, at..at + 12));
        }
        at = align_up((at + 8).saturating_add(size), reader.word_len());
    }
    None
}
