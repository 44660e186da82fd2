//! What users add of their own: cases with a known actor, kept in one TOML file and merged over the reference data.
//!
//! The form is described in `docs/spec/reference.md`.

use std::collections::BTreeMap;

use onus_core::{Digest, plain};
use onus_weigh::{
    Reference,
    reference::{Origin, Report, Span, Use, User},
};
use serde::{Deserialize, Serialize};

use super::{URL_BYTES_MAX, notes::NAME_BYTES_MAX, resolve};
use crate::{Error, Result};

/// The most cases of one file.
const CASES_MAX: usize = 10_000;

/// The most traces of one case.
const USES_MAX: usize = 1_000;

/// A file of additions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Additions {
    /// Version of the form: 1.
    #[serde(rename = "onus-additions")]
    pub version: u32,
    /// The cases, sorted.
    #[serde(rename = "case", default)]
    pub cases: Vec<Addition>,
}

impl Default for Additions {
    fn default() -> Self {
        Self { version: 1, cases: Vec::new() }
    }
}

/// One case whose actor is known, as one report tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// Identifier or name of the actor.
    pub actor: String,
    /// Name of the report.
    pub report: String,
    /// Where it is published; empty where nowhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// Identifiers of techniques and software.
    pub uses: Vec<String>,
}

/// What came of taking additions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Claims that are new.
    pub added: usize,
    /// Claims that stood there already.
    pub known: usize,
    /// Ids that were replaced by their successors: old, new.
    pub replaced: Vec<(String, String)>,
}

impl Additions {
    /// Reads the form.
    ///
    /// # Errors
    /// The first thing that does not fit, with its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let additions: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
            format!("line {line}: {}", error.message())
        })?;
        if additions.version != 1 {
            return Err(format!("`onus-additions` is {}, and this program knows 1", additions.version));
        }
        if additions.cases.len() > CASES_MAX {
            return Err(format!("more than {CASES_MAX} cases"));
        }
        Ok(additions)
    }

    /// Writes the form. The same cases give the same bytes.
    #[must_use]
    pub fn to_text(&self) -> String {
        toml::to_string(self).expect("texts and lists of texts have a form in TOML")
    }

    /// Takes a case: its ids are checked against the reference data and replaced by those that stand.
    ///
    /// # Errors
    /// An actor or trace that is not there, or that is named ambiguously; a report without a name; nothing used.
    pub fn take(&mut self, case: &Addition, reference: &Reference) -> Result<Taken> {
        check(case)?;
        let actor = resolve::actor(reference, &case.actor)?;
        let id = reference.actors.get(usize::from(actor)).map_or("", |actor| &actor.id);
        let newest = Span { first: reference.newest(), last: reference.newest() };
        let mut taken = Taken::default();
        let place = self.cases.iter_mut().find(|known| known.actor == id && known.report == case.report);
        let known = match place {
            Some(known) => known,
            None => {
                self.cases.push(Addition { actor: id.to_owned(), uses: Vec::new(), ..case.clone() });
                self.cases.last_mut().expect("one was pushed")
            }
        };
        if !case.url.is_empty() {
            known.url.clone_from(&case.url);
        }
        for given in &case.uses {
            let number = resolve::trace(reference, given)?;
            let Some(trace) = reference.traces.get(usize::from(number)) else { continue };
            if !trace.id.eq_ignore_ascii_case(given) {
                taken.replaced.push((given.clone(), trace.id.clone()));
            }
            let is_said = reference.report(&case.report).is_some_and(|report| {
                says(reference, &Use { user: User::Actor(actor), trace: number, report, span: newest })
            });
            if known.uses.contains(&trace.id) || is_said {
                taken.known += 1;
            } else {
                known.uses.push(trace.id.clone());
                taken.added += 1;
            }
        }
        known.uses.sort();
        self.cases.retain(|case| !case.uses.is_empty());
        self.cases.sort();
        Ok(taken)
    }

    /// Lays the cases over reference data. They stand in its newest release alone: that is when they became known.
    ///
    /// # Errors
    /// An actor or trace that the reference data does not have; more reports than can be numbered.
    pub fn over(&self, reference: &Reference) -> Result<Reference> {
        let mut merged = reference.clone();
        let mut rows = Vec::new();
        let mut reports: BTreeMap<String, String> =
            reference.reports.iter().map(|report| (report.name.clone(), report.url.clone())).collect();
        reports.entry(String::new()).or_default();
        for case in &self.cases {
            check(case)?;
            let actor = resolve::actor(reference, &case.actor)?;
            let url = reports.entry(case.report.clone()).or_default();
            if url.is_empty() {
                url.clone_from(&case.url);
            }
            for given in &case.uses {
                rows.push((actor, resolve::trace(reference, given)?, case.report.as_str()));
            }
        }
        merged.reports = reports.into_iter().map(|(name, url)| Report { name, url }).collect();
        if merged.reports.len() > usize::from(u16::MAX) {
            return Err(Error::Name {
                what: "there are more reports than can be numbered, with",
                given: "the additions".to_owned(),
                remedy: "remove cases from the file of additions".to_owned(),
            });
        }
        // reports are numbered anew: new names stand between the old
        let renumbered: Vec<u16> =
            reference.reports.iter().map(|report| merged.report(&report.name).unwrap_or_default()).collect();
        for used in &mut merged.uses {
            used.report = renumbered.get(usize::from(used.report)).copied().unwrap_or_default();
        }
        let span = Span { first: merged.newest(), last: merged.newest() };
        for (actor, trace, report) in rows {
            let (user, report) = (User::Actor(actor), merged.report(report).unwrap_or_default());
            let used = Use { user, trace, report, span };
            if !says(&merged, &used) {
                merged.uses.push(used);
            }
        }
        merged.uses.sort_unstable();
        merged.uses.dedup();
        let digest = Digest::of(self.to_text().as_bytes());
        let version = format!("{} cases", self.cases.len());
        merged.origins.push(Origin { name: "own additions".to_owned(), version, digest });
        Ok(merged)
    }
}

/// Whether reference data says so already, in the newest release.
fn says(reference: &Reference, used: &Use) -> bool {
    let same = |known: &&Use| (known.user, known.trace, known.report) == (used.user, used.trace, used.report);
    reference.uses.iter().filter(same).any(|known| known.span.holds(used.span.last))
}

/// Checks what does not depend on reference data.
fn check(case: &Addition) -> Result<()> {
    let wrong =
        |what, given: &str, remedy: &str| Err(Error::Name { what, given: given.to_owned(), remedy: remedy.to_owned() });
    if case.report.trim().is_empty() || case.report.len() > NAME_BYTES_MAX || plain(&case.report) != case.report {
        return wrong("the report has no fit name", &case.report, "give it one of at most 500 bytes, on one line");
    }
    if case.url.len() > URL_BYTES_MAX || plain(&case.url) != case.url {
        return wrong(
            "the address of the report is not fit",
            &case.url,
            "give one of at most 2,000 bytes, on one line",
        );
    }
    if case.uses.is_empty() || case.uses.len() > USES_MAX {
        return wrong("a case must use between 1 and 1,000 things", &case.report, "name them with `--uses`");
    }
    Ok(())
}
