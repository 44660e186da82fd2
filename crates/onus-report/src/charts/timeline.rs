//! Who said what when: one lane a source, in the order of first appearance, all drawn alike.

use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};
use onus_core::Edtf;
use onus_weigh::{
    Sheet,
    sheet::{Stated, Test, TestResult},
};

use super::in_numbers;
use crate::{
    anchor::Place,
    foreign::foreign,
    index::Index,
    numbers::count,
    svg::{Anchor, Drawing, Scale, Shape, half_mark, label, line, mark, percent, swatch, text},
};

/// The most lanes and events that are drawn; the table has all.
const LANES_MAX: usize = 40;
const EVENTS_MAX: usize = 600;

/// Height of one row of marks and of a lane's name.
const ROW: usize = 20;
const NAME: usize = 24;
const TOP: usize = 40;

/// Marks of one lane that are nearer than this, in percent of the width, stand below each other.
const NEAR: f64 = 4.6;

/// What happened on a day.
struct Event<'a> {
    seen: &'a Edtf,
    lane: &'a str,
    what: What<'a>,
}

enum What<'a> {
    Stated(usize, &'a Stated),
    Test(usize, &'a Test),
    Retraction(usize),
    Challenge(usize, &'a str),
}

impl What<'_> {
    /// The number of the item, or of the objection.
    fn number(&self) -> usize {
        let (Self::Stated(number, _) | Self::Test(number, _) | Self::Retraction(number) | Self::Challenge(number, _)) =
            self;
        *number
    }
}

/// Returns the figure; nothing where the sheet is empty.
pub(crate) fn figure(sheet: &Sheet, as_of: Option<&str>, index: &Index<'_>) -> Markup {
    let events = events(sheet, index);
    let Some(scale) = scale(&events, sheet) else { return html! { p { "Nothing on file is dated." } } };
    let mut top = TOP;
    let lanes: Vec<Markup> = lanes(&events)
        .iter()
        .take(LANES_MAX)
        .map(|(name, events)| {
            let (markup, height) = lane(index.source_title(name), events, &scale, top);
            top += height;
            markup
        })
        .collect();
    let left_out = lanes_left_out(&events);
    let drawing = Drawing {
        id: "timeline-chart",
        title: "Who said what, and when",
        description: "One lane a source, in the order in which they first appear. Marks are links to the items. The \
                      table below lists the same.",
        height: top + 26,
        has_links: true,
    };
    let content = html! {
        (ticks(&scale, top))
        (days(sheet, as_of, &scale, top))
        @for lane in &lanes { (lane) }
    };
    html! {
        figure id="figure-timeline" {
            (drawing.of(&content))
            figcaption {
                (legend())
                @if let Some(left_out) = left_out { p { (left_out) } }
            }
            (in_numbers("Events", &table(&events, index)))
        }
    }
}

fn lanes_left_out(events: &[Event<'_>]) -> Option<String> {
    let more = lanes(events).len().checked_sub(LANES_MAX).filter(|more| *more > 0)?;
    Some(format!("{} more in the table.", count(more, "source")))
}

/// Everything dated, earliest first; what began on one day stays in the order of the sheet.
fn events<'a>(sheet: &'a Sheet, index: &Index<'a>) -> Vec<Event<'a>> {
    let ids: BTreeMap<&str, &str> =
        sheet.sources.iter().map(|source| (source.title.as_str(), source.id.as_str())).collect();
    let stated = sheet.observations.iter().enumerate().map(|(number, stated)| Event {
        seen: &stated.seen,
        lane: &stated.source,
        what: What::Stated(number + 1, stated),
    });
    let tests = sheet.tests.iter().filter_map(|test| {
        Some(Event { seen: &test.seen, lane: &test.source, what: What::Test(index.item(&test.observation)?, test) })
    });
    let retractions = sheet.retractions.iter().filter_map(|retraction| {
        let what = What::Retraction(index.item(&retraction.observation)?);
        Some(Event { seen: &retraction.seen, lane: &retraction.source, what })
    });
    let challenges = sheet.challenges.iter().enumerate().filter_map(|(number, challenge)| {
        let lane = ids.get(challenge.by.as_str()).copied().unwrap_or(&challenge.by);
        Some(Event { seen: challenge.seen.as_ref()?, lane, what: What::Challenge(number + 1, &challenge.against) })
    });
    let mut events: Vec<Event<'a>> = stated.chain(tests).chain(retractions).chain(challenges).collect();
    events.sort_by_key(|event| (day(event.seen), event.seen.first_day()));
    events
}

/// The day from which on something counts as known.
fn day(seen: &Edtf) -> Date {
    seen.last_day().unwrap_or(seen.first_day())
}

/// Days since the first of January 2000.
fn number(date: Date) -> f64 {
    let days = date.since(jiff::civil::date(2000, 1, 1)).map_or(0, |span| span.get_days());
    f64::from(days)
}

fn scale(events: &[Event<'_>], sheet: &Sheet) -> Option<Scale> {
    let happened = sheet.case.happened.iter().map(Edtf::first_day);
    let days = events.iter().map(|event| day(event.seen)).chain(happened);
    let (first, last) = days.fold(None, |range: Option<(Date, Date)>, day| {
        Some(range.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
    })?;
    let (min, max) = (number(first), number(last));
    let room = ((max - min) * 0.03).max(2.0);
    Some(Scale { min: min - room, max: max + room })
}

fn lanes<'e, 'a>(events: &'e [Event<'a>]) -> Vec<(&'a str, Vec<&'e Event<'a>>)> {
    let mut lanes: Vec<(&str, Vec<&Event<'_>>)> = Vec::new();
    for event in events.iter().take(EVENTS_MAX) {
        match lanes.iter_mut().find(|(lane, _)| *lane == event.lane) {
            Some((_, lane)) => lane.push(event),
            None => lanes.push((event.lane, vec![event])),
        }
    }
    lanes
}

/// One lane with its marks, and its height.
fn lane(name: &str, events: &[&Event<'_>], scale: &Scale, top: usize) -> (Markup, usize) {
    let mut ends: Vec<f64> = Vec::new();
    let placed: Vec<(usize, &Event<'_>)> = events
        .iter()
        .map(|event| {
            let x = scale.at(number(day(event.seen)));
            let row = ends.iter().position(|end| x - end >= NEAR).unwrap_or(ends.len());
            match ends.get_mut(row) {
                Some(end) => *end = x,
                None => ends.push(x),
            }
            (row, *event)
        })
        .collect();
    let height = NAME + ROW * ends.len() + 6;
    let markup = html! {
        (line("lane", ("0", top), ("100%", top)))
        (label("2", top + 16, "name halo", name, 70))
        @for (row, event) in placed { (one(event, scale, top + NAME + ROW * row + 6)) }
    };
    (markup, height)
}

fn one(event: &Event<'_>, scale: &Scale, y: usize) -> Markup {
    let x = scale.x(number(day(event.seen)));
    let (target, words) = described(event);
    let at = scale.at(number(day(event.seen)));
    let (anchor, beside) = if at > 94.0 { (Anchor::End, at - 1.3) } else { (Anchor::Start, at + 1.3) };
    html! {
        a href=(target) {
            title { (words) }
            @if !event.seen.is_day() { (line("known-since", (&scale.x(number(event.seen.first_day())), y), (&x, y))) }
            circle class="target" cx=(x) cy=(y) r="12" {}
            (symbol(&event.what, &x, y))
            (text(&percent(beside), y + 4, anchor, "tick wide halo", &event.what.number().to_string()))
        }
    }
}

fn symbol(what: &What<'_>, x: &str, y: usize) -> Markup {
    match what {
        What::Stated(_, stated) => match stated.credibility.number() {
            1 | 2 => mark(Shape::Circle, "filled", x, y),
            3..=5 => half_mark(x, y),
            _ => mark(Shape::Circle, "empty", x, y),
        },
        What::Test(_, test) => match test.result {
            TestResult::Inconsistent | TestResult::Borrowed => mark(Shape::Triangle, "failed", x, y),
            TestResult::Consistent | TestResult::NotRun => mark(Shape::Triangle, "empty", x, y),
        },
        What::Retraction(_) => mark(Shape::Cross, "stroke", x, y),
        What::Challenge(..) => mark(Shape::Diamond, "empty", x, y),
    }
}

/// Where a mark leads, and what it says.
fn described(event: &Event<'_>) -> (String, String) {
    let kind = |stated: &Stated| crate::foreign::cut(&stated.kind.replace('_', " "), 40);
    let (target, what) = match &event.what {
        What::Stated(item, stated) => (Place::Item(*item).href(), format!("item {item}, {}", kind(stated))),
        What::Test(item, test) => (Place::Item(*item).href(), format!("test of item {item}: {}", outcome(test.result))),
        What::Retraction(item) => (Place::Item(*item).href(), format!("withdrawal of item {item}")),
        What::Challenge(number, against) => (
            Place::Objection(*number).href(),
            format!("objection {number}, against {}", crate::foreign::cut(against, 40)),
        ),
    };
    (target, format!("{}: {what}", event.seen))
}

/// Returns the outcome of a test in words.
pub(crate) fn outcome(result: TestResult) -> &'static str {
    match result {
        TestResult::Consistent => "no contradiction found",
        TestResult::Inconsistent => "contradicts its own exhibit",
        TestResult::Borrowed => "genuine, but another party’s",
        TestResult::NotRun => "not made",
    }
}

/// The day it happened and the day as of which the case is weighed.
fn days(sheet: &Sheet, as_of: Option<&str>, scale: &Scale, bottom: usize) -> Markup {
    let happened = sheet.case.happened.as_ref().map(|day| (day.first_day(), "happened", 12));
    let as_of = as_of.and_then(|day| day.parse::<Date>().ok()).map(|day| (day, "weighed as of", 27));
    html! {
        @for (day, words, baseline) in happened.into_iter().chain(as_of) {
            @let at = scale.at(number(day));
            @let x = scale.x(number(day));
            (line("level thin", (&x, baseline + 3), (&x, bottom)))
            (text(&x, baseline, if at > 80.0 { Anchor::End } else { Anchor::Start }, "hint", words))
        }
    }
}

/// Years, months or days, whichever gives a few.
fn ticks(scale: &Scale, bottom: usize) -> Markup {
    let marks = tick_days(scale);
    html! {
        @for (order, (day, words)) in marks.iter().enumerate() {
            @let x = scale.x(number(*day));
            (line("grid", (&x, TOP), (&x, bottom)))
            (text(&x, bottom + 17, Anchor::Middle, if order % 2 == 0 { "tick" } else { "tick wide" }, words))
        }
    }
}

fn tick_days(scale: &Scale) -> Vec<(Date, String)> {
    let span = scale.max - scale.min;
    let months = [1_i8, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let days: &[i8] = if span < 75.0 { &[1, 8, 15, 22] } else { &[1] };
    let first_year = year_of(scale.min);
    let years = first_year..=year_of(scale.max);
    let all = years
        .flat_map(|year| months.into_iter().flat_map(move |month| days.iter().map(move |day| (year, month, *day))));
    let wanted = all
        .filter(|(_, month, _)| span < 800.0 || *month == 1)
        .filter_map(|(year, month, day)| Date::new(year, month, day).ok());
    let inside: Vec<Date> = wanted
        .filter(|day| {
            let at = scale.at(number(*day));
            number(*day) >= scale.min && number(*day) <= scale.max && (3.0..=97.0).contains(&at)
        })
        .collect();
    let every = inside.len().div_ceil(7).max(1);
    let words = |day: &Date| match span {
        span if span < 75.0 => day.strftime("%-d %b %Y").to_string(),
        span if span < 800.0 => day.strftime("%b %Y").to_string(),
        _ => day.strftime("%Y").to_string(),
    };
    inside.iter().step_by(every).map(|day| (*day, words(day))).collect()
}

/// The year of a day counted from the first of January 2000.
#[expect(clippy::cast_possible_truncation, reason = "years of four digits")]
fn year_of(days: f64) -> i16 {
    (2000.0 + days / 365.2425).floor() as i16
}

fn legend() -> Markup {
    let sample = |shape, class: &str| swatch(&mark(shape, class, "17", 7));
    html! {
        ul class="legend" {
            li { (sample(Shape::Circle, "filled")) "evidence obtainable (credibility 1–2)" }
            li { (swatch(&half_mark("17", 7))) "described (3–5)" }
            li { (sample(Shape::Circle, "empty")) "asserted (6, or not graded)" }
            li { (sample(Shape::Triangle, "failed")) "test failed" }
            li { (sample(Shape::Triangle, "empty")) "test passed or not made" }
            li { (sample(Shape::Cross, "stroke")) "withdrawal" }
            li { (sample(Shape::Diamond, "empty")) "objection" }
        }
    }
}

fn table(events: &[Event<'_>], index: &Index<'_>) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Date" } th scope="col" { "Source" } th scope="col" { "What" } } }
            tbody {
                @for event in events {
                    @let (target, words) = described(event);
                    tr {
                        td { (event.seen.as_str()) }
                        td { (foreign(index.source_title(event.lane))) }
                        td { a href=(target) { (words.split_once(": ").map_or(words.as_str(), |(_, what)| what)) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_whatever_the_span() {
        for (min, max) in [(0.0, 4.0), (0.0, 60.0), (0.0, 500.0), (-3000.0, 6000.0)] {
            let ticks = tick_days(&Scale { min, max });
            assert!(ticks.len() <= 7, "{min} {max}: {}", ticks.len());
        }
        assert_eq!(year_of(number(jiff::civil::date(2018, 2, 9))), 2018);
    }
}
