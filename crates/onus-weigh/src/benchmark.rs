//! The form of a benchmark of "who did it?" questions, and what each question lets an engine see.
//!
//! A benchmark is JSON, read by whoever owns the file; here are its types. An item says what is observed, which
//! candidates there are, and what of the reference data must be hidden because it rests on the case itself.
//! What is observed and unknown to the reference data stays in the evidence: unknown to everyone is a fact too.

mod prediction;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::reference::{Hidden, Reference, TraceKind, View};

pub use prediction::{Prediction, Ranked};

/// Questions with known answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benchmark {
    /// Name of the whole.
    pub name: String,
    /// Which part of it this is, such as `dev`.
    pub split: String,
    /// Where the facts come from.
    #[serde(default)]
    pub source: String,
    /// Candidates by release.
    pub candidate_sets: BTreeMap<String, Vec<String>>,
    /// The questions.
    pub items: Vec<Item>,
    /// Questions again, with false traces added.
    #[serde(default)]
    pub planted: Vec<Planted>,
}

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub item: String,
    /// What sort of question it is, such as `report-loo`.
    pub kind: String,
    /// What an engine may use.
    pub training: Training,
    /// What is observed.
    pub evidence: Observed,
    /// Right answers among the candidates; none: the culprit is no candidate.
    pub answer: Vec<String>,
    /// Who it was, candidate or not.
    #[serde(default)]
    pub truth: Vec<String>,
    /// Members of the candidate set that are no candidates here.
    #[serde(default)]
    pub not_candidates: Vec<String>,
}

/// What of the reference data an engine may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// The release to stand in.
    pub release: String,
    /// Reports whose word is hidden.
    #[serde(default)]
    pub hide_citations: Vec<String>,
    /// Campaigns that are hidden with all their uses.
    #[serde(default)]
    pub hide_campaigns: Vec<String>,
}

/// Observed traces by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// Techniques.
    #[serde(default)]
    pub techniques: Vec<String>,
    /// Software.
    #[serde(default)]
    pub software: Vec<String>,
}

/// A question again, with false traces of a group that did not do it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    /// Its id.
    pub item: String,
    /// The question that it repeats.
    pub base: String,
    /// How the traces were chosen.
    pub variant: String,
    /// Whom they point at.
    pub decoy: String,
    /// The traces.
    pub add: Vec<String>,
}

/// Which sorts of traces an engine is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Setting {
    Both,
    Techniques,
    Software,
}

impl Setting {
    /// Every setting.
    pub const ALL: [Self; 3] = [Self::Both, Self::Techniques, Self::Software];

    /// Returns its name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Techniques => "techniques",
            Self::Software => "software",
        }
    }

    /// Returns whether it shows traces of a sort.
    #[must_use]
    pub fn shows(self, kind: TraceKind) -> bool {
        match self {
            Self::Both => true,
            Self::Techniques => kind == TraceKind::Technique,
            Self::Software => kind == TraceKind::Software,
        }
    }
}

/// Why an item cannot be asked of the reference data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BenchmarkProblem {
    /// The release is not in the reference data.
    #[error("release `{0}` is not in the reference data")]
    Release(String),
    /// The benchmark has no candidates for the release.
    #[error("the benchmark lists no candidates for release `{0}`")]
    Candidates(String),
    /// A candidate is not in the reference data.
    #[error("group `{0}` is not in the reference data")]
    Group(String),
}

/// What an item asks, in numbers of the reference data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// What must not be used.
    pub hidden: Hidden,
    /// Candidates (by number), sorted.
    pub candidates: Vec<u16>,
    /// Right answers, by their place among the candidates.
    pub answers: Vec<usize>,
    /// Hidden reports that the reference data does not have. There is nothing to hide of them; a long list says that
    /// names of reports are written differently in the two files.
    pub unknown_reports: Vec<String>,
}

/// What is observed, in numbers of the reference data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Traces (by number), sorted, each once.
    pub traces: Vec<u16>,
    /// Traces that the reference data does not have, by sort and id, sorted, each once.
    pub unknown: Vec<(TraceKind, String)>,
}

impl Item {
    /// Returns what the item asks.
    ///
    /// # Errors
    /// A release or candidate that the reference data does not have: a question half asked is not asked.
    pub fn question(&self, benchmark: &Benchmark, reference: &Reference) -> Result<Question, BenchmarkProblem> {
        let training = &self.training;
        let release = reference.release(&training.release);
        let release = release.ok_or_else(|| BenchmarkProblem::Release(training.release.clone()))?;
        let set = benchmark.candidate_sets.get(&training.release);
        let set = set.ok_or_else(|| BenchmarkProblem::Candidates(training.release.clone()))?;
        let actor = |id: &String| reference.actor(id).ok_or_else(|| BenchmarkProblem::Group(id.clone()));
        let listed = set.iter().filter(|id| !self.not_candidates.contains(id));
        let mut candidates = listed.map(actor).collect::<Result<Vec<u16>, _>>()?;
        candidates.sort_unstable();
        candidates.dedup();
        let answers = self.answer.iter().map(actor).collect::<Result<Vec<u16>, _>>()?;
        let answers = answers.iter().filter_map(|answer| candidates.binary_search(answer).ok()).collect();
        let (mut reports, mut unknown_reports) = (Vec::new(), Vec::new());
        for name in &training.hide_citations {
            match reference.report(name) {
                Some(report) => reports.push(report),
                None => unknown_reports.push(name.clone()),
            }
        }
        let campaigns = training.hide_campaigns.iter().filter_map(|id| reference.campaign(id)).collect();
        let hidden = Hidden { release: Some(release), reports, campaigns };
        Ok(Question { hidden, candidates, answers, unknown_reports })
    }

    /// Returns what is observed, as far as a setting shows it.
    #[must_use]
    pub fn evidence(&self, reference: &Reference, setting: Setting) -> Evidence {
        let techniques = self.evidence.techniques.iter().map(|id| (TraceKind::Technique, id));
        let software = self.evidence.software.iter().map(|id| (TraceKind::Software, id));
        Evidence::new(reference, techniques.chain(software).filter(|(kind, _)| setting.shows(*kind)))
    }
}

impl Planted {
    /// Returns what is observed with the false traces, as far as a setting shows it.
    ///
    /// A trace that the reference data does not have is software if its id begins with `S`.
    #[must_use]
    pub fn evidence(&self, base: &Item, reference: &Reference, setting: Setting) -> Evidence {
        let sort = |id: &String| {
            let known = reference.trace(id).and_then(|number| reference.traces.get(usize::from(number)));
            let guessed = if id.starts_with('S') { TraceKind::Software } else { TraceKind::Technique };
            known.map_or(guessed, |trace| trace.kind)
        };
        let added = self.add.iter().map(|id| (sort(id), id)).filter(|(kind, _)| setting.shows(*kind));
        base.evidence(reference, setting).with(Evidence::new(reference, added))
    }
}

impl Question {
    /// Takes the view of the reference data that the question allows: documents of candidates only.
    #[must_use]
    pub fn view<'r>(&self, reference: &'r Reference) -> View<'r> {
        let mut view = View::new(reference, &self.hidden, &[TraceKind::Technique, TraceKind::Software]);
        view.documents.retain(|document| self.candidates.binary_search(&document.actor).is_ok());
        view.candidates.clone_from(&self.candidates);
        view
    }
}

impl Evidence {
    /// Resolves ids.
    pub fn new<'i>(reference: &Reference, ids: impl Iterator<Item = (TraceKind, &'i String)>) -> Self {
        let mut evidence = Self::default();
        for (kind, id) in ids {
            match reference.trace(id) {
                Some(trace) => evidence.traces.push(trace),
                None => evidence.unknown.push((kind, id.clone())),
            }
        }
        evidence.in_order()
    }

    /// Returns both together.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.traces.extend(other.traces);
        self.unknown.extend(other.unknown);
        self.in_order()
    }

    /// Returns whether nothing is observed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.traces.is_empty() && self.unknown.is_empty()
    }

    /// Returns how many traces are observed, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.traces.len() + self.unknown.len()
    }

    fn in_order(mut self) -> Self {
        self.traces.sort_unstable();
        self.traces.dedup();
        self.unknown.sort_unstable();
        self.unknown.dedup();
        self
    }
}

#[cfg(test)]
mod tests;
