//! What is left of every candidate's weight when one candidate's strongest traces are struck from what was seen.

use super::{Seen, features::documentation, profiles::Profiles};
use crate::reference::TraceKind;

/// How many of a candidate's best names of software and of its best techniques are struck.
pub const STRIKES: [(usize, usize); 11] =
    [(0, 0), (1, 0), (2, 0), (3, 0), (0, 3), (0, 5), (1, 3), (2, 3), (3, 3), (2, 5), (3, 5)];

/// The most that any strike takes of each sort.
const MOST: (usize, usize) = (3, 5);

/// Weight of documentation in what is left, beside the weights of traces.
const DOCUMENTATION: f64 = 0.5;

/// What is left of a candidate by strike.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Struck {
    /// The traces (by place among those seen) that count for it, the strongest first: software, and techniques.
    pub(super) best: (Vec<usize>, Vec<usize>),
    /// By strike, in the order of [`STRIKES`]: how far it is ahead of its strongest rival, in nats.
    pub(super) margins: [f64; STRIKES.len()],
}

/// Totals of all candidates, and the weights that strikes take from them.
pub(super) struct Totals {
    whole: Vec<f64>,
    /// By seen trace and candidate.
    columns: Vec<Vec<f64>>,
}

impl Totals {
    /// `weights` are by candidate and seen trace.
    pub(super) fn new(profiles: &Profiles, seen: usize, weights: &[Vec<f64>]) -> Self {
        let column = |at: usize| weights.iter().map(|row| row.get(at).copied().unwrap_or_default()).collect();
        Self {
            whole: (0..weights.len()).map(|at| total(profiles, weights, at)).collect(),
            columns: (0..seen).map(column).collect(),
        }
    }

    /// What is left of every candidate without some traces.
    pub(super) fn without(&self, struck: impl Iterator<Item = usize>) -> Vec<f64> {
        let mut left = self.whole.clone();
        for column in struck.filter_map(|at| self.columns.get(at)) {
            left.iter_mut().zip(column).for_each(|(left, weight)| *left -= weight);
        }
        left
    }
}

/// Strikes for each candidate.
pub(super) fn strikes(totals: &Totals, seen: &[Seen], weights: &[Vec<f64>]) -> Vec<Struck> {
    weights.iter().enumerate().map(|(candidate, own)| struck(candidate, seen, own, totals)).collect()
}

/// Everything that counts for a candidate, in nats.
pub(super) fn total(profiles: &Profiles, weights: &[Vec<f64>], candidate: usize) -> f64 {
    DOCUMENTATION * documentation(profiles, candidate) + weights.get(candidate).into_iter().flatten().sum::<f64>()
}

fn struck(candidate: usize, seen: &[Seen], own: &[f64], totals: &Totals) -> Struck {
    let best = |kind: TraceKind, most: usize| {
        let weight = |at: usize| own.get(at).copied().unwrap_or_default();
        let mut best: Vec<usize> = seen
            .iter()
            .enumerate()
            .filter(|(at, seen)| seen.kind == kind && weight(*at) > 0.0)
            .map(|(at, _)| at)
            .collect();
        best.sort_by(|one, other| weight(*other).total_cmp(&weight(*one)).then(one.cmp(other)));
        best.truncate(most);
        best
    };
    let (software, techniques) = (best(TraceKind::Software, MOST.0), best(TraceKind::Technique, MOST.1));
    // what cannot be struck is not struck, so that many strikes come to the same
    let possible = |strike: (usize, usize)| (strike.0.min(software.len()), strike.1.min(techniques.len()));
    let mut margins = [0.0; STRIKES.len()];
    for (place, strike) in STRIKES.iter().enumerate() {
        let strike = possible(*strike);
        let same = STRIKES.iter().take(place).position(|earlier| possible(*earlier) == strike);
        let margin = same.and_then(|same| margins.get(same).copied()).unwrap_or_else(|| {
            let traces = software.iter().take(strike.0).chain(techniques.iter().take(strike.1));
            margin(candidate, &totals.without(traces.copied()))
        });
        if let Some(cell) = margins.get_mut(place) {
            *cell = margin;
        }
    }
    Struck { best: (software, techniques), margins }
}

/// How far a candidate is ahead of the strongest other; a candidate without rivals is ahead of nothing.
fn margin(candidate: usize, left: &[f64]) -> f64 {
    let own = left.get(candidate).copied().unwrap_or_default();
    match strongest_other(candidate, left) {
        Some((_, rival)) => own - rival,
        None => own,
    }
}

/// The strongest other candidate (by place), the first of equals, and what is left of it.
pub(super) fn strongest_other(candidate: usize, left: &[f64]) -> Option<(usize, f64)> {
    let others = left.iter().copied().enumerate().filter(|(at, _)| *at != candidate);
    others.reduce(|most, next| if next.1 > most.1 { next } else { most })
}
