//! Comments and quoted texts of a script, line by line; a quote ends with its line.

use std::ops::Range;

use super::Script;

/// Comments and texts that are kept, at most, of each.
pub(super) const PARTS_MAX: usize = 20_000;

/// Bytes of a text, at least: shorter ones are signs and names.
const TEXT_MIN: usize = 3;

/// Where comments and texts stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// Comments, without their marks.
    pub comments: Vec<Range<usize>>,
    /// Texts, without their quotes.
    pub texts: Vec<Range<usize>>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// How a language marks comments.
struct Syntax {
    line: &'static [&'static str],
    block: Option<(&'static str, &'static str)>,
    quotes: &'static [char],
}

fn syntax(script: Script) -> Syntax {
    match script {
        Script::Batch => Syntax { line: &["rem ", "::"], block: None, quotes: &['"'] },
        Script::VbScript => Syntax { line: &["'", "rem "], block: None, quotes: &['"'] },
        Script::JavaScript => Syntax { line: &["//"], block: Some(("/*", "*/")), quotes: &['"', '\'', '`'] },
        Script::Php => Syntax { line: &["//", "#"], block: Some(("/*", "*/")), quotes: &['"', '\''] },
        Script::PowerShell => Syntax { line: &["#"], block: Some(("<#", "#>")), quotes: &['"', '\''] },
        Script::Python | Script::Shell => Syntax { line: &["#"], block: None, quotes: &['"', '\''] },
    }
}

/// Finds the comments and texts of a script.
pub(super) fn parts(text: &str, script: Script) -> Parts {
    let syntax = syntax(script);
    let mut parts = Parts::default();
    let mut start = 0;
    let mut in_block = false;
    for line in text.split_inclusive('\n') {
        if start == 0 && line.trim_start_matches('\u{feff}').starts_with("#!") {
            start += line.len();
            continue;
        }
        in_block = one_line(line, start, &syntax, in_block, &mut parts);
        start += line.len();
        if parts.comments.len() + parts.texts.len() >= PARTS_MAX {
            parts.is_cut = true;
            break;
        }
    }
    parts
}

/// Reads a line; returns whether it ends inside a comment of several lines.
fn one_line(line: &str, start: usize, syntax: &Syntax, mut in_block: bool, parts: &mut Parts) -> bool {
    let mut at = 0;
    let mut is_first = true;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        if in_block {
            let end = syntax.block.and_then(|(_, end)| Some((rest.find(end)?, end.len())));
            let len = end.map_or(rest.trim_end().len(), |(len, _)| len);
            push(&mut parts.comments, rest.get(..len).unwrap_or_default(), start + at);
            let Some((len, mark)) = end else { return true };
            in_block = false;
            at += len + mark;
            continue;
        }
        if let Some((mark, _)) = syntax.block.filter(|(mark, _)| rest.starts_with(mark)) {
            in_block = true;
            at += mark.len();
            continue;
        }
        if let Some(mark) = syntax.line.iter().find(|mark| starts(rest, mark, is_first)) {
            push(&mut parts.comments, rest.get(mark.len()..).unwrap_or_default(), start + at + mark.len());
            return false;
        }
        let Some(first) = rest.chars().next() else { break };
        is_first &= first.is_whitespace();
        at += first.len_utf8();
        if syntax.quotes.contains(&first) {
            let inner = line.get(at..).unwrap_or_default();
            let len = closing(inner, first);
            // An open quote takes the rest of the line.
            let Some(len) = len else { return in_block };
            if len >= TEXT_MIN {
                push(&mut parts.texts, inner.get(..len).unwrap_or_default(), start + at);
            }
            at += len + 1;
        }
    }
    in_block
}

/// Whether a comment begins here; words and signs that have other uses count at the beginning of a line only.
fn starts(rest: &str, mark: &str, is_first: bool) -> bool {
    let is_word = mark.ends_with(' ') || mark == "::" || mark == "#";
    let begins = rest.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    begins && (is_first || !is_word)
}

/// The offset of the quote that ends a text, if the line has one.
fn closing(inner: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, character) in inner.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return Some(at),
            _ => {}
        }
    }
    None
}

fn push(list: &mut Vec<Range<usize>>, text: &str, at: usize) {
    let trimmed = text.trim();
    if !trimmed.is_empty() && list.len() < PARTS_MAX {
        let lead = text.len() - text.trim_start().len();
        list.push(at + lead..at + lead + trimmed.len());
    }
}

#[cfg(test)]
mod tests {
    use super::{Script, parts};

    #[test]
    fn comments_and_texts_stand_where_it_says() {
        let check = |text: &str, script, comments: &[&str], texts: &[&str]| {
            let found = parts(text, script);
            let of =
                |ranges: &[std::ops::Range<usize>]| ranges.iter().map(|range| &text[range.clone()]).collect::<Vec<_>>();
            assert_eq!((of(&found.comments), of(&found.texts)), (comments.to_vec(), texts.to_vec()), "{text}");
        };
        check("# one\nx = 'abc' + \"d\\\"ef\"", Script::Python, &["one"], &["abc", "d\\\"ef"]);
        check("REM ж\r\necho \"две\" :: no\r\n:: yes", Script::Batch, &["ж", "yes"], &["две"]);
        check("a /* b\nc */ d // e", Script::JavaScript, &["b", "c", "e"], &[]);
        check("#!/bin/sh\n# one", Script::Shell, &["one"], &[]);
        check("it's open", Script::JavaScript, &[], &[]);
    }
}
