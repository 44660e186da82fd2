//! The table of items for a terminal.

use onus_weigh::{Assessment, Basis, ObservationResult, Sheet};

use super::{
    WIDTH,
    paint::{Paint, wrapped},
};
use crate::{
    charts::waterfall::has_failed_test,
    contest::Contest,
    foreign::{columns, cut, named_plain},
    index::Index,
    numbers::{decibans, probability},
};

/// The most items that are listed.
const ITEMS_MAX: usize = 200;

/// Returns every item known on the day: its weights for the two strongest answers, and what a reader should know of it.
pub(super) fn items(assessment: &Assessment, sheet: &Sheet, index: &Index<'_>, paint: Paint) -> String {
    let Some(contest) = Contest::of(assessment) else { return String::new() };
    let mut out = paint.heading("Items: weight against an actor not listed");
    let (leader, rival) = (cut(index.title(&contest.leader.id), 12), cut(index.title(&contest.rival.id), 12));
    let line = format!(
        "{:>4}  {} {} {}  {:<10} {:<10}remark",
        "",
        fill("kind", 17),
        fill_left(&leader, 12),
        fill_left(&rival, 12),
        "basis",
        "planted"
    );
    out.push_str(&format!("{}\n", paint.soft(&line)));
    for result in assessment.observations.iter().take(ITEMS_MAX) {
        out.push_str(&item(result, &contest, index, paint));
    }
    if let Some(more) = assessment.observations.len().checked_sub(ITEMS_MAX).filter(|more| *more > 0) {
        out.push_str(&format!("      and {more} more in the page\n"));
    }
    let later = sheet.observations.len().saturating_sub(assessment.observations.len());
    if later > 0 {
        out.push_str(&format!("      {later} of the sheet were not yet known on that day\n"));
    }
    out
}

fn item(result: &ObservationResult, contest: &Contest<'_>, index: &Index<'_>, paint: Paint) -> String {
    let number = index.item(&result.id).map_or(String::new(), |number| number.to_string());
    let weight = |id: &str| result.weights_mdb.get(id).map_or("–".to_owned(), |mdb| decibans(*mdb));
    let basis = match result.basis {
        Basis::Reference => "reference",
        Basis::Table => "table",
        Basis::Subjective => "subjective",
        Basis::None => "none",
    };
    let planted = result.planted_probability.map_or("–".to_owned(), probability);
    let start = format!(
        "{number:>4}  {} {} {}  {basis:<10} {planted:<10}",
        fill(&cut(&result.kind, 17), 17),
        fill_left(&weight(&contest.leader.id), 12),
        fill_left(&weight(&contest.rival.id), 12),
    );
    let room = WIDTH - columns(&start);
    let indent = " ".repeat(WIDTH - room);
    let line = format!("{start}{}", wrapped(&remark(result, index), room, &indent));
    let line = line.trim_end();
    format!("{}\n", if result.counted { line.to_owned() } else { paint.soft(line) })
}

fn remark(result: &ObservationResult, index: &Index<'_>) -> String {
    let test = if has_failed_test(result) { "failed a test" } else { "" };
    let with = result.counted_with.as_ref().map(|id| format!("counted with `{id}`"));
    let why = with.as_ref().or(result.remark.as_ref()).map(|why| named_plain(why, index)).unwrap_or_default();
    [test, &why].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn fill(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

fn fill_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}
