//! The records at the end of a ZIP file (APPNOTE.TXT, 4.3.14 to 4.3.16).

use std::ops::Range;

use crate::artefact::little_endian::{clamped, u16_at, u32_at, u64_at};

const END: u32 = 0x0605_4b50;
const END_LEN: usize = 22;
const LOCATOR: u32 = 0x0706_4b50;
const LOCATOR_LEN: usize = 20;
const END_64: u32 = 0x0606_4b50;

/// Bytes at the end in which the record can stand: itself and the longest comment.
const REACH: usize = END_LEN + u16::MAX as usize;

/// Where the directory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// Place of the record, with the comment.
    pub range: Range<usize>,
    /// Place of the comment of the archive.
    pub comment: Range<usize>,
    /// Place of the directory.
    pub directory: Range<usize>,
    /// Entries that it promises.
    pub count: u64,
    /// Bytes that stand before the archive: what is to be added to each offset.
    pub shift: usize,
    /// Bytes behind the record.
    pub after: Range<usize>,
}

impl End {
    /// Finds the last record whose comment fits.
    pub(super) fn find(bytes: &[u8]) -> Option<Self> {
        let from = bytes.len().saturating_sub(REACH);
        let tail = bytes.get(from..)?;
        let marks = tail.windows(4).enumerate().rev().filter(|(_, window)| *window == END.to_le_bytes());
        marks.map(|(at, _)| from + at).find_map(|at| Self::at(bytes, at))
    }

    fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let comment = clamped(at + END_LEN, usize::from(u16_at(bytes, at + 20)?), bytes.len());
        let mut count = u64::from(u16_at(bytes, at + 10)?);
        let mut size = u64::from(u32_at(bytes, at + 12)?);
        let mut start = u64::from(u32_at(bytes, at + 16)?);
        let mut directory_end = at;
        if let Some(wide) = wide_at(bytes, at) {
            directory_end = wide;
            count = u64_at(bytes, wide + 32)?;
            size = u64_at(bytes, wide + 40)?;
            start = u64_at(bytes, wide + 48)?;
        }
        let size = usize::try_from(size).ok()?;
        let begin = directory_end.checked_sub(size)?;
        let shift = begin.checked_sub(usize::try_from(start).ok()?)?;
        let after = comment.end..bytes.len();
        Some(Self { range: at..comment.end, comment, directory: begin..directory_end, count, shift, after })
    }
}

/// The offset of the record of 64 bits, if there is one.
fn wide_at(bytes: &[u8], at: usize) -> Option<usize> {
    let locator = at.checked_sub(LOCATOR_LEN)?;
    (u32_at(bytes, locator)? == LOCATOR).then_some(())?;
    let wide = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
    (u32_at(bytes, wide)? == END_64).then_some(wide)
}
