//! Dates that keep the precision they were given with.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A date or interval in the Extended Date/Time Format (ISO 8601-2:2019), as it was written.
///
/// Read are a year, a year and month, or a day; each with an optional qualifier (`~` approximate, `?` uncertain,
/// `%` both); digits that are not known as `X` from the right (`201X`, `2018-XX`); and intervals of two such dates
/// (`2016-10/2017-02`) whose end may be open (`2016/..`). Years are 1000 to 9999.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edtf {
    written: String,
    first: Date,
    last: Option<Date>,
}

/// A text that is no date in the part of EDTF that onus reads.
#[derive(Debug, thiserror::Error)]
#[error("is no date such as 2018, 2018-02, 2018-02-09, 2018-02~ or 2016-10/2017-02")]
pub struct NotADate;

impl Edtf {
    /// Returns the first day that the date can mean.
    #[must_use]
    pub fn first_day(&self) -> Date {
        self.first
    }

    /// Returns the last day that the date can mean; `None` for an interval without end.
    ///
    /// What was published on a date of which only a part is known counts as known from this day on, so that no
    /// replay knows it too early.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.last
    }

    /// Returns the date as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Returns whether it is a single day without qualifier.
    #[must_use]
    pub fn is_day(&self) -> bool {
        self.written.len() == 10 && self.last == Some(self.first)
    }
}

impl FromStr for Edtf {
    type Err = NotADate;

    /// # Example
    /// ```
    /// let date: onus_core::Edtf = "2018-02".parse().unwrap();
    /// assert_eq!(date.last_day().unwrap().to_string(), "2018-02-28");
    /// assert!("2018-02-30".parse::<onus_core::Edtf>().is_err());
    /// assert!("last week".parse::<onus_core::Edtf>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let (first, last) = match text.split_once('/') {
            None => span(text).map(|(first, last)| (first, Some(last)))?,
            Some((start, "..")) => (span(start)?.0, None),
            Some((start, end)) => (span(start)?.0, Some(span(end)?.1)),
        };
        if last.is_some_and(|last| last < first) {
            return Err(NotADate);
        }
        Ok(Self { written: text.to_owned(), first, last })
    }
}

/// The first and last day of one date.
fn span(text: &str) -> Result<(Date, Date), NotADate> {
    let text = text.strip_suffix(['~', '?', '%']).unwrap_or(text);
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    if parts.next().is_some() {
        return Err(NotADate);
    }
    let (first_year, last_year) = number(year.ok_or(NotADate)?, 4)?;
    if first_year < 1000 || (first_year != last_year && month.is_some_and(|month| month != "XX")) {
        return Err(NotADate);
    }
    let (first_month, last_month) = part(month, (1, 12))?;
    if first_month != last_month && day.is_some_and(|day| day != "XX") {
        return Err(NotADate);
    }
    let days_of_last_month = civil(last_year, last_month, 1)?.days_in_month();
    let (first_day, last_day) = part(day, (1, i16::from(days_of_last_month)))?;
    Ok((civil(first_year, first_month, first_day)?, civil(last_year, last_month, last_day)?))
}

/// A month or day that may be absent or not known (`XX`), in which case it spans the whole range.
fn part(text: Option<&str>, range: (i16, i16)) -> Result<(i16, i16), NotADate> {
    match text {
        None | Some("XX") => Ok(range),
        Some(text) => match number(text, 2)? {
            (first, last) if first == last => Ok((first, last)),
            _ => Err(NotADate),
        },
    }
}

/// A number of so many digits whose last digits may be `X`: its smallest and largest value.
fn number(text: &str, digits: usize) -> Result<(i16, i16), NotADate> {
    let known = text.trim_end_matches('X');
    if text.len() != digits || !known.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotADate);
    }
    let value = |filler: &str| text.replace('X', filler).parse().map_err(|_| NotADate);
    Ok((value("0")?, value("9")?))
}

fn civil(year: i16, month: i16, day: i16) -> Result<Date, NotADate> {
    let narrow = |value: i16| i8::try_from(value).map_err(|_| NotADate);
    Date::new(year, narrow(month)?, narrow(day)?).map_err(|_| NotADate)
}

impl fmt::Display for Edtf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Serialize for Edtf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Edtf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Edtf;

    fn check(text: &str, expected: &str) {
        let said = match text.parse::<Edtf>() {
            Ok(date) => format!("{} {}", date.first_day(), date.last_day().map_or("..".to_owned(), |d| d.to_string())),
            Err(_) => "no date".to_owned(),
        };
        assert_eq!(said, expected, "{text}");
    }

    #[test]
    fn a_partial_date_spans_all_it_can_mean() {
        check("2018", "2018-01-01 2018-12-31");
        check("2016-02", "2016-02-01 2016-02-29");
        check("2018-02-09", "2018-02-09 2018-02-09");
        check("2018-02~", "2018-02-01 2018-02-28");
        check("201X", "2010-01-01 2019-12-31");
        check("2018-XX", "2018-01-01 2018-12-31");
        check("2018-02-XX", "2018-02-01 2018-02-28");
        check("2016-10/2017-02", "2016-10-01 2017-02-28");
        check("2016/..", "2016-01-01 ..");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "18",
            "2018-13",
            "2018-02-30",
            "2018-2",
            "2018-02-09T10:00",
            "2017/2016",
            "2018-02-09-01",
            "0999",
            "XXXX",
            "2018-0X",
            "20X8",
            "../2016",
            "2018--",
            "２０１８",
        ] {
            check(text, "no date");
        }
    }
}
