//! Plain text, in UTF-8 or in UTF-16 with a byte order mark.

use super::{date, decoded::Decoded, describe, reading::Reading};
use crate::{Analyser, FileType, Finding, Findings, Subject, TextEncoding};

/// Characters of a line that can be a title, at most.
const TITLE_MAX: usize = 200;

/// Letters of a title outside dates, at least: more than the short name of a day.
const TITLE_LETTERS_MIN: usize = 4;

/// Lines of the first paragraph, if its first line can be a title, at most.
const TITLE_LINES_MAX: usize = 3;

/// Reads plain text, and text in formats that no other analyser reads.
pub(crate) const TEXT: Analyser = Analyser {
    id: "text",
    version: 1,
    reads: |file_type| file_type.encoding.is_some() && !file_type.is_json(),
    observe,
};

fn observe(subject: &Subject<'_>, file_type: &FileType, findings: &mut Findings) {
    let encoding = file_type.encoding.unwrap_or(TextEncoding::Utf8);
    let source = Decoded::of(whole_characters(subject, encoding), encoding.mark_len(), encoding_of(encoding));
    let has_mark = if encoding.mark_len() > 0 { "true" } else { "" };
    findings.add(Finding::new("encoding", encoding.name()).with("byte_order_mark", has_mark));
    describe::faults(&source, findings);
    observe_line_endings(source.text(), findings);
    let reading = Reading::of_text(source);
    describe::language(&reading, findings);
    observe_title(&reading, findings);
    describe::paragraphs(&reading, Vec::new(), findings);
}

fn encoding_of(encoding: TextEncoding) -> &'static encoding_rs::Encoding {
    match encoding {
        TextEncoding::Utf8 | TextEncoding::Utf8WithMark => encoding_rs::UTF_8,
        TextEncoding::Utf16Le => encoding_rs::UTF_16LE,
        TextEncoding::Utf16Be => encoding_rs::UTF_16BE,
    }
}

/// The bytes, less a character at the end that is cut in two because the exhibit is longer than what is read.
fn whole_characters<'a>(subject: &Subject<'a>, encoding: TextEncoding) -> &'a [u8] {
    let bytes = subject.bytes;
    let is_utf8 = matches!(encoding, TextEncoding::Utf8 | TextEncoding::Utf8WithMark);
    match std::str::from_utf8(bytes) {
        Err(error) if is_utf8 && !subject.is_whole() && error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).unwrap_or_default()
        }
        _ => bytes,
    }
}

/// How lines end, as counts of each way.
fn observe_line_endings(text: &str, findings: &mut Findings) {
    let (mut lf, mut crlf, mut cr) = (0_u64, 0_u64, 0_u64);
    let mut before = 0;
    for byte in text.bytes() {
        match (before, byte) {
            (b'\r', b'\n') => (crlf, cr) = (crlf + 1, cr - 1),
            (_, b'\n') => lf += 1,
            (_, b'\r') => cr += 1,
            _ => {}
        }
        before = byte;
    }
    let value = match (lf > 0, crlf > 0, cr > 0) {
        (false, false, false) => "none",
        (true, false, false) => "lf",
        (false, true, false) => "crlf",
        (false, false, true) => "cr",
        _ => "mixed",
    };
    let count = |count: u64| (count > 0).then(|| count.to_string());
    findings.add(
        Finding::new("line_endings", value)
            .with_some("lf", count(lf))
            .with_some("crlf", count(crlf))
            .with_some("cr", count(cr)),
    );
}

/// The first line, if it looks like a title: short, no sentence, more follows, and not only a date.
fn observe_title(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(first) = reading.paragraphs.first() else { return };
    let paragraph = reading.slice(&first.range);
    let line = paragraph.lines().next().unwrap_or_default().trim_end();
    let is_short = line.chars().take(TITLE_MAX + 1).count() <= TITLE_MAX;
    let has_more = reading.paragraphs.len() > 1 || paragraph.lines().nth(1).is_some();
    let is_heading = is_short && has_more && paragraph.lines().take(TITLE_LINES_MAX + 1).count() <= TITLE_LINES_MAX;
    let is_sentence = line.ends_with(['.', ';', ':', ',', '。', '；', '：', '，']);
    if is_heading && has_words(line) && !is_sentence {
        let range = first.range.start..first.range.start + line.len();
        findings.add(Finding::new("title", line).at(reading.locus(&range)).with("from", "first line"));
    }
}

/// Whether there are words beside dates and days of the week.
fn has_words(line: &str) -> bool {
    let (dates, _) = date::dates(line);
    let is_in_date = |at: usize| dates.iter().any(|date| date.range.contains(&at));
    line.char_indices().filter(|(at, c)| c.is_alphabetic() && !is_in_date(*at)).count() >= TITLE_LETTERS_MIN
}
