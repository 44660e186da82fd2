//! What leads to an address in an ELF file: relocations, symbols, instructions, pointers.

use super::{
    dynamic::Dynamic,
    image::{Image, SHT_NOBITS, SHT_SYMTAB},
};
use crate::artefact::leads::{Lead, of_arm_64, of_distances, of_pointers, of_x86, of_x86_64};

/// Machines.
const I386: u16 = 3;
const X86_64: u16 = 62;
const AARCH64: u16 = 183;

/// `sh_type` of relocations with what is added, of those without, and of packed ones.
const RELA: u32 = 4;
const REL: u32 = 9;
const RELR: u32 = 19;

/// `e_type` of a program at a fixed address.
const ET_EXEC: u16 = 2;

/// Hands everything that leads to an address to `sink`; returns whether this architecture can be read.
///
/// Where the loader moves pointers, a pointer that it does not move is none.
pub(crate) fn references(image: &Image<'_>, sink: &mut impl FnMut(Lead)) -> bool {
    if image.reader.is_big_endian || !matches!(image.machine, I386 | X86_64 | AARCH64) {
        return false;
    }
    let is_fixed = image.kind == ET_EXEC || image.sections.is_empty();
    let is_64 = image.reader.is_64;
    for section in image.sections.iter().filter(|section| section.kind != SHT_NOBITS) {
        let bytes = image.reader.clamped(section.range.clone());
        match section.kind {
            RELA => of_relocations(bytes, is_64, sink),
            REL => of_moved(image, bytes, sink),
            RELR => of_packed(image, bytes, sink),
            SHT_SYMTAB => of_symbols(bytes, is_64, sink),
            _ if section.is_loaded() => of_loaded(image, bytes, section.address, (section.is_code(), is_fixed), sink),
            _ => {}
        }
    }
    for segment in image.loads().filter(|_| image.sections.is_empty()) {
        let bytes = image.reader.clamped(segment.range.clone());
        of_loaded(image, bytes, segment.address, (segment.flags & 1 != 0, true), sink);
    }
    for symbol in Dynamic::of(image).symbols.iter().filter(|symbol| !symbol.is_undefined) {
        let value = if is_64 { symbol.entry + 8 } else { symbol.entry + 4 };
        sink(Lead::Into(image.reader.word(value).unwrap_or_default()));
    }
    true
}

fn of_loaded(
    image: &Image<'_>,
    bytes: &[u8],
    address: u64,
    (is_code, is_fixed): (bool, bool),
    sink: &mut impl FnMut(Lead),
) {
    let got = image.named(".got.plt").or_else(|| image.named(".got")).map(|section| section.address);
    match (is_code, image.machine) {
        (true, AARCH64) => of_arm_64(bytes, address, sink),
        (true, X86_64) => {
            of_x86_64(bytes, address, sink);
            if is_fixed {
                of_x86(bytes, None, sink);
            }
        }
        (true, _) => of_x86(bytes, got, sink),
        (false, _) => of_distances(bytes, address, sink),
    }
    if is_fixed {
        of_pointers(bytes, image.reader.is_64, sink);
    }
}

/// What is added in relocations, which is the address itself where the loader only moves it.
fn of_relocations(bytes: &[u8], is_64: bool, sink: &mut impl FnMut(Lead)) {
    let size = if is_64 { 24 } else { 12 };
    for entry in bytes.chunks_exact(size) {
        let added = entry.get(size - size / 3..).unwrap_or_default();
        let mut word = [0; 8];
        if let Some(place) = word.get_mut(..added.len()) {
            place.copy_from_slice(added);
        }
        sink(Lead::Into(u64::from_le_bytes(word)));
    }
}

/// The pointers that relocations without an addend move.
fn of_moved(image: &Image<'_>, bytes: &[u8], sink: &mut impl FnMut(Lead)) {
    let word = image.reader.word_len();
    for entry in bytes.chunks_exact(2 * word) {
        let mut place = [0; 8];
        if let (Some(place), Some(from)) = (place.get_mut(..word), entry.get(..word)) {
            place.copy_from_slice(from);
        }
        pointer(image, u64::from_le_bytes(place), sink);
    }
}

fn pointer(image: &Image<'_>, address: u64, sink: &mut impl FnMut(Lead)) {
    if let Some(target) = image.offset(address).and_then(|at| image.reader.word(at)) {
        sink(Lead::Into(target));
    }
}

/// The pointers of packed relocations: an address, then words whose bits are for the words behind it (gABI, `SHT_RELR`).
fn of_packed(image: &Image<'_>, bytes: &[u8], sink: &mut impl FnMut(Lead)) {
    let word = image.reader.word_len();
    let mut next = 0_u64;
    for entry in bytes.chunks_exact(word) {
        let mut number = [0; 8];
        if let Some(place) = number.get_mut(..word) {
            place.copy_from_slice(entry);
        }
        let number = u64::from_le_bytes(number);
        if number & 1 == 0 {
            pointer(image, number, sink);
            next = number.wrapping_add(word as u64);
            continue;
        }
        let bits = word as u64 * 8 - 1;
        for bit in (0..bits).filter(|bit| number >> (bit + 1) & 1 != 0) {
            pointer(image, next.wrapping_add(bit * word as u64), sink);
        }
        next = next.wrapping_add(bits * word as u64);
    }
}

fn of_symbols(bytes: &[u8], is_64: bool, sink: &mut impl FnMut(Lead)) {
    let (size, from, to) = if is_64 { (24, 8, 16) } else { (16, 4, 8) };
    for entry in bytes.chunks_exact(size) {
        let mut word = [0; 8];
        let value = entry.get(from..to).unwrap_or_default();
        if let Some(place) = word.get_mut(..value.len()) {
            place.copy_from_slice(value);
        }
        sink(Lead::Into(u64::from_le_bytes(word)));
    }
}
