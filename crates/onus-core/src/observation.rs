//! Facts read from one exhibit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Exhibit, Locus};

/// One fact that an analyser read from one exhibit.
///
/// The kind names the trait neutrally (`cyrillic_strings`, never an actor). Values come from the exhibit and are
/// therefore hostile: show them through [`crate::plain`] or escaped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// What was read, in `snake_case`: `media_type`, `technique`, `indicator`, `limit`, …
    pub kind: String,
    /// What it says.
    pub value: String,
    /// Where it stands; absent when it is about the whole exhibit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locus: Option<Locus>,
    /// Identifier of the analyser that read it.
    pub analyser: String,
    /// Further named facts of the same reading, such as who said so or since when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl Observation {
    /// Returns whether it is a consistency test that found a contradiction in the exhibit.
    #[must_use]
    pub fn is_contradiction(&self) -> bool {
        self.kind == "consistency_test" && self.attributes.get("result").is_some_and(|result| result == "inconsistent")
    }
}

/// All that one run of the analysers read from one exhibit.
///
/// A pure function of the exhibit's bytes and the analysers' versions: no clock, no machine, no path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservationSet {
    /// The exhibit.
    pub exhibit: Exhibit,
    /// The analysers that ran, in the order of their table.
    pub analysers: Vec<AnalyserRun>,
    /// What they read, in the order of the table and, within one analyser, of the exhibit.
    pub observations: Vec<Observation>,
}

/// An analyser that ran.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnalyserRun {
    /// Its identifier, such as `stix`.
    pub id: String,
    /// Its version; a change of what it reads is a new version.
    pub version: u32,
}
