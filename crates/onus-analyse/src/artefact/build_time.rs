//! Seconds since 1970 as programs carry them, in words.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// The first second of 1990, before which none of the formats existed, and of 2038, which is beyond their makers' horizon.
const PLAUSIBLE: std::ops::Range<u32> = 631_152_000..2_145_916_800;

/// Returns a stamp as a date and time in UTC (RFC 3339).
pub(crate) fn utc(stamp: u32) -> String {
    Timestamp::from_second(i64::from(stamp)).map(|time| time.to_string()).unwrap_or_default()
}

/// Returns whether a stamp can be the time at which a program was built.
pub(crate) fn is_plausible(stamp: u32) -> bool {
    PLAUSIBLE.contains(&stamp)
}

/// Returns the seconds of a stamp in the form of MS-DOS, read as if its local time were UTC; it counts in pairs of seconds.
pub(crate) fn from_dos(stamp: u32) -> Option<i64> {
    let field = |from: u32, len: u32| stamp >> from & ((1 << len) - 1);
    let small = |number: u32| i8::try_from(number).ok();
    let year = i16::try_from(1980 + field(25, 7)).ok()?;
    let (month, day) = (small(field(21, 4))?, small(field(16, 5))?);
    let (hour, minute, second) = (small(field(11, 5))?, small(field(5, 6))?, small(2 * field(0, 5))?);
    let time = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// Returns a length of time in words: `43 seconds`, `5 hours`, `412 days`.
pub(crate) fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7199 => (seconds / 60, "minute"),
        7200..=172_799 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::{from_dos, is_plausible, span, utc};

    #[test]
    fn stamps_are_dates() {
        assert_eq!(utc(0x2a42_5e19), "1992-06-19T22:22:17Z");
        assert!(is_plausible(1_700_000_000));
        assert!(!is_plausible(0));
        assert!(!is_plausible(u32::MAX));
    }

    #[test]
    fn the_time_of_dos_counts_in_pairs_of_seconds() {
        // 2020-05-17 13:45:58.
        let stamp = 40 << 25 | 5 << 21 | 17 << 16 | 13 << 11 | 45 << 5 | 29;
        assert_eq!(from_dos(stamp), Some(1_589_723_158));
        assert_eq!(from_dos(0), None);
        assert_eq!(from_dos(u32::MAX), None);
    }

    #[test]
    fn a_length_of_time_has_one_unit() {
        assert_eq!(span(1), "1 second");
        assert_eq!(span(86_400), "24 hours");
        assert_eq!(span(3_000_000), "34 days");
    }
}
