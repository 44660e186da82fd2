//! Weights of techniques, software and victims, counted from reports on the actors that the hypotheses name.
//!
//! An item whose kind is one that the reference data counts and whose value is an identifier there needs no
//! `points_at`: what it is worth under each hypothesis follows from the counts. The leakage rule comes first: reports that
//! the case itself cites, and campaigns that it is about, are taken out before anything is counted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::{
    CountedResult, CountedShare,
    known::Known,
    reference::{Counts, Hidden, Numbers, Reference, TraceKind, User, View},
    sheet::{Level, Stated},
};

/// Reference data without what the case rests on, counted.
pub(crate) struct Counted<'r> {
    view: View<'r>,
    counts: BTreeMap<TraceKind, Counts>,
    /// By sort: the share of its weight that each trace of the case carries.
    shares: BTreeMap<TraceKind, f64>,
    /// By hypothesis in the order of the sheet: its identifier and its actor.
    actors: Vec<(String, Result<u16, String>)>,
}

/// A weight by hypothesis, `other` last, which is 0.
pub(crate) struct ItemCounts {
    /// In decibans.
    pub(crate) weights_db: Vec<f64>,
    /// At its 5 % quantile.
    pub(crate) conservative_db: Vec<f64>,
    /// Probability of the trace whoever did it.
    pub(crate) background: f64,
    /// What was counted, for readers.
    pub(crate) result: CountedResult,
}

/// Returns the sort of trace that a kind of observation is counted as.
pub(crate) fn trace_kind(kind: &str) -> Option<TraceKind> {
    TraceKind::ALL.into_iter().find(|known| known.name() == kind)
}

impl<'r> Counted<'r> {
    /// Counts for a case as of a day, if anything in it can be counted.
    ///
    /// # Errors
    /// Why nothing can be, in words.
    pub(crate) fn of(known: &Known<'_>, reference: &'r Reference, as_of: Option<Date>) -> Result<Self, String> {
        if known.sheet.hypotheses.iter().any(|hypothesis| hypothesis.level != Level::Group) {
            return Err("is counted for groups only, and the hypotheses are of another level".to_owned());
        }
        let release = release_on(reference, as_of).ok_or("no release of the reference data was out by then")?;
        let hidden = Hidden { release: Some(release), ..leaking(known, reference) };
        let view = View::new(reference, &hidden, &TraceKind::ALL);
        let kinds: BTreeSet<TraceKind> = known.items.iter().filter_map(|item| trace_kind(&item.stated.kind)).collect();
        let numbers = Numbers::builtin();
        let shares = kinds.iter().map(|kind| (*kind, numbers.share(*kind, traces(known, *kind)))).collect();
        let counts = kinds.into_iter().map(|kind| (kind, Counts::with(&view, kind, &numbers))).collect();
        let actor = |name: Option<&String>| {
            let name = name.ok_or("names no actor of the reference data")?;
            let mut named: Vec<u16> =
                reference.actors_named(name).into_iter().map(|actor| reference.actor_now(actor)).collect();
            named.sort_unstable();
            named.dedup();
            match named.as_slice() {
                [actor] => Ok(*actor),
                [] => Err(format!("`{name}` is no actor of the reference data")),
                _ => Err(format!("`{name}` stands for several actors of the reference data")),
            }
        };
        let hypotheses = known.sheet.hypotheses.iter();
        let actors = hypotheses.map(|hypothesis| (hypothesis.id.clone(), actor(hypothesis.actor.as_ref()))).collect();
        Ok(Self { view, counts, shares, actors })
    }

    /// Counts one item.
    ///
    /// # Errors
    /// Why it cannot be counted, in words.
    pub(crate) fn item(&self, stated: &Stated, likeness: f64) -> Result<ItemCounts, String> {
        let trace = self.trace(stated)?;
        let kind = trace_kind(&stated.kind).ok_or("is of no kind that is counted")?;
        let counts = self.counts.get(&kind).ok_or("is of no kind that is counted")?;
        if !self.actors.iter().any(|(_, actor)| actor.is_ok()) {
            return Err("no hypothesis names an actor of the reference data".to_owned());
        }
        let share = self.shares.get(&kind).copied().unwrap_or(1.0);
        let weights = |weight: &dyn Fn(Option<u16>) -> f64| -> Vec<f64> {
            let of = self.actors.iter().map(|(_, actor)| weight(actor.as_ref().ok().copied()) * likeness * share);
            of.chain([0.0]).collect()
        };
        Ok(ItemCounts {
            weights_db: weights(&|actor| counts.weight_db(actor, trace)),
            conservative_db: weights(&|actor| counts.conservative_db(actor, trace)),
            background: counts.background(trace),
            result: CountedResult { share, ..self.result(trace, kind) },
        })
    }

    /// What a reader should know of how hypotheses were understood: which counts as anybody, and why.
    pub(crate) fn unresolved(&self) -> impl Iterator<Item = (&str, &str)> {
        self.actors.iter().filter_map(|(id, actor)| Some((id.as_str(), actor.as_ref().err()?.as_str())))
    }

    /// Looks a trace up by its identifier; a replaced one stands for its successor.
    fn trace(&self, stated: &Stated) -> Result<u16, String> {
        let reference = self.view.reference;
        let id = stated.value.split_whitespace().next().unwrap_or_default();
        let trace = reference.trace(id).ok_or_else(|| format!("`{id}` is not in the reference data"))?;
        let trace = reference.trace_now(trace);
        match reference.traces.get(usize::from(trace)) {
            Some(found) if found.kind.name() != stated.kind => {
                Err(format!("`{}` is a {} in the reference data", found.id, found.kind.name()))
            }
            _ => Ok(trace),
        }
    }

    fn result(&self, trace: u16, kind: TraceKind) -> CountedResult {
        let reference = self.view.reference;
        let is_kind = |trace: &u16| reference.traces.get(usize::from(*trace)).is_some_and(|trace| trace.kind == kind);
        let (mut documents, mut with_trace): (BTreeMap<u16, usize>, BTreeMap<u16, usize>) = Default::default();
        for document in &self.view.documents {
            if document.traces.iter().any(is_kind) {
                *documents.entry(document.actor).or_default() += 1;
            }
            if document.traces.contains(&trace) {
                *with_trace.entry(document.actor).or_default() += 1;
            }
        }
        let share = |actor: &u16| CountedShare {
            actor: reference.actors.get(usize::from(*actor)).map_or_else(String::new, |actor| actor.id.clone()),
            reports: documents.get(actor).copied().unwrap_or_default(),
            naming: with_trace.get(actor).copied().unwrap_or_default(),
        };
        let found = reference.traces.get(usize::from(trace));
        CountedResult {
            trace: found.map_or_else(String::new, |trace| trace.id.clone()),
            name: found.map_or_else(String::new, |trace| trace.name.clone()),
            release: reference
                .releases
                .get(usize::from(self.view.release))
                .map_or_else(String::new, |release| release.name.clone()),
            actors: self.view.candidates.len(),
            known_of: with_trace.len(),
            share: 1.0,
            by_hypothesis: self
                .actors
                .iter()
                .filter_map(|(id, actor)| Some((id.clone(), share(actor.as_ref().ok()?))))
                .collect(),
        }
    }
}

/// How many different traces of a sort the case has, as they are written; what is withdrawn does not count.
fn traces(known: &Known<'_>, kind: TraceKind) -> usize {
    let items = known.items.iter().filter(|item| !item.is_withdrawn && item.stated.kind == kind.name());
    let ids: BTreeSet<&str> = items.filter_map(|item| item.stated.value.split_whitespace().next()).collect();
    ids.len()
}

/// The newest release that was out on a day; without a day, the newest.
fn release_on(reference: &Reference, day: Option<Date>) -> Option<u16> {
    let Some(day) = day else { return Some(reference.newest()) };
    let was_out = |release: &crate::reference::Release| release.day.parse::<Date>().is_ok_and(|out| out <= day);
    let numbers = (0..).zip(&reference.releases);
    numbers.filter(|(_, release)| was_out(release)).map(|(number, _)| number).last()
}

/// The leakage rule: reports that a source of the case is, and campaigns that the case is about, with all their reports.
fn leaking(known: &Known<'_>, reference: &Reference) -> Hidden {
    let sources = &known.sheet.sources;
    let urls: BTreeSet<String> = sources.iter().filter_map(|source| source.url.as_deref()).map(address).collect();
    let names: BTreeSet<&str> = sources.iter().flat_map(|source| &source.reports).map(String::as_str).collect();
    let is_source = |report: &crate::reference::Report| {
        names.contains(report.name.as_str()) || (!report.url.is_empty() && urls.contains(&address(&report.url)))
    };
    let reports = (0..).zip(&reference.reports).filter(|(_, report)| is_source(report)).map(|(number, _)| number);
    let mut reports: BTreeSet<u16> = reports.collect();
    let campaigns: Vec<u16> = known.sheet.case.campaigns.iter().filter_map(|id| reference.campaign(id)).collect();
    let of_campaigns = reference.uses.iter().filter(|used| match used.user {
        User::Campaign(campaign) => campaigns.contains(&campaign),
        User::Actor(_) => false,
    });
    reports.extend(of_campaigns.map(|used| used.report).filter(|report| *report != 0));
    Hidden { release: None, reports: reports.into_iter().collect(), campaigns }
}

/// An address as it is compared: without scheme, `www.`, query, fragment, closing stroke and the front of an archive.
fn address(url: &str) -> String {
    let url = url.rsplit("http").next().unwrap_or(url);
    let url = url.trim_start_matches(['s', ':', '/']);
    let url = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/').to_lowercase();
    url.strip_prefix("www.").map_or(url.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn one_page_has_one_address() {
        for url in [
            "https://www.example.com/Report/",
            "http://example.com/report",
            "https://example.com/report?utm=1#top",
            "https://web.archive.org/web/2018/https://example.com/report/",
        ] {
            assert_eq!(address(url), "example.com/report", "{url}");
        }
    }
}
