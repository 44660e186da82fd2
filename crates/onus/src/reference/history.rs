//! Reads the history: since which release, and until which, each claim stood.
//!
//! The format is described in `docs/spec/reference.md`.

use std::collections::BTreeMap;

use onus_weigh::{
    Reference,
    reference::{Span, TraceKind, User},
};
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

/// Reads a history: the JSON form, or reference data that was built earlier, whose claims go on.
///
/// # Errors
/// What is neither of the two; a release that is not in the list.
pub fn read_history(bytes: &[u8]) -> Result<History, String> {
    if bytes.starts_with(b"onus-reference ") {
        let text = std::str::from_utf8(bytes).map_err(|_| "the file is no UTF-8 text".to_owned())?;
        return Reference::parse(text).map(|built| History::of(&built)).map_err(|problem| problem.to_string());
    }
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

impl History {
    /// The history that reference data holds: claims of techniques and software, and attributions.
    fn of(built: &Reference) -> Self {
        let releases: Vec<String> = built.releases.iter().map(|release| release.name.clone()).collect();
        let ends = |span: Span| Some((releases.get(usize::from(span.first))?, releases.get(usize::from(span.last))?));
        let mut rows = Vec::new();
        for used in &built.uses {
            let user = match used.user {
                User::Actor(actor) => built.actors.get(usize::from(actor)).map(|actor| &actor.id),
                User::Campaign(campaign) => built.campaigns.get(usize::from(campaign)).map(|campaign| &campaign.id),
            };
            let trace = built.traces.get(usize::from(used.trace));
            let trace = trace.filter(|trace| matches!(trace.kind, TraceKind::Technique | TraceKind::Software));
            let report = built.reports.get(usize::from(used.report));
            if let (Some(user), Some(trace), Some(report), Some((first, last))) = (user, trace, report, ends(used.span))
            {
                let row = (user.clone(), trace.id.clone(), report.name.clone(), first.clone(), last.clone());
                rows.push(row);
            }
        }
        let mut attributed_to: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for campaign in &built.campaigns {
            for (actor, span) in &campaign.attributed {
                let Some(actor) = built.actors.get(usize::from(*actor)) else { continue };
                let held = (span.first..=span.last).filter_map(|number| releases.get(usize::from(number)));
                for release in held {
                    let pair = (campaign.id.clone(), actor.id.clone());
                    attributed_to.entry(release.clone()).or_default().push(pair);
                }
            }
        }
        Self { releases, attributed_to, rows }
    }
}
