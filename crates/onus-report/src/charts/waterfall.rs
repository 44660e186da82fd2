//! The evidence between the leading answer and its strongest rival, one step an item.

use maud::{Markup, html};
use onus_weigh::{Assessment, Basis, ObservationResult, Sheet};

use super::in_numbers;
use crate::{
    anchor::Place,
    contest::{Contest, Group, Step},
    foreign::{cut, foreign},
    index::Index,
    links,
    numbers::{count, decibans, float_db},
    svg::{Anchor, Drawing, Scale, Shape, bar, label, line, mark, swatch, text},
};

const ROW: usize = 42;

/// The most groups, and the most items beside them, that are drawn one by one; the table has all.
const GROUPS_MAX: usize = 30;
const ASIDE_MAX: usize = 12;

/// A running sum with what is drawn so far.
struct Rows {
    markup: Vec<Markup>,
    sum_mdb: i64,
    top: usize,
}

/// Returns the figure; nothing where there are not two answers.
pub(crate) fn figure(assessment: &Assessment, sheet: &Sheet, index: &Index<'_>) -> Markup {
    let Some(contest) = Contest::of(assessment) else { return html! {} };
    let groups = contest.groups(assessment, index);
    let aside = contest.set_aside(&groups, assessment, index);
    let names = (index.title(&contest.leader.id), index.title(&contest.rival.id));
    let scale = scale(&contest, &groups);
    let mut rows = Rows { markup: Vec::new(), sum_mdb: 0, top: 8 };
    for group in groups.iter().take(GROUPS_MAX) {
        rows.group(group, sheet, &scale);
    }
    let rest = groups.iter().skip(GROUPS_MAX).filter_map(|group| group.steps.first());
    let (rest_count, rest_mdb) = rest.fold((0, 0_i64), |(count, sum), step| (count + 1, sum.saturating_add(step.mdb)));
    if rest_count > 0 {
        rows.plain_step(&format!("{} more, see the table", count(rest_count, "item")), rest_mdb, "bar rest", &scale);
    }
    let searched = contest.searched_mdb(assessment);
    if searched != 0 {
        rows.plain_step("Looked for and not found", searched, "bar rest", &scale);
    }
    let planting = contest.total_mdb().saturating_sub(rows.sum_mdb);
    rows.plain_step("Because some of it may have been planted", planting, "bar planting", &scale);
    rows.total(contest.total_mdb(), &scale);
    rows.aside(&aside, sheet);
    let height = rows.top + 26;
    let content = html! {
        defs { pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" { line class="hatch-line" x1="0" y1="0" x2="0" y2="6" {} } }
        (ticks(&scale, height - 26))
        @for row in &rows.markup { (row) }
    };
    let drawing = Drawing {
        id: "evidence-chart",
        title: "What each item adds between the two strongest answers",
        description: "One row an item, the heaviest first. Each bar begins where the last one ended; the last row is \
                      the total. Rows are links to the items. The table below gives the same numbers.",
        height,
        has_links: true,
    };
    html! {
        p { "Between " strong { (foreign(names.0)) } " and " strong { (foreign(names.1)) }
            @if contest.is_tie { ", which are level" } @else { ", its strongest rival" } "." }
        figure id="figure-evidence" {
            (drawing.of(&content))
            figcaption { (legend(names)) }
            (in_numbers("Steps", &table(&contest, (&groups, &aside, searched), index)))
        }
    }
}

/// The smallest and largest running sum, with zero and some room.
fn scale(contest: &Contest<'_>, groups: &[Group<'_>]) -> Scale {
    let (mut least, mut most, mut sum) = (0, contest.total_mdb().max(0), 0_i64);
    least = contest.total_mdb().min(least);
    for step in groups.iter().filter_map(|group| group.steps.first()) {
        sum = sum.saturating_add(step.mdb);
        (least, most) = (sum.min(least), sum.max(most));
    }
    let (least, most) = (float_db(least).max(-1000.0), float_db(most).min(1000.0));
    let room = ((most - least) * 0.04).max(1.0);
    Scale { min: if least < 0.0 { least - room } else { 0.0 }, max: most + room }
}

impl Rows {
    fn group(&mut self, group: &Group<'_>, sheet: &Sheet, scale: &Scale) {
        let top = self.top;
        for (position, step) in group.steps.iter().enumerate() {
            let bar = if position == 0 {
                self.counted_bar(step, scale)
            } else {
                html! {}
            };
            let value = if position == 0 { decibans(step.mdb) } else { "counted above".to_owned() };
            self.push_item(step, sheet, &value, &bar);
        }
        if let Some(why) = group.bracket {
            self.markup.push(html! {
                path class="bracket" d=(format!("M9,{}H3V{}H9", top + 4, self.top - 6)) { title { (why) } }
            });
        }
    }

    fn counted_bar(&mut self, step: &Step<'_>, scale: &Scale) -> Markup {
        let from = self.sum_mdb;
        self.sum_mdb = from.saturating_add(step.mdb);
        let side = if step.mdb < 0 { "against" } else { "for" };
        let basis = if step.result.basis == Basis::Subjective { " subjective" } else { "" };
        html! {
            (bar(&format!("bar {side}{basis}"), scale, (float_db(from), float_db(self.sum_mdb)), self.top + 21, 12))
            (self.connector(scale))
        }
    }

    /// The thread from the end of this step to the next row.
    fn connector(&self, scale: &Scale) -> Markup {
        let x = scale.x(float_db(self.sum_mdb));
        line("thread", (&x, self.top + 33), (&x, self.top + ROW + 21))
    }

    /// One item's row, a link to its place in the record.
    fn push_item(&mut self, step: &Step<'_>, sheet: &Sheet, value: &str, bar: &Markup) {
        let stated = sheet.observations.get(step.number - 1);
        let (kind, says) = stated.map_or(("", ""), |stated| (stated.kind.as_str(), stated.value.as_str()));
        let name = format!("{} · {} · {says}", step.number, kind.replace('_', " "));
        let struck = if step.result.withdrawn { "name struck" } else { "name halo" };
        let failed = has_failed_test(step.result);
        self.markup.push(html! {
            a href=(Place::Item(step.number).href()) {
                rect class="row" x="0" y=(self.top) width="100%" height=(ROW - 4) {}
                @if failed { (mark(Shape::Triangle, "failed", "20", self.top + 10)) }
                (label(if failed { "31" } else { "14" }, self.top + 15, struck, &name, 74))
                (text("99.5%", self.top + 15, Anchor::End, "value", value))
                (bar)
            }
        });
        self.top += ROW;
    }

    fn plain_step(&mut self, name: &str, mdb: i64, class: &str, scale: &Scale) {
        let from = self.sum_mdb;
        self.sum_mdb = from.saturating_add(mdb);
        self.markup.push(html! {
            (label("14", self.top + 15, "name halo", name, 74))
            (text("99.5%", self.top + 15, Anchor::End, "value", &decibans(mdb)))
            (bar(class, scale, (float_db(from), float_db(self.sum_mdb)), self.top + 21, 12))
            (self.connector(scale))
        });
        self.top += ROW;
    }

    fn total(&mut self, mdb: i64, scale: &Scale) {
        self.markup.push(html! {
            (text("14", self.top + 15, Anchor::Start, "name total", "Total"))
            (text("99.5%", self.top + 15, Anchor::End, "value total", &decibans(mdb)))
            (bar("bar sum", scale, (0.0, float_db(mdb)), self.top + 21, 12))
        });
        self.top += ROW;
    }

    /// What is on file and in no sum: an outline instead of a bar.
    fn aside(&mut self, aside: &[Step<'_>], sheet: &Sheet) {
        if !aside.is_empty() {
            self.markup.push(html! {
                (line("lane", ("0", self.top + 2), ("100%", self.top + 2)))
                (text("14", self.top + 20, Anchor::Start, "hint", "On file, and in no sum"))
            });
            self.top += 30;
        }
        for step in aside.iter().take(ASIDE_MAX) {
            let value = if step.result.withdrawn { "withdrawn" } else { "not weighed" };
            let outline = html! { rect class="outline" x="14" y=(self.top + 22) width="22" height="10" {} };
            self.push_item(step, sheet, value, &outline);
        }
        if let Some(more) = aside.len().checked_sub(ASIDE_MAX).filter(|more| *more > 0) {
            let words = format!("{} more not weighed, see the table", count(more, "item"));
            self.markup.push(label("14", self.top + 15, "name", &words, 74));
            self.top += ROW;
        }
    }
}

/// Whether a consistency test speaks against an item being genuine.
pub(crate) fn has_failed_test(result: &ObservationResult) -> bool {
    result.tests.iter().any(|test| matches!(test.result.as_str(), "inconsistent" | "borrowed"))
}

fn ticks(scale: &Scale, bottom: usize) -> Markup {
    let span = scale.max - scale.min;
    let step = if span > 200.0 {
        100
    } else if span > 80.0 {
        20
    } else if span > 25.0 {
        10
    } else {
        5
    };
    let values: Vec<i32> =
        (-200..=200).map(|n| n * step).filter(|n| f64::from(*n) >= scale.min && f64::from(*n) <= scale.max).collect();
    html! {
        @for value in values {
            @let x = scale.x(f64::from(value));
            (line(if value == 0 { "zero" } else { "grid" }, (&x, 2), (&x, bottom)))
            @let anchor = if scale.at(f64::from(value)) < 6.0 { Anchor::Start } else if scale.at(f64::from(value)) > 94.0 { Anchor::End } else { Anchor::Middle };
            (text(&x, bottom + 18, anchor, "tick", &if value == 0 { "0 dB".to_owned() } else { format!("{}{}", if value < 0 { "−" } else { "+" }, value.abs()) }))
        }
    }
}

fn legend(names: (&str, &str)) -> Markup {
    let sample = |class: &str| {
        swatch(
            &html! { rect class=(class) x="1" y="1" width="32" height="12" {} @if class.contains("subjective") { rect class="hatched" fill="url(#hatch)" x="1" y="1" width="32" height="12" {} } },
        )
    };
    html! {
        ul class="legend" {
            li { (sample("bar for")) span { "speaks for " (foreign(&cut(names.0, 40))) } }
            li { (sample("bar against")) span { "speaks for " (foreign(&cut(names.1, 40))) } }
            li { (sample("bar for subjective")) "an analyst’s own numbers" }
            li { (sample("bar planting")) "effect of possible planting" }
            li { (sample("outline")) "on file, not weighed" }
            li { (swatch(&mark(Shape::Triangle, "failed", "17", 7))) "failed a consistency test" }
            li { (swatch(&html! { path class="bracket" d="M20,1H13V13H20" {} })) "counts once together" }
            li { (swatch(&html! { text class="name struck" x="2" y="12" { "item" } })) "withdrawn" }
        }
    }
}

fn table(contest: &Contest<'_>, steps: (&[Group<'_>], &[Step<'_>], i64), index: &Index<'_>) -> Markup {
    let (groups, aside, searched) = steps;
    let row = |step: &Step<'_>, weight: &str| {
        html! {
            tr {
                th scope="row" { (links::item(&step.result.id, index)) }
                td { (links::kind(&step.result.kind, index)) }
                td { (links::source(&step.result.root, index)) }
                td { @if let Some(block) = &step.result.block { (foreign(block)) } @else { "–" } }
                td class="n" { a href=(Place::Weight(step.number).href()) { (weight) } }
            }
        }
    };
    html! {
        table {
            thead { tr { th scope="col" { "Item" } th scope="col" { "Kind" } th scope="col" { "Root" } th scope="col" { "Block" } th scope="col" class="n" { "Weight" } } }
            tbody {
                @for group in groups {
                    @for (position, step) in group.steps.iter().enumerate() {
                        (row(step, &if position == 0 { decibans(step.mdb) } else { "counted with the item above".to_owned() }))
                    }
                }
                @if searched != 0 { tr { th scope="row" colspan="4" { a href="#missing" { "Looked for and not found" } } td class="n" { (decibans(searched)) } } }
                @for step in aside { (row(step, if step.result.withdrawn { "withdrawn" } else { "not weighed" })) }
            }
            tfoot { tr { th scope="row" colspan="4" { "Total, with the possibility of planting" } td class="n" { (decibans(contest.total_mdb())) } } }
        }
    }
}
