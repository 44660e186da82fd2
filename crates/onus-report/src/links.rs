//! Links to items, sources and kinds, each with what a reader must know before following it.

use maud::{Markup, html};
use onus_weigh::ForgeCost;

use crate::{anchor::Place, foreign::foreign, index::Index};

/// Returns links to observations by their identifiers, at most so many; subjective ones are marked.
pub(crate) fn items(ids: &[String], most: usize, index: &Index<'_>) -> Markup {
    html! {
        @for (position, id) in ids.iter().take(most).enumerate() {
            @if position > 0 { ", " }
            (item(id, index))
        }
        @if ids.len() > most { " and " (ids.len() - most) " more" }
    }
}

/// Returns a link to one observation; what the sheet does not list is named.
pub(crate) fn item(id: &str, index: &Index<'_>) -> Markup {
    html! {
        @match index.item(id) {
            Some(number) => a href=(Place::Item(number).href()) { "item\u{a0}" (number) },
            None => em { (foreign(id)) },
        }
        @if index.is_subjective(id) { " " (subjective()) }
    }
}

/// The mark of a number that an analyst wrote into the sheet.
pub(crate) fn subjective() -> Markup {
    html! { span class="subjective-mark" { "subjective" } }
}

/// Returns the name of a source as a link to its row.
pub(crate) fn source(id: &str, index: &Index<'_>) -> Markup {
    html! {
        @match index.source(id) {
            Some((number, source)) => a href=(Place::Source(number).href()) { (foreign(&source.title)) },
            None => (foreign(id)),
        }
    }
}

/// Returns the name of a kind, as a link to its numbers where the table has them.
pub(crate) fn kind(name: &str, index: &Index<'_>) -> Markup {
    html! {
        @match index.kind(name) {
            Some((own, kind)) => a href=(Place::Kind(own).href()) { (kind.title) },
            None => (foreign(&name.replace('_', " "))),
        }
    }
}

/// Returns a forge cost as a link to what it means.
pub(crate) fn cost(cost: ForgeCost, index: &Index<'_>) -> Markup {
    html! {
        @if index.weights().is_some() { a href=(Place::Cost(cost).href()) { (format!("{cost:?}")) } } @else { (format!("{cost:?}")) }
    }
}
