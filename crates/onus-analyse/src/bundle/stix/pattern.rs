//! The equalities that a STIX pattern names (STIX 2.1, section 9).
//!
//! `[file:hashes.'SHA-256' = 'ab' OR ipv4-addr:value IN ('1.2.3.4', '1.2.3.5')]` names three. Whether they are
//! joined by AND or by OR is left to the reader of the pattern; negated comparisons are left out.

/// Equalities of one pattern that are read, at most.
const EQUALITIES_MAX: usize = 1024;

/// A word of the pattern language.
#[derive(Debug, PartialEq)]
enum Word<'a> {
    /// An object path, without the quotes around its steps.
    Path(String),
    /// A literal: the text of a string, or a number or Boolean as written.
    Literal(String),
    /// A keyword in any case.
    Keyword(&'a str),
    /// A sign.
    Sign(char),
}

/// Returns each equality as `path=value`, and whether the pattern could be read to its end.
pub(crate) fn equalities(pattern: &str) -> (Vec<String>, bool) {
    let mut found = Vec::new();
    let mut rest = pattern;
    let (mut path, mut is_equality, mut is_negated) = (None, false, false);
    while found.len() < EQUALITIES_MAX {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (found, true);
        }
        let Some((word, after)) = next_word(rest) else { return (found, false) };
        rest = after;
        match word {
            Word::Path(new) => (path, is_equality, is_negated) = (Some(new), false, false),
            Word::Keyword(word) if word.eq_ignore_ascii_case("NOT") => is_negated = true,
            Word::Keyword(word) => is_equality = word.eq_ignore_ascii_case("IN"),
            Word::Sign('=') => is_equality = true,
            Word::Sign('(' | ',') => {}
            Word::Sign(_) => is_equality = false,
            Word::Literal(value) => {
                if let (Some(path), true, false) = (&path, is_equality, is_negated) {
                    found.push(format!("{path}={value}"));
                }
            }
        }
    }
    (found, false)
}

/// Splits off the first word; `None` at a string that does not end.
fn next_word(text: &str) -> Option<(Word<'_>, &str)> {
    let first = text.chars().next()?;
    // Strings may carry a letter that says how they are encoded: b'…', h'…', t'…'.
    let string =
        text.strip_prefix('\'').or_else(|| ["b'", "h'", "t'"].iter().find_map(|prefix| text.strip_prefix(prefix)));
    if let Some(inner) = string {
        let (value, rest) = string_end(inner)?;
        return Some((Word::Literal(value), rest));
    }
    if !first.is_ascii_alphanumeric() && !matches!(first, '-' | '+' | '_') {
        let rest = text.get(first.len_utf8()..)?;
        // `!=`, `<=`, `>=` and `==`: the sign that decides is the first, unless both say "equal".
        return Some(match (first, rest.strip_prefix('=')) {
            ('=' | '!' | '<' | '>', Some(rest)) => (Word::Sign(first), rest),
            _ => (Word::Sign(first), rest),
        });
    }
    let end =
        text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '+' | '_' | '.')).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    if let Some(steps) = rest.strip_prefix(':') {
        let (steps, rest) = path_end(steps)?;
        return Some((Word::Path(format!("{word}:{steps}")), rest));
    }
    let is_literal = first.is_ascii_digit() || matches!(first, '-' | '+') || matches!(word, "true" | "false");
    Some((if is_literal { Word::Literal(word.to_owned()) } else { Word::Keyword(word) }, rest))
}

/// Reads a string up to its closing quote; `\'` and `\\` are the two escapes.
fn string_end(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\'' => return Some((value, text.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

/// Reads the steps of a path: names, quoted names, indexes.
fn path_end(mut text: &str) -> Option<(String, &str)> {
    let mut steps = String::new();
    loop {
        if let Some(inner) = text.strip_prefix('\'') {
            let (name, rest) = string_end(inner)?;
            steps.push_str(&name);
            text = rest;
        }
        let is_step = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '*');
        let end = text.find(|c| !is_step(c)).unwrap_or(text.len());
        let (step, rest) = text.split_at_checked(end)?;
        steps.push_str(step);
        text = rest;
        if step.is_empty() || !text.starts_with('\'') {
            return Some((steps, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::equalities;

    fn check(pattern: &str, expected: &[&str]) {
        assert_eq!(equalities(pattern).0, expected, "{pattern}");
    }

    #[test]
    fn equalities_are_listed() {
        check("[ipv4-addr:value = '198.51.100.7']", &["ipv4-addr:value=198.51.100.7"]);
        check("[file:hashes.'SHA-256' = 'ab' AND file:size = 25536]", &["file:hashes.SHA-256=ab", "file:size=25536"]);
        check("[a:b IN ('x', 'y')] FOLLOWEDBY [c:d='z'] WITHIN 5 SECONDS", &["a:b=x", "a:b=y", "c:d=z"]);
        check(r"[file:name = 'it\'s \\ here']", &[r"file:name=it's \ here"]);
        check("[a:b[*].'c d'.e == 'x']", &["a:b[*].c d.e=x"]);
    }

    #[test]
    fn what_is_no_equality_is_left_out() {
        check("[a:b != 'x' OR a:c NOT = 'y' OR a:d NOT IN ('z')]", &[]);
        check("[url:value LIKE 'http://%' AND a:b MATCHES '^x' AND a:n > 3 AND a:m >= 4]", &[]);
        check("nothing 'of the' sort = 'x'", &[]);
    }

    #[test]
    fn a_pattern_without_end_keeps_its_beginning() {
        assert_eq!(equalities("[a:b = 'x' OR c:d = 'y"), (vec!["a:b=x".to_owned()], false));
        assert!(equalities(&"(".repeat(100_000)).0.is_empty());
    }
}
