//! Entry bundles (C2SP tlog-tiles, "Log entries"): each entry after its length in two bytes, big end first.

use std::ops::Range;

use crate::files::need;
use crate::path::TILE_WIDTH;
use crate::{Checkpoint, Entry, Error, Fault, Files, Level, LogPath, Note, Tile};

/// Appends an entry to a bundle.
pub(crate) fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), Error> {
    let len = u16::try_from(entry.len()).map_err(|_| Error::TooLong { len: entry.len() })?;
    bundle.extend(len.to_be_bytes());
    bundle.extend(entry);
    Ok(())
}

/// Splits a bundle into its entries.
///
/// # Errors
/// The bundle ends within an entry, or has more or fewer entries than `width`.
pub fn split_bundle(mut bundle: &[u8], width: u16) -> Result<Vec<&[u8]>, Error> {
    let malformed = |why| Error::Malformed { what: "entry bundle", why };
    let mut entries = Vec::with_capacity(usize::from(width));
    while let Some((len, rest)) = bundle.split_first_chunk() {
        let len = usize::from(u16::from_be_bytes(*len));
        let (entry, rest) = rest.split_at_checked(len).ok_or(malformed("it ends within an entry"))?;
        entries.push(entry);
        bundle = rest;
    }
    if !bundle.is_empty() {
        return Err(malformed("it ends within the length of an entry"));
    }
    if entries.len() != usize::from(width) {
        return Err(malformed("it does not have as many entries as its name says"));
    }
    Ok(entries)
}

/// Reads the entries of a range of indices, to build an index from; the range is cut at the log's size.
///
/// Nothing is verified but the form: run [`crate::verify()`] first.
///
/// # Errors
/// A file is absent, unreadable or malformed.
pub fn entries(files: &dyn Files, range: Range<u64>) -> Result<Vec<Entry>, Error> {
    let bytes = need(files, &LogPath::Newest.to_string())?;
    let size = Note::from_bytes(&bytes)?.text.parse::<Checkpoint>()?.size;
    let range = range.start..range.end.min(size);
    let mut found = Vec::new();
    for number in range.start / TILE_WIDTH..range.end.div_ceil(TILE_WIDTH) {
        let Some(tile) = Tile::in_log(Level::Entries, number, size) else { break };
        let path = tile.to_string();
        let bundle = need(files, &path)?;
        for (index, bytes) in (number * TILE_WIDTH..).zip(split_bundle(&bundle, tile.width)?) {
            if range.contains(&index) {
                found.push(Entry::from_bytes(bytes).map_err(|error| at_index(error, index, &path))?);
            }
        }
    }
    Ok(found)
}

/// The fault of an entry that cannot be read.
pub(crate) fn at_index(error: Error, index: u64, path: &str) -> Fault {
    let fault = Fault::at(error, path);
    Fault { what: format!("entry {index}: {}", fault.what), ..fault }
}
