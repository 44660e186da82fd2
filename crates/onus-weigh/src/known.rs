//! The case as it was known on a day: what was published, withdrawn, repeated and tested by then.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use onus_core::Edtf;

use crate::sheet::{Sheet, Source, Stated, Test};

/// A sheet cut down to one day.
pub(crate) struct Known<'s> {
    pub(crate) sheet: &'s Sheet,
    /// What was published by then, in the order of the sheet.
    pub(crate) items: Vec<Item<'s>>,
}

/// An observation with what was known about it.
pub(crate) struct Item<'s> {
    pub(crate) stated: &'s Stated,
    pub(crate) source: &'s Source,
    /// The source that it originally comes from.
    pub(crate) root: &'s str,
    /// Ids of the observations that it repeats or needs.
    pub(crate) relies_on: BTreeSet<&'s str>,
    /// The item (by index) that it repeats.
    pub(crate) repeats: Option<usize>,
    pub(crate) is_withdrawn: bool,
    pub(crate) tests: Vec<&'s Test>,
}

/// What an observation says about whom, whoever says it: its kind, and the hypotheses it points at and away from.
type Direction<'s> = (&'s str, BTreeSet<&'s str>, BTreeSet<&'s str>);

impl<'s> Known<'s> {
    /// Cuts a sheet down to what was known on a day, or takes all of it.
    pub(crate) fn on(sheet: &'s Sheet, day: Option<Date>) -> Self {
        let was_published = |seen: &Edtf| day.is_none_or(|day| seen.last_day().is_some_and(|last| last <= day));
        let sources: BTreeMap<&str, &Source> =
            sheet.sources.iter().map(|source| (source.id.as_str(), source)).collect();
        let mut items: Vec<Item<'s>> = sheet
            .observations
            .iter()
            .filter(|stated| was_published(&stated.seen))
            .filter_map(|stated| {
                let source = *sources.get(stated.source.as_str())?;
                let root = stated.root.as_deref().unwrap_or(&source.id);
                let relies_on = stated.relies_on.iter().map(String::as_str).collect();
                Some(Item { stated, source, root, relies_on, repeats: None, is_withdrawn: false, tests: Vec::new() })
            })
            .collect();
        find_repeats(&mut items, &Citations::of(sheet));
        let retracted = sheet.retractions.iter().filter(|retraction| was_published(&retraction.seen));
        withdraw(&mut items, retracted.map(|retraction| retraction.observation.as_str()).collect());
        for test in sheet.tests.iter().filter(|test| was_published(&test.seen)) {
            if let Some(item) = items.iter_mut().find(|item| item.stated.id == test.observation) {
                item.tests.push(test);
            }
        }
        Self { sheet, items }
    }
}

impl<'s> Item<'s> {
    pub(crate) fn direction(&self) -> Direction<'s> {
        let names = |ids: &'s [String]| ids.iter().map(String::as_str).collect();
        (&self.stated.kind, names(&self.stated.points_at), names(&self.stated.points_away))
    }

    /// Whether this item, of the same direction as the other, adds nothing to it.
    fn copies(&self, other: &Item<'_>, citations: &Citations) -> bool {
        let relies = self.relies_on.contains(other.stated.id.as_str());
        let repeats = || match &self.stated.root {
            Some(root) => *root != self.source.id && *root == other.source.id,
            None => citations.cites(&self.source.id, &other.source.id),
        };
        self.stated.id != other.stated.id && (relies || (self.source.id != other.source.id && repeats()))
    }

    /// Which of several reports of one fact came first. The identifier only separates what is otherwise equal.
    fn precedence(&self) -> (Option<Date>, &'s str) {
        (self.stated.seen.last_day(), &self.stated.id)
    }
}

/// Which source copies or relies on which, directly or through others.
struct Citations {
    index: BTreeMap<String, usize>,
    reach: Vec<Vec<bool>>,
    /// Whether any source cites another.
    any: bool,
}

impl Citations {
    /// The transitive closure of `cites`, by Warshall's algorithm over at most `ROWS_MAX` sources.
    fn of(sheet: &Sheet) -> Self {
        let index: BTreeMap<String, usize> =
            sheet.sources.iter().enumerate().map(|(index, source)| (source.id.clone(), index)).collect();
        let cited = |source: &Source| {
            let mut row = vec![false; sheet.sources.len()];
            for id in &source.cites {
                if let Some(cell) = index.get(id).and_then(|index| row.get_mut(*index)) {
                    *cell = true;
                }
            }
            row
        };
        let mut reach: Vec<Vec<bool>> = sheet.sources.iter().map(cited).collect();
        for through in 0..reach.len() {
            let onward = reach.get(through).cloned().unwrap_or_default();
            if !onward.contains(&true) {
                continue;
            }
            for row in reach.iter_mut().filter(|row| row.get(through) == Some(&true)) {
                for (cell, onward) in row.iter_mut().zip(&onward) {
                    *cell |= onward;
                }
            }
        }
        Self { any: sheet.sources.iter().any(|source| !source.cites.is_empty()), index, reach }
    }

    fn cites(&self, source: &str, cited: &str) -> bool {
        if !self.any {
            return false;
        }
        let at = |id: &str| self.index.get(id).copied();
        let row = at(source).and_then(|source| self.reach.get(source));
        row.zip(at(cited)).and_then(|(row, cited)| row.get(cited)).copied().unwrap_or(false)
    }
}

/// Finds for every item the one that it repeats, if any, and gives it that one's root.
///
/// Among items of the same kind that point the same way, a source that cites another repeats it, unless `root` says that
/// the item comes from elsewhere; so does an item whose `root` is another source that said the same, and one that says
/// itself that it relies on the other. Where items repeat each other, the one that was published first is the original.
fn find_repeats(items: &mut [Item<'_>], citations: &Citations) {
    let mut alike: BTreeMap<Direction<'_>, Vec<usize>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        alike.entry(item.direction()).or_default().push(index);
    }
    let mut originals: BTreeMap<usize, usize> = BTreeMap::new();
    for group in alike.values() {
        for &index in group {
            let original = group
                .iter()
                .filter_map(|&other| Some((other, items.get(index)?, items.get(other)?)))
                .filter(|(_, item, other)| {
                    item.copies(other, citations)
                        && (item.precedence() > other.precedence() || !other.copies(item, citations))
                })
                .min_by_key(|(_, _, other)| other.precedence());
            originals.extend(original.map(|(other, ..)| (index, other)));
        }
    }
    for index in 0..items.len() {
        let original = first_of_chain(index, &originals, items);
        if original != index
            && let Some(root) = items.get(original).map(|original| original.root)
            && let Some(item) = items.get_mut(index)
        {
            item.repeats = Some(original);
            item.root = root;
        }
    }
}

/// Follows repeats to the original; of a ring, that is the item that was published first.
fn first_of_chain(start: usize, originals: &BTreeMap<usize, usize>, items: &[Item<'_>]) -> usize {
    let mut walked = vec![start];
    let mut at = start;
    while let Some(&next) = originals.get(&at) {
        if let Some(ring) = walked.iter().position(|&seen| seen == next).and_then(|from| walked.get(from..)) {
            return ring.iter().copied().min_by_key(|&index| items.get(index).map(Item::precedence)).unwrap_or(start);
        }
        walked.push(next);
        at = next;
    }
    at
}

/// Withdraws the retracted items and all that repeat or rely on them.
fn withdraw<'s>(items: &mut [Item<'s>], retracted: BTreeSet<&'s str>) {
    let mut leaning: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let repeated = item.repeats.and_then(|other| items.get(other)).map(|other| other.stated.id.as_str());
        for id in item.relies_on.iter().copied().chain(repeated) {
            leaning.entry(id).or_default().push(index);
        }
    }
    let is_retracted = |item: &Item<'_>| retracted.contains(item.stated.id.as_str());
    let mut falling: Vec<usize> =
        items.iter().enumerate().filter(|(_, item)| is_retracted(item)).map(|(index, _)| index).collect();
    // What relies on an item that was published later, or not at all by that day, falls with it too.
    falling.extend(retracted.iter().filter_map(|id| leaning.get(id)).flatten());
    while let Some(item) = falling.pop().and_then(|index| items.get_mut(index)) {
        if !item.is_withdrawn {
            item.is_withdrawn = true;
            falling.extend(leaning.get(item.stated.id.as_str()).into_iter().flatten());
        }
    }
}
