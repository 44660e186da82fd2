//! Whole numbers of little-endian formats, read at an offset that may lie outside the bytes.

use std::ops::Range;

/// Returns the byte at an offset.
pub(crate) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// Returns the two bytes at an offset as a number.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array_at(bytes, at).map(u16::from_le_bytes)
}

/// Returns the four bytes at an offset as a number.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array_at(bytes, at).map(u32::from_le_bytes)
}

/// Returns the eight bytes at an offset as a number.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array_at(bytes, at).map(u64::from_le_bytes)
}

/// Returns the bytes from an offset up to the next zero byte, if there is one within `len_max` bytes.
pub(crate) fn zero_ended(bytes: &[u8], at: usize, len_max: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..)?;
    let rest = rest.get(..rest.len().min(len_max))?;
    rest.get(..rest.iter().position(|byte| *byte == 0)?)
}

/// Returns the part of a run that lies inside so many bytes; empty at the end if none does.
pub(crate) fn clamped(at: usize, len: usize, size: usize) -> Range<usize> {
    let start = at.min(size);
    start..start.saturating_add(len).min(size)
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{clamped, u16_at, u32_at, u64_at, zero_ended};

    #[test]
    fn what_lies_outside_is_nothing() {
        assert_eq!(u16_at(&[1, 2, 3], 1), Some(0x0302));
        assert_eq!(u32_at(&[1, 2, 3], 0), None);
        assert_eq!(u64_at(&[0; 8], usize::MAX), None);
        assert_eq!(zero_ended(b"ab\0c", 0, 9), Some(b"ab".as_slice()));
        assert_eq!(zero_ended(b"ab\0c", 3, 9), None);
        assert_eq!(clamped(7, usize::MAX, 9), 7..9);
        assert_eq!(clamped(70, 1, 9), 9..9);
    }
}
