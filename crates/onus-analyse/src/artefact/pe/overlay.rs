//! What stands behind the last section, other than the signature.

use memchr::memmem;
use onus_core::Locus;
use std::ops::Range;

use super::{facts::Facts, image::Image};
use crate::{
    Finding, Findings,
    artefact::{forge_cost::ForgeCost, little_endian::clamped},
};

/// Bytes at the beginning of an overlay in which the marks of installers are looked for.
const HEAD_MAX: usize = 64 << 10;

/// Bytes at the end in which the mark of a bundled Python program is looked for.
const TAIL_MAX: usize = 8 << 10;

/// Number of the directory of certificates.
const CERTIFICATES: usize = 4;

/// The mark of NSIS stands 4 bytes behind the beginning of its header, which begins at a multiple of 512 bytes.
const NSIS: &[u8] = b"\xef\xbe\xad\xdeNullsoftInst";

/// Beginnings of containers.
const BEGINNINGS: [(&[u8], &str); 10] = [
    (b"PK\x03\x04", "ZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"MSCF", "cabinet"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "compound file"),
    (b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d", "AutoIt"),
];

/// The record at the end of a ZIP archive; the length of a comment, which follows it, stands 20 bytes on.
const ZIP_END: &[u8] = b"PK\x05\x06";

/// What an overlay is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Overlay {
    /// Its bytes, without those of the signature.
    pub range: Range<usize>,
    /// The container that it is, if it is a known one.
    pub container: Option<&'static str>,
}

impl Overlay {
    /// Finds it: the bytes from the end of the last section, or of the symbols, to the signature or the end of the file.
    pub(crate) fn of(image: &Image<'_>) -> Option<Self> {
        let ends = image.sections.iter().filter(|section| !section.range.is_empty()).map(|section| section.range.end);
        let mut start = ends.max()?.max(image.symbols_range().end);
        let mut end = image.bytes.len();
        if let Some(table) = image.directory(CERTIFICATES) {
            let signature = clamped(table.address as usize, table.size as usize, image.bytes.len());
            match (signature.start >= start, signature.end == end) {
                (true, _) if signature.start > start => end = signature.start,
                (true, _) => start = signature.end,
                _ => {}
            }
        }
        let bytes = image.bytes.get(start..end)?;
        // Sections and signatures are filled up with zeros.
        let first = bytes.iter().position(|byte| *byte != 0)?;
        let range = start + first..end;
        Some(Self { container: container(image.bytes.get(range.clone())?), range })
    }
}

impl Overlay {
    /// Returns where the container ends: a ZIP archive says so, any other is taken to reach to the end of the overlay.
    pub(super) fn container_end(&self, bytes: &[u8]) -> Option<usize> {
        if self.container? != "ZIP" {
            return Some(self.range.end);
        }
        let overlay = bytes.get(self.range.clone())?;
        let Some(record) = memmem::rfind(overlay, ZIP_END) else { return Some(self.range.end) };
        let comment = overlay.get(record + 20..record + 22).and_then(|len| len.try_into().ok());
        let end = record + 22 + comment.map_or(0, |len| usize::from(u16::from_le_bytes(len)));
        Some(self.range.start + end.min(overlay.len()))
    }
}

fn container(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, name)) = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)) {
        return Some(name);
    }
    let head = bytes.get(..bytes.len().min(HEAD_MAX)).unwrap_or_default();
    let tail = bytes.get(bytes.len().saturating_sub(TAIL_MAX)..).unwrap_or_default();
    let has = |bytes: &[u8], mark: &[u8]| memmem::find(bytes, mark).is_some();
    match () {
        () if has(head, NSIS) => Some("NSIS"),
        () if has(head, b"Inno Setup Setup Data") || has(head, b"zlb\x1a") || has(head, b"idska32\x1a") => {
            Some("Inno Setup")
        }
        () if has(tail, b"MEI\x0c\x0b\x0a\x0b\x0e") => Some("PyInstaller"),
        () if has(tail, b"AU3!EA06") || has(head, b"AU3!EA06") => Some("AutoIt"),
        () if has(tail, b"PK\x05\x06") => Some("ZIP"),
        () => None,
    }
}

/// Adds it.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(overlay) = &facts.overlay else { return };
    findings.add(
        Finding::new("overlay", format!("{} bytes behind the last section", overlay.range.len()))
            .at(Locus::bytes(overlay.range.start, overlay.range.len()))
            .with("container", overlay.container.unwrap_or_default())
            .with("forge_cost", ForgeCost::F0.name()),
    );
}

#[cfg(test)]
mod tests {
    use super::container;

    #[test]
    fn containers_are_told_from_their_marks() {
        assert_eq!(container(b"PK\x03\x04rest"), Some("ZIP"));
        assert_eq!(container(b"\0\0\0\0\xef\xbe\xad\xdeNullsoftInst"), Some("NSIS"));
        assert_eq!(container(&[&[7; 9000], b"MEI\x0c\x0b\x0a\x0b\x0e".as_slice()].concat()), Some("PyInstaller"));
        assert_eq!(container(b"nothing known"), None);
    }
}
