//! Reference data: who was reported to have used what, by which report, and since which release.
//!
//! Facts only, as others published them: an actor here is a name under which reports are filed, and a use is what a report
//! says, not what is so. `docs/spec/reference.md` describes the text form, which [`Reference::parse`] reads and
//! [`Reference::to_text`] writes. What may be used for one question is a [`View`] of it.

mod builtin;
mod counts;
mod numbers;
mod quantile;
mod text;
mod view;

use onus_core::Digest;

pub use counts::Counts;
pub use numbers::{Number, Numbers};
pub use text::ReferenceProblem;
pub use view::{Document, Hidden, View};

/// The most replacements that are followed from one entry.
const SUCCESSORS_MAX: usize = 64;

/// All that is known of actors, their names, and what reports say they used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// Name of the whole, for readers.
    pub title: String,
    /// Lines that every copy must carry: rights and licences of the origins.
    pub notices: Vec<String>,
    /// What it was built from.
    pub origins: Vec<Origin>,
    /// Releases, the oldest first; everything else refers to them by number from 0.
    pub releases: Vec<Release>,
    /// Actors, sorted by id.
    pub actors: Vec<Actor>,
    /// Campaigns, sorted by id.
    pub campaigns: Vec<Campaign>,
    /// What can be used: techniques, software, victims; sorted by id.
    pub traces: Vec<Trace>,
    /// Reports, sorted by name; the first is the empty name, of uses that cite nothing.
    pub reports: Vec<Report>,
    /// Who used what according to which report, sorted.
    pub uses: Vec<Use>,
}

/// One file that the reference data was built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Name for readers.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Digest of its bytes.
    pub digest: Digest,
}

/// One release of the origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its number as published, such as `18.1`.
    pub name: String,
    /// The day it was published, `YYYY-MM-DD`; empty where it is not known.
    pub day: String,
}

/// The releases in which something stood, both ends included, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first.
    pub first: u16,
    /// The last.
    pub last: u16,
}

impl Span {
    /// No release at all: what was never live in those that are covered.
    pub const NEVER: Self = Self { first: 1, last: 0 };

    /// Returns whether it stood in a release.
    #[must_use]
    pub fn holds(self, release: u16) -> bool {
        (self.first..=self.last).contains(&release)
    }
}

/// What became of an entry of the origin by its newest release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It stands.
    Live,
    /// It is kept for old references only.
    Deprecated,
    /// It was replaced by another.
    Revoked(String),
}

/// A name under which reports are filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Identifier in the origin, such as `G0007`.
    pub id: String,
    /// Its name in the origin.
    pub name: String,
    /// The releases in which it was live.
    pub span: Span,
    /// What became of it.
    pub state: State,
    /// Other names, each with the list that gives it, sorted.
    pub aliases: Vec<Alias>,
}

/// A further name, and whose list gives it. It resolves a name and says nothing of who did what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alias {
    /// The list.
    pub list: String,
    /// The name.
    pub name: String,
}

/// A series of intrusions that the origin describes apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    /// Identifier in the origin, such as `C0024`.
    pub id: String,
    /// Its name in the origin.
    pub name: String,
    /// The releases in which it was live.
    pub span: Span,
    /// What became of it.
    pub state: State,
    /// The actors (by number) that the origin attributes it to, and in which releases.
    pub attributed: Vec<(u16, Span)>,
}

/// Something that a report can say an actor used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Identifier in the origin, such as `T1059.001` or `S0154`.
    pub id: String,
    /// What sort of trace it is.
    pub kind: TraceKind,
    /// Its name in the origin.
    pub name: String,
    /// The releases in which it was live.
    pub span: Span,
    /// What became of it.
    pub state: State,
}

/// Sorts of traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TraceKind {
    Technique,
    Software,
    VictimCountry,
    VictimSector,
}

impl TraceKind {
    /// Every sort.
    pub const ALL: [Self; 4] = [Self::Technique, Self::Software, Self::VictimCountry, Self::VictimSector];

    /// Returns its name in files: the kind of observation it corresponds to.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Technique => "technique",
            Self::Software => "software",
            Self::VictimCountry => "victim_country",
            Self::VictimSector => "victim_sector",
        }
    }

    /// Returns its name for readers, in the plural.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Technique => "techniques",
            Self::Software => "software",
            Self::VictimCountry => "countries of victims",
            Self::VictimSector => "sectors of victims",
        }
    }
}

/// One publication that uses are cited from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its name in the origin.
    pub name: String,
    /// Where it was published; empty where the origin does not say.
    pub url: String,
}

/// One claim: an actor or campaign used something, according to one report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// Who.
    pub user: User,
    /// What (by number).
    pub trace: u16,
    /// According to which report (by number).
    pub report: u16,
    /// The releases in which the origin said so.
    pub span: Span,
}

/// Who is said to have used something (by number).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum User {
    Actor(u16),
    Campaign(u16),
}

impl Reference {
    /// Returns the number of a release by its name.
    #[must_use]
    pub fn release(&self, name: &str) -> Option<u16> {
        let index = self.releases.iter().position(|release| release.name == name)?;
        u16::try_from(index).ok()
    }

    /// Returns the newest release.
    #[must_use]
    pub fn newest(&self) -> u16 {
        u16::try_from(self.releases.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    /// Returns the number of an actor by its id.
    #[must_use]
    pub fn actor(&self, id: &str) -> Option<u16> {
        number(self.actors.binary_search_by(|actor| actor.id.as_str().cmp(id)))
    }

    /// Returns the number of a campaign by its id.
    #[must_use]
    pub fn campaign(&self, id: &str) -> Option<u16> {
        number(self.campaigns.binary_search_by(|campaign| campaign.id.as_str().cmp(id)))
    }

    /// Returns the number of a trace by its id.
    #[must_use]
    pub fn trace(&self, id: &str) -> Option<u16> {
        number(self.traces.binary_search_by(|trace| trace.id.as_str().cmp(id)))
    }

    /// Returns the number of a report by its name.
    #[must_use]
    pub fn report(&self, name: &str) -> Option<u16> {
        number(self.reports.binary_search_by(|report| report.name.as_str().cmp(name)))
    }

    /// Returns the digest of the text form.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_text().as_bytes())
    }

    /// Returns the actors that a name stands for, compared without case, spaces and punctuation.
    ///
    /// A name may stand for several actors, in several lists; which one is meant is for a person to say.
    #[must_use]
    pub fn actors_named(&self, name: &str) -> Vec<u16> {
        let wanted = folded(name);
        let is_meant = |actor: &Actor| {
            actor.id.eq_ignore_ascii_case(name)
                || folded(&actor.name) == wanted
                || actor.aliases.iter().any(|alias| folded(&alias.name) == wanted)
        };
        let found = (0..).zip(&self.actors).filter(|(_, actor)| is_meant(actor));
        found.map(|(number, _)| number).collect()
    }

    /// Returns the traces that a name stands for, compared as [`Reference::actors_named`] does.
    #[must_use]
    pub fn traces_named(&self, name: &str) -> Vec<u16> {
        let wanted = folded(name);
        let named = (0..).zip(&self.traces).filter(|(_, trace)| !wanted.is_empty() && folded(&trace.name) == wanted);
        named.map(|(number, _)| number).collect()
    }

    /// Returns the actor that stands for this one by now: what it was replaced by, to the end; of a circle, itself.
    #[must_use]
    pub fn actor_now(&self, actor: u16) -> u16 {
        successor(actor, |at| match &self.actors.get(usize::from(at))?.state {
            State::Revoked(by) => self.actor(by),
            State::Live | State::Deprecated => None,
        })
    }

    /// Returns the trace that stands for this one by now: what it was replaced by, to the end; of a circle, itself.
    #[must_use]
    pub fn trace_now(&self, trace: u16) -> u16 {
        successor(trace, |at| match &self.traces.get(usize::from(at))?.state {
            State::Revoked(by) => self.trace(by),
            State::Live | State::Deprecated => None,
        })
    }
}

/// Follows replacements to their end. A circle, which only a file of somebody else can have, leads back to its beginning.
fn successor(from: u16, next: impl Fn(u16) -> Option<u16>) -> u16 {
    let mut at = from;
    for _ in 0..SUCCESSORS_MAX {
        match next(at) {
            Some(further) => at = further,
            None => return at,
        }
    }
    from
}

fn number(found: Result<usize, usize>) -> Option<u16> {
    found.ok().and_then(|index| u16::try_from(index).ok())
}

/// Returns a name as it is compared: letters and digits only, in lower case.
#[must_use]
pub fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
