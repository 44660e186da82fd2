//! What is said of any document once its text is known: language, paragraphs, dates, hidden characters.

use std::ops::Range;

use super::{
    date::{self, DATES_MAX, Written},
    decoded::{DECODE_MAX, Decoded, FAULTS_MAX},
    hidden::{self, HIDDEN_MAX, Hidden},
    reading::Reading,
};
use crate::{Finding, Findings};

/// Bytes at the beginning of the text by which the language is told, at most.
const LANGUAGE_MAX: usize = 2 << 10;

/// Letters without which no language is told.
const LANGUAGE_LETTERS_MIN: usize = 40;

/// Confidence, from 0 to 1, below which no language is told: texts of several languages, lists, codes.
const LANGUAGE_CONFIDENCE_MIN: f64 = 0.6;

/// Characters at the beginning in which a date can be that of the publication.
const PUBLICATION_MAX: usize = 700;

/// Characters of a line that holds little more than a date, at most.
const DATE_LINE_MAX: usize = 100;

/// Code points that are listed for one run of hidden characters, at most.
const CODE_POINTS_MAX: usize = 32;

/// An observation made elsewhere, to be put in order by where it stands in the exhibit.
pub(crate) struct Elsewhere {
    /// Offset in the exhibit.
    pub(crate) offset: u64,
    /// The observation.
    pub(crate) finding: Finding,
}

/// Says what could not be decoded.
pub(crate) fn faults(source: &Decoded<'_>, findings: &mut Findings) {
    for fault in &source.faults {
        findings.add(Finding::malformed("bytes that are no character of the encoding").at(*fault));
    }
    if source.has_more_faults {
        let what = format!("places after the first {FAULTS_MAX} that are no characters of the encoding");
        findings.add(Finding::limit(what));
    }
    if source.is_cut {
        findings.add(Finding::limit(format!("decoded are the first {DECODE_MAX} bytes")));
    }
}

/// Says which language the beginning is written in, as far as that can be told.
pub(crate) fn language(reading: &Reading<'_>, findings: &mut Findings) {
    let text = reading.text();
    let sample = text.get(..text.floor_char_boundary(LANGUAGE_MAX)).unwrap_or_default();
    if sample.chars().filter(|c| c.is_alphabetic()).take(LANGUAGE_LETTERS_MIN).count() < LANGUAGE_LETTERS_MIN {
        return;
    }
    if let Some(told) = whatlang::detect(sample).filter(|told| told.confidence() >= LANGUAGE_CONFIDENCE_MIN) {
        findings.add(
            Finding::new("text_language", told.lang().code())
                .with("name", told.lang().eng_name())
                .with("script", told.script().name())
                .with("confidence", format!("{:.2}", told.confidence())),
        );
    }
}

/// Says every paragraph, and after it the dates and the hidden characters in it.
///
/// `elsewhere` must be sorted by offset; its observations are put between the paragraphs.
pub(crate) fn paragraphs(reading: &Reading<'_>, elsewhere: Vec<Elsewhere>, findings: &mut Findings) {
    let (dates, has_more_dates) = date::dates(reading.text());
    let (hidden, has_more_hidden) = hidden::hidden(reading.text());
    let candidate = candidate(reading, &dates);
    let mut dates = dates.iter().enumerate().peekable();
    let mut hidden = hidden.iter().peekable();
    let mut elsewhere = elsewhere.into_iter().peekable();
    for paragraph in &reading.paragraphs {
        if findings.is_full() {
            return;
        }
        let locus = reading.locus(&paragraph.range);
        while let Some(one) = elsewhere.next_if(|one| one.offset < locus.offset) {
            findings.add(one.finding);
        }
        let text = Finding::new("text", reading.slice(&paragraph.range)).at(locus);
        findings.add(text.with_some("part", paragraph.part));
        let end = paragraph.range.end;
        while let Some((index, date)) = dates.next_if(|(_, date)| date.range.start < end) {
            let role = if candidate == Some(index) { "publication_candidate" } else { "mentioned" };
            findings.add(date_finding(reading, date, role).with_some("part", paragraph.part));
        }
        while let Some(one) = hidden.next_if(|one| one.range.start < end) {
            findings.add(hidden_finding(reading, one));
        }
    }
    elsewhere.for_each(|one| findings.add(one.finding));
    if has_more_dates {
        findings.add(Finding::limit(format!("dates after the first {DATES_MAX} are left out")));
    }
    if has_more_hidden {
        findings.add(Finding::limit(format!("hidden characters after the first {HIDDEN_MAX} places are left out")));
    }
}

/// The date that may be that of the publication: among the days near the beginning of the main text, the first that
/// stands on a short line, otherwise the first.
fn candidate(reading: &Reading<'_>, dates: &[Written]) -> Option<usize> {
    let text = reading.text();
    let main = reading.paragraphs.iter().find(|paragraph| matches!(paragraph.part, None | Some("header")))?;
    let start = main.range.start;
    let rest = text.get(start..)?;
    let end = rest.char_indices().nth(PUBLICATION_MAX).map_or(text.len(), |(at, _)| start + at);
    let near = || {
        let first = dates.partition_point(|date| date.range.start < start);
        let near = dates.iter().enumerate().skip(first).take_while(|(_, date)| date.range.start < end);
        near.filter(|(_, date)| date.date.is_day() && is_main(reading, &date.range))
    };
    let on_short_line = near().find(|(_, date)| line_len(text, &date.range) <= DATE_LINE_MAX);
    on_short_line.or_else(|| near().next()).map(|(index, _)| index)
}

/// Whether a range stands in the main text or in its header, not in the parts around it.
fn is_main(reading: &Reading<'_>, range: &Range<usize>) -> bool {
    let index = reading.paragraphs.partition_point(|paragraph| paragraph.range.end <= range.start);
    reading.paragraphs.get(index).is_some_and(|paragraph| matches!(paragraph.part, None | Some("header")))
}

/// The number of characters, up to one more than matters, of the line that a range stands on.
fn line_len(text: &str, range: &Range<usize>) -> usize {
    let count = |characters: &mut dyn Iterator<Item = char>| {
        characters.take(DATE_LINE_MAX + 1).take_while(|c| !matches!(c, '\n' | '\r')).count()
    };
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.start..).unwrap_or_default();
    count(&mut before.chars().rev()) + count(&mut after.chars())
}

fn date_finding(reading: &Reading<'_>, date: &Written, role: &'static str) -> Finding {
    let written = reading.slice(&date.range);
    let contradicted = date.contradicted_by.map(|weekday| format!("{weekday:?}").to_lowercase());
    Finding::new("date", date.date.as_str())
        .at(reading.locus(&date.range))
        .with("role", role)
        .with("written", written)
        .with_some("weekday_written", contradicted)
}

fn hidden_finding(reading: &Reading<'_>, hidden: &Hidden) -> Finding {
    let characters = reading.slice(&hidden.range);
    let points: Vec<String> =
        characters.chars().take(CODE_POINTS_MAX).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let word = if hidden.class == "mixed_scripts" { characters } else { "" };
    Finding::new("hidden_characters", hidden.class)
        .at(reading.locus(&hidden.range))
        .with("code_points", points.join(" "))
        .with("count", characters.chars().count().to_string())
        .with("word", word)
}
