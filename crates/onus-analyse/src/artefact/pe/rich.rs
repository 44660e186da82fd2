//! The Rich header: what the linker of Visual C++ notes about every object that it put into an image.
//!
//! It stands between the DOS stub and the PE signature, encrypted with a checksum of both. The format is undocumented;
//! see Pistelli, "Microsoft's Rich Signature (undocumented)", 2008.

mod report;

use std::ops::Range;

use super::{
    image::Image,
    products::{Kind, Product},
};
use crate::artefact::little_endian::u32_at;

pub(crate) use report::observe;

/// Where it may begin at the earliest: behind the fixed part of the DOS header.
const FIRST: usize = 0x40;

/// Bytes before the PE signature that are searched, at most.
const AREA_MAX: usize = 0x4000;

/// `DanS`, its first word once decrypted.
const START: u32 = 0x536e_6144;

/// `Rich`, which is not encrypted.
const END: &[u8; 4] = b"Rich";

/// Bytes from the first word to the first entry, of an entry, and from the last entry to the end.
const HEAD_LEN: usize = 16;
pub(crate) const ENTRY_LEN: usize = 8;
const TAIL_LEN: usize = 8;

/// Where the DOS header holds the offset of the PE signature, which the checksum leaves out.
const PE_OFFSET: Range<usize> = 0x3c..0x40;

/// Why a test of the Rich header did not run.
pub(crate) const ABSENT: &str = "the file has no Rich header";

/// A Rich header.
#[derive(Clone, Debug)]
pub(crate) struct Rich {
    /// Its bytes, from the encrypted `DanS` to the key.
    pub range: Range<usize>,
    /// The word that it is encrypted with.
    pub key: u32,
    /// What the checksum of the DOS header and the entries comes to.
    pub checksum: u32,
    /// The three words behind `DanS`, decrypted.
    pub padding: [u32; 3],
    /// Its entries in order.
    pub entries: Vec<Entry>,
}

/// One entry: how many objects a program made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Offset of its eight bytes.
    pub at: usize,
    /// The program.
    pub product: u16,
    /// Its build.
    pub build: u16,
    /// Objects.
    pub count: u32,
}

/// What stands between the DOS header and the PE signature.
#[derive(Clone, Debug)]
pub(crate) enum Reading {
    /// No Rich header.
    Absent,
    /// Something like one that cannot be read; what is wrong, in words, and where.
    Broken(&'static str, Range<usize>),
    /// More bytes than are searched, and none found in the first of them.
    Cut,
    /// A Rich header.
    Read(Rich),
}

impl Entry {
    /// Returns its program, if it is known.
    pub(crate) fn known(self) -> Option<Product> {
        Product::of(self.product)
    }

    /// Returns what its program makes.
    pub(crate) fn kind(self) -> Kind {
        self.known().map_or(Kind::Other, |product| product.kind)
    }

    /// Returns the version of its program, zero if it is unknown.
    pub(crate) fn version(self) -> (u8, u8) {
        self.known().map_or((0, 0), |product| product.version)
    }

    /// Returns the bytes of its place.
    pub(crate) fn range(self) -> Range<usize> {
        self.at..self.at + ENTRY_LEN
    }
}

impl Reading {
    /// Reads it.
    pub(crate) fn of(image: &Image<'_>) -> Self {
        let end = image.header.min(image.bytes.len());
        let area = image.bytes.get(..end.min(AREA_MAX)).unwrap_or_default();
        match read(area) {
            Self::Absent if end > AREA_MAX => Self::Cut,
            reading => reading,
        }
    }

    /// Returns the header, if one was read.
    pub(crate) fn rich(&self) -> Option<&Rich> {
        match self {
            Self::Read(rich) => Some(rich),
            _ => None,
        }
    }
}

impl Rich {
    /// Returns how many objects all programs of some kinds made.
    pub(crate) fn count(&self, matches: impl Fn(&Entry) -> bool) -> u64 {
        self.entries.iter().filter(|entry| matches(entry)).map(|entry| u64::from(entry.count)).sum()
    }

    /// Returns how many objects the programs of one kind made.
    pub(crate) fn count_of(&self, kind: Kind) -> u64 {
        self.count(|entry| entry.kind() == kind)
    }

    /// Returns the last entry if it is that of a linker, as it is in every image from linker 7 on.
    pub(crate) fn linker(&self) -> Option<Entry> {
        self.entries.last().copied().filter(|entry| entry.kind() == Kind::Linker)
    }

    /// Returns the version of the linker that it claims, and the entry that says so.
    ///
    /// Linkers before 7 write other entries behind their own, or none of their own.
    pub(crate) fn claimed(&self) -> Option<(Entry, (u8, u8))> {
        let is_old = |entry: &Entry| entry.version() > (0, 0) && entry.version() < (7, 0);
        let mut back = self.entries.iter().rev().copied();
        let old = || back.find(|entry| is_old(entry) && entry.kind() == Kind::Linker);
        let none = || {
            self.entries.last().copied().filter(|_| self.count(|entry| is_old(entry) && entry.kind().is_compiler()) > 0)
        };
        match self.linker().or_else(old) {
            Some(linker) => Some((linker, linker.version())),
            None => none().map(|last| (last, (6, 0))),
        }
    }

    /// Returns how many objects of import libraries there are, besides their functions.
    ///
    /// Linkers before 7 made import libraries themselves, so that their entry counts too unless it is the last.
    pub(crate) fn import_library_objects(&self) -> u64 {
        let (_, others) = self.entries.split_last().unwrap_or((&NOTHING, &[]));
        let old = others.iter().filter(|entry| entry.kind() == Kind::Linker).map(|entry| u64::from(entry.count));
        self.count_of(Kind::ImportLibrary) + old.sum::<u64>()
    }

    /// Returns its places that a finding names: the whole, then the entries that it is about.
    pub(crate) fn places(&self, about: impl Fn(&Entry) -> bool) -> Vec<Range<usize>> {
        let entries = self.entries.iter().filter(|entry| about(entry)).map(|entry| entry.range());
        std::iter::once(self.range.clone()).chain(entries.take(8)).collect()
    }

    /// Returns it decrypted, up to the word `Rich`.
    pub(crate) fn clear(&self) -> Vec<u8> {
        let head = [START, self.padding[0], self.padding[1], self.padding[2]];
        let entries = self
            .entries
            .iter()
            .flat_map(|entry| [u32::from(entry.product) << 16 | u32::from(entry.build), entry.count]);
        head.into_iter().chain(entries).flat_map(u32::to_le_bytes).collect()
    }
}

/// Stands in where there is no last entry.
const NOTHING: Entry = Entry { at: 0, product: 0, build: 0, count: 0 };

/// Reads the last Rich header of the bytes before the PE signature.
fn read(area: &[u8]) -> Reading {
    let Some(found) = area.get(FIRST..).and_then(|rest| rest.windows(END.len()).rposition(|window| window == END))
    else {
        return Reading::Absent;
    };
    let end = FIRST + found;
    let Some(key) = u32_at(area, end + END.len()) else {
        return Reading::Broken("a Rich header breaks off before its key", end..area.len());
    };
    let word = |at: usize| u32_at(area, at).map_or(0, |word| word ^ key);
    let Some(start) = (FIRST..end).rev().filter(|at| (end - at).is_multiple_of(4)).find(|at| word(*at) == START) else {
        return Reading::Broken("a Rich header has an end but no beginning", end..end + TAIL_LEN);
    };
    if end - start < HEAD_LEN || !(end - start).is_multiple_of(ENTRY_LEN) {
        return Reading::Broken("a Rich header holds no whole number of entries", start..end + TAIL_LEN);
    }
    let entries: Vec<Entry> = (start + HEAD_LEN..end)
        .step_by(ENTRY_LEN)
        .map(|at| {
            let [low, high] = [word(at) as u16, (word(at) >> 16) as u16];
            Entry { at, product: high, build: low, count: word(at + 4) }
        })
        .collect();
    let checksum = checksum(area.get(..start).unwrap_or_default(), &entries);
    let padding = [word(start + 4), word(start + 8), word(start + 12)];
    Reading::Read(Rich { range: start..end + TAIL_LEN, key, checksum, padding, entries })
}

/// Returns the word that the linker encrypts with: the sum of the bytes before the header and of its entries, rotated.
fn checksum(before: &[u8], entries: &[Entry]) -> u32 {
    let bytes = before.iter().enumerate().filter(|(at, _)| !PE_OFFSET.contains(at));
    let bytes = bytes.map(|(at, byte)| u32::from(*byte).rotate_left(at as u32 % 32));
    let entries = entries
        .iter()
        .map(|entry| (u32::from(entry.product) << 16 | u32::from(entry.build)).rotate_left(entry.count % 32));
    bytes.chain(entries).fold(before.len() as u32, u32::wrapping_add)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Entry, Reading, Rich, checksum, read};

    /// Returns a DOS header and stub of 128 bytes with a Rich header behind, as the linker writes it.
    pub(crate) fn area(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let mut bytes = vec![0; 0x80];
        bytes[..2].copy_from_slice(b"MZ");
        let list: Vec<Entry> =
            entries.iter().map(|&(product, build, count)| Entry { at: 0, product, build, count }).collect();
        let key = checksum(&bytes, &list);
        let clear = Rich { range: 0..0, key, checksum: key, padding: [0; 3], entries: list }.clear();
        bytes.extend(
            clear
                .chunks(4)
                .flat_map(|word| (u32::from_le_bytes(word.try_into().expect("four bytes")) ^ key).to_le_bytes()),
        );
        bytes.extend(b"Rich");
        bytes.extend(key.to_le_bytes());
        bytes
    }

    #[test]
    fn what_the_linker_wrote_is_read_again() {
        let bytes = area(&[(0x105, 35207, 13), (0x102, 35228, 1)]);
        let rich = read(&bytes).rich().cloned().unwrap();
        assert_eq!((rich.range.clone(), rich.checksum, rich.padding), (0x80..bytes.len(), rich.key, [0; 3]));
        assert_eq!(rich.entries[0], Entry { at: 0x90, product: 0x105, build: 35207, count: 13 });
        assert_eq!(rich.linker().unwrap().build, 35228);
    }

    #[test]
    fn a_changed_stub_no_longer_fits_the_key() {
        let mut bytes = area(&[(0x102, 35228, 1)]);
        bytes[0x50] = 7;
        let rich = read(&bytes).rich().cloned().unwrap();
        assert_ne!(rich.checksum, rich.key);
    }

    #[test]
    fn every_truncation_is_read_without_panic() {
        let bytes = area(&[(0x105, 35207, 13), (0x102, 35228, 1)]);
        for len in 0..bytes.len() {
            assert!(read(&bytes[..len]).rich().is_none(), "{len}");
            assert!(len < bytes.len() - 4 || matches!(read(&bytes[..len]), Reading::Broken(..)), "{len}");
        }
    }

    #[test]
    fn an_end_without_a_beginning_is_broken() {
        let mut bytes = area(&[(0x102, 35228, 1)]);
        bytes[0x80] ^= 1;
        assert!(matches!(read(&bytes), Reading::Broken("a Rich header has an end but no beginning", _)));
    }
}
