//! Numbers and rows as Markdown.

use onus_weigh::calibration::Range;

use crate::outcome::Figure;

/// Writes a row of a table.
pub(super) fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Writes the head of a table.
pub(super) fn head(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
    format!("\n{}|{}\n", row(&cells), "---|".repeat(cells.len()))
}

/// Writes a number with three digits after the point.
pub(super) fn number(value: f64) -> String {
    if value.is_finite() { tidy(format!("{value:.3}")) } else { "-".to_owned() }
}

/// Writes a share with two digits after the point.
pub(super) fn share(value: f64) -> String {
    if value.is_finite() { tidy(format!("{value:.2}")) } else { "-".to_owned() }
}

/// Writes a figure with its range.
pub(super) fn figure(figure: Figure) -> String {
    match figure.range {
        Some(range) => format!("{} ({})", number(figure.value), between(range)),
        None => number(figure.value),
    }
}

/// Writes a range.
pub(super) fn between(range: Range) -> String {
    format!("{} to {}", share(range.low), share(range.high))
}

/// Writes no zero with a sign.
fn tidy(text: String) -> String {
    if text.starts_with('-') && text.chars().all(|c| "-0.".contains(c)) { text.replacen('-', "", 1) } else { text }
}
