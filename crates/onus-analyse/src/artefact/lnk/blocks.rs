//! What stands behind the texts: machine and identifiers of the disk, code page, folders (`[MS-SHLLINK]`, 2.5).

use std::ops::Range;

use onus_core::Locus;

use super::{Broken, Facts};
use crate::{
    Findings,
    artefact::{
        code_page,
        compound::{guid, utf_16},
        little_endian::{u16_at, u32_at, u64_at, zero_ended},
        office::{path, property, time, trace},
        stamp,
    },
};

/// Blocks that are read, at most.
const BLOCKS_MAX: usize = 64;

/// Blocks smaller than this end the list.
const END: usize = 4;

const ENVIRONMENT: u32 = 0xa000_0001;
const TRACKER: u32 = 0xa000_0003;
const CONSOLE_CODE_PAGE: u32 = 0xa000_0004;
const ICON: u32 = 0xa000_0007;
const PROPERTIES: u32 = 0xa000_0009;
const KNOWN_FOLDER: u32 = 0xa000_000b;

/// Bytes of a path in a block, in the older encoding and in UTF-16.
const PATH: usize = 260;

/// Ticks from the beginning of the calendar that identifiers count in (15 October 1582) to that of Windows.
const CALENDAR: u64 = 5_748_192_000_000_000;

/// Reads the blocks and returns where they end.
pub(super) fn read(bytes: &[u8], start: usize, facts: &mut Facts, findings: &mut Findings) -> Result<usize, Broken> {
    let mut at = start;
    for _ in 0..BLOCKS_MAX {
        let len = match u32_at(bytes, at) {
            Some(len) => len as usize,
            None if at == bytes.len() => return Ok(at),
            None => return Err(("the list of blocks breaks off", at)),
        };
        if len < END {
            return Ok(at + 4);
        }
        let range = at..at.saturating_add(len);
        let Some(block) = bytes.get(range.clone()).filter(|block| block.len() >= 8) else {
            return Err(("a block reaches past the end of the file", at));
        };
        one(block, range.clone(), facts, findings);
        at = range.end;
    }
    Err(("there are more blocks than are read", at))
}

fn one(block: &[u8], range: Range<usize>, facts: &mut Facts, findings: &mut Findings) {
    let whole = Locus::bytes(range.start, range.len());
    match u32_at(block, 4).unwrap_or_default() {
        TRACKER => drop(tracker(block, range.start, facts, findings)),
        CONSOLE_CODE_PAGE => {
            if let Some(number) = u32_at(block, 8) {
                findings.add(
                    trace("code_page", number.to_string(), Locus::bytes(range.start + 8, 4.min(range.len() - 8)))
                        .with("from", "console of the link"),
                );
            }
        }
        kind @ (ENVIRONMENT | ICON) => {
            let from = if kind == ICON { "icon, with variables" } else { "target, with variables" };
            let wide = block.get(8 + PATH..).map(utf_16).filter(|text| !text.is_empty());
            let text = wide.or_else(|| zero_ended(block, 8, PATH).map(|text| code_page::decode(1252, text)));
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                path(&text, from, whole, findings);
            }
        }
        KNOWN_FOLDER => {
            if let Some(folder) = block.get(8..24).and_then(|folder| folder.try_into().ok()) {
                findings.add(property("known_folder", &guid(folder), whole));
            }
        }
        PROPERTIES => security_identifier(block, range.start, findings),
        _ => {}
    }
}

/// The machine, and the identifiers that its disk gave to the target, now and at its birth.
fn tracker(block: &[u8], start: usize, facts: &mut Facts, findings: &mut Findings) -> Option<()> {
    let machine = block.get(16..32)?.split(|byte| *byte == 0).next()?;
    if !machine.is_empty() {
        let name = code_page::decode(1252, machine);
        findings.add(
            trace("machine_name", name, Locus::bytes(start + 16, machine.len())).with("from", "tracker of the link"),
        );
    }
    for (at, name) in [(32, "volume"), (48, "file"), (64, "birth_volume"), (80, "birth_file")] {
        let identifier: [u8; 16] = block.get(at..at + 16)?.try_into().ok()?;
        if identifier == [0; 16] {
            continue;
        }
        let locus = Locus::bytes(start + at, 16);
        findings.add(trace("droid", guid(&identifier), locus).with("of", name));
        let Some((ticks, address)) = version_1(&identifier) else { continue };
        findings.add(
            trace("mac_address", address, Locus::bytes(start + at + 10, 6))
                .with("from", format!("identifier of the {name}")),
        );
        if let Some(value) = stamp::filetime(ticks) {
            findings.add(time(&format!("droid_{name}"), &value, "UTC", locus));
        }
        if name == "file" {
            facts.tracked = stamp::filetime_seconds(ticks).map(|seconds| (seconds, start + at..start + at + 16));
        }
    }
    Some(())
}

/// Time, as `FILETIME`, and network address in an identifier of version 1 (RFC 9562, 5.1); none in others.
fn version_1(identifier: &[u8; 16]) -> Option<(u64, String)> {
    let low = u64_at(identifier, 0)?;
    let high = u64::from(u16_at(identifier, 6)?);
    let variant = identifier.get(8)?;
    if high >> 12 != 1 || variant & 0xc0 != 0x80 {
        return None;
    }
    let ticks = (low & 0xffff_ffff_ffff) | ((high & 0x0fff) << 48);
    let address = identifier.get(10..)?;
    // The lowest bit of the first byte says that the address was made up.
    if address.first()? & 1 == 1 {
        return None;
    }
    let address: Vec<String> = address.iter().map(|byte| format!("{byte:02x}")).collect();
    Some((ticks.checked_sub(CALENDAR)?, address.join(":")))
}

/// The identifier of the user's account, where the properties have it.
fn security_identifier(block: &[u8], start: usize, findings: &mut Findings) {
    const MARK: &[u8] = b"S\0-\x001\0-\x005\0-\0";
    let Some(at) = block.windows(MARK.len()).position(|window| window == MARK) else { return };
    let text = utf_16(block.get(at..).unwrap_or_default());
    let text = text.split(|c: char| !matches!(c, 'S' | '-' | '0'..='9')).next().unwrap_or_default();
    findings.add(trace("security_identifier", text, Locus::bytes(start + at, 2 * text.len())));
}
