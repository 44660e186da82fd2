//! What 7z and RAR say without being unpacked: version, and where their lists lie.

use super::members::{Inside, Walk, archive};
use crate::{
    Container, Finding,
    artefact::little_endian::{clamped, u8_at, u64_at},
};

/// Says of a 7z what its first header holds (7zFormat.txt, `SignatureHeader`).
pub(super) fn seven_zip(walk: &mut Walk<'_>, bytes: &[u8], inside: &Inside) {
    let (Some(major), Some(minor), Some(at), Some(len)) =
        (u8_at(bytes, 6), u8_at(bytes, 7), u64_at(bytes, 12), u64_at(bytes, 20))
    else {
        walk.add(Finding::malformed("the header of the archive breaks off").at(inside.locus(&(0..bytes.len()))));
        return;
    };
    walk.add(unlisted(inside, Container::SevenZip, bytes.len()).with("version", format!("{major}.{minor}")));
    let end = at.checked_add(32).and_then(|at| at.checked_add(len));
    if end.is_none_or(|end| end > bytes.len() as u64) {
        let place = clamped(12, 16, bytes.len());
        walk.add(Finding::malformed("the list of members lies outside the file").at(inside.locus(&place)));
    }
}

/// Says of a RAR which version of the format it has.
pub(super) fn rar(walk: &mut Walk<'_>, bytes: &[u8], inside: &Inside) {
    let version = if u8_at(bytes, 6) == Some(1) { "5" } else { "4 or earlier" };
    walk.add(unlisted(inside, Container::Rar, bytes.len()).with("version", version));
}

fn unlisted(inside: &Inside, container: Container, len: usize) -> Finding {
    archive(inside, container, 0, &(0..len)).with("entries", "not read")
}
