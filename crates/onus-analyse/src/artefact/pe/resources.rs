//! The tree of resources (Microsoft PE format, "The .rsrc Section").
//!
//! A tree has three levels: type, name, language. Hostile ones lead back to themselves or promise millions of
//! entries; each table is read once, and the limits bound the rest.

use std::{collections::BTreeSet, ops::Range};

use super::image::Image;
use crate::artefact::little_endian::{clamped, u16_at, u32_at};

/// Number of the directory.
const RESOURCE: usize = 2;

/// Levels of a tree, at most.
const DEPTH_MAX: usize = 8;

/// Tables that are read, at most.
const TABLES_MAX: usize = 4096;

/// Entries of all tables that are read, at most.
const ENTRIES_MAX: usize = 1 << 16;

/// The bit that says that an entry leads to a table, or that its name is a string.
const HIGH_BIT: u32 = 1 << 31;

/// Bytes of a table before its entries, and of an entry.
const TABLE_LEN: usize = 16;
const ENTRY_LEN: usize = 8;

/// The type of a block of version information (`RT_VERSION`).
pub(crate) const VERSION: u32 = 16;

/// All resources.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resources {
    /// Offset of the first table.
    pub at: usize,
    /// The tables.
    pub tables: Vec<Table>,
    /// The resources.
    pub leaves: Vec<Leaf>,
    /// Whether there are more than the limits allow.
    pub is_cut: bool,
    /// Offset of an entry that leads back to a table which was read before.
    pub circle_at: Option<usize>,
    /// Offset of an entry that leads out of the file.
    pub broken_at: Option<usize>,
}

/// A table of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its offset; the time stamp stands 4 bytes behind.
    pub at: usize,
    /// `TimeDateStamp`.
    pub stamp: u32,
    /// Entries with a name and with a number.
    pub entries: (u16, u16),
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Its type, if that is a number (`RT_…`).
    pub kind: Option<u32>,
    /// Its name, if that is a number.
    pub name: Option<u32>,
    /// Its language (`LANGID`), if the tree has that level.
    pub language: Option<u16>,
    /// Offset of the entry that says the language.
    pub entry_at: usize,
    /// Offset of the description of the data; its code page stands 8 bytes behind.
    pub description_at: usize,
    /// Its bytes, as far as the file holds them.
    pub data: Range<usize>,
    /// The code page that the description names.
    pub code_page: u32,
}

/// What stands above an entry.
#[derive(Clone, Copy, Debug, Default)]
struct Path {
    depth: usize,
    ids: [Option<u32>; 3],
}

impl Resources {
    /// Reads the tree.
    pub(crate) fn of(image: &Image<'_>) -> Self {
        let mut resources = Self::default();
        let Some(directory) = image.directory(RESOURCE) else { return resources };
        let Some(at) = image.offset(directory.address) else { return resources };
        resources.at = at;
        let mut seen = BTreeSet::from([at]);
        let mut waiting = vec![(at, Path::default())];
        let mut room = ENTRIES_MAX;
        while let Some((table_at, path)) = waiting.pop() {
            let Some(table) = table(image.bytes, table_at) else { continue };
            resources.tables.push(table);
            let count = usize::from(table.entries.0) + usize::from(table.entries.1);
            resources.is_cut |= count > room;
            let from = waiting.len();
            for number in 0..count.min(room) {
                room -= 1;
                let entry_at = table_at + TABLE_LEN + ENTRY_LEN * number;
                let Some(child) = resources.entry(image, entry_at, path) else { break };
                let Child::Table(child_at, path) = child else { continue };
                if !seen.insert(child_at) {
                    resources.circle_at.get_or_insert(entry_at);
                } else if path.depth >= DEPTH_MAX || seen.len() > TABLES_MAX {
                    resources.is_cut = true;
                } else {
                    waiting.push((child_at, path));
                }
            }
            // Trees are read in their own order, although the list is worked off from its end.
            if let Some(new) = waiting.get_mut(from..) {
                new.reverse();
            }
        }
        resources
    }

    /// Returns the resources of a type.
    pub(crate) fn of_kind(&self, kind: u32) -> impl Iterator<Item = &Leaf> {
        self.leaves.iter().filter(move |leaf| leaf.kind == Some(kind))
    }

    /// Reads an entry; absent where the file ends before it.
    fn entry(&mut self, image: &Image<'_>, entry_at: usize, mut path: Path) -> Option<Child> {
        let id = u32_at(image.bytes, entry_at)?;
        let to = u32_at(image.bytes, entry_at + 4)?;
        if let Some(place) = path.ids.get_mut(path.depth) {
            *place = (id & HIGH_BIT == 0).then_some(id);
        }
        let to_at = self.at.saturating_add((to & !HIGH_BIT) as usize);
        if to & HIGH_BIT != 0 {
            path.depth += 1;
            return Some(Child::Table(to_at, path));
        }
        match description(image, to_at) {
            Some((data, code_page)) => {
                let [kind, name, language] = path.ids;
                // The language is the low half; the high half is free.
                let language = language.filter(|_| path.depth == 2).map(|language| language as u16);
                let leaf = Leaf { kind, name, language, entry_at, description_at: to_at, data, code_page };
                self.leaves.push(leaf);
            }
            None => _ = self.broken_at.get_or_insert(entry_at),
        }
        Some(Child::Leaf)
    }
}

enum Child {
    Table(usize, Path),
    Leaf,
}

fn table(bytes: &[u8], at: usize) -> Option<Table> {
    let entries = (u16_at(bytes, at.checked_add(12)?)?, u16_at(bytes, at + 14)?);
    Some(Table { at, stamp: u32_at(bytes, at + 4)?, entries })
}

fn description(image: &Image<'_>, at: usize) -> Option<(Range<usize>, u32)> {
    let address = u32_at(image.bytes, at)?;
    let len = u32_at(image.bytes, at + 4)? as usize;
    let code_page = u32_at(image.bytes, at + 8)?;
    let start = image.offset(address)?;
    Some((clamped(start, len, image.bytes.len()), code_page))
}
