//! What a person would read in a document: paragraphs of text that lead back to the bytes.

use std::ops::Range;

use onus_core::Locus;

use super::decoded::Decoded;
use crate::OBSERVATIONS_MAX;

/// A document as it is read.
pub(crate) struct Reading<'a> {
    /// The document as it is written.
    pub(crate) source: Decoded<'a>,
    /// The text taken from the source; absent where that is all text.
    taken: Option<Taken>,
    /// The paragraphs, as ranges of the text, in the order of the source.
    pub(crate) paragraphs: Vec<Paragraph>,
}

/// One paragraph.
#[derive(Clone, Debug)]
pub(crate) struct Paragraph {
    /// Its range of the text.
    pub(crate) range: Range<usize>,
    /// The part of the page that it stands in, where that is not the main text: `nav`, `hidden`, …
    pub(crate) part: Option<&'static str>,
}

/// Text taken from markup, in pieces.
#[derive(Default)]
pub(crate) struct Taken {
    text: String,
    pieces: Vec<Piece>,
}

/// A run of the text and where it comes from. Offsets are below 2³², as no more than `READ_MAX` bytes are read.
#[derive(Clone, Copy, Debug)]
struct Piece {
    text: u32,
    source: u32,
    /// Length in the source of a piece that stands as a whole for something else; 0 where both are the same, byte by byte.
    source_len: u32,
}

impl Taken {
    /// Appends text that stands in the source just so.
    pub(crate) fn push(&mut self, text: &str, source: usize) {
        let is_next = self.pieces.last().is_some_and(|piece| {
            piece.source_len == 0 && piece.source as usize + (self.text.len() - piece.text as usize) == source
        });
        if !is_next {
            self.pieces.push(Piece { text: narrow(self.text.len()), source: narrow(source), source_len: 0 });
        }
        self.text.push_str(text);
    }

    /// Appends text that stands for a range of the source.
    pub(crate) fn push_for(&mut self, text: &str, source: Range<usize>) {
        let piece = Piece {
            text: narrow(self.text.len()),
            source: narrow(source.start),
            source_len: narrow(source.len().max(1)),
        };
        self.pieces.push(piece);
        self.text.push_str(text);
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn pieces_len(&self) -> usize {
        self.pieces.len()
    }

    /// The source of a range of the text: from the beginning of its first character to the end of its last.
    fn source(&self, range: Range<usize>) -> Range<usize> {
        let start = self.piece(range.start).map_or(0, |piece| piece.start(range.start));
        let end = self.piece(range.end.saturating_sub(1)).map_or(0, |piece| piece.end(range.end));
        start..end.max(start)
    }

    fn piece(&self, offset: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|piece| piece.text as usize <= offset);
        self.pieces.get(index.saturating_sub(1))
    }
}

impl Piece {
    fn start(&self, offset: usize) -> usize {
        let into = if self.source_len == 0 { offset.saturating_sub(self.text as usize) } else { 0 };
        self.source as usize + into
    }

    fn end(&self, offset: usize) -> usize {
        let len =
            if self.source_len == 0 { offset.saturating_sub(self.text as usize) } else { self.source_len as usize };
        self.source as usize + len
    }
}

impl<'a> Reading<'a> {
    /// Reads a document that is all text: paragraphs are separated by empty lines.
    pub(crate) fn of_text(source: Decoded<'a>) -> Self {
        let paragraphs = split(source.text());
        Self { source, taken: None, paragraphs }
    }

    /// Takes what was read from markup.
    pub(crate) fn of_markup(source: Decoded<'a>, taken: Taken, paragraphs: Vec<Paragraph>) -> Self {
        Self { source, taken: Some(taken), paragraphs }
    }

    /// Returns the text; paragraphs are ranges of it.
    pub(crate) fn text(&self) -> &str {
        self.taken.as_ref().map_or_else(|| self.source.text(), Taken::text)
    }

    /// Returns the text of a range.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &str {
        self.text().get(range.clone()).unwrap_or_default()
    }

    /// Returns the place in the exhibit of a range of the text.
    pub(crate) fn locus(&self, range: &Range<usize>) -> Locus {
        let source = self.taken.as_ref().map_or_else(|| range.clone(), |taken| taken.source(range.clone()));
        self.source.locus(source.start, source.end)
    }
}

/// The paragraphs of a text: runs of lines that are not empty, without white space around them.
fn split(text: &str) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    let mut current: Option<Range<usize>> = None;
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\r', '\u{c}', '\u{2029}']) {
        let content = line.trim();
        let is_break = line.ends_with(['\u{c}', '\u{2029}']);
        // The line feed after a carriage return ends no line of its own.
        let is_rest = line == "\n" && text.get(..offset).is_some_and(|before| before.ends_with('\r'));
        if !content.is_empty() {
            let start = offset + (line.len() - line.trim_start().len());
            let end = start + content.len();
            current = Some(current.map_or(start, |range| range.start)..end);
        }
        if is_break || (content.is_empty() && !is_rest) {
            paragraphs.extend(current.take().map(|range| Paragraph { range, part: None }));
        }
        // Each is an observation, so that more than these would not be listed anyway.
        if paragraphs.len() > OBSERVATIONS_MAX {
            return paragraphs;
        }
        offset += line.len();
    }
    paragraphs.extend(current.map(|range| Paragraph { range, part: None }));
    paragraphs
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::split;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = split(text).into_iter().map(|paragraph| &text[paragraph.range]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn empty_lines_separate_paragraphs() {
        check("a\nb\n\nc\n", &["a\nb", "c"]);
        check("a\r\nb\r\n\r\nc", &["a\r\nb", "c"]);
        check("a\rb\r\rc", &["a\rb", "c"]);
        check("\n\n  a \n \t \n\u{a0}b", &["a", "b"]);
        check("a\u{c}b", &["a", "b"]);
        check(" \n ", &[]);
    }
}
