//! Counts over what an item may see: which candidate is known for what, from how many reports.

use std::collections::BTreeMap;

use onus_weigh::{
    benchmark::Evidence,
    reference::{TraceKind, View},
};

use crate::baselines::probability;

/// Counts by candidate (in the order of the view) and trace (by number).
pub(crate) struct Profile {
    /// Number of traces of the reference data: the width of a row.
    width: usize,
    /// Documents of a candidate that carry a trace, row by row.
    counts: Vec<u16>,
    /// Traces that a candidate is known for, by candidate, sorted.
    pub(crate) known: Vec<Vec<u16>>,
    /// Documents, each with its candidate by place, and the length of its vector of idf.
    pub(crate) documents: Vec<(usize, Vec<u16>, f64)>,
    /// Documents by candidate.
    pub(crate) reports: Vec<f64>,
    /// Distinct traces by candidate.
    pub(crate) distinct: Vec<f64>,
    /// Sizes of documents by candidate, summed.
    pub(crate) claims: Vec<f64>,
    /// Candidates that are known for a trace, by trace.
    pub(crate) owners: Vec<f64>,
    /// Documents that carry a trace, by trace.
    pub(crate) documents_with: Vec<f64>,
    /// Rarity of a trace, by trace.
    pub(crate) idf: Vec<f64>,
    /// Rarity of what nobody is known for.
    pub(crate) idf_unknown: f64,
    /// Whether a trace is software, by trace.
    pub(crate) is_software: Vec<bool>,
    /// Lengths of the candidates' vectors of idf.
    pub(crate) idf_norm: Vec<f64>,
    /// By candidate, the logarithm of the probability that a report of it carries nothing at all.
    pub(crate) absence: Vec<f64>,
    /// Traces that somebody is known for.
    pub(crate) vocabulary: usize,
}

impl Profile {
    pub(crate) fn new(view: &View<'_>) -> Self {
        let (width, rows) = (view.reference.traces.len(), view.candidates.len());
        let mut counts = vec![0_u16; width * rows];
        let (mut reports, mut claims) = (vec![0.0; rows], vec![0.0; rows]);
        let mut documents_with = vec![0.0; width];
        let mut documents = Vec::with_capacity(view.documents.len());
        for document in &view.documents {
            let Ok(row) = view.candidates.binary_search(&document.actor) else { continue };
            reports[row] += 1.0;
            claims[row] += document.traces.len() as f64;
            for trace in &document.traces {
                counts[row * width + usize::from(*trace)] += 1;
                documents_with[usize::from(*trace)] += 1.0;
            }
            documents.push((row, document.traces.clone(), 0.0));
        }
        let known = |row: &[u16]| (0..).zip(row).filter(|(_, count)| **count > 0).map(|(trace, _)| trace).collect();
        let known: Vec<Vec<u16>> = counts.chunks_exact(width).map(known).collect();
        let mut owners = vec![0.0; width];
        known.iter().flatten().for_each(|trace| owners[usize::from(*trace)] += 1.0);
        let documented = reports.iter().filter(|count| **count > 0.0).count() as f64;
        let rarity = |owners: f64| libm::log((documented + 1.0) / (owners + 0.5));
        let by_owners: Vec<f64> = (0..=rows).map(|owners| rarity(owners as f64)).collect();
        let idf: Vec<f64> = owners.iter().map(|owners| by_owners[*owners as usize]).collect();
        for (_, traces, norm) in &mut documents {
            *norm = libm::sqrt(traces.iter().map(|trace| square(idf[usize::from(*trace)])).sum());
        }
        let length = |known: &Vec<u16>| libm::sqrt(known.iter().map(|trace| square(idf[usize::from(*trace)])).sum());
        let distinct = known.iter().map(|known| known.len() as f64).collect();
        let idf_norm = known.iter().map(length).collect();
        let is_software = view.reference.traces.iter().map(|trace| trace.kind == TraceKind::Software).collect();
        let vocabulary = owners.iter().filter(|owners| **owners > 0.0).count();
        let mut profile = Self {
            width,
            counts,
            known,
            documents,
            reports,
            distinct,
            claims,
            owners,
            documents_with,
            idf,
            idf_unknown: rarity(0.0),
            is_software,
            idf_norm,
            absence: Vec::new(),
            vocabulary,
        };
        profile.absence = profile.absences();
        profile
    }

    /// Returns the share of all documents that carry a trace which so many carry.
    pub(crate) fn background(&self, documents_with: f64) -> f64 {
        (documents_with + 0.5) / (self.documents.len() as f64 + 1.0)
    }

    /// Sums by candidate, computed once for each number of reports and corrected where the candidate has the trace.
    fn absences(&self) -> Vec<f64> {
        let mut with: BTreeMap<usize, f64> = BTreeMap::new();
        for documents in self.documents_with.iter().filter(|documents| **documents > 0.0) {
            *with.entry(*documents as usize).or_default() += 1.0;
        }
        let never = |reports: f64, documents: f64| libm::log1p(-probability(0.0, self.background(documents), reports));
        let mut by_reports: BTreeMap<usize, f64> = BTreeMap::new();
        for reports in &self.reports {
            let sum = || with.iter().map(|(documents, traces)| traces * never(*reports, *documents as f64)).sum();
            by_reports.entry(*reports as usize).or_insert_with(sum);
        }
        let correction = |row: usize| {
            let reports = self.reports[row];
            self.known[row].iter().map(move |trace| {
                let documents = self.documents_with[usize::from(*trace)];
                let present = probability(self.count(row, *trace), self.background(documents), reports);
                libm::log1p(-present) - never(reports, documents)
            })
        };
        let of = |row: usize| by_reports[&(self.reports[row] as usize)] + correction(row).sum::<f64>();
        (0..self.candidates()).map(of).collect()
    }

    /// Returns how many candidates there are.
    pub(crate) fn candidates(&self) -> usize {
        self.reports.len()
    }

    /// Returns in how many documents a candidate has a trace.
    pub(crate) fn count(&self, candidate: usize, trace: u16) -> f64 {
        f64::from(self.counts[candidate * self.width + usize::from(trace)])
    }

    /// Returns the size of the vocabulary with what is observed in it.
    pub(crate) fn vocabulary_with(&self, evidence: &Evidence) -> f64 {
        let new = evidence.traces.iter().filter(|trace| self.owners[usize::from(**trace)] == 0.0).count();
        (self.vocabulary + new + evidence.unknown.len()) as f64
    }

    /// Returns the share of a candidate's claims that a trace has, over its share among all: large where it is typical.
    pub(crate) fn lift(&self, candidate: usize, trace: u16) -> f64 {
        let all: f64 = self.claims.iter().sum();
        let background = (self.documents_with[usize::from(trace)] + 0.5) / (all + 800.0);
        self.count(candidate, trace) / ((self.claims[candidate] + 5.0) * background)
    }
}

pub(crate) fn square(value: f64) -> f64 {
    value * value
}
