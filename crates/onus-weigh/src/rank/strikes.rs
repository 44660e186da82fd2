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

/// What is left of a candidate, and of its strongest rival, by strike.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Struck {
    /// The traces (by place among those seen) that count for it, the strongest first: software, and techniques.
    pub(super) best: (Vec<usize>, Vec<usize>),
    /// By strike, in the order of [`STRIKES`]: how far it is ahead of its strongest rival, in nats.
    pub(super) margins: [f64; STRIKES.len()],
    /// By strike: the strongest rival (by place).
    pub(super) rivals: [usize; STRIKES.len()],
}

/// Strikes for each candidate. `weights` are by candidate and seen trace.
pub(super) fn strikes(profiles: &Profiles, seen: &[Seen], weights: &[Vec<f64>]) -> Vec<Struck> {
    let whole: Vec<f64> = (0..weights.len()).map(|at| total(profiles, weights, at)).collect();
    let columns: Vec<Vec<f64>> = (0..seen.len())
        .map(|at| weights.iter().map(|row| row.get(at).copied().unwrap_or_default()).collect())
        .collect();
    (0..weights.len()).map(|candidate| struck(candidate, seen, weights, &whole, &columns)).collect()
}

/// Everything that counts for a candidate, in nats.
pub(super) fn total(profiles: &Profiles, weights: &[Vec<f64>], candidate: usize) -> f64 {
    DOCUMENTATION * documentation(profiles, candidate) + weights.get(candidate).into_iter().flatten().sum::<f64>()
}

fn struck(candidate: usize, seen: &[Seen], weights: &[Vec<f64>], whole: &[f64], columns: &[Vec<f64>]) -> Struck {
    let own: &[f64] = weights.get(candidate).map_or(&[], Vec::as_slice);
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
    let (of_software, of_techniques) =
        (cumulated(&software, columns, whole.len()), cumulated(&techniques, columns, whole.len()));
    let mut margins = [0.0; STRIKES.len()];
    let mut rivals = [candidate; STRIKES.len()];
    for ((strike, margin), rival) in STRIKES.iter().zip(&mut margins).zip(&mut rivals) {
        let taken = (of_software.get(strike.0.min(software.len())), of_techniques.get(strike.1.min(techniques.len())));
        let (Some(one), Some(other)) = taken else { continue };
        let left = whole.iter().zip(one).zip(other).map(|((whole, one), other)| whole - one - other);
        let (mut own, mut most) = (0.0, f64::NEG_INFINITY);
        for (at, left) in left.enumerate() {
            if at == candidate {
                own = left;
            } else if left > most {
                (most, *rival) = (left, at);
            }
        }
        // a candidate without rivals is ahead of nothing
        *margin = if most == f64::NEG_INFINITY { own } else { own - most };
    }
    Struck { best: (software, techniques), margins, rivals }
}

/// By number of traces struck: what every candidate loses.
fn cumulated(struck: &[usize], columns: &[Vec<f64>], candidates: usize) -> Vec<Vec<f64>> {
    let mut sums = vec![vec![0.0; candidates]];
    for at in struck {
        let (Some(last), Some(column)) = (sums.last(), columns.get(*at)) else { break };
        sums.push(last.iter().zip(column).map(|(sum, weight)| sum + weight).collect());
    }
    sums
}
