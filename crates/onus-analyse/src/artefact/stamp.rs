//! Time stamps as formats write them, turned into the form of ISO 8601.

use jiff::{Timestamp, civil};

/// Seconds from 1601, where Windows begins to count, to 1970.
const WINDOWS_EPOCH: i64 = 11_644_473_600;

/// Ticks of Windows in a second.
const TICKS: u64 = 10_000_000;

/// Returns a count of seconds since 1970 as a time in UTC; none when it is zero or out of range.
pub(crate) fn unix(seconds: i64) -> Option<String> {
    (seconds != 0).then(|| Timestamp::from_second(seconds).ok().map(|time| time.to_string())).flatten()
}

/// Returns a `FILETIME` (ticks of 100 ns since 1601) in seconds since 1970; none when it is zero or after 9999.
pub(crate) fn filetime_seconds(ticks: u64) -> Option<i64> {
    let seconds = i64::try_from(ticks / TICKS).ok()?.checked_sub(WINDOWS_EPOCH)?;
    (ticks != 0 && Timestamp::from_second(seconds).is_ok()).then_some(seconds)
}

/// Returns a `FILETIME` as a time in UTC, with its fraction of a second.
pub(crate) fn filetime(ticks: u64) -> Option<String> {
    let seconds = filetime_seconds(ticks)?;
    let nanoseconds = i32::try_from((ticks % TICKS) * 100).ok()?;
    Timestamp::new(seconds, nanoseconds).ok().map(|time| time.to_string())
}

/// Returns a date and time of DOS, which are local and even in seconds; none when they are no date.
pub(crate) fn dos(date: u16, time: u16) -> Option<civil::DateTime> {
    let part = |value: u16, shift: u32, bits: u32| i8::try_from((value >> shift) & ((1 << bits) - 1)).ok();
    let year = 1980 + i16::try_from(date >> 9).ok()?;
    let seconds = part(time, 0, 5)?.checked_mul(2)?;
    civil::DateTime::new(year, part(date, 5, 4)?, part(date, 0, 5)?, part(time, 11, 5)?, part(time, 5, 6)?, seconds, 0)
        .ok()
}

/// Returns a civil time as if it were UTC, in seconds since 1970.
pub(crate) fn as_if_utc(time: civil::DateTime) -> Option<i64> {
    time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_second())
}

/// Returns an offset from UTC as `+03:00`.
pub(crate) fn offset_name(seconds: i64) -> String {
    let minutes = seconds.unsigned_abs() / 60;
    let sign = if seconds < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::{dos, filetime, offset_name, unix};

    #[test]
    fn zero_is_no_time() {
        assert_eq!(unix(0), None);
        assert_eq!(filetime(0), None);
        assert_eq!(dos(0, 0), None);
    }

    #[test]
    fn times_are_read() {
        assert_eq!(unix(1_700_000_000).as_deref(), Some("2023-11-14T22:13:20Z"));
        assert_eq!(filetime(133_444_736_000_000_010).as_deref(), Some("2023-11-14T22:13:20.000001Z"));
        assert_eq!(filetime(u64::MAX), None);
        assert_eq!(dos(0x5741, 0x7d1c).unwrap().to_string(), "2023-10-01T15:40:56");
        assert_eq!(dos(0x5741, 0xffff), None);
        assert_eq!(offset_name(-12_600), "-03:30");
    }
}
