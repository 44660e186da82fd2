//! PowerPoint 97 to 2003: who saved it last (`[MS-PPT]`, 2.3.2).

use crate::{
    Findings,
    artefact::{
        code_page,
        compound::{Compound, utf_16},
        little_endian::u16_at,
        office::person,
    },
};

/// Where the length of the name stands in the stream, and where the name begins.
const LEN: usize = 20;
const NAME: usize = 28;

/// Characters of a name, at most.
const NAME_MAX: usize = 255;

/// Reads who saved a presentation.
pub(super) fn read(file: &Compound<'_>, findings: &mut Findings) {
    let Some(entry) = file.streams("Current User").find(|entry| entry.storages.is_empty()) else { return };
    let stream = file.read(entry);
    let bytes = stream.bytes.as_slice();
    let len = u16_at(bytes, LEN).map_or(0, usize::from);
    if len == 0 || len > NAME_MAX {
        return;
    }
    let short = NAME..NAME + len;
    // The name in UTF-16 follows the short one and four bytes of version.
    let wide = short.end + 4..short.end + 4 + 2 * len;
    let (name, range) = match (bytes.get(wide.clone()), bytes.get(short.clone())) {
        (Some(name), _) => (utf_16(name), wide),
        (None, Some(name)) => (code_page::decode(1252, name), short),
        _ => return,
    };
    if !name.trim().is_empty() {
        findings.add(person("saved_by", name.trim(), stream.locus(range)));
    }
}
