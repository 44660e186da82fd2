//! Who may be named: only a candidate that still leads when what a forger would plant first is struck.

use super::{RankModel, Seen, features::documentation, profiles::Profiles};
use crate::{decibans, reference::TraceKind};

/// A candidate that may not be named is shown at this probability at most.
const NOT_NAMED_MAX: f64 = 0.49;

/// Whether the first candidate may be named.
#[derive(Clone, Debug, PartialEq)]
pub enum Naming {
    /// It may: it stands at one half or more, and still leads when its best traces are struck.
    MayBeNamed(Strike),
    /// It stands below one half.
    TooImprobable,
    /// Struck of these traces it no longer leads: if they were planted, nothing else points at it most.
    RestsOn(Strike),
}

/// What was struck, and what became of the lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Strike {
    /// The traces (by place among those seen), the strongest first: software, then techniques.
    pub struck: Vec<usize>,
    /// The actor (by number) that leads then.
    pub leads: u16,
    /// By how much the first leads then, in millidecibans; negative where another does.
    pub lead_mdb: i64,
}

pub(super) struct Gate<'g> {
    pub(super) profiles: &'g Profiles,
    pub(super) candidates: &'g [u16],
    pub(super) seen: &'g [Seen],
    pub(super) weights: &'g [Vec<f64>],
    pub(super) model: &'g RankModel,
}

impl Gate<'_> {
    /// Takes probabilities, `none` last, and holds back whoever may not be named. What is cut goes to `none`.
    pub(super) fn apply(&self, mut posterior: Vec<f64>) -> (Vec<f64>, f64, Naming) {
        let mut none = posterior.pop().unwrap_or(1.0);
        let first = posterior.iter().position(|probability| *probability >= 0.5);
        let Some(first) = first else { return (posterior, none, Naming::TooImprobable) };
        let strike = self.strike(first);
        if strike.lead_mdb > 0 {
            return (posterior, none, Naming::MayBeNamed(strike));
        }
        if let Some(probability) = posterior.get_mut(first) {
            none += *probability - NOT_NAMED_MAX;
            *probability = NOT_NAMED_MAX;
        }
        (posterior, none, Naming::RestsOn(strike))
    }

    /// Strikes a candidate's best traces from what was seen, for everybody.
    fn strike(&self, candidate: usize) -> Strike {
        let own: &[f64] = self.weights.get(candidate).map_or(&[], Vec::as_slice);
        let best = |kind: TraceKind, most: usize| {
            let is_kind = |at: &usize| self.seen.get(*at).is_some_and(|seen| seen.kind == kind);
            let weight = |at: &usize| own.get(*at).copied().unwrap_or_default();
            let mut best: Vec<usize> = (0..own.len()).filter(is_kind).filter(|at| weight(at) > 0.0).collect();
            best.sort_by(|one, other| weight(other).total_cmp(&weight(one)).then(one.cmp(other)));
            best.truncate(most);
            best
        };
        let rule = self.model.naming;
        let mut struck = best(TraceKind::Software, rule.software);
        struck.extend(best(TraceKind::Technique, rule.techniques));
        let rest = |at: usize| {
            let weights = self.weights.get(at).into_iter().flatten().enumerate();
            let left: f64 = weights.filter(|(seen, _)| !struck.contains(seen)).map(|(_, weight)| weight).sum();
            0.5 * documentation(self.profiles, at) + left
        };
        let rests: Vec<f64> = (0..self.weights.len()).map(rest).collect();
        let others = rests.iter().enumerate().filter(|(at, _)| *at != candidate);
        let rival = others.max_by(|(_, one), (_, other)| one.total_cmp(other));
        let own = rests.get(candidate).copied().unwrap_or_default();
        let (rival, lead) = rival.map_or((candidate, own), |(rival, rest)| (rival, own - rest));
        let lead_mdb = decibans::millidecibans(decibans::from_ln(lead));
        let leads = if lead_mdb > 0 { candidate } else { rival };
        Strike { struck, leads: self.candidates.get(leads).copied().unwrap_or_default(), lead_mdb }
    }
}
