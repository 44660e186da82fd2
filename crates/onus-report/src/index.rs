//! Where everything of a dossier is found: numbers, titles and results by identifier.

use std::collections::BTreeMap;

use onus_core::Digest;
use onus_weigh::{
    Basis, ObservationResult, Weights,
    sheet::{OTHER, Source, Stated},
    weights::Kind,
};

use crate::{Dossier, ExhibitRecord};

/// Name of the hypothesis that every case has, for readers.
pub(crate) const OTHER_TITLE: &str = "An actor not listed";

/// Lookups into one dossier. Items and sources are numbered from 1 in the order of the sheet.
pub(crate) struct Index<'a> {
    items: BTreeMap<&'a str, usize>,
    sources: BTreeMap<&'a str, (usize, &'a Source)>,
    results: BTreeMap<&'a str, &'a ObservationResult>,
    titles: BTreeMap<&'a str, &'a str>,
    exhibits: BTreeMap<Digest, &'a ExhibitRecord>,
    /// By observation: those that are in the sum only through it.
    followers: BTreeMap<&'a str, Vec<&'a str>>,
    /// The weights that were used; none where they are not those of this program.
    weights: Option<Weights>,
}

impl<'a> Index<'a> {
    /// Indexes a dossier.
    pub(crate) fn of(dossier: &Dossier<'a>) -> Self {
        let sheet = dossier.sheet;
        let numbered = |(index, stated): (usize, &'a Stated)| (stated.id.as_str(), index + 1);
        let source = |(index, source): (usize, &'a Source)| (source.id.as_str(), (index + 1, source));
        let results = dossier.assessment.observations.iter();
        let titles = sheet.hypotheses.iter().map(|answer| (answer.id.as_str(), answer.title.as_str()));
        Self {
            items: sheet.observations.iter().enumerate().map(numbered).collect(),
            sources: sheet.sources.iter().enumerate().map(source).collect(),
            results: results.map(|result| (result.id.as_str(), result)).collect(),
            titles: titles.chain([(OTHER, OTHER_TITLE)]).collect(),
            exhibits: dossier.exhibits.iter().map(|record| (record.exhibit.sha256, record)).collect(),
            followers: followers(&dossier.assessment.observations),
            weights: Some(Weights::builtin()).filter(|weights| weights.digest() == dossier.assessment.inputs.weights),
        }
    }

    /// Returns the number of an observation.
    pub(crate) fn item(&self, id: &str) -> Option<usize> {
        self.items.get(id).copied()
    }

    /// Returns the number of a source, and the source.
    pub(crate) fn source(&self, id: &str) -> Option<(usize, &'a Source)> {
        self.sources.get(id).copied()
    }

    /// Returns what an observation weighs; none if it was not known on the day.
    pub(crate) fn result(&self, id: &str) -> Option<&'a ObservationResult> {
        self.results.get(id).copied()
    }

    /// Returns the name of a hypothesis, or its identifier if it has none.
    pub(crate) fn title<'t>(&'t self, id: &'t str) -> &'t str {
        self.titles.get(id).copied().unwrap_or(id)
    }

    /// Returns the name of a source, or its identifier if the sheet does not list it.
    pub(crate) fn source_title<'t>(&'t self, id: &'t str) -> &'t str {
        self.source(id).map_or(id, |(_, source)| source.title.as_str())
    }

    /// Returns the record of an exhibit.
    pub(crate) fn exhibit(&self, digest: &Digest) -> Option<&'a ExhibitRecord> {
        self.exhibits.get(digest).copied()
    }

    /// Returns the observations that are in the sum only through this one.
    pub(crate) fn followers(&self, id: &str) -> &[&'a str] {
        self.followers.get(id).map_or(&[], Vec::as_slice)
    }

    /// Whether an observation weighs what an analyst wrote into the sheet.
    pub(crate) fn is_subjective(&self, id: &str) -> bool {
        self.result(id).is_some_and(|result| result.basis == Basis::Subjective)
    }

    /// Returns the weights that were used; none where they are not those of this program.
    pub(crate) fn weights(&self) -> Option<&Weights> {
        self.weights.as_ref()
    }

    /// Returns what the table holds about a kind, with the table's own name for it.
    pub(crate) fn kind(&self, name: &str) -> Option<(&str, &Kind)> {
        self.weights()?.kinds().find(|(own, _)| *own == name)
    }
}

fn followers(results: &[ObservationResult]) -> BTreeMap<&str, Vec<&str>> {
    let mut followers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for result in results.iter().filter(|result| !result.withdrawn) {
        for counted in result.counted_with.iter().chain(&result.repeats) {
            let found = followers.entry(counted.as_str()).or_default();
            if found.last() != Some(&result.id.as_str()) {
                found.push(&result.id);
            }
        }
    }
    followers
}
