//! Which part of a Mach-O file every byte belongs to.

use std::ops::Range;

use super::{
    fat::File,
    image::{CODE_SIGNATURE, DYLD_INFO, DYSYMTAB, Image, NOTE, SYMTAB, Section, Segment},
};
use crate::artefact::{
    layout::{Layout, Place, Region},
    pieces::lay_out,
};

/// Names of sections that the format or a tool accounts for.
const ACCOUNTED: &[&str] = &["__eh_frame", "__gcc_except_tab", "__gopclntab", "__info_plist", "__unwind_info"];

/// Returns the layout of a file, whatever number of architectures it has.
pub(crate) fn layout(file: &File<'_>) -> Layout {
    let mut pieces = Vec::new();
    if !file.table.is_empty() {
        pieces.push(region(file.table.clone(), Place::Header, "architecture table"));
    }
    for image in &file.slices {
        let first = pieces.len();
        add(image, &mut pieces);
        for piece in pieces.iter_mut().skip(first) {
            piece.range = image.in_file(piece.range.clone());
        }
    }
    lay_out(pieces, file.bytes.len())
}

fn add(image: &Image<'_>, pieces: &mut Vec<Region>) {
    pieces.push(region(0..image.command_table.start, Place::Header, "header"));
    pieces.push(region(image.command_table.clone(), Place::Header, "load commands"));
    for segment in &image.segments {
        add_segment(image, segment, pieces);
    }
    for command in &image.commands {
        add_linkedit(image, command.range.start, command.kind, pieces);
    }
}

fn add_segment(image: &Image<'_>, segment: &Segment, pieces: &mut Vec<Region>) {
    let sections = segment.sections.iter().filter(|section| !section.range.is_empty());
    pieces.extend(sections.map(|section| Region {
        range: section.range.clone(),
        place: place(section),
        name: format!("{},{}", section.segment, section.name),
        address: Some(section.address),
    }));
    // Between the last section and the end of its segment the file is filled up.
    let end = segment.sections.iter().map(|section| section.range.end).max().unwrap_or(segment.range.start);
    if !segment.sections.is_empty() && end < segment.range.end {
        let start = end.max(image.command_table.end);
        pieces.push(region(start..segment.range.end, Place::Slack, &segment.name));
    }
}

/// The tables of `__LINKEDIT`, which has no sections.
fn add_linkedit(image: &Image<'_>, at: usize, kind: u32, pieces: &mut Vec<Region>) {
    let field = |index: usize| u64::from(image.reader.u32(at + index * 4).unwrap_or_default());
    let mut table = |start: u64, size: u64, name: &str| {
        let range = image.range(start, size);
        if start != 0 && !range.is_empty() {
            pieces.push(region(range, Place::Accounted, name));
        }
    };
    let symbol = if image.reader.is_64 { 16 } else { 12 };
    match kind {
        SYMTAB => {
            table(field(2), field(3) * symbol, "symbol table");
            table(field(4), field(5), "string table");
        }
        DYSYMTAB => {
            table(field(14), field(15) * 4, "indirect symbols");
            table(field(16), field(17) * 8, "external relocations");
            table(field(18), field(19) * 8, "local relocations");
        }
        DYLD_INFO => (0..5).for_each(|pair| table(field(2 + 2 * pair), field(3 + 2 * pair), "information for dyld")),
        CODE_SIGNATURE => table(field(2), field(3), "code signature"),
        0x1e | 0x26 | 0x29 | 0x2b | 0x2e | 0x33 | 0x34 => table(field(2), field(3), "link edit data"),
        NOTE => {
            let word = |index: usize| image.reader.u64(at + index).unwrap_or_default();
            table(word(24), word(32), "note");
        }
        _ => {}
    }
}

fn place(section: &Section) -> Place {
    if section.segment == "__DWARF" || section.name.starts_with("__debug") {
        Place::Debug
    } else if section.is_code() {
        Place::Code
    } else if ACCOUNTED.contains(&section.name.as_str()) {
        Place::Accounted
    } else {
        Place::Data
    }
}

fn region(range: Range<usize>, place: Place, name: &str) -> Region {
    Region { range, place, name: name.to_owned(), address: None }
}
