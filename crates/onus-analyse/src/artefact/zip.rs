//! ZIP files: both headers of every entry, as they stand (APPNOTE.TXT of PKWARE, sections 4.3 to 4.5).
//!
//! The directory at the end says what readers see; the header before each entry says it once more. Nothing is
//! taken from one where the other contradicts it: both are kept, so that they can be compared.

mod content;
mod end;
mod extra;
mod name;
mod tests;

use std::{collections::BTreeMap, ops::Range};

use super::{
    consistency::Format,
    little_endian::{clamped, u16_at, u32_at},
};

pub(crate) use content::{Content, content};
pub(crate) use end::End;
pub(crate) use extra::{owner, times};
pub(crate) use name::name;
pub(crate) use tests::{TESTS, difference, zone};

/// Entries that are read, at most.
pub(crate) const ENTRIES_MAX: usize = 10_000;

/// Faults that are kept, at most.
const FAULTS_MAX: usize = 100;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL_LEN: usize = 30;
const CENTRAL_LEN: usize = 46;

/// The bit that says that sizes and checksum follow the content.
pub(crate) const STREAMED: u16 = 1 << 3;

/// The format, as consistency tests know it.
pub(crate) struct ZipFormat;

impl Format for ZipFormat {
    type Facts<'a> = Zip<'a>;
}

/// What stands in a ZIP file.
#[derive(Clone, Debug)]
pub(crate) struct Zip<'a> {
    /// The file, or the beginning of it.
    pub bytes: &'a [u8],
    /// The record at the end, if it was found.
    pub end: Option<End>,
    /// The entries, in the order of the directory, or of the file where there is none.
    pub entries: Vec<Entry>,
    /// Headers of entries that the directory does not list.
    pub unlisted: Vec<Entry>,
    /// Which rules the file breaks, and where.
    pub faults: Vec<(String, Range<usize>)>,
    /// Whether there are more entries than the limit.
    pub is_cut: bool,
    /// Checksum and size of the contents that were read whole, by the number of the entry.
    pub read: BTreeMap<usize, (u32, u64)>,
}

/// An entry.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its header in the directory, or the one before its content where there is no directory.
    pub stated: Header,
    /// The header before its content, if it is there.
    pub local: Option<Header>,
    /// Its content as it lies in the file, as far as the file holds it.
    pub data: Range<usize>,
}

/// A header of an entry.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// Its place, with names and extra fields.
    pub range: Range<usize>,
    /// Host system in the high byte, version in the low one; in directories only.
    pub made_by: Option<u16>,
    /// General purpose bits.
    pub flags: u16,
    /// Method of compression.
    pub method: u16,
    /// Time and date of DOS.
    pub time: u16,
    /// Date of DOS.
    pub date: u16,
    /// Checksum of the content.
    pub crc: u32,
    /// Size in the file.
    pub packed: u64,
    /// Size of the content.
    pub size: u64,
    /// Place of the name.
    pub name: Range<usize>,
    /// Place of the extra fields.
    pub extra: Range<usize>,
    /// Place of the comment.
    pub comment: Range<usize>,
    /// Attributes of the file outside.
    pub attributes: u32,
    /// Offset of the header before the content, as directories say it.
    pub local_at: u64,
}

impl Entry {
    /// Returns the bytes from the header before the content to the end of the content.
    pub(crate) fn span(&self) -> Range<usize> {
        self.local.as_ref().map_or(self.data.start, |local| local.range.start)..self.data.end
    }
}

impl<'a> Zip<'a> {
    /// Reads all headers.
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        let end = End::find(bytes);
        let mut zip = Self {
            bytes,
            end,
            entries: Vec::new(),
            unlisted: Vec::new(),
            faults: Vec::new(),
            is_cut: false,
            read: BTreeMap::new(),
        };
        match zip.end.clone() {
            Some(end) => zip.read_directory(&end),
            None => {
                zip.fault("the directory at the end is missing", bytes.len()..bytes.len());
                let (entries, is_cut) = walk(bytes, 0..bytes.len(), ENTRIES_MAX);
                (zip.entries, zip.is_cut) = (entries, is_cut);
            }
        }
        zip.find_unlisted();
        zip
    }

    /// Returns the bytes at a place.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &'a [u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    fn fault(&mut self, what: impl Into<String>, at: Range<usize>) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push((what.into(), at));
        }
    }

    fn read_directory(&mut self, end: &End) {
        let mut at = end.directory.start;
        while at < end.directory.end {
            if self.entries.len() >= ENTRIES_MAX {
                self.is_cut = true;
                return;
            }
            let Some(stated) = central(self.bytes, at) else {
                self.fault(
                    "the directory holds something that is no header of an entry",
                    clamped(at, 4, self.bytes.len()),
                );
                break;
            };
            at = stated.range.end;
            let local_at = usize::try_from(stated.local_at).ok().and_then(|local_at| local_at.checked_add(end.shift));
            let local = local_at.and_then(|local_at| local(self.bytes, local_at));
            let data = match &local {
                Some(local) => clamped(local.range.end, clamp(stated.packed), self.bytes.len()),
                None => {
                    self.fault("an entry has no header before its content", stated.range.clone());
                    stated.range.end..stated.range.end
                }
            };
            if data.len() as u64 != stated.packed && local.is_some() {
                self.fault("the content of an entry reaches past the end of the file", stated.range.clone());
            }
            self.entries.push(Entry { stated, local, data });
        }
        if self.entries.len() as u64 != end.count {
            let what = format!("the end promises {} entries, the directory holds {}", end.count, self.entries.len());
            self.fault(what, end.range.clone());
        }
    }

    /// Looks for headers between the entries that are listed.
    fn find_unlisted(&mut self) {
        let Some(end) = &self.end else { return };
        let mut spans: Vec<Range<usize>> = self.entries.iter().map(Entry::span).collect();
        spans.sort_by_key(|span| span.start);
        spans.push(end.directory.start..end.directory.start);
        let mut from = 0;
        for span in spans {
            if from < span.start && self.unlisted.len() < FAULTS_MAX {
                let (found, _) = walk(self.bytes, from..span.start, FAULTS_MAX);
                self.unlisted.extend(found);
            }
            from = from.max(span.end);
        }
        self.unlisted.truncate(FAULTS_MAX);
    }
}

/// Reads headers before contents, one behind the other, in a part of the file.
fn walk(bytes: &[u8], part: Range<usize>, count_max: usize) -> (Vec<Entry>, bool) {
    let mut entries = Vec::new();
    let mut at = part.start;
    while let Some(next) = find_mark(bytes, at..part.end) {
        if entries.len() >= count_max {
            return (entries, true);
        }
        let Some(header) = local(bytes, next) else {
            at = next + 4;
            continue;
        };
        let is_open = header.flags & STREAMED != 0 && header.packed == 0;
        let len = if is_open { content_len(bytes, header.range.end..part.end) } else { clamp(header.packed) };
        let data = clamped(header.range.end, len, part.end);
        at = data.end.max(next + 4);
        entries.push(Entry { stated: header.clone(), local: Some(header), data });
    }
    (entries, false)
}

fn find_mark(bytes: &[u8], part: Range<usize>) -> Option<usize> {
    let slice = bytes.get(part.clone())?;
    let found = memchr::memmem::find(slice, &LOCAL.to_le_bytes())?;
    Some(part.start + found)
}

/// The bytes up to the next header of any sort, where the size of a content is written behind it.
fn content_len(bytes: &[u8], part: Range<usize>) -> usize {
    let slice = bytes.get(part).unwrap_or_default();
    let is_mark = |window: &[u8]| matches!(window, [b'P', b'K', 1, 2] | [b'P', b'K', 3, 4] | [b'P', b'K', 7, 8]);
    slice.windows(4).position(is_mark).unwrap_or(slice.len())
}

fn clamp(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

fn local(bytes: &[u8], at: usize) -> Option<Header> {
    if u32_at(bytes, at)? != LOCAL {
        return None;
    }
    let lens = [usize::from(u16_at(bytes, at + 26)?), usize::from(u16_at(bytes, at + 28)?), 0];
    let mut header = shared(bytes, at, at + 4, at + LOCAL_LEN, lens)?;
    extra::widen(bytes, &mut header);
    Some(header)
}

fn central(bytes: &[u8], at: usize) -> Option<Header> {
    if u32_at(bytes, at)? != CENTRAL {
        return None;
    }
    let len = |offset: usize| u16_at(bytes, at + offset).map(usize::from);
    let mut header = shared(bytes, at, at + 6, at + CENTRAL_LEN, [len(28)?, len(30)?, len(32)?])?;
    header.made_by = u16_at(bytes, at + 4);
    header.attributes = u32_at(bytes, at + 38)?;
    header.local_at = u64::from(u32_at(bytes, at + 42)?);
    extra::widen(bytes, &mut header);
    Some(header)
}

/// Reads what both headers have: the fields from `fields` on, then name, extra fields and comment.
fn shared(bytes: &[u8], at: usize, fields: usize, texts: usize, lens: [usize; 3]) -> Option<Header> {
    let word = |offset: usize| u16_at(bytes, fields + offset);
    let double = |offset: usize| u32_at(bytes, fields + offset);
    let [name, extra, comment] = lens;
    let end = texts.checked_add(name)?.checked_add(extra)?.checked_add(comment)?;
    bytes.get(at..end)?;
    Some(Header {
        range: at..end,
        made_by: None,
        flags: word(2)?,
        method: word(4)?,
        time: word(6)?,
        date: word(8)?,
        crc: double(10)?,
        packed: u64::from(double(14)?),
        size: u64::from(double(18)?),
        name: texts..texts + name,
        extra: texts + name..texts + name + extra,
        comment: texts + name + extra..end,
        attributes: 0,
        local_at: 0,
    })
}
