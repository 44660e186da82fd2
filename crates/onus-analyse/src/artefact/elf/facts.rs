//! What is read of an ELF file before its tests run.

use std::ops::Range;

use super::{
    dynamic::Dynamic,
    image::{ET_REL, Image, SHF_COMPRESSED, SHT_NOBITS},
    notes::{self, BUILD_ID, Note},
};
use crate::artefact::{
    reader::{Text, find},
    toolchain::{GoBuild, Ident, Path, TableVersion, go_build, ident, idents, paths, table_version},
};

/// Bytes of one section of debugging information that are searched, at most.
const DEBUG_SEARCHED_MAX: usize = 4 << 20;

/// Bytes of a section that paths are searched in, at most.
const SEARCHED_MAX: usize = 32 << 20;

/// Producers of debugging information, at most.
const PRODUCERS_MAX: usize = 16;

/// How producers begin.
const PRODUCER_HEADS: &[&[u8]] = &[b"GNU C", b"clang version ", b"rustc version ", b"GNU Fortran", b"GNU GIMPLE"];

/// Sections that hold texts.
const TEXT_SECTIONS: &[&str] = &[".rodata", ".data.rel.ro", ".gopclntab"];

/// What an ELF file says.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    /// The tables.
    pub image: Image<'a>,
    /// What the dynamic linker is asked for.
    pub dynamic: Dynamic<'a>,
    /// The notes.
    pub notes: Vec<Note<'a>>,
    /// The compilers that name themselves in `.comment`.
    pub idents: Vec<Ident>,
    /// The compilers that name themselves in debugging information.
    pub producers: Vec<Ident>,
    /// Build information of Go.
    pub go: Option<GoBuild<'a>>,
    /// Where the table of functions of Go is, and what it says of the version.
    pub go_table: Option<(usize, TableVersion)>,
    /// Paths of the machine on which it was built.
    pub paths: Vec<Path>,
    /// The name of the file with debugging information, and its checksum.
    pub debug_link: Option<DebugLink<'a>>,
    /// Whether the bytes are all of the file.
    pub is_whole: bool,
}

/// What `.gnu_debuglink` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DebugLink<'a> {
    /// The name of the file.
    pub name: Text<'a>,
    /// Its CRC-32.
    pub checksum: u32,
    /// Where the section lies.
    pub range: Range<usize>,
}

impl<'a> Facts<'a> {
    /// Reads everything of a file whose header could be read.
    pub(crate) fn of(image: Image<'a>, is_whole: bool) -> Self {
        let dynamic = Dynamic::of(&image);
        let notes = notes::notes(&image);
        let comment = range_of(&image, ".comment");
        let mut found = Vec::new();
        for name in TEXT_SECTIONS {
            search_paths(&image, name, SEARCHED_MAX, &mut found);
        }
        for name in [".debug_line_str", ".debug_str"] {
            search_paths(&image, name, DEBUG_SEARCHED_MAX, &mut found);
        }
        Self {
            idents: comment.map(|range| idents(image.reader, range)).unwrap_or_default(),
            producers: producers(&image),
            go: go(&image),
            go_table: go_table(&image),
            paths: found,
            debug_link: debug_link(&image),
            dynamic,
            notes,
            image,
            is_whole,
        }
    }

    /// Returns the build identifier that the linker wrote.
    pub(crate) fn build_id(&self) -> Option<&Note<'a>> {
        self.notes.iter().find(|note| note.owner == b"GNU" && note.kind == BUILD_ID)
    }

    /// Returns whether it was linked, rather than only compiled.
    pub(crate) fn is_linked(&self) -> bool {
        self.image.kind != ET_REL
    }

    /// Returns whether it is a program or library for Linux with the GNU C library.
    pub(crate) fn is_glibc(&self) -> bool {
        self.dynamic.newest_glibc().is_some()
    }
}

/// Where the bytes of a section lie, unless they are compressed or not there.
fn range_of(image: &Image<'_>, name: &str) -> Option<Range<usize>> {
    let section = image.named(name)?;
    (section.flags & SHF_COMPRESSED == 0 && section.kind != SHT_NOBITS).then(|| section.range.clone())
}

fn search_paths(image: &Image<'_>, name: &str, most: usize, found: &mut Vec<Path>) {
    if let Some(range) = range_of(image, name) {
        paths(image.reader.bytes, range.start..range.end.min(range.start.saturating_add(most)), found);
    }
}

fn producers(image: &Image<'_>) -> Vec<Ident> {
    let mut producers: Vec<Ident> = Vec::new();
    let Some(range) = range_of(image, ".debug_str") else { return producers };
    let end = range.end.min(range.start.saturating_add(DEBUG_SEARCHED_MAX));
    for head in PRODUCER_HEADS {
        let mut at = range.start;
        while let Some(next) = find(image.reader.clamped(at..end), head) {
            at += next;
            let before = at.checked_sub(1).and_then(|before| image.reader.u8(before));
            if before == Some(0) || at == range.start {
                let text = image.reader.text(at, end).map(|text| (text.lossy(), text.range()));
                producers.extend(text.map(|(text, range)| ident(&text, range)));
            }
            at += head.len();
            if producers.len() >= PRODUCERS_MAX {
                return producers;
            }
        }
    }
    producers
}

fn go<'a>(image: &Image<'a>) -> Option<GoBuild<'a>> {
    let range = range_of(image, ".go.buildinfo").or_else(|| {
        // A linker of another language puts it at the beginning of the writable data.
        let is_go = image.sections.iter().any(|section| section.name.ends_with(".gopclntab"));
        is_go.then(|| range_of(image, ".data")).flatten()
    })?;
    go_build(image.reader, range, &|address| image.offset(address))
}

fn go_table(image: &Image<'_>) -> Option<(usize, TableVersion)> {
    let section = image.sections.iter().find(|section| section.name.ends_with(".gopclntab"))?;
    let at = section.range.start;
    Some((at, table_version(image.reader, at)?))
}

fn debug_link<'a>(image: &Image<'a>) -> Option<DebugLink<'a>> {
    let range = range_of(image, ".gnu_debuglink")?;
    let name = image.reader.text(range.start, range.end)?;
    // The checksum stands at the next multiple of four (GDB manual, "Separate Debug Files").
    let at = range.start + (name.bytes.len() + 1).next_multiple_of(4);
    Some(DebugLink { name, checksum: image.reader.u32(at)?, range })
}
