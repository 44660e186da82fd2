//! Numbers and texts of one byte order, read from bytes that may break off anywhere.

use std::ops::Range;

/// Bytes of a text that ends with a zero byte, at most.
const TEXT_MAX: usize = 16 << 10;

/// Bytes, and how the numbers in them are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Whether the most significant byte of a number comes first.
    pub is_big_endian: bool,
    /// Whether a word has eight bytes rather than four.
    pub is_64: bool,
}

/// A text and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    /// Its bytes, without the zero byte at the end.
    pub bytes: &'a [u8],
    /// Its offset in the bytes of the reader.
    pub at: usize,
}

impl Text<'_> {
    /// Returns where it stands.
    pub(crate) fn range(&self) -> Range<usize> {
        self.at..self.at + self.bytes.len()
    }

    /// Returns it as text; what is no UTF-8 is replaced.
    pub(crate) fn lossy(&self) -> String {
        String::from_utf8_lossy(self.bytes).into_owned()
    }
}

impl<'a> Reader<'a> {
    /// Returns some bytes, if all of them are there.
    pub(crate) fn slice(&self, at: usize, len: usize) -> Option<&'a [u8]> {
        self.bytes.get(at..at.checked_add(len)?)
    }

    /// Returns the bytes of a range, as far as they are there.
    pub(crate) fn clamped(&self, range: Range<usize>) -> &'a [u8] {
        let end = range.end.min(self.bytes.len());
        self.bytes.get(range.start.min(end)..end).unwrap_or_default()
    }

    /// Returns the number of one byte at an offset.
    pub(crate) fn u8(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Returns the number of two bytes at an offset.
    pub(crate) fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.slice(at, 2)?.try_into().ok()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    /// Returns the number of four bytes at an offset.
    pub(crate) fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.slice(at, 4)?.try_into().ok()?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// Returns the number of eight bytes at an offset.
    pub(crate) fn u64(&self, at: usize) -> Option<u64> {
        let bytes = self.slice(at, 8)?.try_into().ok()?;
        Some(if self.is_big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// Returns the word at an offset.
    pub(crate) fn word(&self, at: usize) -> Option<u64> {
        if self.is_64 { self.u64(at) } else { self.u32(at).map(u64::from) }
    }

    /// Returns the bytes of a word.
    pub(crate) fn word_len(&self) -> usize {
        if self.is_64 { 8 } else { 4 }
    }

    /// Returns the text that begins at an offset and ends before a zero byte, before `end` at the latest.
    pub(crate) fn text(&self, at: usize, end: usize) -> Option<Text<'a>> {
        let rest = self.clamped(at..end.min(at.saturating_add(TEXT_MAX)));
        if rest.is_empty() {
            return None;
        }
        let len = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
        Some(Text { bytes: rest.get(..len)?, at })
    }

    /// Returns a number of a variable length (LEB128, DWARF 5, section 7.6) and the offset after it.
    pub(crate) fn uleb(&self, at: usize, end: usize) -> Option<(u64, usize)> {
        let mut value = 0_u64;
        for (index, byte) in self.clamped(at..end).iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f).checked_shl(index as u32 * 7)?;
            if byte & 0x80 == 0 {
                return Some((value, at + index + 1));
            }
        }
        None
    }
}

/// Returns a number of a file as an offset; one that fits no address of this machine is behind every file.
pub(crate) fn offset(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns where a text begins, if bytes hold it.
pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, rest) = wanted.split_first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| byte == first)?;
        if bytes.get(at + 1..)?.starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, find};

    #[test]
    fn what_breaks_off_is_nothing_and_never_a_panic() {
        let reader = Reader { bytes: b"ab\0\x80", is_big_endian: true, is_64: true };
        assert_eq!(reader.u16(0), Some(0x6162));
        assert_eq!(reader.u32(1), None);
        assert_eq!(reader.u64(usize::MAX), None);
        assert_eq!(reader.text(0, 9).unwrap().bytes, b"ab");
        assert_eq!(reader.text(9, 3), None);
        assert_eq!(reader.uleb(3, 4), None);
        assert_eq!(find(b"aaab", b"aab"), Some(1));
        assert_eq!(find(b"aaab", b"abc"), None);
    }
}
