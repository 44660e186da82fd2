//! What is wrong with a sheet, where, and what to do about it.

use std::ops::Range;

/// One mistake in a case sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the sheet that are wrong.
    pub span: Range<usize>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do next.
    pub remedy: String,
}

impl Problem {
    /// Returns the line and column, both from 1, where the wrong piece of the text begins. Columns count characters.
    #[must_use]
    pub fn place(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        (before.matches('\n').count() + 1, column)
    }
}
