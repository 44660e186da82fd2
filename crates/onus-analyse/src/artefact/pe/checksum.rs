//! The checksum of the optional header, which says whether the file is as the linker left it.
//!
//! Linkers write it for drivers and on request, signing tools renew it; everybody can. A wrong one shows that bytes
//! were changed later, not which and not why.

use super::image::Image;

/// What the checksum says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checksum {
    /// There is none, or the file was not read whole.
    Unknown,
    /// It fits.
    Right,
    /// It does not fit; it would have to be this.
    Stale(u32),
}

/// Returns what the checksum of a whole file says.
pub(super) fn state(image: &Image<'_>, is_whole: bool) -> Checksum {
    if image.checksum == 0 || !is_whole {
        return Checksum::Unknown;
    }
    match computed(image) {
        sum if sum == image.checksum => Checksum::Right,
        sum => Checksum::Stale(sum),
    }
}

/// Returns the sum of all pairs of bytes with the carries added back, without the field itself, plus the length.
fn computed(image: &Image<'_>) -> u32 {
    let at = image.optional_header + 64;
    let mut sum = sum(image.bytes);
    // The field is an even number of bytes behind the header; where that stands at an odd offset, so does the field.
    for (number, byte) in image.checksum.to_le_bytes().into_iter().enumerate() {
        sum -= u64::from(byte) << if (at + number).is_multiple_of(2) { 0 } else { 8 };
    }
    while sum >> 16 != 0 {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    (sum as u32).wrapping_add(image.bytes.len() as u32)
}

/// Returns the sum of all pairs of bytes; a last single byte counts as a pair with zero.
fn sum(bytes: &[u8]) -> u64 {
    // Eight sums side by side, which a compiler turns into one instruction; 32 bits hold 65,536 pairs.
    let mut total = 0_u64;
    for part in bytes.chunks(8 * 2 * (1 << 15)) {
        let (rows, rest) = part.as_chunks::<16>();
        let mut sums = [0_u32; 8];
        for row in rows {
            let (pairs, _) = row.as_chunks::<2>();
            for (sum, pair) in sums.iter_mut().zip(pairs) {
                *sum += u32::from(u16::from_le_bytes(*pair));
            }
        }
        total += sums.iter().map(|sum| u64::from(*sum)).sum::<u64>();
        let (pairs, last) = rest.as_chunks::<2>();
        total += pairs.iter().map(|pair| u64::from(u16::from_le_bytes(*pair))).sum::<u64>();
        total += last.first().map_or(0, |byte| u64::from(*byte));
    }
    total
}

#[cfg(test)]
mod tests {
    use super::sum;

    #[test]
    fn pairs_are_summed_whatever_the_length() {
        for len in [0, 1, 2, 15, 16, 17, 33, 600_001] {
            let bytes: Vec<u8> = (0..len).map(|number| (number % 251) as u8).collect();
            let expected: u64 =
                bytes.chunks(2).map(|pair| u64::from(pair[0]) + (u64::from(*pair.get(1).unwrap_or(&0)) << 8)).sum();
            assert_eq!(sum(&bytes), expected, "{len}");
        }
    }
}
