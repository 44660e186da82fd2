//! The marks and texts of XML, one after the other, without building a tree.
//!
//! Enough for the parts of documents that say who made them. Entities other than the five of XML and characters
//! by number stay as they are; nothing is fetched and nothing declared is expanded.

/// A part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// The beginning of an element.
    Open {
        /// Its name without prefix.
        name: &'a str,
        /// Its attributes as written.
        attributes: &'a str,
        /// Whether it has no content.
        is_empty: bool,
    },
    /// The end of an element, with its name without prefix.
    Close(&'a str),
    /// Text between marks, as written.
    Text(&'a str),
}

/// Returns the parts of a document, in order.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let Some(tag) = rest.strip_prefix('<') else {
                let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
                rest = after;
                return Some(Token::Text(text));
            };
            if let Some(data) = tag.strip_prefix("![CDATA[") {
                let (text, after) = data.split_once("]]>").unwrap_or((data, ""));
                rest = after;
                return Some(Token::Text(text));
            }
            if let Some(ended) = [("!--", "-->"), ("?", "?>"), ("!", ">")].iter().find_map(|(start, end)| {
                tag.strip_prefix(start).map(|inner| inner.split_once(end).map_or("", |(_, after)| after))
            }) {
                rest = ended;
                continue;
            }
            let (inner, after) = tag.split_once('>').unwrap_or((tag, ""));
            rest = after;
            return Some(element(inner));
        }
    })
}

fn element(inner: &str) -> Token<'_> {
    if let Some(name) = inner.strip_prefix('/') {
        return Token::Close(local(name.trim()));
    }
    let is_empty = inner.ends_with('/');
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let (name, attributes) = inner.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((inner, ""));
    Token::Open { name: local(name), attributes, is_empty }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Returns the attributes that are written in a tag: names without prefix, and values.
pub(crate) fn attributes(written: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = written;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after.get(1..)?.split_once(quote)?;
        rest = after;
        Some((local(name.trim()), unescape(value)))
    })
}

/// Returns the value of an attribute, by its name without prefix.
pub(crate) fn attribute(written: &str, name: &str) -> Option<String> {
    attributes(written).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Returns the texts of a document with the elements that they stand in, innermost last.
///
/// Elements deeper than `DEPTH_MAX` are not told apart from the one at that depth.
pub(crate) fn texts(text: &str) -> impl Iterator<Item = (Vec<&str>, String)> {
    const DEPTH_MAX: usize = 32;
    let mut open: Vec<&str> = Vec::new();
    tokens(text).filter_map(move |token| match token {
        Token::Open { name, is_empty: false, .. } => {
            if open.len() < DEPTH_MAX {
                open.push(name);
            }
            None
        }
        Token::Open { .. } => None,
        Token::Close(name) => {
            if let Some(at) = open.iter().rposition(|open| *open == name) {
                open.truncate(at);
            }
            None
        }
        Token::Text(text) => {
            let text = unescape(text.trim());
            (!text.is_empty()).then(|| (open.clone(), text))
        }
    })
}

/// Returns a text with its entities replaced.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after.split_once(';').and_then(|(name, behind)| Some((entity(name)?, behind))) {
            Some((character, behind)) => {
                out.push(character);
                rest = behind;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    match (name, number) {
        ("amp", _) => Some('&'),
        ("lt", _) => Some('<'),
        ("gt", _) => Some('>'),
        ("quot", _) => Some('"'),
        ("apos", _) => Some('\''),
        (_, Some(number)) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, attribute, texts, tokens, unescape};

    #[test]
    fn marks_and_texts_come_in_order() {
        let all: Vec<_> = tokens("<?x?><a b='1'><!-- < -->t<c:d/></a>").collect();
        assert_eq!(all[0], Token::Open { name: "a", attributes: "b='1'", is_empty: false });
        assert_eq!(all[1], Token::Text("t"));
        assert_eq!(all[2], Token::Open { name: "d", attributes: "", is_empty: true });
        assert_eq!(all[3], Token::Close("a"));
        assert_eq!(tokens("<a><![CDATA[<b>]]>").last(), Some(Token::Text("<b>")));
    }

    #[test]
    fn broken_documents_end() {
        assert_eq!(tokens("<").count(), 1);
        assert_eq!(tokens("<!-- never").count(), 0);
        assert_eq!(texts("</a></a>x").count(), 1);
    }

    #[test]
    fn values_are_unescaped() {
        assert_eq!(attribute("w:val=\"a &lt; &#x62;\" x='2'", "val").as_deref(), Some("a < b"));
        assert_eq!(attribute("val=\"open", "val"), None);
        assert_eq!(unescape("&nbsp;&&#1114112;"), "&nbsp;&&#1114112;");
    }

    #[test]
    fn a_text_knows_its_elements() {
        let found: Vec<_> = texts("<p><a>one</a><b/>two</p>").collect();
        assert_eq!(found, [(vec!["p", "a"], "one".to_owned()), (vec!["p"], "two".to_owned())]);
    }
}
