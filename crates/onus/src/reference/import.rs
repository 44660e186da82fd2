//! Takes cases to add out of a STIX bundle of the user: who used what, by which report.

use std::collections::BTreeMap;

use super::{
    Addition, Bundle, Note,
    stix::{Entry, EntryKind, RelationKind},
};

/// What a bundle holds for adding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Its cases, one an actor and report.
    pub cases: Vec<Addition>,
    /// What was left out.
    pub notes: Vec<Note>,
}

/// Returns the cases of a bundle. Claims that cite nothing are filed under `report`, and left out where that is empty.
///
/// Actors, techniques and software go by their ATT&CK id, or else by their name. What a campaign used is said of the actors
/// that it is attributed to.
#[must_use]
pub fn cases(bundle: Bundle, report: &str) -> Import {
    let Bundle { entries, relations, mut notes, .. } = bundle;
    let by_id: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (entry.stix_id.as_str(), entry)).collect();
    let ends = |source: &str, target: &str| Some((*by_id.get(source)?, *by_id.get(target)?));
    let name = |entry: &Entry| if entry.id.is_empty() { entry.name.clone() } else { entry.id.clone() };
    let mut actors: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for relation in relations.iter().filter(|relation| relation.kind == RelationKind::AttributedTo) {
        if let Some((source, target)) = ends(&relation.source, &relation.target) {
            let is_fit = source.kind == EntryKind::Campaign && target.kind == EntryKind::Actor;
            actors.entry(&source.stix_id).or_default().extend(is_fit.then(|| name(target)));
        }
    }
    let mut found: BTreeMap<(String, String), Addition> = BTreeMap::new();
    for relation in relations.iter().filter(|relation| relation.kind == RelationKind::Uses) {
        let Some((source, target)) = ends(&relation.source, &relation.target) else {
            notes.add("relations that lead to nothing in the bundle, left out", &relation.stix_id);
            continue;
        };
        let users = match source.kind {
            EntryKind::Actor => vec![name(source)],
            EntryKind::Campaign => actors.get(source.stix_id.as_str()).cloned().unwrap_or_default(),
            EntryKind::Technique | EntryKind::Software => continue,
        };
        if users.is_empty() {
            notes.add("claims about a campaign that is attributed to nobody, left out", &relation.stix_id);
        }
        let cited = relation.citations.iter().map(|citation| (citation.name.as_str(), citation.url.as_str()));
        let mut reports: Vec<(&str, &str)> = cited.filter(|(name, _)| !name.is_empty()).collect();
        if reports.is_empty() && !report.is_empty() {
            reports.push((report, ""));
        }
        if reports.is_empty() {
            notes.add("claims that cite no report, left out; `--report` names one for them", &relation.stix_id);
        }
        for user in &users {
            for (report, url) in &reports {
                let case = found.entry((user.clone(), (*report).to_owned())).or_insert_with(|| Addition {
                    actor: user.clone(),
                    report: (*report).to_owned(),
                    url: (*url).to_owned(),
                    uses: Vec::new(),
                });
                case.uses.push(name(target));
            }
        }
    }
    Import { cases: found.into_values().collect(), notes: notes.into_vec() }
}
