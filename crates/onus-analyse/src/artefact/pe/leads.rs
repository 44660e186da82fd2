//! Whether anything in an image leads to a text or into a section.
//!
//! More is let pass as a reference than is one: that a text has none is held against the file. Only bytes that are
//! loaded count, and where the loader moves pointers, a pointer that it does not move is none.

use super::{
    image::{Image, Section},
    references::{Relocation, relocations},
};
use crate::artefact::{
    little_endian::{u32_at, u64_at},
    references::Wanted,
};

/// Machines.
const AMD64: u16 = 0x8664;
const ARM64: u16 = 0xaa64;

/// Places in code that are looked at together.
const BLOCK: usize = 16;

/// Instructions between the two halves of an address, at most.
const HALVES_MAX: usize = 8;

/// Returns for every text, by offset, whether something leads to it.
pub(super) fn leads_to(image: &Image<'_>, texts: &[std::ops::Range<usize>]) -> Vec<bool> {
    let address = |text: &std::ops::Range<usize>| {
        let start = u64::from(image.address(text.start)?);
        Some(start..start + text.len() as u64)
    };
    let mut wanted = Wanted::new(&texts.iter().map(address).collect::<Vec<_>>());
    let relocations = relocations(image);
    for relocation in &relocations {
        wanted.lead_into(u64::from(relocation.target));
    }
    let moved: Vec<usize> = relocations.iter().map(|Relocation { at, .. }| *at).collect();
    for section in &image.sections {
        let Some(bytes) = loaded(image, section) else { continue };
        match (section.is_code(), image.machine) {
            (true, ARM64) => from_arm(bytes, section.address, &mut wanted),
            (true, machine) => from_code(bytes, section.address, image.image_base, machine == AMD64, &mut wanted),
            (false, _) => {}
        }
        // Tables of addresses stand in sections of code too.
        from_data(image, bytes, moved.is_empty(), &mut wanted);
    }
    wanted.found()
}

/// The bytes of a section that are loaded and used.
fn loaded<'a>(image: &Image<'a>, section: &Section) -> Option<&'a [u8]> {
    let used = match section.virtual_size as usize {
        0 => section.range.len(),
        used => used.min(section.range.len()),
    };
    image.bytes.get(section.range.start..section.range.start + used)
}

/// Operands relative to the next instruction, absolute addresses, and any number that fits.
fn from_code(bytes: &[u8], base: u32, image_base: u64, is_amd64: bool, wanted: &mut Wanted) {
    let image_base = image_base as u32;
    let near = wanted.near();
    let mut from = 0;
    // Sixteen places at once, so that a processor compares them side by side.
    for block in bytes.windows(BLOCK + 3).step_by(BLOCK) {
        if is_any_near(block, base.wrapping_add(from as u32), image_base, near) {
            for at in from..from + BLOCK {
                from_word(bytes, at, base, image_base, is_amd64, wanted);
            }
        }
        from += BLOCK;
    }
    for at in from..bytes.len() {
        from_word(bytes, at, base, image_base, is_amd64, wanted);
    }
}

/// Whether one of the numbers of a block can lead to a text.
fn is_any_near(block: &[u8], base: u32, image_base: u32, (low, span): (u32, u32)) -> bool {
    let Some(block) = block.first_chunk::<{ BLOCK + 3 }>() else { return false };
    let mut is_near = false;
    for (at, place) in (base..).zip(0..BLOCK) {
        #[expect(clippy::indexing_slicing, reason = "a block has three bytes more than places")]
        let word = u32::from_le_bytes([block[place], block[place + 1], block[place + 2], block[place + 3]]);
        // An operand may be followed by up to four bytes of its instruction.
        is_near |= at.wrapping_add(8).wrapping_add(word).wrapping_sub(low) <= span.saturating_add(4);
        is_near |= word.wrapping_sub(low) <= span;
        is_near |= word.wrapping_sub(image_base).wrapping_sub(low) <= span;
    }
    is_near
}

fn from_word(bytes: &[u8], at: usize, base: u32, image_base: u32, is_amd64: bool, wanted: &mut Wanted) {
    let Some(word) = u32_at(bytes, at) else { return };
    let next = base.wrapping_add(at as u32).wrapping_add(4);
    let relative = u64::from(next.wrapping_add(word));
    // LEA of 64 bits, relative to the next instruction: the one that certainly takes an address.
    let before = at.checked_sub(3).and_then(|from| bytes.get(from..at));
    if is_amd64 && matches!(before, Some([0x48..=0x4f, 0x8d, modrm]) if modrm & 0xc7 == 5) {
        wanted.lead_into(relative);
    }
    for immediate in [0, 1, 2, 4] {
        wanted.lead_to(relative + immediate);
    }
    wanted.lead_to(u64::from(word));
    wanted.lead_to(u64::from(word.wrapping_sub(image_base)));
}

/// Pages with what is added to them, and addresses near the instruction.
fn from_arm(bytes: &[u8], base: u32, wanted: &mut Wanted) {
    let (words, _) = bytes.as_chunks::<4>();
    for (index, word) in words.iter().enumerate() {
        let word = u32::from_le_bytes(*word);
        if word & 0x1f00_0000 != 0x1000_0000 {
            continue;
        }
        let at = base.wrapping_add(index as u32 * 4);
        // 21 bits with a sign.
        let distance = (((word >> 5 & 0x7_ffff) << 2 | word >> 29 & 3) << 11).cast_signed() >> 11;
        if word >> 31 == 0 {
            wanted.lead_into(u64::from(at.wrapping_add_signed(distance)));
            continue;
        }
        let page = (at & !0xfff).wrapping_add_signed(distance.wrapping_shl(12));
        for next in words.iter().skip(index + 1).take(HALVES_MAX).map(|next| u32::from_le_bytes(*next)) {
            // ADD of an immediate to the register.
            if next & 0x7fc0_0000 == 0x1100_0000 && next >> 5 & 31 == word & 31 {
                wanted.lead_into(u64::from(page.wrapping_add(next >> 10 & 0xfff)));
            }
        }
    }
}

/// Addresses relative to the image, and pointers where the loader moves none.
fn from_data(image: &Image<'_>, bytes: &[u8], is_fixed: bool, wanted: &mut Wanted) {
    let (words, _) = bytes.as_chunks::<4>();
    for word in words {
        let word = u32::from_le_bytes(*word);
        // The names of imports stand two bytes behind what leads to them.
        for address in [u64::from(word), u64::from(word) + 2] {
            if wanted.is_near(address) {
                wanted.lead_to(address);
            }
        }
        if is_fixed && wanted.is_near(u64::from(word.wrapping_sub(image.image_base as u32))) {
            wanted.lead_into(u64::from(word.wrapping_sub(image.image_base as u32)));
        }
    }
    if is_fixed && image.is_64 {
        let (pointers, _) = bytes.as_chunks::<8>();
        for pointer in pointers {
            wanted.lead_into(u64::from_le_bytes(*pointer).wrapping_sub(image.image_base));
        }
    }
}

/// Returns whether a directory or the entry point lies in a section.
pub(super) fn holds_directory(image: &Image<'_>, section: &Section) -> bool {
    // The address of the certificates is an offset.
    let directories = image.directories.iter().enumerate().filter(|(number, _)| *number != 4);
    let mut addresses = directories.map(|(_, directory)| directory.address).chain([image.entry_point]);
    addresses.any(|address| address != 0 && is_in(section, address))
}

fn is_in(section: &Section, address: u32) -> bool {
    let len = section.virtual_size.max(u32::try_from(section.range.len()).unwrap_or(u32::MAX));
    address.wrapping_sub(section.address) < len
}

/// Returns whether a relocation, an instruction or a pointer leads into a section.
pub(super) fn is_led_into(image: &Image<'_>, section: &Section, relocations: &[Relocation]) -> bool {
    let is_in = |address: u32| is_in(section, address);
    if relocations.iter().any(|relocation| is_in(relocation.target)) {
        return true;
    }
    image.sections.iter().any(|from| {
        let Some(bytes) = loaded(image, from) else { return false };
        let word = |at: usize| u32_at(bytes, at).unwrap_or_default();
        let base = image.image_base as u32;
        match (from.is_code(), image.machine) {
            (true, AMD64) => bytes.iter().enumerate().any(|(at, byte)| {
                byte & 0xc7 == 5 && is_in(from.address.wrapping_add(at as u32 + 5).wrapping_add(word(at + 1)))
            }),
            (true, ARM64) => bytes.as_chunks::<4>().0.iter().enumerate().any(|(index, word)| {
                let word = u32::from_le_bytes(*word);
                let distance = (((word >> 5 & 0x7_ffff) << 2 | word >> 29 & 3) << 11).cast_signed() >> 11;
                let at = from.address.wrapping_add(index as u32 * 4) & !0xfff;
                let page = at.wrapping_add_signed(distance.wrapping_shl(12));
                word & 0x9f00_0000 == 0x9000_0000 && (is_in(page) || is_in(page | 0xfff))
            }),
            _ if !relocations.is_empty() => false,
            (true, _) => (0..bytes.len()).any(|at| is_in(word(at).wrapping_sub(base))),
            (false, _) if image.is_64 => (0..bytes.len()).step_by(8).any(|at| {
                let pointer = u64_at(bytes, at).and_then(|pointer| pointer.checked_sub(image.image_base));
                pointer.and_then(|pointer| u32::try_from(pointer).ok()).is_some_and(is_in)
            }),
            (false, _) => (0..bytes.len()).step_by(4).any(|at| is_in(word(at).wrapping_sub(base))),
        }
    })
}
