//! The list of items from the desktop to the target, with the times of each folder (libfwsi's description).

use std::ops::Range;

use onus_core::Locus;

use crate::{
    Findings,
    artefact::{
        code_page,
        compound::{guid, utf_16},
        little_endian::{u8_at, u16_at, u32_at, u64_at, zero_ended},
        office::trace,
        stamp,
    },
};

/// Items that are read, at most.
const ITEMS_MAX: usize = 256;

/// Bytes of a name, at most.
const NAME_MAX: usize = 1024;

/// The mark of the block with long name and times.
const EXTENSION: [u8; 4] = [0x04, 0x00, 0xef, 0xbe];

/// A file or folder in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its long name, or the short one.
    pub name: String,
    /// Size of the file, the low 32 bits.
    pub size: u32,
    /// Date and time of DOS of the last change, in UTC.
    pub written: (u16, u16),
    /// Of the creation.
    pub created: (u16, u16),
    /// Its place.
    pub range: Range<usize>,
}

/// Lists the items and returns the last one, if it is a file or folder.
pub(super) fn read(bytes: &[u8], list: Range<usize>, findings: &mut Findings) -> Option<Item> {
    let mut at = list.start;
    let mut last = None;
    for _ in 0..ITEMS_MAX {
        let len = u16_at(bytes, at).map_or(0, usize::from);
        let range = at..at + len;
        if len < 3 || range.end > list.end {
            break;
        }
        let item = bytes.get(range.clone()).unwrap_or_default();
        last = one(item, range.clone(), findings);
        at = range.end;
    }
    last
}

fn one(item: &[u8], range: Range<usize>, findings: &mut Findings) -> Option<Item> {
    let locus = Locus::bytes(range.start, range.len());
    match u8_at(item, 2)? {
        0x1f => {
            let class = item.get(4..20)?.try_into().ok()?;
            findings.add(trace("shell_item", guid(&class), locus).with("type", "root"));
            None
        }
        0x20..=0x2f => {
            let name = code_page::decode(1252, zero_ended(item, 3, NAME_MAX)?);
            findings.add(trace("shell_item", name, locus).with("type", "volume"));
            None
        }
        kind @ 0x30..=0x3f => {
            let found = file(item, kind, range)?;
            let (item, reference, accessed) = found;
            let dos = |(date, time)| stamp::dos(date, time).map(|time| format!("{time}Z"));
            findings.add(
                trace("shell_item", item.name.as_str(), locus)
                    .with("type", if kind & 1 == 1 { "folder" } else { "file" })
                    .with_some("written", dos(item.written))
                    .with_some("created", dos(item.created))
                    .with_some("accessed", dos(accessed))
                    .with_some("file_record", reference.map(|(entry, sequence)| format!("{entry}-{sequence}"))),
            );
            Some(item)
        }
        0x40..=0x4f => {
            let name = code_page::decode(1252, zero_ended(item, 5, NAME_MAX)?);
            findings.add(trace("shell_item", name, locus).with("type", "network"));
            None
        }
        _ => None,
    }
}

type Stamp = (u16, u16);

/// Number and sequence of the record that a disk keeps of a file.
type Record = (u64, u16);

/// Reads a file or folder: the item, the record that the disk keeps of it, and its last reading.
fn file(item: &[u8], kind: u8, range: Range<usize>) -> Option<(Item, Option<Record>, Stamp)> {
    let pair = |at: usize| u16_at(item, at).zip(u16_at(item, at + 2)).unwrap_or_default();
    let short =
        if kind & 4 == 4 { utf_16(item.get(14..)?) } else { code_page::decode(1252, zero_ended(item, 14, NAME_MAX)?) };
    let mut found = Item { name: short, size: u32_at(item, 4)?, written: pair(8), created: (0, 0), range };
    let Some(mark) = item.windows(4).position(|window| window == EXTENSION).filter(|mark| *mark >= 4 + 14) else {
        return Some((found, None, (0, 0)));
    };
    let start = mark - 4;
    let version = u16_at(item, start + 2)?;
    found.created = pair(start + 8);
    let name_at = match version {
        3..=6 => start + 20,
        7 => start + 38,
        8 => start + 42,
        9.. => start + 46,
        _ => return Some((found, None, (0, 0))),
    };
    let long = utf_16(item.get(name_at..).unwrap_or_default());
    if !long.is_empty() {
        found.name = long;
    }
    let reference = u64_at(item, start + 20).filter(|reference| version >= 7 && *reference != 0);
    let reference = reference.map(|reference| (reference & 0xffff_ffff_ffff, (reference >> 48) as u16));
    Some((found, reference, pair(start + 12)))
}
