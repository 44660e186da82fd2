//! Which actor a cluster of another list means: only where its names leave no doubt.

use std::collections::{BTreeMap, BTreeSet};

use onus_weigh::reference::folded;

use super::misp::Cluster;

/// Names of actors, each with all who bear it.
pub(super) struct Names<'n> {
    ids: BTreeSet<&'n str>,
    own: BTreeMap<String, BTreeSet<&'n str>>,
    any: BTreeMap<String, BTreeSet<&'n str>>,
}

/// Whom a cluster means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant<'n> {
    /// Nobody that is known.
    Nobody,
    /// This actor.
    One(&'n str),
    /// Its names stand for several.
    Several,
}

impl<'n> Names<'n> {
    /// Takes ids, names and aliases of actors.
    pub(super) fn of(actors: impl Iterator<Item = (&'n str, &'n str, &'n [String])>) -> Self {
        let mut names = Self { ids: BTreeSet::new(), own: BTreeMap::new(), any: BTreeMap::new() };
        for (id, name, aliases) in actors {
            names.ids.insert(id);
            names.own.entry(folded(name)).or_default().insert(id);
            for name in aliases.iter().map(String::as_str).chain([name]) {
                names.any.entry(folded(name)).or_default().insert(id);
            }
        }
        names
    }

    /// Returns whom a cluster means: by the actor's own name, else by an id among its names, else by all
    /// names together.
    pub(super) fn meant(&self, cluster: &Cluster) -> Meant<'n> {
        let all = || cluster.synonyms.iter().chain([&cluster.name]);
        let by_id: BTreeSet<&str> = all().filter_map(|name| self.ids.get(name.as_str()).copied()).collect();
        let own = || self.own.get(&folded(&cluster.name)).cloned().unwrap_or_default();
        let any = || all().filter_map(|name| self.any.get(&folded(name))).flatten().copied().collect();
        for found in [own(), by_id, any()] {
            match found.len() {
                0 => {}
                1 => return found.first().map_or(Meant::Nobody, |id| Meant::One(id)),
                _ => return Meant::Several,
            }
        }
        Meant::Nobody
    }
}
