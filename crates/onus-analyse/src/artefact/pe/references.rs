//! The pointers that the loader adjusts.

use super::image::Image;
use crate::artefact::little_endian::{u16_at, u32_at, u64_at};

/// Number of the directory of relocations.
const RELOCATIONS: usize = 5;

/// Relocations that are read, at most.
const RELOCATIONS_MAX: usize = 1 << 22;

/// A place that the loader adds the difference of addresses to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Relocation {
    /// Offset of the pointer.
    pub at: usize,
    /// The address relative to the image that it points to.
    pub target: u32,
}

/// Returns every relocation of a pointer (Microsoft PE format, "The .reloc Section").
pub(super) fn relocations(image: &Image<'_>) -> Vec<Relocation> {
    let mut relocations = Vec::new();
    let Some(directory) = image.directory(RELOCATIONS) else { return relocations };
    let Some(start) = image.offset(directory.address) else { return relocations };
    let end = start.saturating_add(directory.size as usize).min(image.bytes.len());
    let mut at = start;
    while at + 8 <= end
        && let (Some(page), Some(len)) = (u32_at(image.bytes, at), u32_at(image.bytes, at + 4))
        && len >= 8
    {
        let block_end = at.saturating_add(len as usize).min(end);
        for entry_at in (at + 8..block_end).step_by(2) {
            let Some(entry) = u16_at(image.bytes, entry_at) else { break };
            relocations.extend(relocation(image, page.saturating_add(u32::from(entry & 0xfff)), entry >> 12));
            if relocations.len() >= RELOCATIONS_MAX {
                return relocations;
            }
        }
        at = block_end;
    }
    relocations
}

fn relocation(image: &Image<'_>, address: u32, kind: u16) -> Option<Relocation> {
    let at = match kind {
        3 | 10 => image.offset(address)?,
        _ => return None,
    };
    let pointer = if kind == 10 { u64_at(image.bytes, at)? } else { u64::from(u32_at(image.bytes, at)?) };
    Some(Relocation { at, target: u32::try_from(pointer.checked_sub(image.image_base)?).ok()? })
}
