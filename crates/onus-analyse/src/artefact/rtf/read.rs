//! Goes through the parts of a document once and keeps what tells its origin; groups are counted, not nested.

use std::{collections::BTreeMap, ops::Range};

use jiff::civil;

use super::{
    decode,
    token::{Token, Tokens},
};
use crate::artefact::stamp;

/// Facts, fonts, languages and identifiers of revisions that are kept, at most.
const FACTS_MAX: usize = 2_000;
const FONTS_MAX: usize = 300;
const LANGUAGES_MAX: usize = 200;
const REVISIONS_MAX: usize = 400;

/// Bytes of a text that is kept, at most.
const TEXT_MAX: usize = 8 << 10;

/// The first moment of 1980; what is before stands for no time.
const PLAUSIBLE_MIN: i64 = 315_532_800;

/// Destinations whose text is kept, and how it is called.
const TEXTS: [(&[u8], &str); 19] = [
    (b"title", "title"),
    (b"subject", "subject"),
    (b"author", "author"),
    (b"operator", "operator"),
    (b"manager", "manager"),
    (b"company", "company"),
    (b"category", "category"),
    (b"keywords", "keywords"),
    (b"comment", "comment"),
    (b"doccomm", "comments"),
    (b"hlinkbase", "hyperlink_base"),
    (b"generator", "generator"),
    (b"template", "template"),
    (b"objclass", "objclass"),
    (b"fldinst", "fldinst"),
    (b"atnauthor", "atnauthor"),
    (b"fonttbl", "fonttbl"),
    (b"revtbl", "revtbl"),
    (b"rsidtbl", "rsidtbl"),
];

/// Destinations that are times.
const TIMES: [(&[u8], &str); 4] =
    [(b"creatim", "created"), (b"revtim", "revised"), (b"printim", "printed"), (b"buptim", "backed_up")];

/// A text of the document with what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact {
    pub name: &'static str,
    pub text: String,
    pub range: Range<usize>,
    /// For times, as if they were UTC.
    pub seconds: Option<i64>,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub code_page: Option<(u16, Range<usize>)>,
    pub default_languages: Vec<(&'static str, u16, Range<usize>)>,
    pub languages: BTreeMap<u16, (u64, Range<usize>)>,
    pub facts: Vec<Fact>,
    pub fonts: Vec<(String, i32, Range<usize>)>,
    pub revisions: Option<(Vec<u32>, Range<usize>)>,
    pub revision_root: Option<u32>,
    pub objects: Option<(u64, Range<usize>)>,
    pub faults: Vec<(&'static str, Range<usize>)>,
    pub is_cut: bool,
}

/// A destination that is being read.
#[derive(Clone, Debug)]
struct Capture {
    name: &'static str,
    depth: usize,
    start: usize,
    text: String,
    bytes: Vec<u8>,
    charset: i32,
    fields: [Option<i32>; 6],
    is_time: bool,
}

/// Where the reader is.
struct State {
    depth: usize,
    opened: usize,
    capture: Option<Capture>,
    /// Bytes that stand for a character that was read already, after `\u`.
    to_skip: usize,
    skip_len: usize,
}

impl Reading {
    /// Reads a document.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut reading = Self::default();
        let mut state = State { depth: 0, opened: 0, capture: None, to_skip: 0, skip_len: 1 };
        let mut tokens = Tokens::of(bytes);
        let mut at = 0;
        while let Some(token) = tokens.next() {
            match token {
                Token::Open => {
                    (state.depth, state.opened, state.to_skip) = (state.depth + 1, at, 0);
                }
                Token::Close => {
                    state.to_skip = 0;
                    if state.capture.as_ref().is_some_and(|capture| capture.depth == state.depth) {
                        reading.finish(state.capture.take(), tokens.at());
                    }
                    if state.depth == 0 {
                        reading.faults.push(("a group is closed that was not opened", at..tokens.at()));
                        break;
                    }
                    state.depth -= 1;
                    if state.depth == 0 {
                        break;
                    }
                }
                Token::Word(b"bin", len) => {
                    tokens.pass_over(usize::try_from(len.unwrap_or_default()).unwrap_or_default());
                }
                Token::Word(word, number) => reading.word(word, number, at..tokens.at(), &mut state),
                Token::Byte(byte) => reading.byte(byte, tokens.at(), &mut state),
                Token::Symbol(_) => {}
            }
            at = tokens.at();
        }
        if state.depth > 0 {
            reading.faults.push(("the document breaks off inside a group", bytes.len()..bytes.len()));
            reading.finish(state.capture.take(), bytes.len());
        }
        reading
    }

    fn word(&mut self, word: &[u8], number: Option<i32>, range: Range<usize>, state: &mut State) {
        let unsigned = number.and_then(|number| u16::try_from(number).ok());
        match (word, unsigned) {
            (b"ansicpg", Some(page)) => self.code_page = self.code_page.take().or(Some((page, range))),
            (b"deflang", Some(language)) => self.default_language("deflang", language, range),
            (b"deflangfe", Some(language)) => self.default_language("deflangfe", language, range),
            (b"lang" | b"langfe" | b"langnp" | b"langfenp", Some(language)) => self.language(language, range),
            (b"uc", Some(len)) => state.skip_len = usize::from(len),
            (b"u", _) => self.unicode(number.unwrap_or_default(), state),
            (b"objdata", _) => self.objects.get_or_insert((0, range)).0 += 1,
            (b"rsid" | b"rsidroot" | b"insrsid", _) => self.revision(word, number, range),
            (b"par" | b"line" | b"tab", _) => self.byte(b' ', range.end, state),
            _ => self.destination(word, number, state),
        }
    }

    fn default_language(&mut self, word: &'static str, language: u16, range: Range<usize>) {
        if self.default_languages.len() < 8 {
            self.default_languages.push((word, language, range));
        }
    }

    fn language(&mut self, language: u16, range: Range<usize>) {
        if self.languages.len() < LANGUAGES_MAX || self.languages.contains_key(&language) {
            self.languages.entry(language).or_insert((0, range)).0 += 1;
        }
    }

    fn revision(&mut self, word: &[u8], number: Option<i32>, range: Range<usize>) {
        let Some(number) = number.map(i32::cast_unsigned) else { return };
        match word {
            b"rsidroot" => self.revision_root = Some(number),
            b"rsid" => {
                let (ids, _) = self.revisions.get_or_insert((Vec::new(), range));
                if ids.len() < REVISIONS_MAX {
                    ids.push(number);
                }
            }
            _ => {}
        }
    }

    /// A word that may begin a destination, or belong to the one that is being read.
    fn destination(&mut self, word: &[u8], number: Option<i32>, state: &mut State) {
        if let Some(capture) = &mut state.capture {
            let field = match word {
                b"yr" => 0,
                b"mo" => 1,
                b"dy" => 2,
                b"hr" => 3,
                b"min" => 4,
                b"sec" => 5,
                b"fcharset" => {
                    capture.charset = number.unwrap_or_default();
                    return;
                }
                _ => return,
            };
            if let Some(field) = capture.fields.get_mut(field) {
                *field = number;
            }
            return;
        }
        let name =
            |table: &[(&[u8], &'static str)]| table.iter().find(|(known, _)| *known == word).map(|(_, name)| *name);
        let (text, time) = (name(&TEXTS), name(&TIMES));
        if let Some(name) = text.or(time) {
            state.capture = Some(Capture {
                name,
                depth: state.depth,
                start: state.opened,
                text: String::new(),
                bytes: Vec::new(),
                charset: 0,
                fields: [None; 6],
                is_time: time.is_some(),
            });
            return;
        }
        let name = match word {
            b"edmins" => "editing_minutes",
            b"version" => "revision",
            b"vern" => "word_version",
            _ => return,
        };
        if let Some(number) = number {
            let range = state.opened..state.opened + 1;
            self.push(Fact { name, text: number.to_string(), range, seconds: None });
        }
    }

    fn byte(&mut self, byte: u8, end: usize, state: &mut State) {
        if state.to_skip > 0 {
            state.to_skip -= 1;
            return;
        }
        let page = self.code_page.as_ref().map(|(page, _)| *page);
        let Some(capture) = &mut state.capture else { return };
        let is_list = matches!(capture.name, "fonttbl" | "revtbl");
        if byte == b';' && is_list {
            let page = if capture.name == "fonttbl" { page_of_charset(capture.charset).or(page) } else { page };
            let text = capture.take_text(page);
            let range = capture.start..end;
            capture.start = end;
            if capture.name == "revtbl" {
                self.push(Fact { name: "revision_author", text, range, seconds: None });
            } else if self.fonts.len() < FONTS_MAX {
                self.fonts.push((text.trim().to_owned(), capture.charset, range));
            } else {
                self.is_cut = true;
            }
        } else if capture.bytes.len() + capture.text.len() < TEXT_MAX {
            capture.bytes.push(byte);
        }
    }

    fn unicode(&mut self, number: i32, state: &mut State) {
        state.to_skip = state.skip_len;
        let page = self.code_page.as_ref().map(|(page, _)| *page);
        let Some(capture) = &mut state.capture else { return };
        // Numbers above 32767 are written as negative ones.
        let code = u32::try_from(if number < 0 { number.saturating_add(65_536) } else { number }).unwrap_or_default();
        if capture.text.len() < TEXT_MAX {
            let before = decode(page, &std::mem::take(&mut capture.bytes));
            capture.text.push_str(&before);
            capture.text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }

    /// Takes what a destination held when its group ends.
    fn finish(&mut self, capture: Option<Capture>, end: usize) {
        let Some(mut capture) = capture else { return };
        let page = self.code_page.as_ref().map(|(page, _)| *page);
        let (name, range) = (capture.name, capture.start..end);
        if capture.is_time {
            let Some((text, seconds)) = capture.time() else { return };
            self.push(Fact { name, text, range, seconds });
        } else if !matches!(name, "fonttbl" | "revtbl" | "rsidtbl") {
            let text = capture.take_text(page);
            self.push(Fact { name, text, range, seconds: None });
        }
    }

    fn push(&mut self, fact: Fact) {
        if self.facts.len() < FACTS_MAX {
            self.facts.push(fact);
        } else {
            self.is_cut = true;
        }
    }
}

impl Capture {
    fn take_text(&mut self, page: Option<u16>) -> String {
        let mut text = std::mem::take(&mut self.text);
        text.push_str(&decode(page, &std::mem::take(&mut self.bytes)));
        text
    }

    fn time(&self) -> Option<(String, Option<i64>)> {
        let [year, month, day, hour, minute, second] = self.fields;
        let small = |field: Option<i32>| i8::try_from(field.unwrap_or_default()).ok();
        let year = i16::try_from(year?).ok()?;
        let time =
            civil::DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0)
                .ok()?;
        let seconds = stamp::as_if_utc(time).filter(|seconds| *seconds > PLAUSIBLE_MIN);
        Some((time.to_string(), seconds))
    }
}

/// The code page of a character set of a font.
pub(super) fn page_of_charset(charset: i32) -> Option<u16> {
    Some(match charset {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Reading;

    #[test]
    fn facts_are_read_in_the_code_page_of_the_document() {
        let text = b"{\\rtf1\\ansi\\ansicpg1251\\deflang1049{\\info{\\author \\'c0\\u1085?\\'ed\\'e0}\
                     {\\creatim\\yr2024\\mo3\\dy25\\hr10}}{\\fonttbl{\\f0\\fcharset204 Arial;}}}";
        let reading = Reading::of(text);
        let facts: Vec<_> = reading.facts.iter().map(|fact| (fact.name, fact.text.as_str())).collect();
        assert_eq!(facts, [("author", "Анна"), ("created", "2024-03-25T10:00:00")]);
        assert_eq!(reading.fonts[0].0, "Arial");
        assert!(reading.faults.is_empty());
    }

    #[test]
    fn deep_groups_and_broken_ones_end() {
        assert_eq!(Reading::of(&b"{".repeat(1_000_000)).faults.len(), 1);
        assert_eq!(Reading::of(b"{\\rtf1}}").faults.len(), 0);
        assert_eq!(Reading::of(b"}").faults.len(), 1);
        assert_eq!(Reading::of(b"{\\rtf1\\bin99999999").faults.len(), 1);
    }
}
