//! Blocks of version information (`VS_VERSIONINFO`, with its tables of strings and its list of translations).
//!
//! Every block begins with its length, the length of its value, its type and its key; blocks stand in blocks.
//! Some writers state lengths that are too long or count characters instead of bytes, so a length is believed only
//! as far as the block around it reaches.

use std::ops::Range;

use super::{
    image::Image,
    resources::{Resources, VERSION},
};
use crate::artefact::little_endian::{u16_at, u32_at};

/// Blocks of version information that are read, at most.
const VERSIONS_MAX: usize = 16;

/// Tables of strings, strings of a table and translations, at most.
const TABLES_MAX: usize = 64;
const STRINGS_MAX: usize = 256;
const TRANSLATIONS_MAX: usize = 256;

/// Units of a key or of a value, at most.
const UNITS_MAX: usize = 2048;

/// The first word of the fixed part.
const FIXED_SIGNATURE: u32 = 0xfeef_04bd;

/// One block of version information.
#[derive(Clone, Debug, Default)]
pub(crate) struct Version {
    /// The language that the tree of resources gives it, and the offset of the entry that does.
    pub resource_language: Option<(u16, usize)>,
    /// Tables of strings, one for each language.
    pub tables: Vec<StringTable>,
    /// Languages and code pages that the block says it has strings for.
    pub translations: Vec<Translation>,
    /// `FILEVERSION` of the fixed part and its offset.
    pub file_version: Option<([u16; 4], usize)>,
}

/// A table of strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StringTable {
    /// The bytes of its key, eight hexadecimal digits in UTF-16.
    pub key: Range<usize>,
    /// The language that the key names.
    pub language: u16,
    /// The code page that the key names.
    pub code_page: u16,
    /// Its strings in order.
    pub strings: Vec<Text>,
}

/// A string of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// What it is called.
    pub key: String,
    /// What it says.
    pub value: String,
    /// The bytes of the value.
    pub range: Range<usize>,
}

/// An entry of the list of translations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Translation {
    /// Its offset; the code page stands 2 bytes behind.
    pub at: usize,
    /// The language.
    pub language: u16,
    /// The code page.
    pub code_page: u16,
}

/// A block of any sort.
struct Block {
    key: String,
    key_range: Range<usize>,
    /// Where its value begins, and how many units of which size it is said to have.
    value_at: usize,
    value_len: usize,
    is_text: bool,
    end: usize,
}

impl Version {
    /// Reads the blocks of version information of an image.
    pub(crate) fn all(image: &Image<'_>, resources: &Resources) -> Vec<Self> {
        let leaves = resources.of_kind(VERSION).take(VERSIONS_MAX);
        leaves
            .map(|leaf| {
                let mut version = Self::of(image.bytes, leaf.data.clone());
                version.resource_language = leaf.language.map(|language| (language, leaf.entry_at));
                version
            })
            .collect()
    }

    fn of(bytes: &[u8], range: Range<usize>) -> Self {
        let mut version = Self::default();
        let Some(root) = block(bytes, range.start, range.start, range.end) else { return version };
        if u32_at(bytes, root.value_at) == Some(FIXED_SIGNATURE) {
            let part = |number: usize| u16_at(bytes, root.value_at + 8 + 2 * number);
            if let (Some(minor), Some(major), Some(build), Some(revision)) = (part(0), part(1), part(2), part(3)) {
                version.file_version = Some(([major, minor, revision, build], root.value_at + 8));
            }
        }
        let children = aligned(root.value_at.saturating_add(root.value_len), range.start);
        for child in blocks(bytes, children, range.start, root.end).take(TABLES_MAX) {
            match child.key.as_str() {
                "StringFileInfo" => {
                    let tables = blocks(bytes, child.value_at, range.start, child.end).take(TABLES_MAX);
                    version.tables.extend(tables.filter_map(|table| string_table(bytes, &table, range.start)));
                }
                "VarFileInfo" => {
                    for var in blocks(bytes, child.value_at, range.start, child.end).take(TABLES_MAX) {
                        version.translations.extend(translations(bytes, &var));
                    }
                }
                _ => {}
            }
        }
        version
    }
}

fn string_table(bytes: &[u8], table: &Block, base: usize) -> Option<StringTable> {
    // `get` also refuses keys whose eight bytes are not eight characters.
    let language = u16::from_str_radix(table.key.get(..4)?, 16).ok()?;
    let code_page = u16::from_str_radix(table.key.get(4..8)?, 16).ok()?;
    let strings = blocks(bytes, table.value_at, base, table.end).take(STRINGS_MAX).map(|string| text(bytes, string));
    Some(StringTable { key: table.key_range.clone(), language, code_page, strings: strings.collect() })
}

fn text(bytes: &[u8], string: Block) -> Text {
    let units = string.end.saturating_sub(string.value_at) / 2;
    let (value, range) = utf16(bytes, string.value_at, units);
    Text { key: string.key, value, range }
}

fn translations(bytes: &[u8], var: &Block) -> Vec<Translation> {
    let count = (var.value_len.min(var.end.saturating_sub(var.value_at)) / 4).min(TRANSLATIONS_MAX);
    let entry = |number: usize| {
        let at = var.value_at + 4 * number;
        Some(Translation { at, language: u16_at(bytes, at)?, code_page: u16_at(bytes, at + 2)? })
    };
    if var.key == "Translation" && !var.is_text { (0..count).map_while(entry).collect() } else { Vec::new() }
}

/// Returns the blocks that stand one after the other in a run of bytes.
fn blocks(bytes: &[u8], start: usize, base: usize, end: usize) -> impl Iterator<Item = Block> {
    let mut at = start;
    std::iter::from_fn(move || {
        let block = block(bytes, at, base, end)?;
        at = aligned(block.end, base);
        Some(block)
    })
}

/// Reads the block at an offset; values and blocks begin at every fourth byte, counted from `base`.
fn block(bytes: &[u8], at: usize, base: usize, end: usize) -> Option<Block> {
    let len = usize::from(u16_at(bytes, at)?);
    let value_len = usize::from(u16_at(bytes, at + 2)?);
    let kind = u16_at(bytes, at + 4)?;
    if len < 6 || at + 6 > end {
        return None;
    }
    let block_end = at.saturating_add(len).min(end);
    let (key, key_range) = utf16(bytes, at + 6, (block_end - at - 6) / 2);
    let value_at = aligned(key_range.end + 2, base);
    Some(Block { key, key_range, value_at, value_len, is_text: kind == 1, end: block_end })
}

/// Reads text up to a zero unit.
fn utf16(bytes: &[u8], at: usize, units_max: usize) -> (String, Range<usize>) {
    let units: Vec<u16> = (0..units_max.min(UNITS_MAX))
        .map_while(|number| u16_at(bytes, at.checked_add(2 * number)?).filter(|unit| *unit != 0))
        .collect();
    let start = at.min(bytes.len());
    (String::from_utf16_lossy(&units), start..start + 2 * units.len())
}

fn aligned(at: usize, base: usize) -> usize {
    base + at.saturating_sub(base).next_multiple_of(4)
}
