//! Every observation of the sheet with all that was found out about it.

use std::collections::BTreeMap;

use maud::{Markup, html};
use onus_weigh::{
    Basis, ObservationResult, TestSeen,
    sheet::{Likeness, Stated, Test},
};

use super::{arithmetic::arithmetic, exhibits::Shown};
use crate::{
    Dossier,
    anchor::Place,
    charts::timeline::outcome,
    foreign::{cut, foreign},
    index::Index,
    links,
    numbers::{decibans, rate},
};

/// The most columns of a value that the page shows.
const VALUE_MAX: usize = 4_000;

/// What the sheet says about one observation besides itself.
#[derive(Default)]
struct About<'a> {
    tests: Vec<&'a Test>,
    retractions: Vec<&'a onus_weigh::sheet::Retraction>,
    /// Numbers of the objections to it or to one of its tests.
    challenges: Vec<usize>,
}

/// What an item's lines lead to.
struct Places<'p, 'a> {
    index: &'p Index<'a>,
    shown: &'p Shown<'a>,
}

/// Returns the section.
pub(crate) fn section<'a>(dossier: &Dossier<'a>, index: &Index<'a>, shown: &Shown<'a>) -> Markup {
    let about = about(dossier);
    let places = Places { index, shown };
    let nothing = About::default();
    html! {
        section id="items" {
            h2 { "Every item" }
            p { "In the order of the case sheet. Each is followed by how its weight comes about, against " em { "an actor not listed" } " and before the possibility of planting. What the steps rest on is a link away." }
            @for (position, stated) in dossier.sheet.observations.iter().enumerate() {
                (item(position + 1, stated, about.get(stated.id.as_str()).unwrap_or(&nothing), &places))
            }
        }
    }
}

fn about<'a>(dossier: &Dossier<'a>) -> BTreeMap<&'a str, About<'a>> {
    let sheet = dossier.sheet;
    let mut about: BTreeMap<&str, About<'_>> = BTreeMap::new();
    let tested: BTreeMap<&str, &str> =
        sheet.tests.iter().map(|test| (test.id.as_str(), test.observation.as_str())).collect();
    for test in &sheet.tests {
        about.entry(&test.observation).or_default().tests.push(test);
    }
    for retraction in &sheet.retractions {
        about.entry(&retraction.observation).or_default().retractions.push(retraction);
    }
    for (position, challenge) in sheet.challenges.iter().enumerate() {
        let against = challenge.against.as_str();
        about.entry(tested.get(against).copied().unwrap_or(against)).or_default().challenges.push(position + 1);
    }
    about
}

fn item(number: usize, stated: &Stated, about: &About<'_>, places: &Places<'_, '_>) -> Markup {
    let Places { index, shown } = places;
    let result = index.result(&stated.id);
    html! {
        article class="item" id=(Place::Item(number).id()) {
            h3 {
                a class="number" href=(Place::Item(number).href()) { "Item " (number) }
                " " (foreign(&stated.kind.replace('_', " ")))
                " " (badge(result))
            }
            p class="value" { @if result.is_some_and(|result| result.withdrawn) { s { (value(stated)) } } @else { (value(stated)) } }
            p class="said" { (said_to(stated, index)) }
            (particulars(stated, result, index, shown))
            @if let Some(result) = result { (arithmetic(number, stated, result, index)) }
            (tests(about, result, index))
            @for retraction in &about.retractions {
                p { strong { "Withdrawn " (retraction.seen.as_str()) } " by " (links::source(&retraction.source, index)) ": " (foreign(&retraction.value)) }
            }
            @if !about.challenges.is_empty() {
                p { "Objections: "
                    @for (position, number) in about.challenges.iter().enumerate() {
                        @if position > 0 { ", " }
                        a href=(Place::Objection(*number).href()) { "objection " (number) }
                    }
                    ". They change no number."
                }
            }
        }
    }
}

fn value(stated: &Stated) -> Markup {
    html! { bdi { (cut(&stated.value, VALUE_MAX)) } }
}

/// How an item stands in the sum, in two words.
fn badge(result: Option<&ObservationResult>) -> Markup {
    let (class, words) = match result {
        None => ("badge later", "not yet known"),
        Some(result) if result.withdrawn => ("badge", "withdrawn"),
        Some(result) if result.counted && result.basis == Basis::Subjective => {
            ("badge subjective", "counted · subjective")
        }
        Some(result) if result.counted => ("badge counted", "counted"),
        Some(result) if result.weights_mdb.is_empty() => ("badge", "not weighed"),
        Some(_) => ("badge", "counted once, elsewhere"),
    };
    html! { span class=(class) { (words) } }
}

fn said_to(stated: &Stated, index: &Index<'_>) -> Markup {
    let names = |ids: &[String]| {
        let names: Vec<&str> = ids.iter().map(|id| index.title(id)).collect();
        html! { @for (position, name) in names.iter().enumerate() { @if position > 0 { ", " } em { (foreign(name)) } } }
    };
    html! {
        @if stated.points_at.is_empty() && stated.points_away.is_empty() { "Not said to indicate anybody in particular." }
        @if !stated.points_at.is_empty() { "An item said to indicate " (names(&stated.points_at)) ". " }
        @if !stated.points_away.is_empty() { "Said to speak against " (names(&stated.points_away)) "." }
    }
}

fn particulars(stated: &Stated, result: Option<&ObservationResult>, index: &Index<'_>, shown: &Shown<'_>) -> Markup {
    let grade = index.source(&stated.source).map_or('F', |(_, source)| source.reliability.letter());
    let likeness = match stated.likeness {
        Likeness::Exact => "exact",
        Likeness::Close => "close",
        Likeness::Partial => "partial",
    };
    html! {
        dl class="particulars" {
            div { dt { "Source" } dd { (links::source(&stated.source, index)) ", grade " (grade) (stated.credibility.number()) } }
            div { dt { "Published" } dd { (stated.seen.as_str()) } }
            div { dt { "Likeness" } dd { (likeness) } }
            @if let Some(result) = result {
                @if result.root != stated.source { div { dt { "Root" } dd { (links::source(&result.root, index)) } } }
                @if let Some(repeats) = &result.repeats { div { dt { "Repeats" } dd { (links::item(repeats, index)) } } }
            }
            @if let Some(block) = &stated.block { div { dt { "Block" } dd { (foreign(block)) } } }
            @if !stated.relies_on.is_empty() { div { dt { "Relies on" } dd { (links::items(&stated.relies_on, 20, index)) } } }
            div { dt { "Exhibit" } dd { @match &stated.exhibit { Some(digest) => (shown.link(digest, index)), None => "none: known from a report" } } }
            div { dt { "Name in the sheet" } dd { code { (foreign(&stated.id)) } } }
        }
    }
}

fn tests(about: &About<'_>, result: Option<&ObservationResult>, index: &Index<'_>) -> Markup {
    let seen = |id: &str| -> Option<&TestSeen> { result?.tests.iter().find(|test| test.id == id) };
    html! {
        @for test in &about.tests {
            p class="test" {
                strong { "Consistency test: " (outcome(test.result)) ". " }
                (foreign(&test.value)) " – " (links::source(&test.source, index)) ", " (test.seen.as_str()) ". "
                @match seen(&test.id) {
                    Some(seen) if seen.counted => { "Weight for planted against genuine: " b { (decibans(seen.weight_mdb)) } "." }
                    Some(_) => "Not counted: another test of the same origin is stronger, or it says nothing.",
                    None => "Not yet known on the day.",
                }
                @if test.is_read {
                    " Read by the program from the exhibit; measured:"
                    @if let Some(value) = test.false_alarm { " false alarm " (rate(value)) }
                    @match test.detection { Some(value) => { " detection " (rate(value)) }, None => " detection not measured" }
                    "."
                } @else if test.false_alarm.is_some() || test.detection.is_some() {
                    " Its error rates are an analyst’s own " (links::subjective()) ":"
                    @if let Some(value) = test.false_alarm { " false alarm " (rate(value)) }
                    @if let Some(value) = test.detection { " detection " (rate(value)) }
                    "."
                }
            }
        }
    }
}
