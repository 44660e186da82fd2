//! The record: every item, source, objection and exhibit, so that a line of the argument can be followed to its end.

mod arithmetic;
mod exhibits;
mod items;
mod sources;

use maud::{Markup, html};

use crate::{Dossier, index::Index};

/// Returns the sections of the record.
pub(crate) fn sections(dossier: &Dossier<'_>, index: &Index<'_>) -> Markup {
    let shown = exhibits::Shown::of(dossier);
    html! {
        (items::section(dossier, index, &shown))
        (sources::section(dossier, index))
        (exhibits::section(dossier, index, &shown))
    }
}
