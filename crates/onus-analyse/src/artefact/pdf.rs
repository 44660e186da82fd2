//! Portable Document Format (ISO 32000-1): information dictionary, XMP, identifiers, updates, active content.
//!
//! The cross-reference tables are not used: they are what a hostile file bends first. Objects are found by their
//! marks, within limits, and the last of a number is taken, as programs do that mend a file.

mod file;
mod info;
mod object;
mod tests;
mod xmp;

use std::ops::Range;

use onus_core::Locus;

use super::{
    consistency::{self, Format},
    container::Container,
    office::{language, property, trace},
};
use crate::{Analyser, FileType, Finding, Findings, Subject};

use file::File;
use object::Value;

/// Reads PDF files.
pub(crate) const PDF: Analyser =
    Analyser { id: "pdf", version: 1, reads: |file_type| file_type.container == Some(Container::Pdf), observe };

/// The format, as consistency tests know it.
pub(super) struct Pdf;

impl Format for Pdf {
    type Facts<'a> = Facts;
}

/// Something that was read, and where.
pub(super) type Placed<T> = Option<(T, Range<usize>)>;

/// What both places say of the whole document.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    /// Creation, in seconds.
    pub created: Placed<i64>,
    /// Last change, in seconds.
    pub modified: Placed<i64>,
    /// The program that wrote the file.
    pub producer: Placed<String>,
}

/// What the tests compare.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The information dictionary of the last update.
    pub info: Side,
    /// The last packet of XMP.
    pub xmp: Side,
}

/// Names of what acts or carries, and how they are called here.
const ACTIVE: [(&[u8], &str); 8] = [
    (b"/JavaScript", "javascript"),
    (b"/JS", "javascript_code"),
    (b"/EmbeddedFile", "embedded_file"),
    (b"/OpenAction", "open_action"),
    (b"/AA", "automatic_action"),
    (b"/Launch", "launch"),
    (b"/RichMedia", "rich_media"),
    (b"/XFA", "xml_form"),
];

/// Identifiers of updates that are listed, at most.
const IDENTIFIERS_MAX: usize = 100;

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    let file = File::of(subject.bytes);
    let mut facts = Facts::default();
    head(&file, findings);
    identifiers(&file, findings);
    catalog(&file, findings);
    if file.is_encrypted {
        findings.add(Finding::limit("the document is encrypted: its texts are not read"));
    } else {
        info::read(&file, &mut facts.info, findings);
    }
    xmp::read(&file, &mut facts.xmp, findings);
    active(&file, findings);
    if let Some(what) = file.what_was_left_out() {
        findings.add(Finding::limit(what));
    }
    consistency::run::<Pdf>(tests::TESTS, &facts, subject.bytes.len(), findings);
}

fn head(file: &File<'_>, findings: &mut Findings) {
    let bytes = file.bytes;
    if let Some(at) = memchr::memmem::find(bytes, b"%PDF-") {
        let version: String = bytes.iter().skip(at + 5).take(3).map(|byte| char::from(*byte)).collect();
        findings.add(trace("pdf_version", version, Locus::bytes(at, 8.min(bytes.len() - at))));
    }
    let ends: Vec<usize> = memchr::memmem::find_iter(bytes, b"%%EOF").take(IDENTIFIERS_MAX).collect();
    match ends.last() {
        None => findings.add(Finding::malformed("the end mark is missing")),
        Some(last) => findings.add(
            trace("pdf_updates", ends.len().to_string(), Locus::bytes(*last, 5))
                .with("linearized", if memchr::memmem::find(bytes, b"/Linearized").is_some() { "true" } else { "" })
                .with_list("ends", ends.iter().map(usize::to_string)),
        ),
    }
}

/// The identifiers of the file: the first is kept from its making, the second changes at every saving.
fn identifiers(file: &File<'_>, findings: &mut Findings) {
    let mut seen = std::collections::BTreeSet::new();
    for trailer in &file.trailers {
        let Some(Value::Array(pair)) = trailer.value.get("ID") else { continue };
        for (value, which) in pair.iter().zip(["first", "last"]) {
            let Value::Text(text, range) = value else { continue };
            let hex: String = text.iter().take(64).map(|byte| format!("{byte:02x}")).collect();
            if seen.len() < IDENTIFIERS_MAX && seen.insert((hex.clone(), which)) {
                let range = trailer.place(range);
                findings.add(trace("document_id", hex, Locus::bytes(range.start, range.len())).with("which", which));
            }
        }
    }
}

/// Language and version in the root of the document.
fn catalog(file: &File<'_>, findings: &mut Findings) {
    let Some(root) = file.named("Root") else { return };
    let placed = |range: &Range<usize>| {
        let range = root.place(range);
        Locus::bytes(range.start, range.len())
    };
    if let Some(Value::Text(text, range)) = root.value.get("Lang") {
        let tag = info::text(text).0;
        if !tag.is_empty() && !file.is_encrypted {
            findings.add(language(&tag, "catalog", placed(range)));
        }
    }
    if let Some(Value::Name(version)) = root.value.get("Version") {
        findings.add(property("catalog_version", version, placed(&(0..0))));
    }
}

/// How often names of what acts stand in the file or in its streams of objects.
fn active(file: &File<'_>, findings: &mut Findings) {
    for (name, value) in ACTIVE {
        let (plain, first) = occurrences(file.bytes, name);
        let mut count = plain;
        let mut locus = first.map(|at| Locus::bytes(at, name.len()));
        for stream in &file.streams {
            let (packed, _) = occurrences(&stream.bytes, name);
            count += packed;
            if packed > 0 {
                locus = locus.or(Some(Locus::bytes(stream.range.start, stream.range.len())));
            }
        }
        if let Some(locus) = locus {
            findings.add(trace("active_content", value, locus).with("count", count.to_string()));
        }
    }
}

/// How often a name stands in bytes, and where first; longer names that begin alike do not count.
fn occurrences(bytes: &[u8], name: &[u8]) -> (usize, Option<usize>) {
    let is_end = |at: &usize| bytes.get(at + name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let places = || memchr::memmem::find_iter(bytes, name).filter(is_end);
    (places().count(), places().next())
}
