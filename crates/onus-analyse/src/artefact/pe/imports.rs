//! The functions that an image asks for, by library (Microsoft PE format, "The .idata Section" and "Delay-Load Import Tables").

use super::image::Image;
use crate::artefact::little_endian::{u16_at, u32_at, u64_at, zero_ended};

/// Libraries that are read, at most.
const LIBRARIES_MAX: usize = 4096;

/// Functions of all libraries that are read, at most.
const FUNCTIONS_MAX: usize = 1 << 16;

/// Bytes of a name, at most.
const NAME_MAX: usize = 4096;

/// Bytes of one descriptor of the import directory and of the delay-load directory.
const DESCRIPTOR_LEN: usize = 20;
const DELAY_DESCRIPTOR_LEN: usize = 32;

/// Numbers of the two directories.
const IMPORT: usize = 1;
const DELAY_IMPORT: usize = 13;

/// Everything that is imported.
#[derive(Clone, Debug, Default)]
pub(crate) struct Imports<'a> {
    /// Libraries in the order of their descriptors, those that are loaded on demand last.
    pub libraries: Vec<Library<'a>>,
    /// Whether there are more than the limits allow.
    pub is_cut: bool,
}

/// One library.
#[derive(Clone, Debug)]
pub(crate) struct Library<'a> {
    /// Its name as written.
    pub name: &'a [u8],
    /// Offset of its descriptor.
    pub at: usize,
    /// Offset of its name.
    pub name_at: usize,
    /// Whether it is loaded on demand.
    pub is_delayed: bool,
    /// `TimeDateStamp` of the descriptor: zero, all ones, or that of the library it was bound to.
    pub stamp: u32,
    /// Its functions in the order of the table.
    pub functions: Vec<Function<'a>>,
}

/// One function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Function<'a> {
    /// Offset of its entry in the lookup table.
    pub at: usize,
    /// What it is asked for by.
    pub by: By<'a>,
}

/// What a function is asked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By<'a> {
    Name(&'a [u8]),
    Ordinal(u16),
}

impl<'a> Imports<'a> {
    /// Reads both directories.
    pub(crate) fn of(image: &Image<'a>) -> Self {
        let mut imports = Self::default();
        let mut room = FUNCTIONS_MAX;
        imports.read(image, IMPORT, DESCRIPTOR_LEN, &mut room);
        imports.read(image, DELAY_IMPORT, DELAY_DESCRIPTOR_LEN, &mut room);
        imports
    }

    /// Returns the libraries that are needed when the image is loaded.
    pub(crate) fn at_load(&self) -> impl Iterator<Item = &Library<'a>> {
        self.libraries.iter().filter(|library| !library.is_delayed)
    }

    /// Returns how many functions are imported, at load or on demand.
    pub(crate) fn count(&self, is_delayed: bool) -> usize {
        let libraries = self.libraries.iter().filter(|library| library.is_delayed == is_delayed);
        libraries.map(|library| library.functions.len()).sum()
    }

    fn read(&mut self, image: &Image<'a>, directory: usize, len: usize, room: &mut usize) {
        let Some(start) = image.directory(directory).and_then(|entry| image.offset(entry.address)) else { return };
        for number in 0.. {
            let at = start + number * len;
            let library = if directory == IMPORT { library(image, at, room) } else { delayed(image, at, room) };
            let Some(library) = library else { return };
            self.libraries.push(library);
            self.is_cut |= *room == 0 || number >= LIBRARIES_MAX;
            if self.is_cut {
                return;
            }
        }
    }
}

/// Reads a descriptor; absent at the one that ends the table, or where it leads nowhere.
fn library<'a>(image: &Image<'a>, at: usize, room: &mut usize) -> Option<Library<'a>> {
    let [lookup, stamp, _, name, addresses] = words::<5>(image.bytes, at)?;
    let name_at = image.offset(name).filter(|_| name != 0)?;
    let name = zero_ended(image.bytes, name_at, NAME_MAX)?;
    // Old linkers of other makers leave the lookup table out; then the table of addresses holds the names.
    let table = image.offset(lookup).filter(|_| lookup != 0).or_else(|| image.offset(addresses));
    let functions = table.map(|table| functions(image, table, 0, room)).unwrap_or_default();
    Some(Library { name, at, name_at, is_delayed: false, stamp, functions })
}

fn delayed<'a>(image: &Image<'a>, at: usize, room: &mut usize) -> Option<Library<'a>> {
    let [attributes, name, _, _, lookup, _, _, stamp] = words::<8>(image.bytes, at)?;
    // Before Visual C++ 7 these were addresses in memory instead of relative ones.
    let base = if attributes & 1 == 0 { u32::try_from(image.image_base).ok()? } else { 0 };
    let relative = |address: u32| address.checked_sub(base).filter(|_| address != 0);
    let name_at = image.offset(relative(name)?)?;
    let name = zero_ended(image.bytes, name_at, NAME_MAX)?;
    let table = relative(lookup).and_then(|lookup| image.offset(lookup));
    let functions = table.map(|table| functions(image, table, base, room)).unwrap_or_default();
    Some(Library { name, at, name_at, is_delayed: true, stamp, functions })
}

/// Reads a lookup table up to its zero entry.
fn functions<'a>(image: &Image<'a>, table: usize, base: u32, room: &mut usize) -> Vec<Function<'a>> {
    let mut functions = Vec::new();
    let len = if image.is_64 { 8 } else { 4 };
    while *room > 0 {
        let at = table + functions.len() * len;
        let entry = if image.is_64 { u64_at(image.bytes, at) } else { u32_at(image.bytes, at).map(u64::from) };
        let Some(entry) = entry.filter(|entry| *entry != 0) else { break };
        let Some(by) = by(image, entry, base) else { break };
        functions.push(Function { at, by });
        *room -= 1;
    }
    functions
}

fn by<'a>(image: &Image<'a>, entry: u64, base: u32) -> Option<By<'a>> {
    if entry >> (if image.is_64 { 63 } else { 31 }) != 0 {
        return Some(By::Ordinal(entry as u16));
    }
    // The name stands behind a hint of two bytes.
    let at = image.offset(u32::try_from(entry).ok()?.checked_sub(base)?)?;
    u16_at(image.bytes, at)?;
    zero_ended(image.bytes, at + 2, NAME_MAX).map(By::Name)
}

fn words<const N: usize>(bytes: &[u8], at: usize) -> Option<[u32; N]> {
    let mut words = [0; N];
    for (number, word) in words.iter_mut().enumerate() {
        *word = u32_at(bytes, at.checked_add(4 * number)?)?;
    }
    Some(words)
}
