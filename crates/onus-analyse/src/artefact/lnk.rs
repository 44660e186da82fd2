//! Shell links of Windows: what they lead to, on which machine and disk, when, and who made them (`[MS-SHLLINK]`).

mod blocks;
mod info;
mod items;
mod tests;

use std::ops::Range;

use onus_core::Locus;

use super::{
    code_page,
    compound::utf_16,
    consistency::{self, Format},
    container::Container,
    little_endian::{clamped, u16_at, u32_at, u64_at},
    office::{path, property, time, trace},
    stamp,
};
use crate::{Analyser, FileType, Finding, Findings, Subject};

use items::Item;

/// Reads shell links.
pub(crate) const LNK: Analyser =
    Analyser { id: "lnk", version: 1, reads: |file_type| file_type.container == Some(Container::ShellLink), observe };

/// The format, as consistency tests know it.
pub(super) struct Lnk;

impl Format for Lnk {
    type Facts<'a> = Facts;
}

/// What the tests compare.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Times of the target in the header: creation and last writing, as `FILETIME`, and where they stand.
    pub created: Option<(u64, Range<usize>)>,
    /// Last reading.
    pub accessed: Option<(u64, Range<usize>)>,
    /// Last writing.
    pub written: Option<(u64, Range<usize>)>,
    /// Size of the target in the header.
    pub size: u32,
    /// The last item of the list that leads to the target.
    pub last: Option<Item>,
    /// Path of the target, as the information about the disk says it.
    pub local_path: Option<(String, Range<usize>)>,
    /// Time in the identifier that the disk gave to the target, in seconds.
    pub tracked: Option<(i64, Range<usize>)>,
}

/// Bytes of the header.
const HEADER_LEN: usize = 76;

/// Flags of the header.
const HAS_ITEMS: u32 = 1;
const HAS_INFO: u32 = 2;
const IS_WIDE: u32 = 0x80;
const NO_INFO: u32 = 0x100;

/// The texts that may follow, in their order, with their flags.
const TEXTS: [(u32, &str); 5] = [
    (0x04, "description"),
    (0x08, "relative_path"),
    (0x10, "working_folder"),
    (0x20, "arguments"),
    (0x40, "icon_location"),
];

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    let bytes = subject.bytes;
    let mut facts = Facts::default();
    let Some(flags) = header(bytes, &mut facts, findings) else {
        findings.add(Finding::malformed("the header of the link breaks off").at(Locus::bytes(0, bytes.len())));
        return;
    };
    match body(bytes, flags, &mut facts, findings) {
        Ok(end) if end < bytes.len() => {
            findings.add(trace(
                "bytes_behind_the_end",
                (bytes.len() - end).to_string(),
                Locus::bytes(end, bytes.len() - end),
            ));
        }
        Ok(_) => {}
        Err((what, at)) => {
            let range = clamped(at, bytes.len(), bytes.len());
            findings.add(Finding::malformed(what).at(Locus::bytes(range.start, range.len())));
        }
    }
    consistency::run::<Lnk>(tests::TESTS, &facts, bytes.len(), findings);
}

/// Reads the header and returns its flags.
fn header(bytes: &[u8], facts: &mut Facts, findings: &mut Findings) -> Option<u32> {
    bytes.get(..HEADER_LEN)?;
    let flags = u32_at(bytes, 20)?;
    for (field, at) in [("target_created", 28), ("target_accessed", 36), ("target_written", 44)] {
        let ticks = u64_at(bytes, at)?;
        let Some(value) = stamp::filetime(ticks) else { continue };
        findings.add(time(field, &value, "UTC", Locus::bytes(at, 8)));
        match field {
            "target_created" => facts.created = Some((ticks, at..at + 8)),
            "target_accessed" => facts.accessed = Some((ticks, at..at + 8)),
            "target_written" => facts.written = Some((ticks, at..at + 8)),
            _ => {}
        }
    }
    facts.size = u32_at(bytes, 52)?;
    findings.add(property("target_size", &facts.size.to_string(), Locus::bytes(52, 4)));
    findings.add(property("target_attributes", &format!("{:#x}", u32_at(bytes, 24)?), Locus::bytes(24, 4)));
    if let Some(key) = u16_at(bytes, 64).filter(|key| *key != 0) {
        findings.add(property("hot_key", &format!("{key:#06x}"), Locus::bytes(64, 2)));
    }
    Some(flags)
}

/// Why reading stopped, and where.
type Broken = (&'static str, usize);

/// Reads what follows the header and returns where it ends.
fn body(bytes: &[u8], flags: u32, facts: &mut Facts, findings: &mut Findings) -> Result<usize, Broken> {
    let mut at = HEADER_LEN;
    if flags & HAS_ITEMS != 0 {
        let len = usize::from(u16_at(bytes, at).ok_or(("the list of items breaks off", at))?);
        let list = at + 2..at + 2 + len;
        if list.end > bytes.len() {
            return Err(("the list of items reaches past the end of the file", at));
        }
        facts.last = items::read(bytes, list.clone(), findings);
        at = list.end;
    }
    if flags & HAS_INFO != 0 && flags & NO_INFO == 0 {
        let len = u32_at(bytes, at).ok_or(("the information about the disk breaks off", at))? as usize;
        let block = clamped(at, len, bytes.len());
        if block.len() < len || len < 4 {
            return Err(("the information about the disk reaches past the end of the file", at));
        }
        facts.local_path = info::read(bytes, block.clone(), findings);
        at = block.end;
    }
    for (flag, name) in TEXTS {
        if flags & flag != 0 {
            at = text(bytes, at, flags & IS_WIDE != 0, name, findings).ok_or(("a text of the link breaks off", at))?;
        }
    }
    blocks::read(bytes, at, facts, findings)
}

/// Reads a text with its length before it and returns where it ends.
fn text(bytes: &[u8], at: usize, is_wide: bool, name: &str, findings: &mut Findings) -> Option<usize> {
    let len = usize::from(u16_at(bytes, at)?) * if is_wide { 2 } else { 1 };
    let range = at + 2..at + 2 + len;
    let content = bytes.get(range.clone())?;
    let text = if is_wide { utf_16(content) } else { code_page::decode(1252, content) };
    let locus = Locus::bytes(range.start, range.len());
    match name {
        _ if text.is_empty() => {}
        "relative_path" | "working_folder" | "icon_location" => path(&text, name, locus, findings),
        _ => findings.add(property(name, &text, locus)),
    }
    Some(range.end)
}
