//! Dates that are written in a text.
//!
//! Read are years, months and days of 1900 to 2099, in figures (`2024-03-25`, `25.03.2024`, `03/29/2024`,
//! `2024年3月25日`) and with the month in words (`25 March 2024`, `March 25, 2024`, `25 марта 2024`, `25–27 March 2024`,
//! `March 2024`). Dates without a year are left out. `03/04/2024` can mean two days, unless a day of the week
//! before it decides; it is then no more than its year.

use std::ops::Range;

use jiff::civil::{Date, Weekday};
use onus_core::Edtf;

use super::months::MONTHS;

/// Dates of one text that are read, at most.
pub(crate) const DATES_MAX: usize = 10_000;

/// Characters of a word that can be the name of a month or of a day, at most.
const WORD_MAX: usize = 12;

/// One date.
#[derive(Debug)]
pub(crate) struct Written {
    /// Its range of the text.
    pub(crate) range: Range<usize>,
    /// What it means.
    pub(crate) date: Edtf,
    /// The day of the week that stands before it, if the date does not fall on that day.
    pub(crate) contradicted_by: Option<Weekday>,
}

/// Returns the dates of a text, in order, and whether there were more than are read.
pub(crate) fn dates(text: &str) -> (Vec<Written>, bool) {
    let mut found = Vec::new();
    let mut at = 0;
    let mut is_inside_word = false;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let is_start = !is_inside_word && first.is_alphanumeric();
        if is_start && let Some((len, meaning)) = Cursor::new(text, at).date(first) {
            if found.len() == DATES_MAX {
                return (found, true);
            }
            let contradicted_by =
                meaning.day().and_then(|day| weekday_before(text, at).filter(|weekday| *weekday != day.weekday()));
            if let Ok(date) = meaning.to_edtf().parse() {
                found.push(Written { range: at..at + len, date, contradicted_by });
            }
            at += len;
            is_inside_word = true;
            continue;
        }
        // Digits of another number, of a version or of an address are no beginning.
        is_inside_word = first.is_alphanumeric() && !is_han(first)
            || matches!(first, '.' | '/' | '-' | ':') && is_inside_word && follows_digit(text, at);
        at += first.len_utf8();
    }
    (found, false)
}

/// What a written date means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meaning {
    Day(Date),
    Days(Date, Date),
    Month(i16, i8),
    /// One of two days of this year.
    Year(i16),
}

impl Meaning {
    fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            _ => None,
        }
    }

    fn to_edtf(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Days(first, last) => format!("{first}/{last}"),
            Self::Month(year, month) => format!("{year}-{month:02}"),
            Self::Year(year) => format!("{year}-XX-XX"),
        }
    }
}

/// Reads on from one place of a text; whatever it reads is short.
#[derive(Clone, Copy)]
struct Cursor<'t> {
    text: &'t str,
    start: usize,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Self { text, start: at, at }
    }

    /// Reads a date that begins with a character; returns its length and meaning.
    fn date(self, first: char) -> Option<(usize, Meaning)> {
        let (end, meaning) = match first {
            '0'..='9' => self.year_first().or_else(|| self.figures()).or_else(|| self.day_month_in_words())?,
            _ if first.is_uppercase() => self.month_in_words_day()?,
            _ => return None,
        };
        // A date that goes on as a number is something else.
        let goes_on = end.peek().is_some_and(|next| next.is_ascii_digit());
        let is_version = end.peek() == Some('.') && end.skip(1).peek().is_some_and(|next| next.is_ascii_digit());
        (!goes_on && !is_version).then_some((end.at - self.start, meaning))
    }

    /// `2024-03-25`, `2024/3/25`, `2024.03.25`, `2024年3月25日`, `2024年3月`.
    fn year_first(mut self) -> Option<(Self, Meaning)> {
        let year = self.year()?;
        self.blanks();
        let separator = self.one_of(&['-', '/', '.', '年'])?;
        self.blanks();
        let month = self.number(2)?;
        if separator == '年' {
            self.blanks();
            self.one_of(&['月'])?;
            let month_end = self;
            self.blanks();
            let day = self.number(2).and_then(|day| {
                self.blanks();
                self.one_of(&['日']).map(|_| day)
            });
            return match day {
                Some(day) => Some((self, Meaning::Day(civil(year, month, day)?))),
                None => Some((month_end, month_of(year, month)?)),
            };
        }
        self.one_of(&[separator])?;
        let day = self.number(2)?;
        Some((self, Meaning::Day(civil(year, month, day)?)))
    }

    /// `25.03.2024`; `03/29/2024` or `29/03/2024`, by what is possible or by the day of the week.
    fn figures(mut self) -> Option<(Self, Meaning)> {
        let first = self.number(2)?;
        let separator = self.one_of(&['.', '/', '-'])?;
        if separator == '.' {
            self.blanks();
        }
        let second = self.number(2)?;
        self.one_of(&[separator])?;
        if separator == '.' {
            self.blanks();
        }
        let year = self.year()?;
        let day_first = civil(year, second, first);
        let month_first = civil(year, first, second).filter(|_| separator != '.');
        let meaning = match (day_first, month_first) {
            (Some(one), Some(other)) if one != other => {
                let weekday = weekday_before(self.text, self.start);
                let fits = |date: Date| weekday.is_some_and(|weekday| weekday == date.weekday());
                match (fits(one), fits(other)) {
                    (true, false) => Meaning::Day(one),
                    (false, true) => Meaning::Day(other),
                    _ => Meaning::Year(year),
                }
            }
            (Some(date), _) | (None, Some(date)) => Meaning::Day(date),
            (None, None) => return None,
        };
        Some((self, meaning))
    }

    /// `25 March 2024`, `25th of March, 2024`, `25. März 2024`, `25 de marzo de 2024`, `25–27 March 2024`.
    fn day_month_in_words(mut self) -> Option<(Self, Meaning)> {
        let first = self.number(2)?;
        self.ordinal();
        let last = self.range_end();
        let mut has_gap = self.blanks();
        if self.one_of(&['.']).is_some() {
            has_gap |= self.blanks();
        }
        has_gap |= self.word_of(&["of", "de"]) && self.blanks();
        let month = self.month()?;
        self.one_of(&['.']);
        self.one_of(&[',']);
        let has_second_gap = self.blanks();
        if self.word_of(&["de", "del"]) {
            self.blanks();
        }
        let year = self.year()?;
        if !has_gap || !has_second_gap {
            return None;
        }
        Some((self, days(year, month, first, last)?))
    }

    /// `March 25, 2024`, `Mar. 25th 2024`, `March 25–27, 2024`, `March 2024`; with a capital, as `may` and `march` are
    /// words too.
    fn month_in_words_day(mut self) -> Option<(Self, Meaning)> {
        let month = self.month()?;
        self.one_of(&['.']);
        let has_comma = self.one_of(&[',']).is_some();
        if !self.blanks() {
            return None;
        }
        if self.word_of(&["de"]) {
            self.blanks();
        }
        let month_end = self;
        if let Some(year) = self.year() {
            // After a number that is no day of this month, the month is not what was meant either.
            let before = self.text.get(..self.start)?.trim_end_matches([' ', '.', '\u{a0}']);
            let follows_number = before.ends_with(|c: char| c.is_ascii_digit());
            return if follows_number { None } else { Some((self, month_of(year, month)?)) };
        }
        self = month_end;
        let first = self.number(2).filter(|_| !has_comma)?;
        self.ordinal();
        let last = self.range_end();
        let has_comma = self.one_of(&[',']).is_some();
        if !self.blanks() && !has_comma {
            return None;
        }
        let year = self.year()?;
        Some((self, days(year, month, first, last)?))
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn skip(mut self, len: usize) -> Self {
        self.at += len;
        self
    }

    fn one_of(&mut self, expected: &[char]) -> Option<char> {
        let next = self.peek().filter(|next| expected.contains(next))?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Skips a few blanks, among them one line break; returns whether there was one.
    fn blanks(&mut self) -> bool {
        let start = self.at;
        while self.at - start < 4 && self.one_of(&[' ', '\t', '\u{a0}', '\u{202f}', '\n', '\r']).is_some() {}
        self.at > start
    }

    /// A number of at most so many digits that goes no further.
    fn number(&mut self, digits: usize) -> Option<i16> {
        let rest = self.text.get(self.at..)?;
        let len = rest.bytes().take(digits + 1).take_while(u8::is_ascii_digit).count();
        let number = rest.get(..len).filter(|_| (1..=digits).contains(&len))?.parse().ok()?;
        self.at += len;
        Some(number)
    }

    fn year(&mut self) -> Option<i16> {
        let before = self.at;
        let year = self.number(4).filter(|year| (1900..2100).contains(year));
        if year.is_none() {
            self.at = before;
        }
        year
    }

    /// `–27` or `-27`.
    fn range_end(&mut self) -> Option<i16> {
        let before = *self;
        self.blanks();
        let last = self.one_of(&['-', '–']).and_then(|_| {
            self.blanks();
            self.number(2)
        });
        match last {
            Some(_) => self.ordinal(),
            None => *self = before,
        }
        last
    }

    fn ordinal(&mut self) {
        self.word_of(&["st", "nd", "rd", "th", "er", "го"]);
        self.one_of(&['º']);
    }

    /// Skips a word if it is one of these.
    fn word_of(&mut self, expected: &[&str]) -> bool {
        let word = self.word();
        let is_expected = expected.contains(&word);
        if is_expected {
            self.at += word.len();
        }
        is_expected
    }

    /// The letters that follow; nothing if they are too many to matter.
    fn word(&self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut len = 0;
        for (count, letter) in rest.chars().take_while(|letter| letter.is_alphabetic()).enumerate() {
            if count == WORD_MAX {
                return "";
            }
            len += letter.len_utf8();
        }
        rest.get(..len).unwrap_or_default()
    }

    /// The name of a month.
    fn month(&mut self) -> Option<i16> {
        let word = self.word();
        let name = word.to_lowercase();
        let index = MONTHS.binary_search_by_key(&name.as_str(), |(name, _)| name).ok()?;
        self.at += word.len();
        MONTHS.get(index).map(|(_, month)| i16::from(*month))
    }
}

fn days(year: i16, month: i16, first: i16, last: Option<i16>) -> Option<Meaning> {
    let first = civil(year, month, first)?;
    match last {
        None => Some(Meaning::Day(first)),
        Some(last) => civil(year, month, last).filter(|last| *last > first).map(|last| Meaning::Days(first, last)),
    }
}

fn month_of(year: i16, month: i16) -> Option<Meaning> {
    (1..=12).contains(&month).then(|| i8::try_from(month).ok())?.map(|month| Meaning::Month(year, month))
}

fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The day of the week that stands just before a place: `Fri, `, `Monday `.
fn weekday_before(text: &str, at: usize) -> Option<Weekday> {
    let start = text.floor_char_boundary(at.saturating_sub(16));
    let before = text.get(start..at)?.trim_end_matches([' ', ',', '.', '\u{a0}']);
    let word_start = before.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |end| end + 1);
    let word = before.get(word_start..).or_else(|| before.split_whitespace().next_back())?.to_ascii_lowercase();
    Some(match word.as_str() {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tues" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

fn follows_digit(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
}

/// Chinese and Japanese are written without blanks, so that a date may follow any of their characters.
fn is_han(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::dates;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> =
            dates(text).0.iter().map(|date| format!("{} = {}", &text[date.range.clone()], date.date)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn common_forms_are_read() {
        check("on 2024-03-25T10:00Z.", &["2024-03-25 = 2024-03-25"]);
        check("25 March 2024", &["25 March 2024 = 2024-03-25"]);
        check("Published 5th of May, 2021 here", &["5th of May, 2021 = 2021-05-05"]);
        check("Ottawa, March 26, 2024", &["March 26, 2024 = 2024-03-26"]);
        check("Mar. 3rd 2024; Sept 9, 2020", &["Mar. 3rd 2024 = 2024-03-03", "Sept 9, 2020 = 2020-09-09"]);
        check("In May 2021 and March, 2022", &["May 2021 = 2021-05", "March, 2022 = 2022-03"]);
        check(
            "25–27 March 2024 or June 3-5, 2019",
            &["25–27 March 2024 = 2024-03-25/2024-03-27", "June 3-5, 2019 = 2019-06-03/2019-06-05"],
        );
        check("am 25. März 2024, le 1er mars 2024", &["25. März 2024 = 2024-03-25", "1er mars 2024 = 2024-03-01"]);
        check(
            "25 марта 2024 года; 25 de marzo de 2024",
            &["25 марта 2024 = 2024-03-25", "25 de marzo de 2024 = 2024-03-25"],
        );
        check("外交部2024年3月25日表示，2023年7月", &["2024年3月25日 = 2024-03-25", "2023年7月 = 2023-07"]);
        check(
            "29.03.2024, 29/03/2024, 03/29/2024",
            &["29.03.2024 = 2024-03-29", "29/03/2024 = 2024-03-29", "03/29/2024 = 2024-03-29"],
        );
    }

    #[test]
    fn a_day_of_the_week_decides_between_two_days() {
        check("03/04/2024", &["03/04/2024 = 2024-XX-XX"]);
        check("Mon, 03/04/2024", &["03/04/2024 = 2024-03-04"]);
        check("Wed, 03/04/2024", &["03/04/2024 = 2024-04-03"]);
        assert!(dates("Friday, 25 March 2024").0[0].contradicted_by.is_some());
        assert!(dates("Monday, 25 March 2024").0[0].contradicted_by.is_none());
    }

    #[test]
    fn what_is_no_date_is_left_out() {
        for text in [
            "30 February 2024",
            "on 15 July",
            "may 2024",
            "1.2.3.2024",
            "version 10.12.2024.1",
            "192.168.20.24",
            "2024-13-01",
            "25 Marching 2024",
            "March 25",
            "12345-01-01",
            "25March2024",
            "20240325",
            "1850-01-01",
            "a2024-01-01",
            "in 2024",
            "Section 4 May 12",
        ] {
            check(text, &[]);
        }
    }
}
