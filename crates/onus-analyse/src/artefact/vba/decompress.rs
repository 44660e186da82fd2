//! The compression of VBA (`[MS-OVBA]`, 2.4.1).

use crate::artefact::little_endian::u16_at;

/// Bytes that come out, at most.
const LEN_MAX: usize = 16 << 20;

/// Bytes of a chunk, unpacked.
const CHUNK: usize = 4096;

/// Returns the content; what is damaged ends it. Nothing when it does not begin as it should.
pub(super) fn decompress(packed: &[u8]) -> Option<Vec<u8>> {
    let (1, mut rest) = packed.split_first().map(|(first, rest)| (*first, rest))? else { return None };
    let mut out = Vec::new();
    while let Some(header) = u16_at(rest, 0) {
        if (header >> 12) & 7 != 3 || out.len() >= LEN_MAX {
            break;
        }
        let len = usize::from(header & 0xfff) + 3;
        let chunk = rest.get(2..len.min(rest.len())).unwrap_or_default();
        if header & 0x8000 == 0 {
            out.extend_from_slice(chunk.get(..chunk.len().min(CHUNK)).unwrap_or_default());
        } else if unpack(chunk, &mut out).is_none() {
            break;
        }
        rest = rest.get(len..).unwrap_or_default();
    }
    Some(out)
}

/// Unpacks a chunk: bytes, and copies of what stands before them in the chunk.
fn unpack(chunk: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    let mut at = 0;
    while let Some(flags) = chunk.get(at) {
        at += 1;
        for bit in 0..8 {
            if out.len() - start >= CHUNK || at >= chunk.len() {
                break;
            }
            if flags & (1 << bit) == 0 {
                out.push(*chunk.get(at)?);
                at += 1;
                continue;
            }
            let token = u16_at(chunk, at)?;
            at += 2;
            copy(token, start, out)?;
        }
    }
    Some(())
}

/// Copies from the chunk; how many bits are the distance depends on how much there is.
fn copy(token: u16, start: usize, out: &mut Vec<u8>) -> Option<()> {
    let done = out.len() - start;
    let mut bits = 4;
    while (1_usize << bits) < done {
        bits += 1;
    }
    let bits = bits.min(12);
    let len = usize::from(token & (0xffff >> bits)) + 3;
    let distance = usize::from(token >> (16 - bits)) + 1;
    if distance > done {
        return None;
    }
    for _ in 0..len.min(CHUNK.saturating_sub(done)) {
        let byte = *out.get(out.len().checked_sub(distance)?)?;
        out.push(byte);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::decompress;

    #[test]
    fn the_examples_of_the_specification_are_read() {
        let none = b"\x01\x19\xb0\0abcdefgh\0ijklmnop\0qrstuv.";
        assert_eq!(decompress(none).unwrap(), b"abcdefghijklmnopqrstuv.");
        let most = [0x01, 0x03, 0xb0, 0x02, 0x61, 0x45, 0x00];
        assert_eq!(decompress(&most).unwrap(), b"a".repeat(73));
    }

    #[test]
    fn damage_ends_the_content() {
        assert_eq!(decompress(b"\x02"), None);
        assert_eq!(decompress(b"\x01\x03\xb0\x01\x45\x00\x00"), Some(Vec::new()));
    }
}
