//! Items made ready: what each may see, its counts, its fold, and the report that it stands or falls with.

use std::collections::BTreeMap;

use onus_core::Digest;
use onus_weigh::{
    Reference,
    benchmark::{Benchmark, Evidence, Item, Question, Setting},
    reference::View,
};

use crate::profile::Profile;

/// Folds of cross-validation.
pub(crate) const FOLDS: usize = 10;

/// One item, ready to be asked of any engine.
pub(crate) struct Prepared<'r> {
    pub(crate) item: &'r Item,
    /// Candidates and right answers.
    pub(crate) question: Question,
    /// The reference data that the item allows.
    pub(crate) view: View<'r>,
    /// Counts over that view.
    pub(crate) profile: Profile,
    /// What is observed.
    pub(crate) evidence: Evidence,
    /// The fold it is in.
    pub(crate) fold: usize,
    /// Number of its set of reports: items that share one are resampled together.
    pub(crate) group: usize,
}

impl Prepared<'_> {
    /// Returns whether the culprit is among the candidates.
    pub(crate) fn has_answer(&self) -> bool {
        !self.question.answers.is_empty()
    }

    /// Returns what is observed, as far as a setting shows it.
    pub(crate) fn shown(&self, setting: Setting) -> Evidence {
        self.item.evidence(self.view.reference, setting)
    }
}

/// Makes all items ready.
pub(crate) fn prepare<'r>(benchmark: &'r Benchmark, reference: &'r Reference) -> Result<Vec<Prepared<'r>>, String> {
    let groups = groups(&benchmark.items);
    let mut ready = Vec::with_capacity(benchmark.items.len());
    for (item, (group, fold)) in benchmark.items.iter().zip(groups) {
        let question = item.question(benchmark, reference).map_err(|problem| format!("{}: {problem}", item.item))?;
        let view = question.view(reference);
        let profile = Profile::new(&view);
        let evidence = item.evidence(reference, Setting::Both);
        ready.push(Prepared { item, question, view, profile, evidence, fold, group });
    }
    Ok(ready)
}

/// Says how many hidden reports the reference data does not have: nobody cites them for a use, or they are misspelt.
pub(crate) fn say_unknown(asked: &[Prepared<'_>]) {
    let unknown: usize = asked.iter().map(|item| item.question.unknown_reports.len()).sum();
    if unknown > 0 {
        eprintln!("note: {unknown} hidden reports are not in the reference data, so nothing of them is to be hidden");
    }
}

/// Reports that an item rests on: those hidden, and the one that it describes (the rest of its id).
fn reports(item: &Item) -> Vec<String> {
    let mut reports = item.training.hide_citations.clone();
    let parts: Vec<&str> = item.item.split('/').collect();
    reports.push(match parts.as_slice() {
        ["report-temporal", _, _, rest @ ..] | ["report-loo", _, rest @ ..] => rest.join("/"),
        [_, rest @ ..] => format!("C:{}", rest.join("/")),
        [] => String::new(),
    });
    reports.sort_unstable();
    reports.dedup();
    reports
}

/// Group and fold of each item: items that share a report, directly or through others, are one group.
///
/// The fold is the digest of the first report of the group, so it does not depend on the other items' order.
fn groups(items: &[Item]) -> Vec<(usize, usize)> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let of_items: Vec<Vec<String>> = items.iter().map(reports).collect();
    for report in of_items.iter().flatten() {
        let next = numbers.len();
        numbers.entry(report.clone()).or_insert(next);
    }
    let mut parent: Vec<usize> = (0..numbers.len()).collect();
    for reports in &of_items {
        let roots: Vec<usize> = reports.iter().map(|report| root(&parent, numbers[report])).collect();
        roots.iter().for_each(|other| {
            let (one, other) = (root(&parent, roots[0]), root(&parent, *other));
            parent[other] = one;
        });
    }
    // The map is sorted by name, so the first name of a root is its least.
    let mut least: BTreeMap<usize, &str> = BTreeMap::new();
    for (name, number) in &numbers {
        least.entry(root(&parent, *number)).or_insert(name);
    }
    let of_item = |reports: &Vec<String>| {
        let group = root(&parent, numbers[&reports[0]]);
        (group, fold(least[&group]))
    };
    of_items.iter().map(of_item).collect()
}

fn root(parent: &[usize], mut number: usize) -> usize {
    while parent[number] != number {
        number = parent[number];
    }
    number
}

/// The digest of a name, read as a number, less all whole multiples of the number of folds.
fn fold(name: &str) -> usize {
    let digest = Digest::of(name.as_bytes());
    digest.as_bytes().iter().fold(0, |rest, byte| (rest * 256 + usize::from(*byte)) % FOLDS)
}
