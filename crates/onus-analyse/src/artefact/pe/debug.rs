//! The debug directory and the records it leads to (Microsoft PE format, "The .debug Section").
//!
//! The records that carry no name in the specification were read from the images of this linker: type 12 counts
//! objects by the features they were compiled with, type 13 names the groups that sections were put together from.

use std::ops::Range;

use super::image::Image;
use crate::artefact::little_endian::{clamped, u32_at, zero_ended};

/// Number of the directory.
const DEBUG: usize = 6;

/// Entries that are read, at most.
const ENTRIES_MAX: usize = 64;

/// Groups that are read, at most.
const GROUPS_MAX: usize = 1024;

/// Bytes of a path or of the name of a group, at most.
const NAME_MAX: usize = 4096;

/// Bytes of an entry.
const ENTRY_LEN: usize = 28;

/// Types of records.
pub(crate) const CODEVIEW: u32 = 2;
const VC_FEATURE: u32 = 12;
const POGO: u32 = 13;
pub(crate) const REPRO: u32 = 16;

/// What the debug directory says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Debug<'a> {
    /// Its entries in order.
    pub entries: Vec<Entry>,
    /// The record of objects by feature, type 12.
    pub vc_feature: Option<VcFeature>,
    /// The record of groups, type 13.
    pub pogo: Option<Pogo<'a>>,
    /// The record that names the file of symbols.
    pub codeview: Option<CodeView<'a>>,
    /// The record which says that stamps are hashes, type 16.
    pub repro: Option<Repro>,
    /// Whether there are more entries than the limit allows.
    pub is_cut: bool,
}

/// An entry of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its offset; the time stamp stands 4 bytes behind.
    pub at: usize,
    /// `TimeDateStamp`.
    pub stamp: u32,
    /// `IMAGE_DEBUG_TYPE_…`.
    pub kind: u32,
    /// The bytes of the record.
    pub data: Range<usize>,
}

/// Objects by feature, as the linker counted them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VcFeature {
    /// Offset of the five numbers.
    pub at: usize,
    /// Objects of compilers before Visual C++ 11; of C and C++ compilers from it on; with `/GS`; with `/sdl`; with guards.
    pub counts: [u32; 5],
}

/// Groups that the linker put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pogo<'a> {
    /// Offset of the record.
    pub at: usize,
    /// Its first four bytes, which tell how the program was optimised.
    pub signature: u32,
    /// The groups in order.
    pub groups: Vec<Group<'a>>,
}

/// One group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group<'a> {
    /// Offset of its entry.
    pub at: usize,
    /// Its address relative to the image.
    pub address: u32,
    /// Its size in bytes.
    pub size: u32,
    /// Its name: `.text$mn`, `.rdata$zzzdbg`.
    pub name: &'a [u8],
}

/// Where the symbols are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CodeView<'a> {
    /// Offset of the record.
    pub at: usize,
    /// `RSDS` or `NB10`.
    pub signature: [u8; 4],
    /// The identifier that the file of symbols repeats: 16 bytes after `RSDS`, 4 after `NB10`.
    pub id: &'a [u8],
    /// How often the file of symbols was written.
    pub age: u32,
    /// Offset of the path.
    pub path_at: usize,
    /// The path as written.
    pub path: &'a [u8],
}

/// The mark of a reproducible build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repro {
    /// Offset of its entry.
    pub at: usize,
    /// The hash, if the record holds one.
    pub hash: Range<usize>,
}

impl<'a> Debug<'a> {
    /// Reads the directory and its records.
    pub(crate) fn of(image: &Image<'a>) -> Self {
        let mut debug = Self::default();
        let Some(directory) = image.directory(DEBUG) else { return debug };
        let Some(start) = image.offset(directory.address) else { return debug };
        let count = directory.size as usize / ENTRY_LEN;
        debug.is_cut = count > ENTRIES_MAX;
        for number in 0..count.min(ENTRIES_MAX) {
            let Some(entry) = entry(image.bytes, start + number * ENTRY_LEN) else { break };
            debug.read(image.bytes, &entry);
            debug.entries.push(entry);
        }
        debug
    }

    fn read(&mut self, bytes: &'a [u8], entry: &Entry) {
        match entry.kind {
            CODEVIEW if self.codeview.is_none() => self.codeview = codeview(bytes, &entry.data),
            VC_FEATURE if self.vc_feature.is_none() => self.vc_feature = vc_feature(bytes, &entry.data),
            POGO if self.pogo.is_none() => self.pogo = pogo(bytes, &entry.data),
            REPRO if self.repro.is_none() => {
                let len = u32_at(bytes, entry.data.start).filter(|_| entry.data.len() > 4).unwrap_or(0) as usize;
                let hash = clamped(entry.data.start.saturating_add(4), len, entry.data.end);
                self.repro = Some(Repro { at: entry.at, hash: if len == 0 { 0..0 } else { hash } });
            }
            _ => {}
        }
    }
}

fn entry(bytes: &[u8], at: usize) -> Option<Entry> {
    let word = |number: usize| u32_at(bytes, at + 4 * number);
    let data = clamped(word(6)? as usize, word(4)? as usize, bytes.len());
    Some(Entry { at, stamp: word(1)?, kind: word(3)?, data })
}

fn vc_feature(bytes: &[u8], data: &Range<usize>) -> Option<VcFeature> {
    let mut counts = [0; 5];
    for (number, count) in counts.iter_mut().enumerate() {
        *count = u32_at(bytes.get(data.clone())?, 4 * number)?;
    }
    Some(VcFeature { at: data.start, counts })
}

fn pogo<'a>(bytes: &'a [u8], data: &Range<usize>) -> Option<Pogo<'a>> {
    let record = bytes.get(..data.end)?;
    let signature = u32_at(record, data.start)?;
    let mut groups = Vec::new();
    let mut at = data.start + 4;
    while groups.len() < GROUPS_MAX
        && let (Some(address), Some(size)) = (u32_at(record, at), u32_at(record, at + 4))
        && let Some(name) = zero_ended(record, at + 8, NAME_MAX).filter(|name| !name.is_empty())
    {
        groups.push(Group { at, address, size, name });
        // Entries begin at every fourth byte.
        at += (8 + name.len() + 1).next_multiple_of(4);
    }
    Some(Pogo { at: data.start, signature, groups })
}

fn codeview<'a>(bytes: &'a [u8], data: &Range<usize>) -> Option<CodeView<'a>> {
    let record = bytes.get(data.clone())?;
    let signature = *record.first_chunk::<4>()?;
    let (id, age_at) = match &signature {
        b"RSDS" => (4..20, 20),
        b"NB10" => (8..12, 12),
        _ => return None,
    };
    let path = record.get(age_at + 4..)?;
    let len = path.iter().take(NAME_MAX).position(|byte| *byte == 0).unwrap_or(path.len().min(NAME_MAX));
    Some(CodeView {
        at: data.start,
        signature,
        id: record.get(id)?,
        age: u32_at(record, age_at)?,
        path_at: data.start + age_at + 4,
        path: path.get(..len)?,
    })
}
