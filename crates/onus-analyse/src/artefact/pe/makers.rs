//! Marks that compilers other than Microsoft's leave in an image.
//!
//! The sections of data are searched for three short texts; nothing else of the file is read.

use std::ops::Range;

use memchr::memmem;

use super::{facts::Facts, image::Image};
use crate::artefact::{
    little_endian::zero_ended,
    reader::Reader,
    toolchain::{GoBuild, Ident, go_build, ident},
};

/// Bytes of a section that are searched, at most.
const SEARCHED_MAX: usize = 32 << 20;

/// Lines in which compilers name themselves, at most; each different one is kept once.
const IDENTS_MAX: usize = 32;

/// Such lines that are looked at, at most.
const LINES_MAX: usize = 4096;

/// Bytes of such a line, at most.
const LINE_MAX: usize = 200;

/// Bytes at the beginning of the instructions in which Go keeps its build identifier.
const GO_ID_WITHIN: usize = 64 << 10;

/// Where build information of Go begins; it is aligned.
const GO_MARK: &[u8] = b"\xff Go buildinf:";

/// What stands before and behind the build identifier of Go.
const GO_ID_HEAD: &[u8] = b"\xff Go build ID: \"";
const GO_ID_TAIL: &[u8] = b"\"\n \xff";

/// Where the path of a source of the library of Rust begins; its commit follows.
const RUST_HEAD: &[u8] = b"/rustc/";

/// Hexadecimal digits of a commit.
const COMMIT_LEN: usize = 40;

/// Where a line of the GNU compilers begins.
const GCC_HEAD: &[u8] = b"GCC: (";

/// What compilers left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Makers<'a> {
    /// The build information of Go.
    pub go: Option<GoBuild<'a>>,
    /// The build identifier of Go and its place.
    pub go_id: Option<(String, Range<usize>)>,
    /// The commit of Rust and its place.
    pub rust: Option<(String, Range<usize>)>,
    /// Lines of the GNU compilers.
    pub idents: Vec<Ident>,
}

impl<'a> Makers<'a> {
    /// Searches the sections.
    pub(crate) fn of(image: &Image<'a>) -> Self {
        let mut makers = Self::default();
        let debug = |name: &str| name.starts_with(".debug") || name.starts_with('/');
        for section in image.sections.iter().filter(|section| !section.is_code() && !debug(&section.name)) {
            let range = section.range.start..section.range.end.min(section.range.start + SEARCHED_MAX);
            match section.name.as_str() {
                ".rsrc" | ".reloc" | ".pdata" | ".edata" => {}
                _ => makers.search(image, range),
            }
        }
        let code = image.sections.iter().find(|section| section.is_code());
        makers.go_id = code.and_then(|code| go_id(image.bytes, code.range.clone()));
        makers
    }

    fn search(&mut self, image: &Image<'a>, range: Range<usize>) {
        let bytes = image.bytes.get(range.clone()).unwrap_or_default();
        if self.go.is_none()
            && let Some(at) = memmem::find(bytes, GO_MARK)
        {
            let reader = Reader { bytes: image.bytes, is_big_endian: false, is_64: image.is_64 };
            let to_offset = |address: u64| {
                let relative = u32::try_from(address.checked_sub(image.image_base)?).ok()?;
                image.offset(relative)
            };
            self.go = go_build(reader, range.start + at..range.end, &to_offset);
        }
        if self.rust.is_none() {
            let mut places = memmem::find_iter(bytes, RUST_HEAD).take(LINES_MAX);
            self.rust = places.find_map(|at| rust_commit(image.bytes, range.start + at + RUST_HEAD.len()));
        }
        for at in memmem::find_iter(bytes, GCC_HEAD).take(LINES_MAX) {
            let Some(line) = zero_ended(bytes, at, LINE_MAX) else { continue };
            let is_known = self.idents.iter().any(|known| known.text.as_bytes() == line);
            if !is_known && self.idents.len() < IDENTS_MAX {
                let start = range.start + at;
                self.idents.push(ident(&String::from_utf8_lossy(line), start..start + line.len()));
            }
        }
    }
}

fn go_id(bytes: &[u8], code: Range<usize>) -> Option<(String, Range<usize>)> {
    let head = bytes.get(code.start..code.end.min(code.start + GO_ID_WITHIN))?;
    let start = memmem::find(head, GO_ID_HEAD)? + GO_ID_HEAD.len();
    let len = memmem::find(head.get(start..)?, GO_ID_TAIL)?;
    let id = head.get(start..start + len)?;
    let at = code.start + start;
    Some((String::from_utf8_lossy(id).into_owned(), at..at + len))
}

fn rust_commit(bytes: &[u8], at: usize) -> Option<(String, Range<usize>)> {
    let commit = bytes.get(at..at + COMMIT_LEN)?;
    let is_commit = commit.iter().all(u8::is_ascii_hexdigit) && matches!(bytes.get(at + COMMIT_LEN)?, b'/' | b'\\');
    is_commit.then(|| (String::from_utf8_lossy(commit).into_owned(), at..at + COMMIT_LEN))
}

/// Returns whether an image has the marks of the linker of Delphi and C++Builder.
pub(super) fn is_delphi(facts: &Facts<'_>) -> bool {
    let has = |name: &str| facts.image.sections.iter().any(|section| section.name == name);
    facts.image.linker == (2, 25) && (has(".itext") || has("CODE")) && (has(".bss") || has("BSS"))
}

#[cfg(test)]
mod tests {
    use super::{go_id, rust_commit};

    #[test]
    fn the_identifier_of_go_stands_between_its_marks() {
        let bytes = b"....\xff Go build ID: \"abc/def\"\n \xff....";
        assert_eq!(go_id(bytes, 0..bytes.len()), Some(("abc/def".into(), 20..27)));
        assert_eq!(go_id(bytes, 0..20), None);
    }

    #[test]
    fn a_commit_of_rust_has_forty_digits() {
        let path = format!("/rustc/{}/library/std", "ab12".repeat(10));
        assert_eq!(rust_commit(path.as_bytes(), 7).unwrap().1, 7..47);
        assert_eq!(rust_commit(b"/rustc/llvm/x", 7), None);
    }
}
