//! Which part of an image every byte belongs to.
//!
//! The parts are painted over each other, what is known better on top: sections over nothing, the unused rest of a
//! section over the section, and structures that account for their bytes over both.

use std::ops::Range;

use super::{
    facts::Facts,
    image::{Directory, Image, Section},
};
use crate::artefact::{
    layout::{DEBUG_RECORD, Layout, Place, Region},
    little_endian::clamped,
};

/// Numbers of directories whose bytes are accounted for, with their names.
const ACCOUNTED: [(usize, &str); 4] = [(0, "exports"), (2, "resources"), (3, "exceptions"), (5, "relocations")];

/// Number of the directory of certificates, the only one that says an offset in the file.
const CERTIFICATES: usize = 4;

/// A run of bytes that is said to be something.
struct Paint {
    range: Range<usize>,
    place: Place,
    name: String,
    address: Option<u64>,
}

/// Returns the parts of an image, without looking for sections that nothing refers to.
pub(super) fn of(facts: &Facts<'_>) -> Layout {
    let size = facts.image.bytes.len();
    let paints = paints(facts);
    let ends = facts.image.sections.iter().filter(|section| !section.range.is_empty()).map(|section| section.range.end);
    let overlay = ends.max().unwrap_or_else(|| header_end(&facts.image));
    let mut cuts: Vec<usize> = paints.iter().flat_map(|paint| [paint.range.start, paint.range.end]).collect();
    cuts.extend([0, overlay, size]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut regions: Vec<Region> = Vec::new();
    let mut before = None;
    for (start, end) in cuts.iter().zip(cuts.iter().skip(1)) {
        let top = paints.iter().rposition(|paint| paint.range.contains(start));
        match regions.last_mut() {
            Some(region) if before == Some(top) && (top.is_some() || *start != overlay) => region.range.end = *end,
            _ => regions.push(region(*start..*end, top.and_then(|top| paints.get(top)), overlay)),
        }
        before = Some(top);
    }
    Layout { regions }
}

fn region(range: Range<usize>, paint: Option<&Paint>, overlay: usize) -> Region {
    match paint {
        Some(paint) => {
            let address = paint.address.map(|address| address.saturating_add((range.start - paint.range.start) as u64));
            Region { range, place: paint.place, name: paint.name.clone(), address }
        }
        None => {
            let place = if range.start >= overlay { Place::Overlay } else { Place::Gap };
            Region { range, place, name: String::new(), address: None }
        }
    }
}

fn paints(facts: &Facts<'_>) -> Vec<Paint> {
    let image = &facts.image;
    let mut paints = vec![paint(0..header_end(image), Place::Header, "headers", Some(image.image_base))];
    for section in &image.sections {
        let address = image.image_base.saturating_add(u64::from(section.address));
        paints.push(paint(section.range.clone(), place(section), &section.name, Some(address)));
        let used = section.virtual_size as usize;
        if used > 0 && used < section.range.len() {
            paints.push(paint(section.range.start + used..section.range.end, Place::Slack, &section.name, None));
        }
    }
    for (number, name) in ACCOUNTED {
        if let Some(Directory { address, size }) = image.directory(number) {
            paints.extend(image.offset(address).map(|at| accounted(image, at, size as usize, name)));
        }
    }
    if let Some(table) = image.directory(CERTIFICATES) {
        paints.push(accounted(image, table.address as usize, table.size as usize, "certificates"));
    }
    if let Some(dotnet) = &facts.dotnet {
        for (range, name) in [
            (&dotnet.metadata, ".NET metadata"),
            (&dotnet.resources, ".NET resources"),
            (&dotnet.strong_name, ".NET strong name"),
        ] {
            paints.push(accounted(image, range.start, range.len(), name));
        }
    }
    let symbols = image.symbols_range();
    paints.push(accounted(image, symbols.start, symbols.len(), "symbols"));
    for entry in &facts.debug.entries {
        paints.push(paint(entry.data.clone(), Place::Debug, DEBUG_RECORD, None));
    }
    paints.retain(|paint| !paint.range.is_empty());
    paints
}

fn paint(range: Range<usize>, place: Place, name: &str, address: Option<u64>) -> Paint {
    Paint { range, place, name: name.to_owned(), address }
}

fn accounted(image: &Image<'_>, at: usize, len: usize, name: &str) -> Paint {
    let range = clamped(at, len, image.bytes.len());
    let address = image.address(range.start).map(|address| image.image_base.saturating_add(u64::from(address)));
    paint(range, Place::Accounted, name, address)
}

fn place(section: &Section) -> Place {
    let name = section.name.as_str();
    // GNU tools write long names as a number that leads into the names of the symbols.
    let is_debug = name.starts_with(".debug")
        || name.starts_with(".zdebug")
        || name.starts_with(".stab")
        || name.strip_prefix('/').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    match (is_debug, section.is_code()) {
        (true, _) => Place::Debug,
        (_, true) => Place::Code,
        _ => Place::Data,
    }
}

/// Where the headers end: what they say, but not after the first section.
fn header_end(image: &Image<'_>) -> usize {
    let starts = image.sections.iter().filter(|section| !section.range.is_empty()).map(|section| section.range.start);
    starts.min().unwrap_or(usize::MAX).min(image.size_of_headers as usize).min(image.bytes.len())
}

#[cfg(test)]
mod tests {
    use super::{Facts, Image, Layout, Place, of};
    use crate::artefact::pe::given::bytes;

    fn layout(image: &[u8]) -> Layout {
        of(&Facts::of(Image::of(image).unwrap(), true))
    }

    fn check(image: &[u8], offset: usize, place: Place, name: &str) {
        let layout = layout(image);
        let region = layout.at(offset).unwrap();
        assert_eq!((region.place, region.name.as_str()), (place, name), "{offset:#x}");
    }

    #[test]
    fn every_byte_has_one_place() {
        let image = bytes(include_str!("../../../fixtures/pe/signed.hex"));
        for len in [600, 2000, 3000, image.len()] {
            let layout = layout(&image[..len]);
            let ends: Vec<usize> = layout.regions.iter().map(|region| region.range.end).collect();
            let starts: Vec<usize> = layout.regions.iter().map(|region| region.range.start).collect();
            assert_eq!(starts[0], 0);
            assert_eq!(starts[1..], ends[..ends.len() - 1]);
            assert_eq!(*ends.last().unwrap(), len);
        }
    }

    #[test]
    fn structures_account_for_their_bytes() {
        let image = bytes(include_str!("../../../fixtures/pe/signed.hex"));
        check(&image, 0x10, Place::Header, "headers");
        check(&image, 0x400, Place::Code, ".text");
        check(&image, 0x5f0, Place::Slack, ".text");
        check(&image, 0x600, Place::Data, ".rdata");
        check(&image, 1748, Place::Accounted, "exports");
        check(&image, 1932, Place::Debug, "debug record");
        check(&image, 2904, Place::Accounted, "resources");
        check(&image, 3700, Place::Accounted, "certificates");
    }

    #[test]
    fn what_stands_behind_the_sections_is_overlay() {
        let image = bytes(include_str!("../../../fixtures/pe/innocent_names_of_a_packer_and_an_archive_behind.hex"));
        check(&image, 3600, Place::Overlay, "");
    }
}
