//! Reads the history: since which release, and until which, each claim stood.
//!
//! The format is described in `docs/spec/reference.md`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The most releases.
const RELEASES_MAX: usize = 1_000;

/// Which claims stood in which releases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct History {
    /// Names of releases, the oldest first.
    pub(super) releases: Vec<String>,
    /// Campaigns and the groups that they are attributed to, by release.
    #[serde(default)]
    pub(super) attributed_to: BTreeMap<String, Vec<(String, String)>>,
    /// Source, target, citation, first release, last release.
    pub(super) rows: Vec<(String, String, String, String, String)>,
}

/// Reads a history.
///
/// # Errors
/// What is no JSON, or not of this form; a release that is not in the list.
pub fn read_history(bytes: &[u8]) -> Result<History, String> {
    let history: History = serde_json::from_slice(bytes).map_err(|error| super::in_words(&error))?;
    let releases = &history.releases;
    if releases.len() > RELEASES_MAX {
        return Err(format!("more than {RELEASES_MAX} releases"));
    }
    for (number, (source, target, _, first, last)) in (1..).zip(&history.rows) {
        let at = |name: &String| releases.iter().position(|release| release == name);
        if at(first).zip(at(last)).is_none_or(|(first, last)| first > last) {
            return Err(format!("row {number} ({source} {target}) names no span of the listed releases"));
        }
    }
    match history.attributed_to.keys().find(|name| !releases.contains(name)) {
        Some(name) => Err(format!("`attributed_to` names a release that is not listed, `{name}`")),
        None => Ok(history),
    }
}
