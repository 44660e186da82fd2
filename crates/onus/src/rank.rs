//! Ranks actors for techniques and software: gathers what was seen from identifiers, names and files, and says in words
//! what the ranking comes to.

mod gather;
mod predict;
mod report;

use onus_weigh::{
    Reference,
    rank::{RankModel, rank},
    reference::{Hidden, TraceKind, View},
};

use crate::{Error, Result};

pub use gather::{FILE_MAX, Gathered, gather};
pub use predict::predict;
pub use report::{CarriedRow, NamedRow, RankReport, RankedRow, ReferenceRow, SeenRow, SoughtRow};

/// Sorts of traces that a ranking looks at.
pub const KINDS: [TraceKind; 2] = [TraceKind::Technique, TraceKind::Software];

/// So many traces worth seeking are listed.
const SOUGHT: usize = 8;

/// What of the reference data a ranking must leave out, by name.
#[derive(Clone, Debug, Default)]
pub struct Without {
    /// The release to stand in; none: the newest.
    pub release: Option<String>,
    /// Reports whose word does not count, by their names in the reference data.
    pub reports: Vec<String>,
    /// Campaigns that are left out, by identifier.
    pub campaigns: Vec<String>,
}

impl Without {
    /// Looks the names up.
    ///
    /// # Errors
    /// A release, report or campaign that the reference data does not have: leaving out nothing would let the ranking
    /// rest on the very report it is to be compared with.
    pub fn hidden(&self, reference: &Reference) -> Result<Hidden> {
        let missing = |what, given: &str, remedy| Error::BadValue { what, given: given.to_owned(), remedy };
        let release = |name: &String| {
            let remedy = "name one of the releases that `onus reference info` lists";
            reference.release(name).ok_or_else(|| missing("the reference data has no such release", name, remedy))
        };
        let report = |name: &String| {
            let remedy = "give the report's name as the reference data has it";
            reference.report(name).ok_or_else(|| missing("the reference data has no such report", name, remedy))
        };
        let campaign = |id: &String| {
            let remedy = "give the campaign's identifier, such as C0024";
            reference.campaign(id).ok_or_else(|| missing("the reference data has no such campaign", id, remedy))
        };
        Ok(Hidden {
            release: self.release.as_ref().map(release).transpose()?,
            reports: self.reports.iter().map(report).collect::<Result<_>>()?,
            campaigns: self.campaigns.iter().map(campaign).collect::<Result<_>>()?,
        })
    }
}

/// Ranks the actors of the reference data for what was gathered.
///
/// # Errors
/// Nothing was seen; a name in `without` is unknown.
pub fn rank_seen(reference: &Reference, gathered: Gathered, without: &Without) -> Result<RankReport> {
    if gathered.seen.is_empty() {
        return Err(Error::BadValue {
            what: "no technique and no software was given",
            given: gathered.notes.join("; "),
            remedy: "give identifiers such as T1059.001 or S0154, names of software, or a STIX bundle or Navigator layer",
        });
    }
    let hidden = without.hidden(reference)?;
    let view = View::new(reference, &hidden, &KINDS);
    let ranking = rank(&view, &view.candidates, &gathered.seen, &RankModel::builtin());
    let sought = ranking.worth_seeking(&view, SOUGHT);
    Ok(report::report(&view, &ranking, &sought, gathered.notes))
}
