//! Who supplied what, and who objects.

use maud::{Markup, html};
use onus_weigh::sheet::{Challenge, Sheet, Source};

use crate::{
    Dossier,
    anchor::Place,
    charts::scrolling,
    foreign::{address, foreign},
    index::Index,
};

/// Returns the section.
pub(crate) fn section(dossier: &Dossier<'_>, index: &Index<'_>) -> Markup {
    let sheet = dossier.sheet;
    html! {
        section id="sources" {
            h2 { "Sources and objections" }
            h3 { "Sources" }
            (scrolling("Sources", &html! {
                table class="sources" {
                    thead { tr { th scope="col" { "Source" } th scope="col" { "Grade" } th scope="col" { "Relies on" } th scope="col" class="n" { "Items" } } }
                    tbody { @for (position, source) in sheet.sources.iter().enumerate() { (row(position + 1, source, sheet, index)) } }
                }
            }))
            h3 { "Objections" }
            @if sheet.challenges.is_empty() { p { "None is on file." } }
            @for (position, challenge) in sheet.challenges.iter().enumerate() { (objection(position + 1, challenge, sheet, index)) }
        }
    }
}

fn row(number: usize, source: &Source, sheet: &Sheet, index: &Index<'_>) -> Markup {
    let items = sheet.observations.iter().filter(|stated| stated.source == source.id).count();
    html! {
        tr id=(Place::Source(number).id()) {
            th scope="row" { (foreign(&source.title)) @if let Some(url) = &source.url { br; (address(url)) } }
            td { (source.reliability.letter()) }
            td { @for (position, cited) in source.cites.iter().enumerate() { @if position > 0 { ", " } (foreign(index.source_title(cited))) } @if source.cites.is_empty() { "–" } }
            td class="n" { (items) }
        }
    }
}

fn objection(number: usize, challenge: &Challenge, sheet: &Sheet, index: &Index<'_>) -> Markup {
    html! {
        article class="item" id=(Place::Objection(number).id()) {
            h4 { "Objection " (number) " against " (against(&challenge.against, sheet, index)) }
            p { (foreign(&challenge.value)) }
            p class="said" {
                (foreign(index.source_title(&challenge.by)))
                @if let Some(seen) = &challenge.seen { ", " (seen.as_str()) }
                @if let Some(id) = &challenge.id { " · " code { (foreign(id)) } }
                @if let Some(digest) = &challenge.exhibit { " · exhibit " code { (digest) } }
            }
        }
    }
}

/// What an objection is against, with a link where it has a place on the page.
fn against(id: &str, sheet: &Sheet, index: &Index<'_>) -> Markup {
    let tested = sheet.tests.iter().find(|test| test.id == id).and_then(|test| index.item(&test.observation));
    html! {
        @match (index.item(id), tested, index.source(id)) {
            _ if id == "verdict" => a href="#verdict" { "the verdict" },
            (Some(number), ..) => a href=(Place::Item(number).href()) { "item " (number) },
            (_, Some(number), _) => a href=(Place::Item(number).href()) { "a test of item " (number) },
            (_, _, Some((number, source))) => a href=(Place::Source(number).href()) { (foreign(&source.title)) },
            _ => (foreign(index.title(id))),
        }
    }
}
