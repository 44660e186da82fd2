//! Compound files: storages and streams in one file (`[MS-CFB]`).
//!
//! Chains of sectors may lead in circles or out of the file; each is followed at most as far as the file has
//! sectors, and the tree of entries is walked with a mark on every entry.

use std::{collections::VecDeque, ops::Range};

use onus_core::Locus;

use super::little_endian::{clamped, u16_at, u32_at, u64_at};

/// Entries of the directory that are read, at most.
const ENTRIES_MAX: usize = 10_000;

/// Bytes of a stream that are read, at most.
const STREAM_MAX: usize = 32 << 20;

/// Storages that lie in one another, at most.
const DEPTH_MAX: usize = 32;

/// Bytes of the header, and of an entry of the directory.
const HEADER_LEN: usize = 512;
const ENTRY_LEN: usize = 128;

/// Places of the first sectors of the table of sectors that the header itself lists.
const TABLE_AT: usize = 76;
const TABLE_IN_HEADER: usize = 109;

/// Sector numbers from here on are marks.
const SPECIAL: u32 = 0xffff_fffa;

/// No entry.
const NOTHING: u32 = u32::MAX;

/// A compound file.
#[derive(Clone, Debug)]
pub(crate) struct Compound<'a> {
    bytes: &'a [u8],
    shift: u32,
    mini_shift: u32,
    mini_cutoff: u64,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini_sectors: Vec<u32>,
    /// The entries that the tree reaches, storages before what lies in them.
    pub entries: Vec<Entry>,
    /// Which rules the file breaks, and where.
    pub faults: Vec<(&'static str, Range<usize>)>,
    /// Whether there are more entries than the limit.
    pub is_cut: bool,
}

/// A storage or stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name.
    pub name: String,
    /// The names of the storages that it lies in, outermost first, without the root.
    pub storages: Vec<String>,
    /// What it is.
    pub kind: Kind,
    /// Class of a storage.
    pub class: [u8; 16],
    /// Creation and last change, as `FILETIME`.
    pub times: (u64, u64),
    /// First sector.
    pub start: u32,
    /// Bytes of a stream.
    pub size: u64,
    /// Place of the entry.
    pub range: Range<usize>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The root.
    Root,
    /// A storage.
    Storage,
    /// A stream.
    Stream,
}

/// The content of a stream, and where its pieces lie.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stream {
    /// Its bytes, as far as they were read.
    pub bytes: Vec<u8>,
    pieces: Vec<(usize, Range<usize>)>,
}

impl Stream {
    /// Returns the place of a part of the stream; as much of it as lies in one piece.
    pub(crate) fn range(&self, part: Range<usize>) -> Range<usize> {
        let found = self.pieces.iter().rev().find(|(start, _)| *start <= part.start);
        let Some((start, piece)) = found else { return 0..0 };
        let from = (piece.start + (part.start - start)).min(piece.end);
        from..from.saturating_add(part.len()).min(piece.end)
    }

    /// Returns the same as a locus.
    pub(crate) fn locus(&self, part: Range<usize>) -> Locus {
        let range = self.range(part);
        Locus::bytes(range.start, range.len())
    }

    fn push(&mut self, bytes: &[u8], at: Range<usize>) {
        match self.pieces.last_mut() {
            Some((_, last)) if last.end == at.start => last.end = at.end,
            _ => self.pieces.push((self.bytes.len(), at)),
        }
        self.bytes.extend_from_slice(bytes);
    }
}

impl Entry {
    /// Returns the names from the root on, with `/` between.
    pub(crate) fn path(&self) -> String {
        self.storages.iter().chain([&self.name]).map(String::as_str).collect::<Vec<_>>().join("/")
    }
}

impl<'a> Compound<'a> {
    /// Reads header, tables and directory.
    ///
    /// # Errors
    /// Which rule of the format the header breaks, in words.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let broken = "the header of the compound file breaks off";
        let word = |at| u16_at(bytes, at).map(u32::from).ok_or(broken);
        let double = |at| u32_at(bytes, at).ok_or(broken);
        let (shift, mini_shift) = (word(30)?, word(32)?);
        if !matches!(shift, 9 | 12) || mini_shift >= shift || mini_shift < 4 {
            return Err("the sectors of the compound file have a size that the format does not know");
        }
        let mut file = Self {
            bytes,
            shift,
            mini_shift,
            mini_cutoff: u64::from(double(56)?),
            table: Vec::new(),
            mini_table: Vec::new(),
            mini_sectors: Vec::new(),
            entries: Vec::new(),
            faults: Vec::new(),
            is_cut: false,
        };
        file.read_table(double(68)?);
        let mini = file.chain(double(60)?);
        file.mini_table = mini.iter().flat_map(|sector| numbers(file.sector(*sector))).collect();
        file.read_directory(double(48)?);
        Ok(file)
    }

    /// Returns the streams of a name, whatever its case.
    pub(crate) fn streams<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Entry> {
        self.entries.iter().filter(move |entry| entry.kind == Kind::Stream && entry.name.eq_ignore_ascii_case(name))
    }

    /// Returns the content of a stream, at most [`STREAM_MAX`] bytes of it.
    pub(crate) fn read(&self, entry: &Entry) -> Stream {
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX).min(STREAM_MAX).min(self.bytes.len());
        let mut stream = Stream::default();
        if entry.size < self.mini_cutoff {
            let mut sector = entry.start;
            while stream.bytes.len() < size && sector < SPECIAL {
                let Some(range) = self.mini_range(sector) else { break };
                let range = range.start..range.end.min(range.start + size - stream.bytes.len());
                stream.push(self.bytes.get(range.clone()).unwrap_or_default(), range);
                sector = self.mini_table.get(sector as usize).copied().unwrap_or(NOTHING);
            }
            return stream;
        }
        for sector in self.chain(entry.start) {
            let left = size - stream.bytes.len();
            if left == 0 {
                break;
            }
            let range = self.sector_range(sector);
            let range = range.start..range.end.min(range.start + left);
            stream.push(self.bytes.get(range.clone()).unwrap_or_default(), range);
        }
        stream
    }

    fn sector_range(&self, sector: u32) -> Range<usize> {
        let at = (sector as usize).saturating_add(1).saturating_mul(1 << self.shift);
        clamped(at, 1 << self.shift, self.bytes.len())
    }

    fn sector(&self, sector: u32) -> &'a [u8] {
        self.bytes.get(self.sector_range(sector)).unwrap_or_default()
    }

    /// Sectors that the file has.
    fn sectors(&self) -> usize {
        self.bytes.len() >> self.shift
    }

    /// The place of a small sector, inside the stream of the root.
    fn mini_range(&self, sector: u32) -> Option<Range<usize>> {
        let at = (sector as usize).checked_mul(1 << self.mini_shift)?;
        let outer = self.sector_range(*self.mini_sectors.get(at >> self.shift)?);
        let start = outer.start + (at & ((1 << self.shift) - 1));
        let range = clamped(start, 1 << self.mini_shift, outer.end);
        (!range.is_empty()).then_some(range)
    }

    /// Follows a chain of sectors to its end, at most once through every sector of the file.
    fn chain(&self, start: u32) -> Vec<u32> {
        let mut chain = Vec::new();
        let mut sector = start;
        while sector < SPECIAL && (sector as usize) < self.sectors() && chain.len() < self.sectors() {
            chain.push(sector);
            sector = self.table.get(sector as usize).copied().unwrap_or(NOTHING);
        }
        chain
    }

    /// Reads the table of sectors: the header lists its first sectors, a chain of lists the others.
    fn read_table(&mut self, first_list: u32) {
        let header = self.bytes.get(TABLE_AT..HEADER_LEN.min(self.bytes.len())).unwrap_or_default();
        let mut parts: Vec<u32> = numbers(header).take(TABLE_IN_HEADER).collect();
        let per_list = (1 << self.shift) / 4 - 1;
        let mut list = first_list;
        let mut lists = 0;
        while list < SPECIAL && lists < self.sectors() && parts.len() * (per_list + 1) < self.sectors() {
            let sector: Vec<u32> = numbers(self.sector(list)).collect();
            parts.extend(sector.iter().take(per_list));
            list = sector.get(per_list).copied().unwrap_or(NOTHING);
            lists += 1;
        }
        for part in parts.into_iter().filter(|part| *part < SPECIAL) {
            if self.table.len() >= self.sectors() {
                break;
            }
            let numbers: Vec<u32> = numbers(self.sector(part)).collect();
            self.table.extend(numbers);
        }
    }

    fn read_directory(&mut self, start: u32) {
        let mut all: Vec<RawEntry> = Vec::new();
        for sector in self.chain(start) {
            let range = self.sector_range(sector);
            for at in (range.start..range.end).step_by(ENTRY_LEN) {
                if all.len() >= ENTRIES_MAX {
                    self.is_cut = true;
                    break;
                }
                let Some(raw) = raw_entry(self.bytes, at) else { break };
                all.push(raw);
            }
        }
        let Some(root) = all.first() else {
            self.faults.push(("the directory is missing", clamped(48, 4, self.bytes.len())));
            return;
        };
        self.mini_sectors = self.chain(root.entry.start);
        self.walk(&all);
    }

    /// Walks the tree of entries; each is met once.
    fn walk(&mut self, all: &[RawEntry]) {
        let mut is_met = vec![false; all.len()];
        let mut waiting = VecDeque::from([(0_u32, Vec::new())]);
        while let Some((number, storages)) = waiting.pop_front() {
            let (Some(raw), Some(is_met)) = (all.get(number as usize), is_met.get_mut(number as usize)) else {
                if number != NOTHING && !self.is_cut {
                    self.faults.push(("an entry of the directory leads to one that is not there", 0..HEADER_LEN));
                }
                continue;
            };
            if std::mem::replace(is_met, true) {
                self.faults.push(("an entry of the directory is reached in two ways", raw.entry.range.clone()));
                continue;
            }
            let entry = Entry { storages: storages.clone(), ..raw.entry.clone() };
            if number != 0 {
                waiting
                    .extend(raw.siblings.iter().filter(|next| **next != NOTHING).map(|next| (*next, storages.clone())));
            }
            let mut inner = storages;
            if number != 0 {
                inner.push(entry.name.clone());
            }
            if raw.child != NOTHING && inner.len() <= DEPTH_MAX && entry.kind != Kind::Stream {
                waiting.push_back((raw.child, inner));
            }
            self.entries.push(entry);
        }
        self.faults.truncate(100);
    }
}

/// An entry with its numbers of others.
struct RawEntry {
    entry: Entry,
    siblings: [u32; 2],
    child: u32,
}

fn raw_entry(bytes: &[u8], at: usize) -> Option<RawEntry> {
    let record = bytes.get(at..at.checked_add(ENTRY_LEN)?)?;
    let name_len = usize::from(u16_at(record, 64)?).saturating_sub(2).min(62);
    let kind = match record.get(66)? {
        5 => Kind::Root,
        1 => Kind::Storage,
        _ => Kind::Stream,
    };
    let entry = Entry {
        name: utf_16(record.get(..name_len)?),
        storages: Vec::new(),
        kind,
        class: record.get(80..96)?.try_into().ok()?,
        times: (u64_at(record, 100)?, u64_at(record, 108)?),
        start: u32_at(record, 116)?,
        // The upper half is not written by programs that know files of small sectors only.
        size: u64::from(u32_at(record, 120)?),
        range: at..at + ENTRY_LEN,
    };
    Some(RawEntry { entry, siblings: [u32_at(record, 68)?, u32_at(record, 72)?], child: u32_at(record, 76)? })
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes))
}

/// Returns a text in UTF-16, little-endian, up to its first zero unit.
pub(crate) fn utf_16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Returns a GUID as Windows writes it.
pub(crate) fn guid(bytes: &[u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
    format!(
        "{{{d:02x}{c:02x}{b:02x}{a:02x}-{f:02x}{e:02x}-{h:02x}{g:02x}-{i:02x}{j:02x}-{k:02x}{l:02x}{m:02x}{n:02x}{o:02x}{p:02x}}}"
    )
}

#[cfg(test)]
mod tests {
    use super::{Compound, guid};

    #[test]
    fn nonsense_is_refused_or_empty() {
        assert!(Compound::of(b"\xd0\xcf\x11\xe0").is_err());
        let mut bytes = vec![0xff; 2048];
        bytes[30..34].copy_from_slice(&[9, 0, 6, 0]);
        assert!(Compound::of(&bytes).unwrap().entries.is_empty());
    }

    #[test]
    fn a_guid_has_its_first_parts_turned() {
        let mut bytes = [0; 16];
        bytes[0] = 1;
        bytes[15] = 2;
        assert_eq!(guid(&bytes), "{00000001-0000-0000-0000-000000000002}");
    }
}
