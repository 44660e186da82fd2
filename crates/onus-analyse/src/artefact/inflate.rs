//! Decompression of DEFLATE (RFC 1951) and zlib (RFC 1950) up to a limit.

use miniz_oxide::inflate::{
    TINFLStatus,
    core::{DecompressorOxide, decompress, inflate_flags},
};

/// The first guess at the size of what comes out.
const GUESS_MIN: usize = 1024;

/// What came out of compressed bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inflated {
    /// The beginning of the content, or all of it.
    pub bytes: Vec<u8>,
    /// Compressed bytes that were read.
    pub consumed: usize,
    /// How it ended.
    pub end: End,
}

/// How decompression ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The stream came to its end.
    Whole,
    /// There is more than the limit.
    Cut,
    /// The stream is damaged, or ends too early.
    Broken,
}

/// Decompresses a raw stream; at most `len_max` bytes come out.
pub(crate) fn inflate(packed: &[u8], len_max: usize) -> Inflated {
    run(packed, len_max, 0)
}

/// Decompresses a stream in a zlib wrapper, whose checksum is not looked at.
pub(crate) fn inflate_zlib(packed: &[u8], len_max: usize) -> Inflated {
    run(packed, len_max, inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER | inflate_flags::TINFL_FLAG_IGNORE_ADLER32)
}

fn run(packed: &[u8], len_max: usize, flags: u32) -> Inflated {
    let flags = flags | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut state = Box::<DecompressorOxide>::default();
    let mut bytes = vec![0; packed.len().saturating_mul(2).max(GUESS_MIN).min(len_max)];
    let (mut consumed, mut written) = (0, 0);
    let end = loop {
        let rest = packed.get(consumed..).unwrap_or_default();
        let (status, read, wrote) = decompress(&mut state, rest, &mut bytes, written, flags);
        (consumed, written) = (consumed + read, written + wrote);
        match status {
            TINFLStatus::Done => break End::Whole,
            TINFLStatus::HasMoreOutput if bytes.len() >= len_max => break End::Cut,
            TINFLStatus::HasMoreOutput => bytes.resize(bytes.len().saturating_mul(2).min(len_max), 0),
            _ => break End::Broken,
        }
    };
    bytes.truncate(written);
    Inflated { bytes, consumed, end }
}

#[cfg(test)]
mod tests {
    use super::{End, inflate};

    #[test]
    fn a_stored_block_is_read_cut_and_found_broken() {
        let packed = [1, 3, 0, 0xfc, 0xff, b'a', b'b', b'c', 9, 9];
        let whole = inflate(&packed, 100);
        assert_eq!((whole.bytes.as_slice(), whole.consumed, whole.end), (b"abc".as_slice(), 8, End::Whole));
        assert_eq!(inflate(&packed, 2).end, End::Cut);
        assert_eq!(inflate(&packed[..6], 100).end, End::Broken);
        assert_eq!(inflate(&[], 0).end, End::Broken);
    }
}
