//! From HTML to tags and text, every one a range of the source.
//!
//! Follows the states of the WHATWG HTML Standard, section 13.2.5, as far as they decide where a tag, a comment or
//! a text begins and ends. Everything is HTML, however broken: there is no error. Each character is looked at a
//! bounded number of times, so that the time grows with the length and with nothing else.

use std::ops::Range;

/// Attributes of one tag that are kept, at most.
const ATTRIBUTES_MAX: usize = 64;

/// Letters of the name of an element that are kept, at most; no element that matters has more.
const NAME_MAX: usize = 24;

/// What is next in the source.
#[derive(Debug, PartialEq)]
pub(crate) enum Token {
    /// Text, in which entities are still to be decoded.
    Text(Range<usize>),
    /// A start tag, its range in the source. Its name and attributes are those of the tokens.
    Start(Range<usize>),
    /// An end tag.
    End(Range<usize>),
}

/// An attribute of a start tag: name and value, without quotes, as ranges of the source.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// The tokens of a source, one after the other.
pub(crate) struct Tokens<'t> {
    source: &'t str,
    at: usize,
    /// Name of the last tag, in lower case.
    pub(crate) name: String,
    /// Attributes of the last start tag.
    pub(crate) attributes: Vec<Attribute>,
    /// The element whose content is text until its end tag.
    raw_until: Option<&'static str>,
    /// Whether a tag had more attributes than are kept.
    pub(crate) is_cut: bool,
}

/// Elements whose content is no markup, up to their end tag (section 13.2.6.2, 13.2.6.4).
const RAW: [&str; 9] = ["iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"];

impl<'t> Tokens<'t> {
    pub(crate) fn of(source: &'t str) -> Self {
        Self { source, at: 0, name: String::new(), attributes: Vec::new(), raw_until: None, is_cut: false }
    }

    /// Returns the value of an attribute of the last start tag, as it is written.
    pub(crate) fn attribute(&self, name: &str) -> Option<Range<usize>> {
        let is_named = |attribute: &&Attribute| {
            self.source.get(attribute.name.clone()).is_some_and(|written| written.eq_ignore_ascii_case(name))
        };
        self.attributes.iter().find(is_named).map(|attribute| attribute.value.clone())
    }

    /// Returns the next token; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Token> {
        if let Some(name) = self.raw_until.take() {
            let end = self.raw_end(name);
            let range = self.at..end;
            self.at = end;
            if !range.is_empty() {
                return Some(Token::Text(range));
            }
        }
        loop {
            let start = self.at;
            let rest = self.source.get(start..).filter(|rest| !rest.is_empty())?;
            let mut bytes = rest.bytes().skip(1);
            let second = bytes.next();
            if !rest.starts_with('<') || !begins_markup(second, bytes.next()) {
                return Some(self.text(start));
            }
            match second {
                Some(b'!') => self.at = self.declaration_end(start),
                Some(b'?') => self.at = self.after(start + 2, ">"),
                Some(b'/') if !self.byte(start + 2).is_ascii_alphabetic() => self.at = self.after(start + 2, ">"),
                Some(b'/') => {
                    self.tag(start + 2);
                    return Some(Token::End(start..self.at));
                }
                _ => {
                    self.tag(start + 1);
                    self.raw_until = RAW.iter().find(|raw| **raw == self.name).copied();
                    return Some(Token::Start(start..self.at));
                }
            }
        }
    }

    /// Text up to the next `<` that begins markup.
    fn text(&mut self, start: usize) -> Token {
        let mut from = start;
        self.at = loop {
            let Some(found) = self.source.get(from..).and_then(|rest| rest.find('<')) else { break self.source.len() };
            let at = from + found;
            let (second, third) = (self.byte(at + 1), self.byte(at + 2));
            if begins_markup(Some(second), Some(third)) {
                break at;
            }
            from = at + 1;
        };
        Token::Text(start..self.at)
    }

    /// The end of `<!…>`: of a comment (section 13.2.5.43 onwards) or of anything else.
    fn declaration_end(&self, start: usize) -> usize {
        let Some(comment) = self.source.get(start..).and_then(|rest| rest.strip_prefix("<!--")) else {
            return self.after(start + 2, ">");
        };
        if comment.starts_with('>') {
            return start + 5;
        }
        if comment.starts_with("->") {
            return start + 6;
        }
        let mut from = start + 4;
        while let Some(found) = self.source.get(from..).and_then(|rest| rest.find("--")) {
            let at = from + found;
            match (self.byte(at + 2), self.byte(at + 3)) {
                (b'>', _) => return at + 3,
                (b'!', b'>') => return at + 4,
                _ => from = at + 1,
            }
        }
        self.source.len()
    }

    /// Reads name and attributes of a tag whose name begins at an offset, and goes behind it.
    fn tag(&mut self, start: usize) {
        self.name.clear();
        self.attributes.clear();
        let end = self.skip_while(start, |byte| !is_space(byte) && !matches!(byte, b'/' | b'>'));
        let name = self.source.get(start..end).unwrap_or_default();
        let kept = name.get(..name.floor_char_boundary(NAME_MAX)).unwrap_or_default();
        self.name.push_str(kept);
        self.name.make_ascii_lowercase();
        self.at = end;
        while self.attribute_or_end() {}
    }

    /// Reads one attribute, or the end of the tag; returns whether there may be more attributes.
    fn attribute_or_end(&mut self) -> bool {
        let start = self.skip_while(self.at, |byte| is_space(byte) || byte == b'/');
        if start >= self.source.len() || self.byte(start) == b'>' {
            self.at = (start + 1).min(self.source.len());
            return false;
        }
        // A `=` where a name should begin is part of the name.
        let name_end = self.skip_while(start + 1, |byte| !is_space(byte) && !matches!(byte, b'/' | b'>' | b'='));
        let equals = self.skip_while(name_end, is_space);
        let value = if equals < self.source.len() && self.byte(equals) == b'=' {
            let begin = self.skip_while(equals + 1, is_space);
            match self.byte(begin) {
                quote @ (b'"' | b'\'') => {
                    let end = self.skip_while(begin + 1, |byte| byte != quote);
                    self.at = (end + 1).min(self.source.len());
                    (begin + 1).min(end)..end
                }
                _ => {
                    let end = self.skip_while(begin, |byte| !is_space(byte) && byte != b'>');
                    self.at = end;
                    begin..end
                }
            }
        } else {
            self.at = name_end;
            name_end..name_end
        };
        if self.attributes.len() < ATTRIBUTES_MAX {
            self.attributes.push(Attribute { name: start..name_end, value });
        } else {
            self.is_cut = true;
        }
        true
    }

    /// Where the end tag of an element with raw content begins; the end if there is none.
    fn raw_end(&self, name: &str) -> usize {
        let mut from = self.at;
        while let Some(found) = self.source.get(from..).and_then(|rest| rest.find("</")) {
            let at = from + found;
            let rest = self.source.as_bytes().get(at + 2..).unwrap_or_default();
            let is_name = rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
            let next = rest.get(name.len()).copied().unwrap_or(b'>');
            if is_name && name != "plaintext" && (is_space(next) || matches!(next, b'/' | b'>')) {
                return at;
            }
            from = at + 2;
        }
        self.source.len()
    }

    fn after(&self, from: usize, what: &str) -> usize {
        let found = self.source.get(from..).and_then(|rest| rest.find(what));
        found.map_or(self.source.len(), |found| from + found + what.len())
    }

    fn skip_while(&self, from: usize, is_part: impl Fn(u8) -> bool) -> usize {
        let rest = self.source.as_bytes().get(from..).unwrap_or_default();
        let len = rest.iter().position(|byte| !is_part(*byte)).unwrap_or(rest.len());
        (from + len).min(self.source.len())
    }

    /// The byte at an offset; behind the end, one that means nothing.
    fn byte(&self, at: usize) -> u8 {
        self.source.as_bytes().get(at).copied().unwrap_or(b' ')
    }
}

/// Whether `<` and these bytes begin a tag, a comment or a declaration.
fn begins_markup(second: Option<u8>, third: Option<u8>) -> bool {
    match second {
        Some(b'!' | b'?') => true,
        Some(b'/') => third.is_some_and(|byte| !is_space(byte)),
        Some(byte) => byte.is_ascii_alphabetic(),
        None => false,
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens};

    fn check(source: &str, expected: &[&str]) {
        let mut tokens = Tokens::of(source);
        let mut found = Vec::new();
        while let Some(token) = tokens.next() {
            found.push(match token {
                Token::Text(range) => source[range].to_owned(),
                Token::End(_) => format!("</{}>", tokens.name),
                Token::Start(_) => {
                    let attributes = tokens.attributes.iter();
                    let written =
                        attributes.map(|one| format!(" {}={}", &source[one.name.clone()], &source[one.value.clone()]));
                    format!("<{}{}>", tokens.name, written.collect::<String>())
                }
            });
        }
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn tags_and_text_are_told_apart() {
        check("<P Class=x>a</p >b", &["<p Class=x>", "a", "</p>", "b"]);
        check("<a href='1>2' x = \"y\" z>t", &["<a href=1>2 x=y z=>", "t"]);
        check("a < b <3 </ c <", &["a < b <3 </ c <"]);
        check("x<!-- <p> -- > --!>y<!-->z<!DOCTYPE html><?php 1 ?>", &["x", "y", "z"]);
        check("<br/><img src=a/b>", &["<br>", "<img src=a/b>"]);
        check("</>x</1>y", &["x", "y"]);
    }

    #[test]
    fn raw_content_is_no_markup() {
        check("<script>if (a<b) '</p>'</SCRIPT >x", &["<script>", "if (a<b) '</p>'", "</script>", "x"]);
        check("<title>a <b> c</title>", &["<title>", "a <b> c", "</title>"]);
        check("<style></style><plaintext></plaintext>", &["<style>", "</style>", "<plaintext>", "</plaintext>"]);
    }

    #[test]
    fn what_does_not_end_ends_with_the_source() {
        check("<p class=\"a", &["<p class=a>"]);
        check("<p class=\"", &["<p class=>"]);
        check("<p", &["<p>"]);
        check("a<!-- b", &["a"]);
        check("<script>a", &["<script>", "a"]);
        check("<a =x>", &["<a =x=>"]);
    }
}
