//! Where the texts of an image lie, and whether anything leads to them.

use std::ops::Range;

use super::{facts::Facts, image::Image, layout, leads, references};
use crate::artefact::{language::holds_prose, layout::Place, surroundings::Surroundings};

/// Bytes of an entry of the table of sections.
const SECTION_ENTRY: usize = 40;

/// Returns what is known about the places of texts, if the headers can be read.
///
/// Whether something leads into a section is asked only where it depends on that.
pub(in crate::artefact) fn surroundings(
    bytes: &[u8],
    is_whole: bool,
    texts: &[Range<usize>],
    is_sought: bool,
) -> Option<Surroundings> {
    let facts = Facts::of(Image::of(bytes).ok()?, is_whole);
    let mut layout = layout::of(&facts);
    let image = &facts.image;
    let mut moved = None;
    for section in image.sections.iter().filter(|section| !section.is_code() && !section.range.is_empty()) {
        if leads::holds_directory(image, section) {
            continue;
        }
        let holds_text = texts.iter().any(|text| section.range.contains(&text.start))
            || holds_prose(bytes.get(section.range.clone()).unwrap_or_default());
        if holds_text
            && !leads::is_led_into(image, section, moved.get_or_insert_with(|| references::relocations(image)))
        {
            for region in &mut layout.regions {
                if region.place == Place::Data && section.range.contains(&region.range.start) {
                    region.place = Place::Orphan;
                }
            }
        }
    }
    layout.split(image.section_table + SECTION_ENTRY * image.sections.len(), |region| {
        if region.place == Place::Header {
            region.place = Place::Gap;
        }
    });
    let referenced = if is_sought { leads::leads_to(image, texts) } else { Vec::new() };
    let referenced = referenced.into_iter().map(Some).collect();
    let container = facts.overlay.as_ref().and_then(|overlay| overlay.container_end(bytes));
    Some(Surroundings { layout, referenced, container })
}
