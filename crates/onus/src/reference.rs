//! Reference data: built from what others publish.
//!
//! Readers of the origins take bytes and give facts; [`build`] joins them to a [`Reference`] and says, counted, what was
//! left out or mended. `docs/spec/reference.md` describes what comes of it.

mod additions;
mod build;
mod files;
mod history;
mod import;
mod loose;
mod merge;
mod misp;
mod names;
mod notes;
mod releases;
mod resolve;
mod stix;

use onus_weigh::{Reference, reference::TraceKind};

pub use additions::{Addition, Additions, Taken};
pub use build::build;
pub use files::{
    additions_path, load, read_additions, read_cases, read_origin, read_text, write_additions, write_text,
};
pub use history::{History, read_history};
pub use import::{Import, cases};
pub use misp::{Galaxy, read_galaxy};
pub use notes::Note;
pub use resolve::{Named, actor, named, trace};
pub use stix::{Bundle, read_bundle};

/// The longest address of a report that is kept, in bytes.
const URL_BYTES_MAX: usize = 2_000;

/// A file that reference data is built from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Its name, for the list of origins and for messages.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a file is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A STIX bundle, of this release; none: the release that the bundle names, else the newest of the history.
    Bundle(Option<String>),
    /// A STIX bundle of this release, of which names and states are taken, but no claims.
    Names(String),
    /// A file of MISP clusters.
    Galaxy,
    /// The history of claims.
    History,
}

/// What was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The reference data.
    pub reference: Reference,
    /// What was left out or mended, sorted.
    pub notes: Vec<Note>,
}

/// Why nothing was built.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {origin}")]
pub struct BuildProblem {
    /// What is wrong.
    pub what: String,
    /// The file; empty where it is about all of them.
    pub origin: String,
    /// What to do next.
    pub remedy: &'static str,
}

/// What is wrong with JSON, in words of a user: with line and column.
fn in_words(error: &serde_json::Error) -> String {
    let what = error.to_string();
    match error.classify() {
        serde_json::error::Category::Eof => format!("the file ends too early ({what})"),
        serde_json::error::Category::Syntax => format!("the file is no JSON ({what})"),
        serde_json::error::Category::Data | serde_json::error::Category::Io => {
            format!("the file has another form ({what})")
        }
    }
}

/// Returns how many of each sort there are, by name.
#[must_use]
pub fn counts(reference: &Reference) -> Vec<(&'static str, usize)> {
    let of_kind = |kind: TraceKind| reference.traces.iter().filter(|trace| trace.kind == kind).count();
    let mut counts = vec![
        ("releases", reference.releases.len()),
        ("actors", reference.actors.len()),
        ("aliases", reference.actors.iter().map(|actor| actor.aliases.len()).sum()),
        ("campaigns", reference.campaigns.len()),
    ];
    counts.extend(TraceKind::ALL.map(|kind| (kind.plural(), of_kind(kind))));
    counts.push(("reports", reference.reports.len().saturating_sub(1)));
    counts.push(("claims", reference.uses.len()));
    counts
}
