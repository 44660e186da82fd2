//! The parts of a package by name, read within a budget.

use std::ops::Range;

use onus_core::Locus;

use super::Facts;
use crate::artefact::{
    stamp,
    zip::{self, Content, Zip},
};

/// Bytes of one part, and of all parts that are read, at most.
const PART_MAX: usize = 16 << 20;
const TOTAL_MAX: usize = 64 << 20;

/// Parts that are read, at most.
const PARTS_MAX: usize = 4_000;

/// The first moment that DOS can say, which stands for no time.
const DOS_EPOCH: i64 = 315_532_800;

/// Something that was read, with the place of what it was read from.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    /// What was read.
    pub value: T,
    /// The bytes of the part that says it.
    pub range: Range<usize>,
}

/// A part of the package, decompressed.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Where it lies in the exhibit, packed.
    pub range: Range<usize>,
}

/// A package.
pub(super) struct Package<'a> {
    zip: Zip<'a>,
    bytes_left: usize,
    parts_left: usize,
    unread: usize,
}

impl Part {
    /// Returns its place.
    pub(super) fn locus(&self) -> Locus {
        Locus::bytes(self.range.start, self.range.len())
    }

    /// Returns its text: UTF-8, or UTF-16 after a byte order mark.
    pub(super) fn text(&self) -> String {
        encoding_rs::UTF_8.decode(&self.bytes).0.into_owned()
    }

    /// Returns something that was read in it with its place.
    pub(super) fn placed<T>(&self, value: T) -> Placed<T> {
        Placed { value, range: self.range.clone() }
    }
}

impl<'a> Package<'a> {
    /// Returns the package that a file is.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { zip: Zip::of(bytes), bytes_left: TOTAL_MAX, parts_left: PARTS_MAX, unread: 0 }
    }

    /// Returns what the headers of the entries say.
    pub(super) fn facts(&self) -> Facts {
        let packed = self.zip.entries.iter().filter_map(|entry| {
            let header = &entry.stated;
            let local = stamp::as_if_utc(stamp::dos(header.date, header.time)?)?;
            (local > DOS_EPOCH).then_some(Placed { value: local, range: header.range.clone() })
        });
        Facts { packed: packed.collect(), entries: self.zip.entries.len(), ..Facts::default() }
    }

    /// Returns the parts whose name, without a leading slash and in lower case, is wanted, in the order of the directory.
    pub(super) fn parts(&mut self, is_wanted: impl Fn(&str) -> bool) -> Vec<Part> {
        let mut found = Vec::new();
        for entry in &self.zip.entries {
            let name = zip::name(self.zip.slice(&entry.stated.name), &entry.stated).text;
            let plain = name.trim_start_matches('/').to_ascii_lowercase();
            if !is_wanted(&plain) {
                continue;
            }
            if self.parts_left == 0 || self.bytes_left == 0 {
                self.unread += 1;
                continue;
            }
            self.parts_left -= 1;
            let bytes = match zip::content(&self.zip, entry, PART_MAX.min(self.bytes_left)) {
                Content::Whole(bytes) | Content::Broken(bytes) => bytes,
                Content::Cut(bytes) => {
                    self.unread += 1;
                    bytes
                }
                Content::Encrypted | Content::OtherMethod => continue,
            };
            self.bytes_left = self.bytes_left.saturating_sub(bytes.len().max(entry.data.len()));
            found.push(Part { name, bytes, range: entry.span() });
        }
        found
    }

    /// Returns what the limits kept from being read, in words.
    pub(super) fn what_was_left_out(&self) -> Option<String> {
        (self.unread > 0).then(|| {
            format!(
                "{} parts are not read, or not to their end: at most {} MiB of each and {} MiB of all",
                self.unread,
                PART_MAX >> 20,
                TOTAL_MAX >> 20
            )
        })
    }
}
