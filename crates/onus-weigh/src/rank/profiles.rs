//! What the reference data knows of each candidate, counted for one set of traces that were seen.

use std::collections::BTreeMap;

use super::Seen;
use crate::reference::{TraceKind, View};

/// Reports that a relative of an unseen sub-technique counts as, at most: see [`Profiles::known`].
const RELATIVE: f64 = 0.3;

/// Weight of an even background in the rate of a trace, in claims.
const BACKGROUND_CLAIMS: f64 = 800.0;

/// Weight of the background in a candidate's own rate, in claims.
const OWN_CLAIMS: f64 = 5.0;

/// One document, cut down to what was seen.
pub(super) struct Overlap {
    /// The candidate (by place) that the report is about.
    pub(super) candidate: usize,
    /// Traces in the whole report.
    pub(super) size: f64,
    /// The seen traces (by place) that it names.
    pub(super) shared: Vec<usize>,
}

/// Counts over all documents of the candidates. Places of candidates and of seen traces count from 0.
pub(super) struct Profiles {
    /// By candidate: its number of reports.
    pub(super) reports: Vec<f64>,
    /// By candidate: its number of claims, the sum of the sizes of its reports.
    pub(super) claims: Vec<f64>,
    /// By seen trace: how many candidates it is known of.
    pub(super) owners: Vec<usize>,
    /// By seen trace: rarity, ln((candidates + 1) / (owners + 0.5)).
    pub(super) rarity: Vec<f64>,
    /// By candidate and seen trace: in how many of its reports the trace is.
    pub(super) counts: Vec<Vec<f64>>,
    /// By candidate and seen trace: the same, where a report of a relative counts in part.
    known: Vec<Vec<f64>>,
    /// By seen trace: its share among all claims, smoothed.
    pub(super) background: Vec<f64>,
    /// Documents that name something that was seen.
    pub(super) overlaps: Vec<Overlap>,
}

impl Profiles {
    /// Counts what a view says of the candidates (sorted numbers of actors) about what was seen.
    pub(super) fn new(view: &View<'_>, candidates: &[u16], seen: &[Seen]) -> Self {
        let tables = Tables::new(view, seen);
        let len = (candidates.len(), seen.len());
        let (mut reports, mut claims) = (vec![0.0; len.0], vec![0.0; len.0]);
        let (mut counts, mut related) = (vec![vec![0.0; len.1]; len.0], vec![vec![0.0; len.1]; len.0]);
        let mut overlaps = Vec::new();
        let mut in_family = vec![false; tables.families];
        for document in &view.documents {
            let Ok(candidate) = candidates.binary_search(&document.actor) else { continue };
            let size = count(document.traces.len());
            add(&mut reports, candidate, 1.0);
            add(&mut claims, candidate, size);
            in_family.fill(false);
            let (mut shared, mut is_related) = (Vec::new(), false);
            for trace in &document.traces {
                let Some(entry) = tables.by_trace.get(usize::from(*trace)) else { continue };
                if let Some(cell) = entry.family.and_then(|family| in_family.get_mut(family)) {
                    (*cell, is_related) = (true, true);
                }
                shared.extend(entry.seen);
            }
            if let Some(row) = counts.get_mut(candidate) {
                shared.iter().for_each(|seen| add(row, *seen, 1.0));
            }
            if let Some(row) = related.get_mut(candidate).filter(|_| is_related) {
                for (seen, family) in tables.of_seen.iter().enumerate() {
                    if in_family.get(*family) == Some(&true) {
                        add(row, seen, 1.0);
                    }
                }
            }
            if !shared.is_empty() {
                overlaps.push(Overlap { candidate, size, shared });
            }
        }
        Self::of_counts(reports, claims, counts, &related, overlaps, len)
    }

    fn of_counts(
        reports: Vec<f64>,
        claims: Vec<f64>,
        counts: Vec<Vec<f64>>,
        related: &[Vec<f64>],
        overlaps: Vec<Overlap>,
        (candidates, seen): (usize, usize),
    ) -> Self {
        let total = |rows: &[Vec<f64>]| -> Vec<f64> {
            (0..seen).map(|at| rows.iter().filter_map(|row| row.get(at)).sum()).collect()
        };
        let (documents, in_families) = (total(&counts), total(related));
        let all_claims: f64 = claims.iter().sum();
        let owners: Vec<usize> =
            (0..seen).map(|at| counts.iter().filter(|row| row.get(at).is_some_and(|n| *n > 0.0)).count()).collect();
        let rarity =
            owners.iter().map(|owners| libm::log((count(candidates) + 1.0) / (count(*owners) + 0.5))).collect();
        let background = documents.iter().map(|n| (n + 0.5) / (all_claims + BACKGROUND_CLAIMS)).collect();
        let share: Vec<f64> =
            documents.iter().zip(&in_families).map(|(n, family)| (n + 0.3) / (family + 1.0)).collect();
        let known = |(own, family): (&Vec<f64>, &Vec<f64>)| {
            let cell = |((own, family), share): ((&f64, &f64), &f64)| own + RELATIVE * share * (family - own);
            own.iter().zip(family).zip(&share).map(cell).collect()
        };
        let known = counts.iter().zip(related).map(known).collect();
        Self { reports, claims, owners, rarity, counts, known, background, overlaps }
    }

    /// Weight of each seen trace for a candidate against whoever it may be, in nats: ln(1 + (1-L)/L · rate/background).
    ///
    /// `floor` is L, the share of the background in the candidate's mixture. Never negative; 0 where it is not known for it.
    pub(super) fn weights(&self, candidate: usize, floor: f64) -> Vec<f64> {
        let claims = self.claims.get(candidate).copied().unwrap_or_default() + OWN_CLAIMS;
        let known = self.known.get(candidate).into_iter().flatten();
        // most traces are not known for most candidates, and a logarithm is dear
        let weight = |(known, background): (&f64, &f64)| match *known > 0.0 {
            true => libm::log(1.0 + (1.0 - floor) / floor * known / (claims * background)),
            false => 0.0,
        };
        known.zip(&self.background).map(weight).collect()
    }
}

/// What each trace of the reference data is to what was seen.
struct Tables {
    /// By trace (by number).
    by_trace: Vec<Entry>,
    /// By seen trace: its family. Techniques with their sub-techniques are one; everything else is alone.
    of_seen: Vec<usize>,
    families: usize,
}

#[derive(Clone, Copy, Default)]
struct Entry {
    /// Its place among what was seen.
    seen: Option<usize>,
    /// The family of a seen trace that it belongs to.
    family: Option<usize>,
}

impl Tables {
    fn new(view: &View<'_>, seen: &[Seen]) -> Self {
        let traces = &view.reference.traces;
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        let mut tables = Self { by_trace: vec![Entry::default(); traces.len()], of_seen: Vec::new(), families: 0 };
        for (at, seen) in seen.iter().enumerate() {
            let (name, next) = (family(seen.kind, &seen.id), names.len());
            let number = *names.entry(name).or_insert(next);
            tables.of_seen.push(number);
            if let Some(entry) = seen.trace.and_then(|trace| tables.by_trace.get_mut(usize::from(trace))) {
                entry.seen = Some(at);
            }
            // traces are sorted by identifier, so a family stands together
            let first = traces.partition_point(|trace| trace.id.as_str() < name);
            let members = traces.iter().zip(&mut tables.by_trace).skip(first);
            for (_, entry) in
                members.take_while(|(trace, _)| trace.kind == seen.kind && family(trace.kind, &trace.id) == name)
            {
                entry.family = Some(number);
            }
        }
        tables.families = names.len();
        tables
    }
}

/// The identifier of the technique that a sub-technique belongs to; everything else is its own family.
fn family(kind: TraceKind, id: &str) -> &str {
    match id.split_once('.') {
        Some((technique, _)) if kind == TraceKind::Technique => technique,
        _ => id,
    }
}

fn add(row: &mut [f64], at: usize, by: f64) {
    if let Some(cell) = row.get_mut(at) {
        *cell += by;
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of at most some thousands")]
pub(super) fn count(len: usize) -> f64 {
    len as f64
}
