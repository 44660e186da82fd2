//! TLSH, the similarity digest: which runs of bytes a file has more often than others, in 35 bytes.
//!
//! Every window of five bytes counts six of its triples in 128 buckets; the digest says of each bucket in which
//! quarter its count lies. The result is that of the reference implementation in its default form (128 buckets, one
//! byte of checksum, version `T1`). What differs is the order of work, because this digest takes longer than anything
//! else that is done with a large exhibit: the first two steps of a triple's hash are looked up together, and the last
//! one is a permutation, which is applied to the counts at the end.

mod tables;

use std::sync::LazyLock;

use tables::{LENGTHS, PEARSON};

/// A file of fewer bytes has no digest.
const LEN_MIN: usize = 50;

/// Buckets that are used, of the 256 that there are.
const BUCKETS: usize = 128;

/// Buckets that must not be empty.
const FILLED_MIN: usize = BUCKETS / 2 + 1;

/// A file of more bytes gets no digest: it would take as long as all else together.
pub(crate) const LEN_MAX: usize = 16 << 20;

/// From so many bytes on, steps are looked up in tables that take a moment to make.
const LONG: usize = 1 << 18;

/// What the hash of each triple begins with. The triples are named by their bytes, the last of the window first.
const S012: u8 = 49;
const S013: u8 = 12;
const S014: u8 = 84;
const S023: u8 = 178;
const S024: u8 = 166;
const S034: u8 = 230;
/// What the checksum begins with, which is hashed with the bytes 0 and 1.
const S01: u8 = 1;

/// The first two steps of all hashes of a window, by two of its bytes.
struct Pairs {
    /// By the bytes 0 and 1: the triples 012, 013 and 014 and the checksum.
    p01: Vec<[u8; 4]>,
    /// By the bytes 0 and 2: the triples 023 and 024.
    p02: Vec<[u8; 2]>,
    /// By the bytes 0 and 3: the triple 034.
    p03: Vec<u8>,
}

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    let all = || (0..=u16::MAX).map(u16::to_be_bytes);
    Pairs { p01: all().map(p01).collect(), p02: all().map(p02).collect(), p03: all().map(p03).collect() }
});

/// Returns the digest, `T1` and 70 upper-case hexadecimal digits, unless the bytes are too few, too many or too uniform.
pub(crate) fn tlsh(bytes: &[u8]) -> Option<String> {
    let len = u32::try_from(bytes.len()).ok().filter(|_| (LEN_MIN..=LEN_MAX).contains(&bytes.len()))?;
    let (checksum, buckets) = count(bytes);
    let mut sorted = buckets;
    sorted.sort_unstable();
    let [q1, q2, q3] =
        [BUCKETS / 4, BUCKETS / 2, 3 * BUCKETS / 4].map(|after| sorted.get(after - 1).copied().unwrap_or(0));
    if q3 == 0 || buckets.iter().filter(|count| **count > 0).count() < FILLED_MIN {
        return None;
    }
    let mut digest = String::with_capacity(72);
    digest.push_str("T1");
    push(&mut digest, checksum.rotate_left(4));
    push(&mut digest, logarithm(len).rotate_left(4));
    push(&mut digest, ratio(q1, q3) << 4 | ratio(q2, q3));
    for four in buckets.rchunks(4) {
        push(&mut digest, four.iter().rev().fold(0, |code, count| code << 2 | quarter(*count, [q1, q2, q3])));
    }
    Some(digest)
}

/// Returns the checksum and the counts of the buckets in use.
fn count(bytes: &[u8]) -> (u8, [u32; BUCKETS]) {
    let tables = (bytes.len() >= LONG)
        .then(|| &*PAIRS)
        .and_then(|pairs| Some((pairs.p01.as_array()?, pairs.p02.as_array()?, pairs.p03.as_array()?)));
    match tables {
        Some((p01, p02, p03)) => count_by(bytes, |pair| of(p01, pair), |pair| of(p02, pair), |pair| of(p03, pair)),
        None => count_by(bytes, p01, p02, p03),
    }
}

/// Counts with some way to make the first two steps.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "tables of 256 entries are indexed by bytes")]
#[expect(clippy::inline_always, reason = "the loop is as fast as what is inlined into it")]
fn count_by(
    bytes: &[u8],
    p01: impl Fn([u8; 2]) -> [u8; 4],
    p02: impl Fn([u8; 2]) -> [u8; 2],
    p03: impl Fn([u8; 2]) -> u8,
) -> (u8, [u32; BUCKETS]) {
    // one set of counts a triple, so that no count waits for another
    let mut counts = [[0_u32; 256]; 6];
    let mut checksum = 0_u8;
    for [b4, b3, b2, b1, b0] in bytes.array_windows() {
        let ([h012, h013, h014, h01], [h023, h024], h034) = (p01([*b0, *b1]), p02([*b0, *b2]), p03([*b0, *b3]));
        checksum = PEARSON[usize::from(h01 ^ checksum)];
        for (counts, hash) in counts.iter_mut().zip([h012 ^ b2, h013 ^ b3, h014 ^ b4, h023 ^ b3, h024 ^ b4, h034 ^ b4])
        {
            counts[usize::from(hash)] += 1;
        }
    }
    let mut buckets = [0; BUCKETS];
    for (before, bucket) in PEARSON.into_iter().enumerate() {
        if let Some(all) = buckets.get_mut(usize::from(bucket)) {
            *all = counts.iter().map(|counts| counts[before]).sum();
        }
    }
    (checksum, buckets)
}

fn p01(pair: [u8; 2]) -> [u8; 4] {
    [S012, S013, S014, S01].map(|salt| two_steps(salt, pair))
}

fn p02(pair: [u8; 2]) -> [u8; 2] {
    [S023, S024].map(|salt| two_steps(salt, pair))
}

fn p03(pair: [u8; 2]) -> u8 {
    two_steps(S034, pair)
}

#[expect(clippy::indexing_slicing, reason = "a table of 256 entries is indexed by bytes")]
fn two_steps(salt: u8, [one, other]: [u8; 2]) -> u8 {
    PEARSON[usize::from(PEARSON[usize::from(salt ^ one)] ^ other)]
}

#[expect(clippy::indexing_slicing, reason = "a table of 65,536 entries is indexed by two bytes")]
fn of<T: Copy>(table: &[T; 1 << 16], pair: [u8; 2]) -> T {
    table[usize::from(u16::from_be_bytes(pair))]
}

/// Which quarter of all counts a count lies in, from 0.
fn quarter(count: u32, quartiles: [u32; 3]) -> u8 {
    quartiles.into_iter().map(|quartile| u8::from(quartile < count)).sum()
}

/// The last four bits of a ratio in hundredths. The reference computes in 32 bits, and so is this.
#[expect(clippy::cast_precision_loss, reason = "the reference implementation rounds alike")]
fn ratio(one: u32, other: u32) -> u8 {
    ((one.wrapping_mul(100) as f32 / other as f32) as u32 % 16) as u8
}

/// The logarithm of a length.
fn logarithm(len: u32) -> u8 {
    LENGTHS.partition_point(|greatest| *greatest < len) as u8
}

fn push(digest: &mut String, byte: u8) {
    use std::fmt::Write as _;
    let _ = write!(digest, "{byte:02X}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LEN_MAX, LENGTHS, LONG, logarithm, tlsh};

    fn reference(bytes: &[u8]) -> Option<String> {
        tlsh2::TlshDefaultBuilder::build_from(bytes).map(|digest| String::from_utf8(digest.hash().to_vec()).unwrap())
    }

    /// Bytes that no two seeds share: runs, counters and noise, as in programs.
    fn bytes(seed: u64, len: usize, noise: u64) -> Vec<u8> {
        let mut state = seed | 1;
        (0..len as u64)
            .map(|at| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                if (state >> 33) % 256 < noise { (state >> 56) as u8 } else { (at >> 3) as u8 }
            })
            .collect()
    }

    proptest! {
        #[test]
        fn the_digest_is_that_of_the_reference(seed: u64, len in 0_usize..3000, noise in 0_u64..256) {
            let bytes = bytes(seed, len, noise);
            prop_assert_eq!(tlsh(&bytes), reference(&bytes));
        }
    }

    #[test]
    fn long_files_are_read_alike() {
        for (len, noise) in [(LONG - 1, 90), (LONG, 90), (LONG + 1, 3), (3 * LONG, 250)] {
            let bytes = bytes(7, len, noise);
            assert_eq!(tlsh(&bytes), reference(&bytes), "{len}");
        }
    }

    #[test]
    fn what_is_short_or_uniform_or_too_long_has_no_digest() {
        for bytes in [vec![], vec![b'a'; 49], vec![0; 100_000], b"ab".repeat(50_000)] {
            assert_eq!((tlsh(&bytes), reference(&bytes)), (None, None));
        }
        assert_eq!(tlsh(&vec![0; LEN_MAX + 1]), None);
    }

    #[test]
    fn a_length_has_the_logarithm_of_the_first_entry_that_it_does_not_exceed() {
        assert!(LENGTHS.is_sorted());
        assert_eq!([1, 2, 50, 656, 657, 4_224_281_216].map(logarithm), [0, 1, 9, 15, 16, 169]);
    }
}
