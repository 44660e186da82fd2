//! What an image offers to others, as far as its directory says it (Microsoft PE format, "The .edata Section").

use super::image::Image;
use crate::artefact::little_endian::{clamped, u32_at, zero_ended};
use std::ops::Range;

/// Number of the directory.
const EXPORT: usize = 0;

/// Bytes of the directory table.
const TABLE_LEN: usize = 40;

/// Bytes of the name, at most.
const NAME_MAX: usize = 1024;

/// The export directory.
#[derive(Clone, Debug)]
pub(crate) struct Exports<'a> {
    /// Offset of the directory; its time stamp stands 4 bytes behind.
    pub at: usize,
    /// The bytes of the whole directory, names included.
    pub range: Range<usize>,
    /// `TimeDateStamp`.
    pub stamp: u32,
    /// What the linker called the image.
    pub name: Option<&'a [u8]>,
    /// Entries of the table of addresses.
    pub functions: u32,
    /// Entries of the table of names.
    pub names: u32,
}

impl<'a> Exports<'a> {
    /// Reads the directory, if there is one.
    pub(crate) fn of(image: &Image<'a>) -> Option<Self> {
        let directory = image.directory(EXPORT)?;
        let at = image.offset(directory.address)?;
        let word = |number: usize| u32_at(image.bytes, at + 4 * number);
        word(9)?;
        let name = image.offset(word(3)?).and_then(|at| zero_ended(image.bytes, at, NAME_MAX));
        Some(Self {
            at,
            range: clamped(at, (directory.size as usize).max(TABLE_LEN), image.bytes.len()),
            stamp: word(1)?,
            name,
            functions: word(5)?,
            names: word(6)?,
        })
    }
}
