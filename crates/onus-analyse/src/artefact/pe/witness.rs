//! Places and numbers of the rest of an image that its Rich header is compared with.

use std::ops::Range;

use super::{facts::Facts, image::Image, imports::Library, products::Kind, rich::Rich};

/// Numbers of directories.
pub(crate) const EXPORT: usize = 0;
pub(crate) const IMPORT: usize = 1;
pub(crate) const RESOURCE: usize = 2;
const DELAY_IMPORT: usize = 13;

/// Places of libraries that are named, at most.
const LIBRARIES_MAX: usize = 8;

/// What an image imports, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Imported {
    /// Libraries that are needed at load.
    pub libraries: u64,
    /// Functions, at load and on demand.
    pub functions: u64,
}

impl Imported {
    /// Counts what is imported; absent where the limits cut the list off.
    pub(crate) fn of(facts: &Facts<'_>) -> Option<Self> {
        let libraries = facts.imports.at_load().count() as u64;
        let functions = facts.imports.count(false) + facts.imports.count(true);
        (!facts.imports.is_cut).then_some(Self { libraries, functions: functions as u64 })
    }

    /// Returns how many functions the linker read and dropped again, as no code that stayed calls them.
    pub(crate) fn dropped(self, rich: &Rich) -> u64 {
        rich.count_of(Kind::Import).saturating_sub(self.functions)
    }
}

/// Returns whether an image imports anything.
pub(crate) fn has_imports(image: &Image<'_>) -> bool {
    image.directory(IMPORT).is_some() || image.directory(DELAY_IMPORT).is_some()
}

/// Returns so many bytes from an offset.
pub(crate) fn place(at: usize, len: usize) -> Range<usize> {
    at..at + len
}

/// Returns the bytes of an entry of the table of directories.
pub(crate) fn directory_place(image: &Image<'_>, number: usize) -> Range<usize> {
    let at = image.directory_table + 8 * number;
    at..at + 8
}

/// Returns the bytes of the version of the linker.
pub(crate) fn linker_place(image: &Image<'_>) -> Range<usize> {
    image.optional_header + 2..image.optional_header + 4
}

/// Returns the name of a library in lower case.
pub(crate) fn name(library: &Library<'_>) -> String {
    String::from_utf8_lossy(library.name).to_lowercase()
}

/// Returns the places of the names of libraries.
pub(crate) fn library_places(facts: &Facts<'_>, matches: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let libraries = facts.imports.libraries.iter().filter(|library| matches(&name(library)));
    libraries.map(|library| library.name_at..library.name_at + library.name.len()).take(LIBRARIES_MAX).collect()
}

/// Returns places of the Rich header with others behind them.
pub(crate) fn both(mut rich: Vec<Range<usize>>, others: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    rich.extend(others);
    rich
}
