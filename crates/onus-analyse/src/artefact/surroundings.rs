//! What is known about the places of texts in a program, whatever its format.

use std::ops::Range;

use super::{
    elf::{self, image::ET_REL},
    language::{Script, Text},
    layout::Layout,
    leads::Lead,
    macho::{self, fat::File},
    pe, placement,
    references::Wanted,
};
use crate::Program;

/// What is known about the places of texts.
pub(crate) struct Surroundings {
    /// The parts of the file.
    pub layout: Layout,
    /// For every text, whether something leads to it; absent where that cannot be read.
    pub referenced: Vec<Option<bool>>,
    /// Where the container ends that stands behind the last section, if one of a known format does.
    pub container: Option<usize>,
}

/// Returns what is known about the places of texts, if the headers can be read.
///
/// What leads to an address is looked for only if there is a text.
pub(crate) fn surroundings(program: Program, bytes: &[u8], is_whole: bool, texts: &[Text]) -> Option<Surroundings> {
    let ranges: Vec<Range<usize>> = texts.iter().map(|text| text.range.clone()).collect();
    // References matter for certain texts only, and finding them takes all of the code.
    let is_sought = texts.iter().any(|text| text.script != Script::Latin || placement::is_certain(text));
    match program {
        Program::Pe => pe::surroundings(bytes, is_whole, &ranges, is_sought),
        Program::Elf => of_elf(bytes, if is_sought { &ranges } else { &[] }),
        Program::MachO => of_macho(bytes, if is_sought { &ranges } else { &[] }),
    }
}

fn of_elf(bytes: &[u8], texts: &[Range<usize>]) -> Option<Surroundings> {
    let image = elf::image::Image::of(bytes).ok()?;
    let layout = elf::layout::layout(&image);
    let mut referenced = vec![None; texts.len()];
    // The sections of an object that is yet to be linked have no addresses.
    if !texts.is_empty() && image.kind != ET_REL {
        let mut wanted = Wanted::new(&addresses(&layout, texts, 0..bytes.len()));
        if elf::references::references(&image, &mut |lead| note(lead, &mut wanted)) {
            referenced = wanted.found().into_iter().map(Some).collect();
        }
    }
    Some(Surroundings { layout, referenced, container: None })
}

fn of_macho(bytes: &[u8], texts: &[Range<usize>]) -> Option<Surroundings> {
    let file = File::of(bytes);
    if file.slices.is_empty() {
        return None;
    }
    let layout = macho::layout::layout(&file);
    let mut referenced = vec![None; texts.len()];
    for slice in file.slices.iter().filter(|_| !texts.is_empty()) {
        let within = slice.in_file(0..slice.reader.bytes.len());
        let mut wanted = Wanted::new(&addresses(&layout, texts, within.clone()));
        if macho::references::references(slice, &mut |lead| note(lead, &mut wanted)) {
            for ((known, text), is_found) in referenced.iter_mut().zip(texts).zip(wanted.found()) {
                if within.contains(&text.start) {
                    *known = Some(is_found);
                }
            }
        }
    }
    Some(Surroundings { layout, referenced, container: None })
}

#[inline]
fn note(lead: Lead, wanted: &mut Wanted) {
    match lead {
        Lead::Into(address) => wanted.lead_into(address),
        Lead::To(address) => wanted.lead_to(address),
    }
}

/// The addresses of texts that lie in a part of the file and are loaded.
fn addresses(layout: &Layout, texts: &[Range<usize>], within: Range<usize>) -> Vec<Option<Range<u64>>> {
    let address = |text: &Range<usize>| {
        let region = layout.at(text.start).filter(|_| within.contains(&text.start))?;
        let start = region.address?.wrapping_add((text.start - region.range.start) as u64);
        Some(start..start.saturating_add(text.len() as u64))
    };
    texts.iter().map(address).collect()
}
