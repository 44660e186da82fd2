//! What the dynamic linker is asked for: libraries, search paths, symbols and the versions of their interfaces.

use std::ops::Range;

use super::image::{Image, PT_DYNAMIC, SHT_DYNSYM};
use crate::artefact::reader::{Reader, Text, offset};

/// Entries of the dynamic section, at most.
const ENTRIES_MAX: usize = 10_000;

/// Dynamic symbols, at most.
pub(crate) const SYMBOLS_MAX: usize = 200_000;

/// Versions of interfaces, at most.
const VERSIONS_MAX: usize = 2_000;

/// `DT_NEEDED`.
const NEEDED: u64 = 1;
/// `DT_SONAME`.
const SONAME: u64 = 14;
/// `DT_RPATH`.
const RPATH: u64 = 15;
/// `DT_RUNPATH`.
const RUNPATH: u64 = 29;

/// What the dynamic section and the tables it leads to say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dynamic<'a> {
    /// The entries: tag, value, offset of the entry.
    pub entries: Vec<(u64, u64, usize)>,
    /// Libraries that are loaded.
    pub needed: Vec<Text<'a>>,
    /// The name of the library itself.
    pub name: Option<Text<'a>>,
    /// Where libraries are searched, and whether it is the newer `DT_RUNPATH`.
    pub search_paths: Vec<(Text<'a>, bool)>,
    /// The symbols, the first of which is empty.
    pub symbols: Vec<Symbol<'a>>,
    /// Versions of interfaces that are needed.
    pub needs: Vec<Need<'a>>,
    /// Versions of interfaces that are offered.
    pub offers: Vec<Version<'a>>,
    /// Which limits were met, in words.
    pub limits: Vec<String>,
}

/// A dynamic symbol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// Offset of its entry.
    pub entry: usize,
    /// Whether it is defined elsewhere.
    pub is_undefined: bool,
    /// Number of its version, without the mark for hidden ones.
    pub version: u16,
}

/// Versions that are needed of one library.
#[derive(Clone, Debug)]
pub(crate) struct Need<'a> {
    /// The library.
    pub library: Text<'a>,
    /// The versions.
    pub versions: Vec<Version<'a>>,
}

/// A version of an interface.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Version<'a> {
    /// Its name, as `GLIBC_2.34`.
    pub name: Text<'a>,
    /// The hash of the name as it is written.
    pub hash: u32,
    /// Where the hash is written.
    pub hash_at: usize,
    /// Its number in the table of the symbols' versions.
    pub number: u16,
    /// Where the name of the version stands that it extends, if it is offered and extends one.
    pub parent: Option<usize>,
}

impl<'a> Dynamic<'a> {
    /// Reads the dynamic section, if there is one.
    pub(crate) fn of(image: &Image<'a>) -> Self {
        let mut dynamic = Self::default();
        let Some(segment) = image.segments.iter().find(|segment| segment.kind == PT_DYNAMIC) else { return dynamic };
        dynamic.read_entries(image.reader, segment.range.clone());
        let strings = dynamic.strings(image);
        let text = |at: u64| image.reader.text(strings.start.checked_add(offset(at))?, strings.end);
        for (tag, value, _) in &dynamic.entries {
            let Some(text) = text(*value) else { continue };
            match *tag {
                NEEDED => dynamic.needed.push(text),
                SONAME => dynamic.name = Some(text),
                RPATH | RUNPATH => dynamic.search_paths.push((text, *tag == RUNPATH)),
                _ => {}
            }
        }
        dynamic.read_needs(image, &strings);
        dynamic.read_offers(image, &strings);
        dynamic.read_symbols(image, &strings);
        dynamic
    }

    fn read_entries(&mut self, reader: Reader<'a>, range: Range<usize>) {
        let size = 2 * reader.word_len();
        for at in range.step_by(size) {
            let (Some(tag), Some(value)) = (reader.word(at), reader.word(at + size / 2)) else { break };
            if tag == 0 {
                break;
            }
            if self.entries.len() == ENTRIES_MAX {
                self.limits.push(format!("read are the first {ENTRIES_MAX} entries of the dynamic section"));
                break;
            }
            self.entries.push((tag, value, at));
        }
    }

    /// Returns the value of the first entry of a tag.
    pub(crate) fn value(&self, tag: u64) -> Option<u64> {
        self.entries.iter().find(|entry| entry.0 == tag).map(|entry| entry.1)
    }

    /// Returns where the table of strings lies, empty if there is none.
    pub(crate) fn strings(&self, image: &Image<'_>) -> Range<usize> {
        let start = self.value(5).and_then(|address| image.offset(address));
        let (Some(start), Some(size)) = (start, self.value(10)) else { return 0..0 };
        start..start.saturating_add(offset(size)).min(image.reader.bytes.len())
    }

    fn read_symbols(&mut self, image: &Image<'a>, strings: &Range<usize>) {
        let reader = image.reader;
        let size = if reader.is_64 { 24 } else { 16 };
        let Some(start) = self.value(6).and_then(|address| image.offset(address)) else { return };
        let versions = self.value(0x6fff_fff0).and_then(|address| image.offset(address));
        let count = self.symbol_count(image, start, size);
        if count > SYMBOLS_MAX {
            self.limits.push(format!("read are the first {SYMBOLS_MAX} of {count} dynamic symbols"));
        }
        for index in 0..count.min(SYMBOLS_MAX) {
            let entry = start + index * size;
            let section = if reader.is_64 { entry + 6 } else { entry + 14 };
            let (Some(name), Some(section)) = (reader.u32(entry), reader.u16(section)) else {
                break;
            };
            let at = strings.start.saturating_add(name as usize);
            let name = reader.text(at, strings.end).unwrap_or(Text { bytes: &[], at: at.min(strings.end) });
            let version = versions.and_then(|versions| reader.u16(versions + 2 * index)).unwrap_or_default();
            self.symbols.push(Symbol { name, entry, is_undefined: section == 0, version: version & 0x7fff });
        }
    }

    /// The dynamic section does not count its symbols: the section table or a hash table does.
    fn symbol_count(&self, image: &Image<'_>, start: usize, size: usize) -> usize {
        let table = image.sections.iter().find(|section| section.kind == SHT_DYNSYM && section.range.start == start);
        if let Some(table) = table {
            return table.range.len() / size;
        }
        let hash = self.value(4).and_then(|address| image.offset(address));
        let counted = hash.and_then(|at| image.reader.u32(at + 4)).unwrap_or_default() as usize;
        counted.min(image.reader.bytes.len().saturating_sub(start) / size)
    }

    fn read_needs(&mut self, image: &Image<'a>, strings: &Range<usize>) {
        let reader = image.reader;
        let Some(mut at) = self.value(0x6fff_fffe).and_then(|address| image.offset(address)) else { return };
        let mut left = VERSIONS_MAX;
        let text = |index: u32| reader.text(strings.start.checked_add(index as usize)?, strings.end);
        while left > 0 {
            left -= 1;
            let (Some(count), Some(file), Some(first), Some(next)) =
                (reader.u16(at + 2), reader.u32(at + 4), reader.u32(at + 8), reader.u32(at + 12))
            else {
                break;
            };
            let mut need =
                Need { library: text(file).unwrap_or(Text { bytes: &[], at: strings.end }), versions: Vec::new() };
            let mut entry = at.saturating_add(first as usize);
            for _ in 0..count {
                left = left.saturating_sub(1);
                let (Some(hash), Some(number), Some(name), Some(next)) =
                    (reader.u32(entry), reader.u16(entry + 6), reader.u32(entry + 8), reader.u32(entry + 12))
                else {
                    break;
                };
                if let Some(name) = text(name) {
                    need.versions.push(Version { name, hash, hash_at: entry, number: number & 0x7fff, parent: None });
                }
                if next == 0 || left == 0 {
                    break;
                }
                entry = entry.saturating_add(next as usize);
            }
            self.needs.push(need);
            if next == 0 {
                break;
            }
            at = at.saturating_add(next as usize);
        }
        if left == 0 {
            self.limits.push(format!("read are the first {VERSIONS_MAX} versions that are needed"));
        }
    }

    fn read_offers(&mut self, image: &Image<'a>, strings: &Range<usize>) {
        let reader = image.reader;
        let Some(mut at) = self.value(0x6fff_fffc).and_then(|address| image.offset(address)) else { return };
        for _ in 0..VERSIONS_MAX {
            let (Some(number), Some(hash), Some(first), Some(next)) =
                (reader.u16(at + 4), reader.u32(at + 8), reader.u32(at + 12), reader.u32(at + 16))
            else {
                break;
            };
            let first = at.saturating_add(first as usize);
            let place = |entry: usize| Some(strings.start.saturating_add(reader.u32(entry)? as usize));
            let second = reader.u32(first.saturating_add(4)).filter(|next| *next != 0);
            let parent = second.and_then(|next| place(first.saturating_add(next as usize)));
            if let Some(name) = place(first).and_then(|at| reader.text(at, strings.end)) {
                self.offers.push(Version { name, hash, hash_at: at + 8, number, parent });
            }
            if next == 0 {
                break;
            }
            at = at.saturating_add(next as usize);
        }
    }

    /// Returns the name of the version of a symbol, if it has one.
    pub(crate) fn version_of(&self, symbol: &Symbol<'_>) -> Option<&Version<'a>> {
        let mut versions = self.needs.iter().flat_map(|need| &need.versions);
        versions.find(|version| version.number == symbol.version)
    }

    /// Returns the newest version 2.x of the GNU C library that is needed, and which it is.
    pub(crate) fn newest_glibc(&self) -> Option<(u32, Version<'a>)> {
        let versions = self.needs.iter().flat_map(|need| &need.versions);
        versions
            .filter_map(|version| Some((glibc_minor(version.name.bytes)?, *version)))
            .max_by_key(|(minor, _)| *minor)
    }
}

/// Returns `34` of `GLIBC_2.34` and of `GLIBC_2.34.1`.
pub(crate) fn glibc_minor(name: &[u8]) -> Option<u32> {
    let rest = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_2.")?;
    rest.split('.').next()?.parse().ok()
}

/// Returns the hash of a name (System V gABI, "Hash Table").
pub(crate) fn hash(name: &[u8]) -> u32 {
    name.iter().fold(0_u32, |hash, byte| {
        let hash = (hash << 4).wrapping_add(u32::from(*byte));
        let high = hash & 0xf000_0000;
        (hash ^ (high >> 24)) & !high
    })
}

/// Returns the hash of a name in `.gnu.hash`.
pub(crate) fn gnu_hash(name: &[u8]) -> u32 {
    name.iter().fold(5381_u32, |hash, byte| hash.wrapping_mul(33).wrapping_add(u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::{glibc_minor, gnu_hash, hash};

    #[test]
    fn hashes_of_known_names() {
        assert_eq!(hash(b"GLIBC_2.2.5"), 0x0969_1a75);
        assert_eq!(hash(b"printf"), 0x0779_05a6);
        assert_eq!(gnu_hash(b"printf"), 0x156b_2bb8);
        assert_eq!(gnu_hash(b""), 0x0000_1505);
        assert_eq!(glibc_minor(b"GLIBC_2.2.5"), Some(2));
        assert_eq!(glibc_minor(b"GLIBC_PRIVATE"), None);
    }
}
