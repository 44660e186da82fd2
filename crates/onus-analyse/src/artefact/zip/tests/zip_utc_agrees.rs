//! The local time of an entry and its time in UTC are as far apart as time zones are.

use std::ops::Range;

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    stamp,
    zip::{Entry, Zip, ZipFormat, name, times},
};

/// Offsets from UTC lie between these, in seconds (`Etc/GMT+12` to Kiribati).
const WEST: i64 = -12 * 3600;
const EAST: i64 = 14 * 3600;

/// Offsets from UTC are multiples of so many seconds.
const QUARTER: i64 = 15 * 60;

/// Local times are even, and programs round up or down.
const ROUNDING: i64 = 2;

pub(super) const ZIP_UTC_AGREES: ConsistencyTest<ZipFormat> = ConsistencyTest {
    id: "zip-utc-agrees",
    about: "archive_entry",
    strength: Strength::Soft,
    rationale: "the local time and the time in UTC of an entry are written from one time of one file, so that they \
                differ by the offset of a time zone: at most 14 hours, and whole quarters of an hour",
    benign_causes: &[
        "programs that set the local time to a fixed one so that archives come out alike",
        "local times before 1980, which the format cannot say",
        "programs that write the time of packing in one place and that of the file in the other",
    ],
    false_alarm: Rate { hits: 1, files: 268, hit_projects: 1, projects: 29 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(zip: &Zip<'_>) -> Outcome {
    let pairs: Vec<_> = zip.entries.iter().filter_map(|entry| Some((entry, difference(zip, entry)?))).collect();
    if pairs.is_empty() {
        return Outcome::NotRun("no entry has its time in UTC beside the local one");
    }
    let odd: Vec<_> = pairs.iter().filter(|(_, seconds)| zone(*seconds).is_none()).collect();
    let Some((first, seconds)) = odd.first() else { return Outcome::Consistent };
    let explain = format!(
        "in {} of {} entries the local time is no time zone away from the time in UTC; the first is `{}`, {seconds} \
         seconds apart",
        odd.len(),
        pairs.len(),
        name(zip.slice(&first.stated.name), &first.stated).text,
    );
    let locus = |entry: &Entry| -> Range<usize> { entry.stated.range.clone() };
    Outcome::Inconsistent { loci: odd.iter().map(|(entry, _)| locus(entry)).collect(), explain }
}

/// Returns the local time of an entry less its time in UTC, in seconds, where both stand in the directory.
pub(crate) fn difference(zip: &Zip<'_>, entry: &Entry) -> Option<i64> {
    let header = &entry.stated;
    let local = stamp::as_if_utc(stamp::dos(header.date, header.time)?)?;
    let found = times(zip.bytes, header);
    let utc = found.modified.or_else(|| stamp::filetime_seconds(found.ntfs?[0]))?;
    (utc != 0).then(|| local - utc)
}

/// Returns the offset from UTC that a difference stands for, if there is one.
pub(crate) fn zone(difference: i64) -> Option<i64> {
    let offset = (difference + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
    let is_near = (difference - offset).abs() <= ROUNDING;
    (is_near && (WEST..=EAST).contains(&offset)).then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::{ZIP_UTC_AGREES, zone};
    use crate::artefact::zip::tests::made::{archive, entry, explained};

    /// The field `UT` with the time 2023-10-01T12:40:57Z plus so many seconds.
    fn utc(more: u32) -> Vec<u8> {
        [b"UT\x05\0\x01".as_slice(), &(1_696_164_057 + more).to_le_bytes()].concat()
    }

    #[test]
    fn three_hours_are_a_time_zone_and_three_hours_and_a_minute_are_none() {
        let made = |more| archive(&[entry("a", b"one", (0x5741, 0x7d1c), &utc(more))]);
        assert_eq!(explained(&ZIP_UTC_AGREES, &made(0)), None);
        assert!(explained(&ZIP_UTC_AGREES, &made(60)).unwrap().contains("10739 seconds apart"));
    }

    #[test]
    fn offsets_are_quarters_of_an_hour_within_a_day() {
        assert_eq!(zone(3 * 3600 - 1), Some(3 * 3600));
        assert_eq!(zone(-(3 * 3600 + 1800)), Some(-(3 * 3600 + 1800)));
        assert_eq!(zone(15 * 3600), None);
        assert_eq!(zone(900 + 3), None);
    }
}
