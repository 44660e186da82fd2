//! Cabinets of Microsoft: the list of files (Microsoft Cabinet Format, `CFHEADER` and `CFFILE`).

use super::members::{Inside, Walk, archive, entry};
use crate::{
    Container, Finding,
    artefact::{
        little_endian::{clamped, u16_at, u32_at, zero_ended},
        stamp,
    },
};

/// Files that are listed, at most.
const FILES_MAX: usize = 10_000;

/// Bytes of a name, at most.
const NAME_MAX: usize = 256;

/// Bytes of an entry before its name.
const FILE_LEN: usize = 16;

/// The attribute that says that a name is UTF-8.
const NAME_IS_UTF_8: u16 = 0x80;

/// Lists a cabinet; contents are not unpacked.
pub(super) fn list(walk: &mut Walk<'_>, bytes: &[u8], inside: &Inside) {
    let (Some(start), Some(count)) = (u32_at(bytes, 16), u16_at(bytes, 28)) else {
        walk.add(Finding::malformed("the header of the cabinet breaks off").at(inside.locus(&(0..bytes.len()))));
        return;
    };
    let set = u16_at(bytes, 32).unwrap_or_default();
    walk.add(archive(inside, Container::Cabinet, count.into(), &(0..bytes.len())).with("set", set.to_string()));
    let mut at = start as usize;
    for _ in 0..usize::from(count).min(FILES_MAX) {
        let Some(name) = at.checked_add(FILE_LEN).and_then(|name| zero_ended(bytes, name, NAME_MAX)) else {
            let rest = clamped(at, bytes.len(), bytes.len());
            walk.add(Finding::malformed("the list of files breaks off").at(inside.locus(&rest)));
            break;
        };
        let word = |offset: usize| u16_at(bytes, at + offset).unwrap_or_default();
        let encoding = if word(14) & NAME_IS_UTF_8 != 0 { "UTF-8" } else { "legacy" };
        let range = at..at + FILE_LEN + name.len() + 1;
        walk.add(
            entry(inside, &String::from_utf8_lossy(name), inside.locus(&range))
                .with_some("size", u32_at(bytes, at).map(|size| size.to_string()))
                .with_some("time_local", stamp::dos(word(10), word(12)).map(|time| time.to_string()))
                .with("name_encoding", if name.is_ascii() { "" } else { encoding }),
        );
        at = range.end;
    }
    if usize::from(count) > FILES_MAX {
        walk.add(Finding::limit(format!("of {count} files {FILES_MAX} are listed")));
    }
}
