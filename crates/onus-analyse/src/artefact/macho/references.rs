//! What leads to an address in a Mach-O file: symbols, instructions, pointers.

use super::{image::Image, symbols::Symbols};
use crate::artefact::leads::{Lead, of_arm_64, of_distances, of_pointers, of_x86, of_x86_64};

/// Processors.
const I386: u32 = 7;
const X86_64: u32 = 0x0100_0007;
const ARM_64: u32 = 0x0100_000c;

/// The bits of a pointer in a chain that are its target (Apple, `mach-o/fixup-chains.h`).
const TARGET: u64 = 0xf_ffff_ffff;

/// Hands everything that leads to an address of one architecture to `sink`; returns whether it can be read.
pub(crate) fn references(image: &Image<'_>, sink: &mut impl FnMut(Lead)) -> bool {
    if image.reader.is_big_endian || !matches!(image.cpu, I386 | X86_64 | ARM_64) {
        return false;
    }
    // Targets in chains may count from the segment that holds the header.
    let base = image.segments.iter().find(|segment| segment.name == "__TEXT").map(|segment| segment.address);
    for segment in &image.segments {
        for section in &segment.sections {
            let bytes = image.reader.clamped(section.range.clone());
            match (section.is_code(), image.cpu) {
                (true, ARM_64) => of_arm_64(bytes, section.address, sink),
                (true, X86_64) => of_x86_64(bytes, section.address, sink),
                (true, _) => of_x86(bytes, None, sink),
                (false, _) => of_distances(bytes, section.address, sink),
            }
            // Pointers have to be moved, which the loader does not do in the segment of the code.
            if segment.name != "__TEXT" {
                of_pointers(bytes, image.reader.is_64, sink);
                of_chains(bytes, base.unwrap_or_default(), sink);
            }
        }
    }
    for symbol in Symbols::of(image).symbols.iter().filter(|symbol| !symbol.is_stab() && !symbol.is_undefined()) {
        sink(Lead::Into(symbol.value));
    }
    true
}

/// Pointers in chains: a target, and the distance to the next one, which only the last of a page lacks.
fn of_chains(bytes: &[u8], base: u64, sink: &mut impl FnMut(Lead)) {
    let (words, _) = bytes.as_chunks::<8>();
    for word in words.iter().map(|word| u64::from_le_bytes(*word)).filter(|word| word >> 63 == 0) {
        let target = word & TARGET;
        for address in [target, base.wrapping_add(target)] {
            sink(if word >> 51 == 0 { Lead::To(address) } else { Lead::Into(address) });
        }
    }
}
