//! Builds reference data from its origins.

use std::collections::{BTreeMap, BTreeSet};

use onus_core::Digest;
use onus_weigh::{
    Reference,
    reference::{Actor, Alias, Campaign, Release, Report, Span, State, Trace, TraceKind, Use, User},
};

use super::{
    BuildProblem, Built, Galaxy, History, Origin, Role,
    merge::{Facts, Merged, Source, merge, runs},
    names::{Meant, Names},
    read_bundle, read_galaxy, read_history, releases,
    stix::{EntryKind, is_id},
};

/// The most entries of one sort that the form can number.
const ENTRIES_MAX: usize = 65_535;

/// The line that MITRE's terms ask every copy to carry.
const MITRE_NOTICE: &str = "© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.";

/// What is said of the MISP galaxy; its terms (CC0 1.0 or BSD 2-clause) do not ask for it.
const MISP_NOTICE: &str = "Names and victims from the MISP galaxy, CC0 1.0 Universal.";

/// Builds reference data. Each file is let go before the next is taken, so that many releases need no more room than one.
///
/// # Errors
/// A file that is not what it is taken for; no bundle at all; a release that nobody names; more of one sort than 65,535.
pub fn build<E: From<BuildProblem>>(
    title: &str,
    origins: impl IntoIterator<Item = Result<Origin, E>>,
) -> Result<Built, E> {
    let mut read = Read::default();
    for origin in origins {
        read.take(&origin?)?;
    }
    read.name_releases()?;
    let Read { sources, history, galaxies, files, .. } = read;
    let mut notes = Vec::new();
    let sources: Vec<Source> = sources
        .into_iter()
        .map(|(mut source, _)| {
            notes.push(std::mem::take(&mut source.bundle.notes));
            source
        })
        .collect();
    let mut facts = merge(sources, history);
    facts.spread();
    notes.iter().chain(galaxies.iter().map(|galaxy| &galaxy.notes)).for_each(|more| facts.notes.join(more));
    let mut reference = Reference { title: title.to_owned(), origins: files, ..Reference::default() };
    reference.notices.push(MITRE_NOTICE.to_owned());
    if !galaxies.is_empty() {
        reference.notices.push(MISP_NOTICE.to_owned());
    }
    Ok(Assembly { reference, facts, extra: BTreeMap::new() }.assemble(&galaxies)?)
}

/// What has been read.
#[derive(Default)]
struct Read {
    /// Bundles, each with the name of its file.
    sources: Vec<(Source, String)>,
    history: Option<History>,
    galaxies: Vec<Galaxy>,
    files: Vec<onus_weigh::reference::Origin>,
}

impl Read {
    fn take(&mut self, origin: &Origin) -> Result<(), BuildProblem> {
        let wrong = |what| BuildProblem {
            what,
            origin: onus_core::plain(&origin.name).into_owned(),
            remedy: "get the file anew from its publisher, unpacked, and name it by its role; see `onus reference build --help`",
        };
        let version = match &origin.role {
            Role::Bundle(release) => {
                let bundle = read_bundle(&origin.bytes).map_err(wrong)?;
                let release = release.clone().or_else(|| bundle.release.clone());
                let version = release.clone().unwrap_or_default();
                self.sources.push((Source { bundle, release: Some(version.clone()) }, origin.name.clone()));
                version
            }
            Role::Names(release) => {
                let (bundle, version) = (read_bundle(&origin.bytes).map_err(wrong)?, release.clone());
                self.sources.push((Source { bundle, release: None }, origin.name.clone()));
                version
            }
            Role::Galaxy => {
                let galaxy = read_galaxy(&origin.bytes).map_err(wrong)?;
                let version = galaxy.version.to_string();
                self.galaxies.push(galaxy);
                version
            }
            Role::History => {
                let history = read_history(&origin.bytes).map_err(wrong)?;
                let version = history.releases.last().cloned().unwrap_or_default();
                if self.history.replace(history).is_some() {
                    return Err(wrong("a second history".to_owned()));
                }
                version
            }
        };
        let (name, digest) = (origin.name.clone(), Digest::of(&origin.bytes));
        self.files.push(onus_weigh::reference::Origin { name, version, digest });
        Ok(())
    }

    /// Gives bundles that name no release the newest of the history.
    fn name_releases(&mut self) -> Result<(), BuildProblem> {
        if self.sources.iter().all(|(source, _)| source.release.is_none()) {
            return Err(BuildProblem {
                what: "no STIX bundle of ATT&CK was given".to_owned(),
                origin: "the files".to_owned(),
                remedy: "name at least one, such as enterprise-attack-18.1.json",
            });
        }
        let newest = self.history.as_ref().and_then(|history| history.releases.last());
        for (source, name) in &mut self.sources {
            if source.release.as_ref().is_some_and(String::is_empty) {
                let newest = newest.ok_or_else(|| BuildProblem {
                    what: "the bundle does not say which release it is".to_owned(),
                    origin: onus_core::plain(name).into_owned(),
                    remedy: "say it: `--release 18.1=FILE`",
                })?;
                source.release = Some(newest.clone());
            }
        }
        Ok(())
    }
}

/// What is being put together.
struct Assembly {
    reference: Reference,
    facts: Facts,
    /// Further traces by id, and further uses: actor, trace, report.
    extra: BTreeMap<String, Trace>,
}

impl Assembly {
    fn assemble(mut self, galaxies: &[Galaxy]) -> Result<Built, BuildProblem> {
        let day = |name: &String| Release { name: name.clone(), day: releases::day(name).to_owned() };
        self.reference.releases = self.facts.releases.iter().map(day).collect();
        self.actors();
        if self.reference.actors.is_empty() {
            return Err(BuildProblem {
                what: "no group could be read from the bundles".to_owned(),
                origin: "all files together".to_owned(),
                remedy: "name a bundle of ATT&CK, such as enterprise-attack-18.1.json",
            });
        }
        let said = self.galaxies(galaxies);
        self.campaigns();
        self.traces();
        let urls = &self.facts.urls;
        let mut names: BTreeSet<&str> = self.facts.claims.keys().map(|(.., report)| report.as_str()).collect();
        names.extend(said.iter().map(|(.., report)| report.as_str()));
        names.insert("");
        let report = |name: &str| Report {
            name: name.to_owned(),
            url: urls.get(name).filter(|_| !name.is_empty()).cloned().unwrap_or_default(),
        };
        self.reference.reports = names.into_iter().map(report).collect();
        let reference = &self.reference;
        let sorts = [
            ("actors", reference.actors.len()),
            ("campaigns", reference.campaigns.len()),
            ("techniques, software and victims", reference.traces.len()),
            ("reports", reference.reports.len()),
        ];
        if let Some((sort, count)) = sorts.into_iter().find(|(_, count)| *count > ENTRIES_MAX) {
            return Err(BuildProblem {
                what: format!("{count} {sort}, more than the {ENTRIES_MAX} that can be numbered"),
                origin: "all files together".to_owned(),
                remedy: "build from fewer files",
            });
        }
        let mut uses = self.uses();
        let newest = Span { first: self.reference.newest(), last: self.reference.newest() };
        let numbers = |(actor, trace, report): &(u16, String, String)| {
            let (trace, report) = (self.reference.trace(trace)?, self.reference.report(report)?);
            Some(Use { user: User::Actor(*actor), trace, report, span: newest })
        };
        uses.extend(said.iter().filter_map(numbers));
        uses.sort_unstable();
        uses.dedup();
        self.reference.uses = uses;
        Ok(Built { reference: self.reference, notes: self.facts.notes.into_vec() })
    }

    fn of_kind(&self, kind: EntryKind) -> impl Iterator<Item = (&String, &Merged)> {
        self.facts.entries.iter().filter(move |(_, entry)| entry.kind == kind)
    }

    fn actors(&mut self) {
        let actor = |(id, entry): (&String, &Merged)| {
            let mut aliases: Vec<Alias> = entry
                .aliases
                .iter()
                .filter(|alias| !alias.is_empty() && **alias != entry.name)
                .map(|alias| Alias { list: "ATT&CK".to_owned(), name: alias.clone() })
                .collect();
            aliases.sort();
            aliases.dedup();
            Actor { id: id.clone(), name: entry.name.clone(), span: hull(entry), state: entry.state.clone(), aliases }
        };
        self.reference.actors = self.of_kind(EntryKind::Actor).map(actor).collect();
    }

    /// Takes names and victims from clusters, and returns what they say: actor, trace, report.
    fn galaxies(&mut self, galaxies: &[Galaxy]) -> Vec<(u16, String, String)> {
        let live = |(_, entry): &(&String, &Merged)| entry.state == State::Live;
        let own: Vec<(String, String, Vec<String>)> = self
            .of_kind(EntryKind::Actor)
            .filter(live)
            .map(|(id, entry)| (id.clone(), entry.name.clone(), entry.aliases.clone()))
            .collect();
        let names = Names::of(own.iter().map(|(id, name, aliases)| (id.as_str(), name.as_str(), aliases.as_slice())));
        let mut said = Vec::new();
        for galaxy in galaxies {
            for cluster in &galaxy.clusters {
                let actor = match names.meant(cluster) {
                    Meant::One(id) => self.reference.actor(id),
                    Meant::Nobody => {
                        self.facts.notes.add("clusters that no group of ATT&CK is named like, left out", &cluster.name);
                        None
                    }
                    Meant::Several => {
                        self.facts.notes.add("clusters whose names stand for several groups, left out", &cluster.name);
                        None
                    }
                };
                let Some(number) = actor else { continue };
                let Some(actor) = self.reference.actors.get_mut(usize::from(number)) else { continue };
                let list = if galaxy.kind == "microsoft-activity-group" {
                    "Microsoft".to_owned()
                } else {
                    format!("MISP {}", galaxy.kind)
                };
                let new = cluster.synonyms.iter().chain([&cluster.name]);
                // a list that files another group's id under a name would make that id ambiguous
                let new = new.filter(|name| **name != actor.name && !is_id(name));
                actor.aliases.extend(new.map(|name| Alias { list: list.clone(), name: name.clone() }));
                actor.aliases.sort();
                actor.aliases.dedup();
                let report = format!("{list}: {}", cluster.name);
                let victims = cluster.countries.iter().map(|name| (TraceKind::VictimCountry, name));
                for (kind, name) in victims.chain(cluster.sectors.iter().map(|name| (TraceKind::VictimSector, name))) {
                    let id = victim_id(kind, name);
                    let span = Span { first: self.reference.newest(), last: self.reference.newest() };
                    let trace = Trace { id: id.clone(), kind, name: name.clone(), span, state: State::Live };
                    self.extra.entry(id.clone()).or_insert(trace);
                    said.push((number, id, report.clone()));
                }
            }
        }
        said
    }

    fn campaigns(&mut self) {
        let campaign = |(id, entry): (&String, &Merged)| {
            let pairs = self.facts.attributed.iter().filter(|((campaign, _), _)| campaign == id);
            let mut attributed: Vec<(u16, Span)> = pairs
                .filter_map(|((_, actor), held)| Some((self.reference.actor(actor)?, held)))
                .flat_map(|(actor, held)| runs(held).into_iter().map(move |span| (actor, span)))
                .collect();
            attributed.sort_unstable();
            Campaign {
                id: id.clone(),
                name: entry.name.clone(),
                span: hull(entry),
                state: entry.state.clone(),
                attributed,
            }
        };
        self.reference.campaigns = self.of_kind(EntryKind::Campaign).map(campaign).collect();
    }

    fn traces(&mut self) {
        let trace = |(id, entry): (&String, &Merged)| {
            let kind = match entry.kind {
                EntryKind::Technique => TraceKind::Technique,
                EntryKind::Software => TraceKind::Software,
                EntryKind::Actor | EntryKind::Campaign => return None,
            };
            Some(Trace {
                id: id.clone(),
                kind,
                name: entry.name.clone(),
                span: hull(entry),
                state: entry.state.clone(),
            })
        };
        let mut traces: Vec<Trace> = self.facts.entries.iter().filter_map(trace).collect();
        traces.extend(std::mem::take(&mut self.extra).into_values());
        traces.sort_by(|one, other| one.id.cmp(&other.id));
        self.reference.traces = traces;
    }

    fn uses(&self) -> Vec<Use> {
        let claims = self.facts.claims.iter();
        let numbers = claims.filter_map(|((user, trace, report), held)| {
            let actor = self.reference.actor(user).map(User::Actor);
            let user = actor.or_else(|| self.reference.campaign(user).map(User::Campaign))?;
            Some((user, self.reference.trace(trace)?, self.reference.report(report)?, held))
        });
        let spans = numbers.flat_map(|(user, trace, report, held)| {
            runs(held).into_iter().map(move |span| Use { user, trace, report, span })
        });
        spans.collect()
    }
}

/// The identifier of a country or sector of victims: its sort, and its name in small letters and digits.
fn victim_id(kind: TraceKind, name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    format!("{}:{}", kind.name(), words.join("-"))
}

/// From the first release in which an entry was live to the last.
fn hull(entry: &Merged) -> Span {
    match (entry.seen.first(), entry.seen.last()) {
        (Some(&first), Some(&last)) => Span { first, last },
        _ => Span::NEVER,
    }
}
