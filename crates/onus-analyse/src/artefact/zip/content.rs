//! The content of an entry, decompressed up to a limit.

use super::{Entry, Zip};
use crate::artefact::inflate::{End, Inflated, inflate};

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The bit that says that the content is encrypted.
const ENCRYPTED: u16 = 1;

/// What became of the content of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// Its beginning; there is more than the limit.
    Cut(Vec<u8>),
    /// Its beginning; the rest is damaged or missing.
    Broken(Vec<u8>),
    /// It is encrypted.
    Encrypted,
    /// It is packed by a method that is not read.
    OtherMethod,
}

/// Reads the content of an entry; at most `len_max` bytes come out.
pub(crate) fn content(zip: &Zip<'_>, entry: &Entry, len_max: usize) -> Content {
    let packed = zip.slice(&entry.data);
    let header = entry.local.as_ref().unwrap_or(&entry.stated);
    if header.flags & ENCRYPTED != 0 {
        return Content::Encrypted;
    }
    match header.method {
        STORED if packed.len() > len_max => Content::Cut(packed.get(..len_max).unwrap_or_default().to_vec()),
        STORED if (packed.len() as u64) < entry.stated.size => Content::Broken(packed.to_vec()),
        STORED => Content::Whole(packed.to_vec()),
        DEFLATED => match inflate(packed, len_max) {
            Inflated { bytes, end: End::Whole, .. } => Content::Whole(bytes),
            Inflated { bytes, end: End::Cut, .. } => Content::Cut(bytes),
            Inflated { bytes, end: End::Broken, .. } => Content::Broken(bytes),
        },
        _ => Content::OtherMethod,
    }
}
