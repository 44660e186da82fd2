//! Traces of work on the finished file: what was done after linking, which is ordinary and no forgery.

use memchr::memmem;
use onus_core::Locus;

use super::{checksum::Checksum, facts::Facts, sections::packer, signing::Signed};
use crate::{
    Finding, Findings,
    artefact::{
        forge_cost::ForgeCost,
        little_endian::{u16_at, u32_at},
    },
};

/// Bytes at the end of the resources in which the filling of a resource editor is looked for.
const TAIL_MAX: usize = 4096;

/// Bytes at the beginning of a file in which the mark of UPX is looked for.
const HEAD_MAX: usize = 4096;

/// The filling that Windows puts behind resources it updates.
const PADDING: &[u8] = b"PADDINGXX";

/// Adds what was done.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let image = &facts.image;
    let checksum = image.optional_header + 64;
    if let Checksum::Stale(_) = facts.checksum() {
        let cause = "any tool that changes a file without renewing its checksum";
        findings.add(edit("checksum_left", cause, Locus::bytes(checksum, 4)));
    }
    if facts.signed() == Signed::Changed
        && let Some(table) = &facts.certificates
    {
        let cause = "a tool that writes into a file after it was signed";
        findings.add(edit("changed_after_signing", cause, Locus::bytes(table.range.start, table.range.len())));
    }
    if let Some(at) = padding(facts) {
        let cause = "a tool that embeds a manifest, an icon or version information after linking";
        findings.add(edit("resources_rewritten", cause, Locus::bytes(at, PADDING.len())));
    }
    if let Some(at) = detached_signature(facts) {
        let cause = "a tool that removes signatures and leaves the bytes of one";
        findings.add(edit("signature_removed", cause, Locus::bytes(at, 8)));
    }
    if let Some((number, name)) = packer(facts) {
        let at = Locus::bytes(image.section_table.saturating_add(40 * number), 8);
        let cause = "a packer, or a tool that renames sections";
        findings.add(edit("named_by_packer", cause, at).with("packer", name));
    }
}

fn edit(value: &'static str, cause: &'static str, at: Locus) -> Finding {
    Finding::new("edit", value).at(at).with("usual_cause", cause).with("forge_cost", ForgeCost::F0.name())
}

fn padding(facts: &Facts<'_>) -> Option<usize> {
    let section = facts.image.sections.iter().find(|section| section.name == ".rsrc")?;
    let start = section.range.end.saturating_sub(TAIL_MAX).max(section.range.start);
    memmem::find(facts.image.bytes.get(start..section.range.end)?, PADDING).map(|at| start + at)
}

/// The header of a signature at the beginning of the overlay of a file without a table of signatures.
fn detached_signature(facts: &Facts<'_>) -> Option<usize> {
    let overlay = facts.overlay.as_ref().filter(|_| facts.certificates.is_none())?;
    let at = overlay.range.start;
    let len = u32_at(facts.image.bytes, at)? as usize;
    let is_header = u16_at(facts.image.bytes, at + 4)? == 0x200 && u16_at(facts.image.bytes, at + 6)? == 2;
    (is_header && len <= overlay.range.len()).then_some(at)
}

/// Returns whether the sections are laid out as UPX leaves them: the first has room but no bytes, and its mark is there.
pub(super) fn is_upx(facts: &Facts<'_>) -> bool {
    let first = facts.image.sections.first();
    let head = facts.image.bytes.get(..facts.image.bytes.len().min(HEAD_MAX)).unwrap_or_default();
    first.is_some_and(|first| first.range.is_empty() && first.virtual_size > 0) && memmem::find(head, b"UPX!").is_some()
}
