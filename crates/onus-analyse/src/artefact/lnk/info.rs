//! The disk or share that the target was on (`[MS-SHLLINK]`, 2.3).

use std::ops::Range;

use onus_core::Locus;

use crate::{
    Findings,
    artefact::{
        code_page,
        compound::utf_16,
        little_endian::{u32_at, zero_ended},
        office::{path, trace},
    },
};

/// Bytes of a path, at most.
const PATH_MAX: usize = 4096;

/// The size of a header that has texts in UTF-16 too.
const WIDE_HEADER: u32 = 0x24;

/// Reads the block and returns the path of the target on its disk.
pub(super) fn read(bytes: &[u8], block: Range<usize>, findings: &mut Findings) -> Option<(String, Range<usize>)> {
    let inner = bytes.get(block.clone())?;
    let offset = |at: usize| u32_at(inner, at).map(|at| at as usize).filter(|at| *at != 0);
    let flags = u32_at(inner, 8)?;
    let is_wide = u32_at(inner, 4)? >= WIDE_HEADER;
    let text = |short: usize, wide: usize| -> Option<(String, Range<usize>)> {
        let place = |at: usize, len: usize| block.start + at..block.start + at + len;
        if let Some(at) = offset(wide).filter(|_| is_wide) {
            let text = utf_16(inner.get(at..)?);
            let len = 2 * text.encode_utf16().count();
            return Some((text, place(at, len)));
        }
        let at = offset(short)?;
        let content = zero_ended(inner, at, PATH_MAX)?;
        Some((code_page::decode(1252, content), place(at, content.len())))
    };
    let mut found = None;
    if flags & 1 != 0 {
        if let Some(at) = offset(12) {
            volume(inner, at, block.start, findings);
        }
        let base = text(16, 28);
        let suffix = text(24, 32).map(|(suffix, _)| suffix).unwrap_or_default();
        if let Some((base, range)) = base {
            let whole = format!("{base}{suffix}");
            path(&whole, "target", Locus::bytes(range.start, range.len()), findings);
            found = Some((whole, range));
        }
    }
    if flags & 2 != 0
        && let Some(at) = offset(20)
    {
        share(inner, at, block.start, findings);
    }
    found
}

/// Type, serial number and label of the disk.
fn volume(inner: &[u8], at: usize, base: usize, findings: &mut Findings) {
    let (Some(kind), Some(serial)) = (u32_at(inner, at.saturating_add(4)), u32_at(inner, at.saturating_add(8))) else {
        return;
    };
    let kind = match kind {
        2 => "removable",
        3 => "fixed",
        4 => "network",
        5 => "optical",
        6 => "memory",
        _ => "unknown",
    };
    let label = u32_at(inner, at + 12).and_then(|label| match label {
        0x14 => Some(utf_16(inner.get(at.checked_add(u32_at(inner, at + 16)? as usize)?..)?)),
        label => zero_ended(inner, at.checked_add(label as usize)?, PATH_MAX).map(|text| code_page::decode(1252, text)),
    });
    let serial = format!("{:04x}-{:04x}", serial >> 16, serial & 0xffff);
    findings.add(
        trace("volume_serial", serial, Locus::bytes(base + at + 8, 4))
            .with("drive_type", kind)
            .with("label", label.unwrap_or_default()),
    );
}

/// The share that the target was on.
fn share(inner: &[u8], at: usize, base: usize, findings: &mut Findings) {
    let Some(name_at) = u32_at(inner, at.saturating_add(8)).and_then(|name| at.checked_add(name as usize)) else {
        return;
    };
    let Some(name) = zero_ended(inner, name_at, PATH_MAX) else { return };
    let text = code_page::decode(1252, name);
    findings.add(trace("network_share", text, Locus::bytes(base + name_at, name.len())));
}
