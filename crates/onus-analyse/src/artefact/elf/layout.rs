//! Which part of an ELF file every byte belongs to.

use super::image::{Image, SHT_NOBITS, Section};
use crate::artefact::{
    layout::{Layout, Place, Region},
    pieces::lay_out,
};

/// `sh_type` of tables that the format accounts for: symbols, strings, relocations, hashes, notes, groups, versions.
const TABLES: &[u32] =
    &[2, 3, 4, 5, 6, 7, 9, 11, 17, 18, 19, 0x6fff_fff5, 0x6fff_fff6, 0x6fff_fffd, 0x6fff_fffe, 0x6fff_ffff];

/// Names of sections that tools write for other tools.
const ACCOUNTED: &[&str] = &[
    ".comment",
    ".eh_frame",
    ".eh_frame_hdr",
    ".gcc_except_table",
    ".gnu_debugaltlink",
    ".gnu_debugdata",
    ".gnu_debuglink",
    ".gopclntab",
    ".interp",
    ".ARM.attributes",
    ".ARM.exidx",
    ".ARM.extab",
    ".riscv.attributes",
    ".modinfo",
    ".BTF",
    ".note.GNU-stack",
];

/// Returns the layout of a file.
pub(crate) fn layout(image: &Image<'_>) -> Layout {
    let mut pieces = vec![
        header(0..image.header_len, "file header"),
        header(image.segment_table.clone(), "segment table"),
        header(image.section_table.clone(), "section table"),
    ];
    let sections = image.sections.iter().filter(|section| section.kind != 0 && section.kind != SHT_NOBITS);
    pieces.extend(sections.map(|section| Region {
        range: section.range.clone(),
        place: place(section),
        name: section.name.clone(),
        address: section.is_loaded().then_some(section.address),
    }));
    if image.sections.len() <= 1 {
        // Without sections, only what is loaded is known.
        pieces.extend(image.loads().map(|segment| Region {
            range: segment.range.clone(),
            place: if segment.flags & 1 == 0 { Place::Data } else { Place::Code },
            name: "segment".to_owned(),
            address: Some(segment.address),
        }));
    }
    lay_out(pieces, image.reader.bytes.len())
}

fn header(range: std::ops::Range<usize>, name: &str) -> Region {
    Region { range, place: Place::Header, name: name.to_owned(), address: None }
}

fn place(section: &Section) -> Place {
    let name = section.name.as_str();
    if name.starts_with(".debug") || name.starts_with(".zdebug") || name.starts_with(".stab") || name == ".gdb_index" {
        return Place::Debug;
    }
    if section.is_code() {
        return Place::Code;
    }
    if TABLES.contains(&section.kind)
        || ACCOUNTED.contains(&name)
        || name.starts_with(".note")
        || name.starts_with(".gnu.warning")
    {
        return Place::Accounted;
    }
    if section.is_loaded() { Place::Data } else { Place::Orphan }
}
