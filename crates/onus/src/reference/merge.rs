//! Joins bundles and history: every entry with its state, every claim with the releases in which it stood.

use std::collections::{BTreeMap, BTreeSet};

use onus_weigh::reference::{Span, State};

use super::{
    History,
    notes::Notes,
    releases,
    stix::{Bundle, Entry, EntryKind, Relation, RelationKind},
};

/// A bundle, and what of it is taken.
pub(super) struct Source {
    pub(super) bundle: Bundle,
    /// Its release; none: names only, as of the newest.
    pub(super) release: Option<String>,
}

/// Everything about one entry.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    pub(super) kind: EntryKind,
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) state: State,
    /// The releases in which it is known to have been live.
    pub(super) seen: BTreeSet<u16>,
    /// The release of the bundle that this is from; none: names only.
    told: Option<u16>,
}

/// Who, what, and the citation.
pub(super) type Claim = (String, String, String);

/// What all origins say together.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) releases: Vec<String>,
    pub(super) entries: BTreeMap<String, Merged>,
    /// Claims, and the releases in which each stood.
    pub(super) claims: BTreeMap<Claim, BTreeSet<u16>>,
    /// Campaigns and actors, and the releases in which the one was attributed to the other.
    pub(super) attributed: BTreeMap<(String, String), BTreeSet<u16>>,
    /// Addresses of reports.
    pub(super) urls: BTreeMap<String, String>,
    pub(super) notes: Notes,
}

/// What one bundle says of relations, with ids for people.
#[derive(Default)]
struct Said {
    claims: BTreeSet<Claim>,
    attributed: BTreeSet<(String, String)>,
}

/// Joins the origins.
pub(super) fn merge(mut sources: Vec<Source>, history: Option<History>) -> Facts {
    let history = history.unwrap_or_default();
    let mut names: Vec<String> = history.releases.clone();
    names.extend(sources.iter().filter_map(|source| source.release.clone()));
    names.sort_by(|one, other| releases::order(one).cmp(&releases::order(other)));
    names.dedup();
    let mut facts = Facts { releases: names, ..Facts::default() };
    // the newest last, so that its names and states stand; names-only bundles fill in what is still missing
    sources.sort_by_key(|source| source.release.as_deref().and_then(|name| facts.number(name)).unwrap_or(u16::MAX));
    for source in &sources {
        facts.add_entries(source);
    }
    let newest =
        sources.iter().filter_map(|source| source.release.as_deref()).filter_map(|name| facts.number(name)).max();
    facts.vanish(newest);
    facts.check_successors();
    for source in sources {
        let Some(release) = source.release.as_deref().and_then(|name| facts.number(name)) else { continue };
        let said = facts.said(&source.bundle);
        facts.hold_said(said, release, source.release.filter(|name| history.releases.contains(name)), &history);
    }
    facts.hold_history(&history);
    facts
}

impl Facts {
    fn number(&self, release: &str) -> Option<u16> {
        u16::try_from(self.releases.iter().position(|name| name == release)?).ok()
    }

    fn add_entries(&mut self, source: &Source) {
        let newest = u16::try_from(self.releases.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let told = source.release.as_deref().and_then(|name| self.number(name));
        let states = states(&source.bundle, &mut self.notes);
        let mut ids = BTreeSet::new();
        for (entry, state) in source.bundle.entries.iter().zip(states) {
            if entry.id.is_empty() {
                self.notes.add("entries without an ATT&CK id, left out", &entry.stix_id);
                continue;
            }
            let is_live = state == State::Live;
            let seen = is_live.then_some(told.unwrap_or(newest));
            let is_twice = !ids.insert(entry.id.as_str());
            if is_twice {
                self.notes
                    .add("entries with an id that another entry of the bundle has; the live one stands", &entry.id);
            }
            match self.entries.get_mut(&entry.id) {
                Some(known) if known.kind != entry.kind => {
                    self.notes.add("entries that are of another sort in another bundle, left out", &entry.id);
                }
                Some(known) => {
                    known.seen.extend(seen);
                    // a bundle of names adds nothing to what another says, nor does a dead twin
                    if told.is_some() && (is_live || !(is_twice || known.told == told)) {
                        (known.name, known.aliases) = (entry.name.clone(), entry.aliases.clone());
                        (known.state, known.told) = (state, told);
                    }
                }
                None => {
                    self.entries.insert(
                        entry.id.clone(),
                        Merged {
                            kind: entry.kind,
                            name: entry.name.clone(),
                            aliases: entry.aliases.clone(),
                            state,
                            seen: seen.into_iter().collect(),
                            told,
                        },
                    );
                }
            }
        }
        let citations = source.bundle.relations.iter().flat_map(|relation| &relation.citations);
        for citation in citations.filter(|citation| !citation.url.is_empty()) {
            self.urls.insert(citation.name.clone(), citation.url.clone());
        }
    }

    /// Entries that an older bundle has, and the newest no more, stand no more.
    fn vanish(&mut self, newest: Option<u16>) {
        let Some(newest) = newest else { return };
        for (id, entry) in &mut self.entries {
            if entry.state == State::Live && entry.told.is_some_and(|told| told < newest) {
                entry.state = State::Deprecated;
                self.notes.add("entries that the newest bundle has no more, taken for deprecated", id);
            }
        }
    }

    /// A successor may have been left out, or be of another sort in another bundle.
    fn check_successors(&mut self) {
        let kinds: BTreeMap<String, EntryKind> =
            self.entries.iter().map(|(id, entry)| (id.clone(), entry.kind)).collect();
        for (id, entry) in &mut self.entries {
            if matches!(&entry.state, State::Revoked(by) if kinds.get(by) != Some(&entry.kind)) {
                entry.state = State::Deprecated;
                self.notes.add("entries whose successor was left out, taken for deprecated", id);
            }
        }
    }

    /// What a bundle says, between entries that are live in it.
    fn said(&mut self, bundle: &Bundle) -> Said {
        let entries: BTreeMap<&str, &Entry> = bundle
            .entries
            .iter()
            .filter(|entry| !entry.id.is_empty())
            .map(|entry| (entry.stix_id.as_str(), entry))
            .collect();
        let mut said = Said::default();
        for relation in &bundle.relations {
            if matches!(relation.kind, RelationKind::RevokedBy) {
                continue;
            }
            let ends = (entries.get(relation.source.as_str()), entries.get(relation.target.as_str()));
            let (Some(source), Some(target)) = ends else {
                self.notes.add("relations that lead to nothing in the bundle, left out", &relation.stix_id);
                continue;
            };
            if [source, target].iter().any(|entry| entry.is_revoked || entry.is_deprecated) {
                self.notes.add("relations of revoked or deprecated entries, left out", &relation.stix_id);
                continue;
            }
            self.take(relation, source, target, &mut said);
        }
        said
    }

    fn take(&mut self, relation: &Relation, source: &Entry, target: &Entry, said: &mut Said) {
        use EntryKind::{Actor, Campaign, Software, Technique};
        match (relation.kind, source.kind, target.kind) {
            (RelationKind::Uses, Actor | Campaign, Technique | Software) => {
                let claim = |citation: &str| (source.id.clone(), target.id.clone(), citation.to_owned());
                if relation.citations.is_empty() {
                    said.claims.insert(claim(""));
                }
                said.claims.extend(relation.citations.iter().map(|citation| claim(&citation.name)));
            }
            (RelationKind::AttributedTo, Campaign, Actor) => {
                said.attributed.insert((source.id.clone(), target.id.clone()));
            }
            (RelationKind::SubtechniqueOf, Technique, Technique) => {
                if source.id.split_once('.').map(|(parent, _)| parent) != Some(target.id.as_str()) {
                    self.notes
                        .add("techniques whose id does not begin with that of the one they are part of", &source.id);
                }
            }
            (RelationKind::RevokedBy, ..) => {}
            _ => self.notes.add("relations between sorts that have none, left out", &relation.stix_id),
        }
    }

    /// Takes what a bundle says of its release; where the history covers it, the history's word stands.
    fn hold_said(&mut self, said: Said, release: u16, covered: Option<String>, history: &History) {
        let Some(name) = covered else {
            for claim in said.claims {
                self.claims.entry(claim).or_default().insert(release);
            }
            for pair in said.attributed {
                self.attributed.entry(pair).or_default().insert(release);
            }
            return;
        };
        let at = |release: &String| history.releases.iter().position(|known| known == release);
        let here = at(&name);
        let held: BTreeSet<Claim> = history
            .rows
            .iter()
            .filter(|(.., first, last)| at(first) <= here && here <= at(last))
            .map(|(source, target, citation, ..)| (source.clone(), target.clone(), self.notes.name(citation)))
            .collect();
        for (source, target, _) in said.claims.difference(&held) {
            self.notes.add(
                "claims of a bundle that the history does not have for its release, left out",
                &format!("{source} {target}"),
            );
        }
        for (source, target, _) in held.difference(&said.claims) {
            self.notes.add(
                "claims of the history that the bundle of that release does not have, kept",
                &format!("{source} {target}"),
            );
        }
    }

    fn hold_history(&mut self, history: &History) {
        for (source, target, citation, first, last) in &history.rows {
            let (Some(first), Some(last)) = (self.number(first), self.number(last)) else { continue };
            if !self.is_known(source) || !self.is_known(target) {
                continue;
            }
            let claim = (source.clone(), target.clone(), self.notes.name(citation));
            self.claims.entry(claim).or_default().extend(first..=last);
        }
        for (name, pairs) in &history.attributed_to {
            let Some(release) = self.number(name) else { continue };
            for (campaign, actor) in pairs {
                if self.is_known(campaign) && self.is_known(actor) {
                    self.attributed.entry((campaign.clone(), actor.clone())).or_default().insert(release);
                }
            }
        }
    }

    fn is_known(&mut self, id: &str) -> bool {
        let is_known = self.entries.contains_key(id);
        if !is_known {
            self.notes.add("rows of the history about ids that no bundle has, left out", id);
        }
        is_known
    }

    /// Marks entries as live wherever a claim about them stood.
    pub(super) fn spread(&mut self) {
        let attributed = self.attributed.iter().map(|((campaign, actor), held)| ([campaign, actor], held));
        let claims = self.claims.iter().map(|((user, trace, _), held)| ([user, trace], held));
        for (ids, held) in attributed.chain(claims) {
            for id in ids {
                if let Some(entry) = self.entries.get_mut(id) {
                    entry.seen.extend(held);
                }
            }
        }
    }
}

/// What became of each entry of a bundle: chains of replacements are followed to their end.
fn states(bundle: &Bundle, notes: &mut Notes) -> Vec<State> {
    let entries: BTreeMap<&str, &Entry> = bundle.entries.iter().map(|entry| (entry.stix_id.as_str(), entry)).collect();
    let is_replacement = |relation: &&Relation| relation.kind == RelationKind::RevokedBy;
    let by: BTreeMap<&str, &str> = bundle
        .relations
        .iter()
        .filter(is_replacement)
        .map(|relation| (relation.source.as_str(), relation.target.as_str()))
        .collect();
    let mut state = |entry: &Entry| {
        if !entry.is_revoked {
            return if entry.is_deprecated { State::Deprecated } else { State::Live };
        }
        let mut at = entry.stix_id.as_str();
        let mut passed = BTreeSet::new();
        while let Some(next) = by.get(at) {
            if !passed.insert(at) {
                notes.add("entries revoked in a circle, taken for deprecated", &entry.id);
                return State::Deprecated;
            }
            at = next;
        }
        match entries.get(at) {
            Some(last) if !last.id.is_empty() && last.id != entry.id && last.kind == entry.kind => {
                State::Revoked(last.id.clone())
            }
            _ => {
                notes.add("entries revoked without a successor in the bundle, taken for deprecated", &entry.id);
                State::Deprecated
            }
        }
    };
    bundle.entries.iter().map(&mut state).collect()
}

/// The runs of following releases in a set.
pub(super) fn runs(held: &BTreeSet<u16>) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for &release in held {
        match runs.last_mut() {
            Some(run) if run.last.checked_add(1) == Some(release) => run.last = release,
            _ => runs.push(Span { first: release, last: release }),
        }
    }
    runs
}
