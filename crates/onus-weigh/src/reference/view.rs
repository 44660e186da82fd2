//! What of the reference data may be used for one question: the leakage rule.

use super::{Reference, TraceKind, User};

/// What must not be used, because it rests on the case itself.
///
/// Campaigns that share a provenance root with the case leave the counts before the case is weighed; otherwise the case
/// would be compared with its own conclusion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The release to stand in, by number; none: the newest.
    pub release: Option<u16>,
    /// Reports (by number) whose word does not count. What others say as well stays.
    pub reports: Vec<u16>,
    /// Campaigns (by number) that are left out with all their uses and their attribution.
    pub campaigns: Vec<u16>,
}

/// What one report says that one actor used: the unit in which independent campaigns are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The actor (by number).
    pub actor: u16,
    /// The report (by number).
    pub report: u16,
    /// The traces (by number), sorted, each once.
    pub traces: Vec<u16>,
}

/// Reference data without what is hidden. A campaign's uses belong to the actors that it is attributed to.
#[derive(Clone, Debug)]
pub struct View<'r> {
    /// The data it is a view of.
    pub reference: &'r Reference,
    /// The release it stands in, by number.
    pub release: u16,
    /// Documents, sorted by actor, then by report.
    pub documents: Vec<Document>,
    /// Actors (by number) that stand in the release and have a document, sorted.
    pub candidates: Vec<u16>,
}

impl<'r> View<'r> {
    /// Takes a view without what is hidden, of traces of the given sorts.
    #[must_use]
    pub fn new(reference: &'r Reference, hidden: &Hidden, kinds: &[TraceKind]) -> Self {
        let release = hidden.release.unwrap_or_else(|| reference.newest());
        let is_wanted =
            |trace: u16| reference.traces.get(usize::from(trace)).is_some_and(|trace| kinds.contains(&trace.kind));
        let mut rows: Vec<(u16, u16, u16)> = Vec::new();
        for used in &reference.uses {
            if !used.span.holds(release) || hidden.reports.contains(&used.report) || !is_wanted(used.trace) {
                continue;
            }
            match used.user {
                User::Actor(actor) => rows.push((actor, used.report, used.trace)),
                User::Campaign(campaign) if hidden.campaigns.contains(&campaign) => {}
                User::Campaign(campaign) => {
                    let campaign = reference.campaigns.get(usize::from(campaign));
                    let attributed = campaign.into_iter().flat_map(|campaign| &campaign.attributed);
                    let actors = attributed.filter(|(_, span)| span.holds(release)).map(|(actor, _)| *actor);
                    rows.extend(actors.map(|actor| (actor, used.report, used.trace)));
                }
            }
        }
        rows.sort_unstable();
        rows.dedup();
        let documents: Vec<Document> = rows
            .chunk_by(|one, other| (one.0, one.1) == (other.0, other.1))
            .filter_map(|rows| {
                let (actor, report, _) = *rows.first()?;
                Some(Document { actor, report, traces: rows.iter().map(|(.., trace)| *trace).collect() })
            })
            .collect();
        let mut candidates: Vec<u16> = documents.iter().map(|document| document.actor).collect();
        candidates.dedup();
        candidates
            .retain(|actor| reference.actors.get(usize::from(*actor)).is_some_and(|actor| actor.span.holds(release)));
        Self { reference, release, documents, candidates }
    }
}
