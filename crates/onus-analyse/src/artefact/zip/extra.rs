//! The extra fields of a ZIP header: wide sizes, times in UTC, owners (APPNOTE.TXT, 4.5, and Info-ZIP's list).

use std::ops::Range;

use super::Header;
use crate::artefact::little_endian::{u8_at, u16_at, u32_at, u64_at};

/// Extra fields of one header that are read, at most.
const FIELDS_MAX: usize = 64;

const WIDE: u16 = 0x0001;
const NTFS: u16 = 0x000a;
const EXTENDED_TIME: u16 = 0x5455;
const UNIX_OLD: u16 = 0x5855;
const UNIX_OWNER: u16 = 0x7855;
const UNIX_OWNER_NEW: u16 = 0x7875;

/// The times of extra fields, all in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// Seconds since 1970 of the last change.
    pub modified: Option<i64>,
    /// Of the last reading.
    pub accessed: Option<i64>,
    /// Of the creation.
    pub created: Option<i64>,
    /// Ticks of Windows: last change, last reading, creation.
    pub ntfs: Option<[u64; 3]>,
}

/// The fields of an extra area: identifier and place.
pub(super) fn fields(bytes: &[u8], area: &Range<usize>) -> Vec<(u16, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = area.start;
    while found.len() < FIELDS_MAX
        && let (Some(id), Some(len)) = (u16_at(bytes, at), u16_at(bytes, at + 2))
    {
        let range = at + 4..at + 4 + usize::from(len);
        if range.end > area.end {
            break;
        }
        at = range.end;
        found.push((id, range));
    }
    found
}

/// Puts sizes and offset of 64 bits into a header that says that they are in its extra fields.
pub(super) fn widen(bytes: &[u8], header: &mut Header) {
    const ELSEWHERE: u64 = u32::MAX as u64;
    let fields = fields(bytes, &header.extra);
    let Some((_, wide)) = fields.into_iter().find(|(id, _)| *id == WIDE) else { return };
    let mut at = wide.start;
    for value in [&mut header.size, &mut header.packed, &mut header.local_at] {
        if *value == ELSEWHERE
            && at + 8 <= wide.end
            && let Some(number) = u64_at(bytes, at)
        {
            *value = number;
            at += 8;
        }
    }
}

/// Returns the times in the extra fields of a header.
pub(crate) fn times(bytes: &[u8], header: &Header) -> Times {
    let mut times = Times::default();
    for (id, range) in fields(bytes, &header.extra) {
        let field = bytes.get(range).unwrap_or_default();
        match id {
            EXTENDED_TIME => extended(field, &mut times),
            UNIX_OLD => {
                times.accessed = times.accessed.or(seconds(field, 0));
                times.modified = times.modified.or(seconds(field, 4));
            }
            NTFS => times.ntfs = times.ntfs.or(ntfs(field)),
            _ => {}
        }
    }
    times
}

/// The field `UT`; in the directory it has the first time only, whatever its bits say.
fn extended(field: &[u8], times: &mut Times) {
    let bits = u8_at(field, 0).unwrap_or_default();
    let mut at = 1;
    for (bit, time) in [&mut times.modified, &mut times.accessed, &mut times.created].into_iter().enumerate() {
        if bits & (1 << bit) != 0 {
            *time = time.or(seconds(field, at));
            at += 4;
        }
    }
}

fn seconds(field: &[u8], at: usize) -> Option<i64> {
    u32_at(field, at).map(|value| i64::from(value.cast_signed()))
}

fn ntfs(field: &[u8]) -> Option<[u64; 3]> {
    let is_times = u16_at(field, 4) == Some(1) && u16_at(field, 6) == Some(24);
    is_times.then_some(())?;
    Some([u64_at(field, 8)?, u64_at(field, 16)?, u64_at(field, 24)?])
}

/// Returns the numbers of the owner and the group in the extra fields of a header.
pub(crate) fn owner(bytes: &[u8], header: &Header) -> Option<(u32, u32)> {
    fields(bytes, &header.extra).into_iter().find_map(|(id, range)| {
        let field = bytes.get(range)?;
        match id {
            UNIX_OWNER if field.len() >= 4 => Some((u32::from(u16_at(field, 0)?), u32::from(u16_at(field, 2)?))),
            UNIX_OWNER_NEW if field.len() == 11 && field.get(1) == Some(&4) => {
                Some((u32_at(field, 2)?, u32_at(field, 7)?))
            }
            _ => None,
        }
    })
}
