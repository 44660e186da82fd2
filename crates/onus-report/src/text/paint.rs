//! Emphasis and line breaks for a terminal.

use crate::foreign::columns;

/// Writes ANSI sequences, or leaves text as it is.
#[derive(Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    pub(super) fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(super) fn soft(self, text: &str) -> String {
        self.with("2", text)
    }

    pub(super) fn toward(self, text: &str) -> String {
        self.with("34", text)
    }

    pub(super) fn against(self, text: &str) -> String {
        self.with("33", text)
    }

    /// A heading with an empty line before it.
    pub(super) fn heading(self, text: &str) -> String {
        format!("\n{}\n", self.strong(text))
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Returns text broken into lines of at most so many columns; every line but the first begins with `indent`.
///
/// Words that are longer than a line are broken.
pub(super) fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        for piece in pieces(word, width) {
            let line = lines.last_mut().expect("there is always a line");
            if line.is_empty() {
                line.push_str(&piece);
            } else if columns(line) + 1 + columns(&piece) <= width {
                line.push(' ');
                line.push_str(&piece);
            } else {
                lines.push(piece);
            }
        }
    }
    lines.join(&format!("\n{indent}"))
}

/// A word in pieces that fit on a line.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for character in word.chars() {
        let piece = pieces.last_mut().expect("there is always a piece");
        if columns(piece) + 2 > width {
            pieces.push(character.to_string());
        } else {
            piece.push(character);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_asked() {
        for text in ["", "one two three four", &"x".repeat(40), &"漢".repeat(40), "a  b"] {
            let lines = wrapped(text, 9, "  ");
            assert!(lines.lines().all(|line| columns(line.trim_start()) <= 9), "{lines}");
        }
        assert_eq!(wrapped("one two three", 7, "> "), "one two\n> three");
    }
}
