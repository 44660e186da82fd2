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
        let is_wanted: Vec<bool> = reference.traces.iter().map(|trace| kinds.contains(&trace.kind)).collect();
        let mut rows: Vec<u64> = Vec::with_capacity(reference.uses.len());
        for used in &reference.uses {
            let is_wanted = is_wanted.get(usize::from(used.trace)) == Some(&true);
            if !is_wanted || !used.span.holds(release) || hidden.reports.contains(&used.report) {
                continue;
            }
            match used.user {
                User::Actor(actor) => rows.push(row(actor, used.report, used.trace)),
                User::Campaign(campaign) if hidden.campaigns.contains(&campaign) => {}
                User::Campaign(campaign) => {
                    let campaign = reference.campaigns.get(usize::from(campaign));
                    let attributed = campaign.into_iter().flat_map(|campaign| &campaign.attributed);
                    let actors = attributed.filter(|(_, span)| span.holds(release)).map(|(actor, _)| *actor);
                    rows.extend(actors.map(|actor| row(actor, used.report, used.trace)));
                }
            }
        }
        rows.sort_unstable();
        rows.dedup();
        let documents: Vec<Document> = rows
            .chunk_by(|one, other| one >> 16 == other >> 16)
            .filter_map(|rows| {
                let (actor, report, _) = fields(*rows.first()?);
                Some(Document { actor, report, traces: rows.iter().map(|row| fields(*row).2).collect() })
            })
            .collect();
        let mut candidates: Vec<u16> = documents.iter().map(|document| document.actor).collect();
        candidates.dedup();
        candidates
            .retain(|actor| reference.actors.get(usize::from(*actor)).is_some_and(|actor| actor.span.holds(release)));
        Self { reference, release, documents, candidates }
    }
}

/// An actor, a report and a trace as one number, which sorts as they do and much faster.
fn row(actor: u16, report: u16, trace: u16) -> u64 {
    u64::from(actor) << 32 | u64::from(report) << 16 | u64::from(trace)
}

#[expect(clippy::cast_possible_truncation, reason = "each is one of the 16-bit fields")]
fn fields(row: u64) -> (u16, u16, u16) {
    ((row >> 32) as u16, (row >> 16) as u16, row as u16)
}
