//! The table of signatures at the end of a file (Microsoft PE format, "The Attribute Certificate Table").

use super::{image::Image, signature::Signature};
use crate::artefact::little_endian::{clamped, u16_at, u32_at};
use std::ops::Range;

/// Number of the directory, whose address is an offset in the file.
const CERTIFICATES: usize = 4;

/// Entries that are read, at most.
const ENTRIES_MAX: usize = 16;

/// Bytes before the signature of an entry.
const HEADER_LEN: usize = 8;

/// The type of an entry that is a signature in the form of PKCS #7.
const PKCS7: u16 = 2;

/// The table.
#[derive(Clone, Debug)]
pub(crate) struct Certificates {
    /// Its bytes, as far as they lie in the file.
    pub range: Range<usize>,
    /// Whether the header promises more than the file has.
    pub is_cut: bool,
    /// Its entries: where they lie, and what they say if they can be read.
    pub entries: Vec<(Range<usize>, Option<Signature>)>,
}

impl Certificates {
    /// Reads the table, if there is one.
    pub(crate) fn of(image: &Image<'_>) -> Option<Self> {
        let directory = image.directory(CERTIFICATES).filter(|directory| directory.size > 0)?;
        let range = clamped(directory.address as usize, directory.size as usize, image.bytes.len());
        let mut table =
            Self { is_cut: range.len() < directory.size as usize, range: range.clone(), entries: Vec::new() };
        let mut at = range.start;
        while table.entries.len() < ENTRIES_MAX
            && at + HEADER_LEN <= range.end
            && let (Some(len), Some(kind)) = (u32_at(image.bytes, at), u16_at(image.bytes, at + 6))
            && len as usize > HEADER_LEN
        {
            let entry = clamped(at, len as usize, range.end);
            let signature = image.bytes.get(at + HEADER_LEN..entry.end).filter(|_| kind == PKCS7);
            let signature = signature.and_then(|bytes| Signature::of(bytes, at + HEADER_LEN));
            // Entries begin at every eighth byte.
            at = at.saturating_add((len as usize).next_multiple_of(8));
            table.entries.push((entry, signature));
        }
        Some(table)
    }

    /// Returns the signatures that can be read.
    pub(crate) fn signatures(&self) -> impl Iterator<Item = &Signature> {
        self.entries.iter().filter_map(|(_, signature)| signature.as_ref())
    }
}
