//! Counts over what an item may see: which candidate is known for what, from how many reports.
//!
//! Who is known for a trace is kept by trace, so that scoring touches only candidates that something speaks for.

use std::collections::BTreeMap;

use onus_weigh::{
    benchmark::Evidence,
    reference::{TraceKind, View},
};

/// Counts by candidate (in the order of the view) and trace (by number).
pub(crate) struct Profile {
    /// Who is known for a trace, and from how many documents: pairs for one trace after the other, by candidate.
    known_for: Vec<(u16, u16)>,
    /// Where the pairs of a trace begin; one entry more than traces.
    begins: Vec<usize>,
    /// Traces that a candidate is known for, by candidate, sorted.
    pub(crate) known: Vec<Vec<u16>>,
    /// Documents, each with its candidate by place, and the length of its vector of idf.
    pub(crate) documents: Vec<(usize, Vec<u16>, f64)>,
    /// Documents by candidate.
    pub(crate) reports: Vec<f64>,
    /// Sizes of documents by candidate, summed.
    pub(crate) claims: Vec<f64>,
    /// The same of all candidates.
    pub(crate) claims_of_all: f64,
    /// Candidates that are known for a trace, by trace.
    pub(crate) owners: Vec<f64>,
    /// The same, summed over traces.
    pub(crate) owners_of_all: f64,
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
    vocabulary: usize,
}

impl Profile {
    pub(crate) fn new(view: &View<'_>) -> Self {
        let (width, rows) = (view.reference.traces.len(), view.candidates.len());
        let (mut reports, mut claims) = (vec![0.0; rows], vec![0.0; rows]);
        let mut documents_with = vec![0.0; width];
        let mut documents = Vec::with_capacity(view.documents.len());
        // One entry a claim: who, and what. Documents are sorted by actor, so candidates come in order.
        let mut by_candidate: Vec<Vec<u16>> = vec![Vec::new(); rows];
        for document in &view.documents {
            let Ok(row) = view.candidates.binary_search(&document.actor) else { continue };
            reports[row] += 1.0;
            claims[row] += document.traces.len() as f64;
            document.traces.iter().for_each(|trace| documents_with[usize::from(*trace)] += 1.0);
            by_candidate[row].extend(&document.traces);
            documents.push((row, document.traces.clone(), 0.0));
        }
        let (mut counts, mut known) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        let mut owners = vec![0.0; width];
        for mut traces in by_candidate {
            traces.sort_unstable();
            let runs: Vec<(u16, u16)> =
                traces.chunk_by(|one, other| one == other).map(|equals| (equals[0], equals.len() as u16)).collect();
            runs.iter().for_each(|(trace, _)| owners[usize::from(*trace)] += 1.0);
            known.push(runs.iter().map(|(trace, _)| *trace).collect());
            counts.push(runs);
        }
        let (known_for, begins) = by_trace(&counts, &owners);
        let documented = reports.iter().filter(|count| **count > 0.0).count() as f64;
        let rarity = |owners: f64| libm::log((documented + 1.0) / (owners + 0.5));
        let by_owners: Vec<f64> = (0..=rows).map(|owners| rarity(owners as f64)).collect();
        let idf: Vec<f64> = owners.iter().map(|owners| by_owners[*owners as usize]).collect();
        let length = |traces: &Vec<u16>| libm::sqrt(traces.iter().map(|trace| square(idf[usize::from(*trace)])).sum());
        documents.iter_mut().for_each(|(_, traces, norm)| *norm = length(traces));
        let idf_norm = known.iter().map(length).collect();
        let mut profile = Self {
            known_for,
            begins,
            known,
            documents,
            reports,
            claims_of_all: claims.iter().sum(),
            claims,
            vocabulary: owners.iter().filter(|owners| **owners > 0.0).count(),
            owners_of_all: owners.iter().sum(),
            owners,
            documents_with,
            idf,
            idf_unknown: rarity(0.0),
            is_software: view.reference.traces.iter().map(|trace| trace.kind == TraceKind::Software).collect(),
            idf_norm,
            absence: Vec::new(),
        };
        profile.absence = profile.absences(&counts);
        profile
    }

    /// Returns how many candidates there are.
    pub(crate) fn candidates(&self) -> usize {
        self.reports.len()
    }

    /// Returns who is known for a trace, from how many documents each.
    pub(crate) fn known_for(&self, trace: u16) -> &[(u16, u16)] {
        let trace = usize::from(trace);
        &self.known_for[self.begins[trace]..self.begins[trace + 1]]
    }

    /// Returns in how many documents a candidate has a trace.
    pub(crate) fn count(&self, candidate: usize, trace: u16) -> f64 {
        let of_trace = self.known_for(trace);
        let found = of_trace.binary_search_by(|(other, _)| usize::from(*other).cmp(&candidate));
        found.map_or(0.0, |index| f64::from(of_trace[index].1))
    }

    /// Returns the size of the vocabulary with what is observed in it.
    pub(crate) fn vocabulary_with(&self, evidence: &Evidence) -> f64 {
        let new = evidence.traces.iter().filter(|trace| self.owners[usize::from(**trace)] == 0.0).count();
        (self.vocabulary + new + evidence.unknown.len()) as f64
    }

    /// Returns the share of a candidate's claims that a trace has, over its share among all: large where it is typical.
    pub(crate) fn lift(&self, candidate: usize, trace: u16) -> f64 {
        let background = (self.documents_with[usize::from(trace)] + 0.5) / (self.claims_of_all + 800.0);
        self.count(candidate, trace) / ((self.claims[candidate] + 5.0) * background)
    }

    /// Returns the probability that a report of a candidate carries a trace which so many of its reports carry; half a
    /// report of the background is mixed in.
    pub(crate) fn probability(&self, count: f64, documents_with: f64, reports: f64) -> f64 {
        let background = (documents_with + 0.5) / (self.documents.len() as f64 + 1.0);
        ((count + 0.5 * background) / (reports + 0.5)).clamp(1e-4, 1.0 - 1e-4)
    }

    /// Sums by candidate, computed once for each number of reports and corrected where the candidate has the trace.
    fn absences(&self, counts: &[Vec<(u16, u16)>]) -> Vec<f64> {
        let most = self.documents_with.iter().copied().fold(0.0, f64::max) as usize;
        let mut with = vec![0.0; most + 1];
        self.documents_with.iter().for_each(|documents| with[*documents as usize] += 1.0);
        // Logarithms for no and for one report of the candidate, by number of documents with the trace.
        let mut by_reports: BTreeMap<usize, (f64, Vec<[f64; 2]>)> = BTreeMap::new();
        let log = |count: f64, documents: f64, reports: f64| libm::log1p(-self.probability(count, documents, reports));
        for reports in &self.reports {
            by_reports.entry(*reports as usize).or_insert_with(|| {
                let of = |documents: usize| {
                    let is_needed = documents > 0 && with[documents] > 0.0;
                    [0.0, 1.0].map(|count| if is_needed { log(count, documents as f64, *reports) } else { 0.0 })
                };
                let table: Vec<[f64; 2]> = (0..=most).map(of).collect();
                let sum = (1..=most).map(|documents| with[documents] * table[documents][0]).sum();
                (sum, table)
            });
        }
        let of = |(reports, counts): (&f64, &Vec<(u16, u16)>)| {
            let (sum, table) = &by_reports[&(*reports as usize)];
            let corrections = counts.iter().map(|(trace, count)| {
                let documents = self.documents_with[usize::from(*trace)];
                let [never, once] = table[documents as usize];
                let present = if *count == 1 { once } else { log(f64::from(*count), documents, *reports) };
                present - never
            });
            sum + corrections.sum::<f64>()
        };
        self.reports.iter().zip(counts).map(of).collect()
    }
}

/// Turns counts by candidate into counts by trace.
fn by_trace(counts: &[Vec<(u16, u16)>], owners: &[f64]) -> (Vec<(u16, u16)>, Vec<usize>) {
    let mut begins = Vec::with_capacity(owners.len() + 1);
    let mut total = 0;
    for owners in owners {
        begins.push(total);
        total += *owners as usize;
    }
    begins.push(total);
    let mut next = begins.clone();
    let mut known_for = vec![(0, 0); total];
    for (candidate, counts) in (0..).zip(counts) {
        for (trace, count) in counts {
            let place = &mut next[usize::from(*trace)];
            known_for[*place] = (candidate, *count);
            *place += 1;
        }
    }
    (known_for, begins)
}

pub(crate) fn square(value: f64) -> f64 {
    value * value
}
