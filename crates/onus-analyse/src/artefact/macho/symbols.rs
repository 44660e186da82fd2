//! The symbol table, and the names in the tables that the dynamic linker uses in its place.

use std::{collections::BTreeSet, ops::Range};

use super::image::{CHAINED_FIXUPS, DYLD_INFO, EXPORTS_TRIE, Image, SYMTAB};
use crate::artefact::reader::{Text, offset};

/// Symbols, at most.
const SYMBOLS_MAX: usize = 300_000;

/// Nodes of the tree of exports, at most.
const NODES_MAX: usize = 200_000;

/// Bytes of an exported name, at most.
const NAME_MAX: usize = 4096;

/// Bytes of all exported names together, at most.
const NAMES_MAX: usize = 16 << 20;

/// What the symbol table says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symbols<'a> {
    /// The symbols in their order.
    pub symbols: Vec<Symbol<'a>>,
    /// Where the names lie.
    pub strings: Range<usize>,
    /// Which limits were met, in words.
    pub limits: Vec<String>,
}

/// A symbol.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// Offset of its entry.
    pub entry: usize,
    /// `n_type`.
    pub kind: u8,
    /// `n_value`.
    pub value: u64,
}

impl Symbol<'_> {
    /// Returns whether it is for a debugger.
    pub(crate) fn is_stab(&self) -> bool {
        self.kind & 0xe0 != 0
    }

    /// Returns whether others may use it, and it is defined here.
    pub(crate) fn is_exported(&self) -> bool {
        !self.is_stab() && self.kind & 0x11 == 1 && self.kind & 0x0e != 0
    }

    /// Returns whether it is defined in another file.
    pub(crate) fn is_undefined(&self) -> bool {
        !self.is_stab() && self.kind & 1 == 1 && self.kind & 0x0e == 0 && self.value == 0
    }
}

impl<'a> Symbols<'a> {
    /// Reads the symbol table, if there is one.
    pub(crate) fn of(image: &Image<'a>) -> Self {
        let mut symbols = Self::default();
        let Some(command) = image.first(SYMTAB) else { return symbols };
        let field = |at: usize| image.field(command, at).unwrap_or_default();
        let (start, count) = (field(8) as usize, field(12) as usize);
        let strings = image.range(u64::from(field(16)), u64::from(field(20)));
        if count > SYMBOLS_MAX {
            symbols.limits.push(format!("read are the first {SYMBOLS_MAX} of {count} symbols"));
        }
        let reader = image.reader;
        let size = if reader.is_64 { 16 } else { 12 };
        for index in 0..count.min(SYMBOLS_MAX) {
            let entry = start.saturating_add(index * size);
            let (Some(name), Some(kind), Some(value)) =
                (reader.u32(entry), reader.u8(entry + 4), reader.word(entry + 8))
            else {
                break;
            };
            let at = strings.start.saturating_add(name as usize);
            let name = reader.text(at, strings.end).unwrap_or(Text { bytes: &[], at: at.min(strings.end) });
            symbols.symbols.push(Symbol { name, entry, kind, value });
        }
        symbols.strings = strings;
        symbols
    }
}

/// Returns where the tree of exports lies, if there is one that is not empty.
pub(crate) fn exports_range(image: &Image<'_>) -> Option<Range<usize>> {
    let newer = image.first(EXPORTS_TRIE).and_then(|command| image.linkedit(command));
    let range = newer.or_else(|| {
        let command = image.first(DYLD_INFO)?;
        Some(image.range(u64::from(image.field(command, 40)?), u64::from(image.field(command, 44)?)))
    })?;
    (!range.is_empty()).then_some(range)
}

/// Returns the names of the tree of exports; absent if it is broken or too large.
pub(crate) fn exports(image: &Image<'_>, range: &Range<usize>) -> Option<BTreeSet<Vec<u8>>> {
    let mut names = BTreeSet::new();
    let mut waiting = vec![(range.start, Vec::new())];
    let (mut nodes, mut size) = (0, 0);
    while let Some((at, name)) = waiting.pop() {
        nodes += 1;
        if nodes > NODES_MAX || size > NAMES_MAX {
            return None;
        }
        let (len, start) = image.reader.uleb(at, range.end)?;
        if len > 0 {
            size += name.len();
            names.insert(name.clone());
        }
        let mut at = start.checked_add(offset(len))?;
        let children = *image.reader.bytes.get(at).filter(|_| at < range.end)?;
        at += 1;
        for _ in 0..children {
            let label = image.reader.text(at, range.end)?;
            let (child, after) = image.reader.uleb(label.range().end + 1, range.end)?;
            let name: Vec<u8> = name.iter().chain(label.bytes).copied().collect();
            if name.len() > NAME_MAX || offset(child) >= range.len() || waiting.len() > NODES_MAX {
                return None;
            }
            size += name.len();
            waiting.push((range.start + offset(child), name));
            at = after;
        }
    }
    Some(names)
}

/// Returns the imported names of the chained fixups, each with its place; absent where there are none or they are compressed.
pub(crate) fn chained_imports<'a>(image: &Image<'a>) -> Option<Vec<Text<'a>>> {
    let range = image.first(CHAINED_FIXUPS).and_then(|command| image.linkedit(command))?;
    let reader = image.reader;
    let field = |index: usize| reader.u32(range.start + 4 * index).map(|value| value as usize);
    let (imports, names, count) = (field(2)?, field(3)?, field(4)?);
    let (format, compression) = (field(5)?, field(6)?);
    // Entries have 4, 8 or 16 bytes (Apple, `mach-o/fixup-chains.h`).
    let size = match (format, compression) {
        (1, 0) => 4,
        (2, 0) => 8,
        (3, 0) => 16,
        _ => return None,
    };
    let entry = |index: usize| {
        let at = range.start.checked_add(imports)?.checked_add(index * size)?;
        let name = if format == 3 { reader.u64(at)? >> 32 } else { u64::from(reader.u32(at)? >> 9) };
        reader.text(range.start.checked_add(names)?.checked_add(offset(name))?, range.end)
    };
    (0..count.min(SYMBOLS_MAX)).map(entry).collect()
}

/// Returns the imported names of the older instructions for binding, each with its place; at most `SYMBOLS_MAX`.
pub(crate) fn bound_imports<'a>(image: &Image<'a>) -> Option<Vec<Text<'a>>> {
    let command = image.first(DYLD_INFO)?;
    let mut names = Vec::new();
    // The three lists: at load, weak, at first use.
    for pair in [16, 24, 32] {
        let range = image.range(u64::from(image.field(command, pair)?), u64::from(image.field(command, pair + 4)?));
        let mut at = range.start;
        while at < range.end && names.len() < SYMBOLS_MAX {
            let code = image.reader.u8(at)?;
            at += 1;
            match code & 0xf0 {
                // The name of the next symbol.
                0x40 => {
                    let name = image.reader.text(at, range.end)?;
                    at = name.range().end + 1;
                    names.push(name);
                }
                // Instructions with one number behind them.
                0x20 | 0x60 | 0x70 | 0x80 | 0xa0 => at = image.reader.uleb(at, range.end)?.1,
                // Two numbers.
                0xc0 => at = image.reader.uleb(image.reader.uleb(at, range.end)?.1, range.end)?.1,
                0xd0 if code & 0x0f == 0 => at = image.reader.uleb(at, range.end)?.1,
                _ => {}
            }
        }
    }
    Some(names)
}
