//! The figures: each a drawing, a legend in words, and a table that says the same.

pub(crate) mod bars;
pub(crate) mod curve;
pub(crate) mod timeline;
pub(crate) mod waterfall;

use maud::{Markup, html};

/// Returns a table of figures under a disclosure, scrolling by itself where it is wider than the page.
fn in_numbers(what: &str, table: &Markup) -> Markup {
    html! {
        details class="numbers" {
            summary { (what) " as a table" }
            (scrolling(what, table))
        }
    }
}

/// Returns a wide table in a region of its own that can be scrolled from the keyboard.
pub(crate) fn scrolling(what: &str, table: &Markup) -> Markup {
    html! { div class="scroll" role="region" tabindex="0" aria-label=(what) { (table) } }
}

/// Returns the class of the series with this number; `other` is always drawn alike.
fn series(id: &str, number: usize) -> String {
    if id == onus_weigh::sheet::OTHER { "series-other".to_owned() } else { format!("series-{}", number % 6) }
}
