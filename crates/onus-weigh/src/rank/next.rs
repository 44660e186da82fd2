//! What to look for next: traces not seen yet whose presence or absence would tell the nearest candidates apart.

use std::collections::BTreeMap;

use super::{Ranking, profiles::count};
use crate::reference::View;

/// So many of the nearest candidates are told apart.
const CANDIDATES: usize = 10;

/// A trace worth looking for.
#[derive(Clone, Debug, PartialEq)]
pub struct Sought {
    /// The trace (by number).
    pub trace: u16,
    /// Expected gain of knowing whether it is there, in bits.
    pub value_bits: f64,
    /// Those of the nearest candidates it is known of (by number), the nearest first.
    pub known_of: Vec<u16>,
}

impl Ranking {
    /// Returns so many unseen traces, the most telling first.
    ///
    /// The gain is that of one yes-or-no question among the ten nearest candidates: entropy now, less the entropy expected
    /// afterwards. A trace is there with probability (reports that name it + share of all reports) / (reports + 1).
    #[must_use]
    pub fn worth_seeking(&self, view: &View<'_>, most: usize) -> Vec<Sought> {
        let nearest: Vec<(u16, f64)> =
            self.candidates.iter().take(CANDIDATES).map(|ranked| (ranked.actor, ranked.posterior)).collect();
        let total: f64 = nearest.iter().map(|(_, posterior)| posterior).sum();
        if total <= 0.0 {
            return Vec::new();
        }
        let prior: Vec<f64> = nearest.iter().map(|(_, posterior)| posterior / total).collect();
        let rates = Rates::new(view, &nearest);
        let entropy_now = entropy(&prior);
        let seen = |trace: u16| self.seen.iter().any(|seen| seen.trace == Some(trace));
        let gain = |(trace, rates): (u16, Vec<f64>)| {
            let expected: f64 = [true, false]
                .into_iter()
                .map(|is_there| {
                    let joint: Vec<f64> = prior
                        .iter()
                        .zip(&rates)
                        .map(|(p, rate)| p * if is_there { *rate } else { 1.0 - rate })
                        .collect();
                    let probability: f64 = joint.iter().sum();
                    let posterior: Vec<f64> = joint.iter().map(|joint| joint / probability).collect();
                    probability * entropy(&posterior)
                })
                .sum();
            (trace, (entropy_now - expected).max(0.0))
        };
        let mut gains: Vec<(u16, f64)> = rates.of_unseen(seen).map(gain).collect();
        gains.sort_by(|(one, gain), (other, more)| more.total_cmp(gain).then(one.cmp(other)));
        gains.truncate(most);
        let sought = |(trace, value_bits)| Sought { trace, value_bits, known_of: rates.known_of(trace) };
        gains.into_iter().map(sought).collect()
    }
}

/// How often each trace is in the reports of the nearest candidates.
struct Rates {
    nearest: Vec<u16>,
    reports: Vec<f64>,
    /// By trace: reports that name it, by candidate.
    counts: BTreeMap<u16, Vec<f64>>,
    /// By trace: its share of all reports.
    shares: BTreeMap<u16, f64>,
}

impl Rates {
    fn new(view: &View<'_>, nearest: &[(u16, f64)]) -> Self {
        let nearest: Vec<u16> = nearest.iter().map(|(actor, _)| *actor).collect();
        let mut reports = vec![0.0; nearest.len()];
        let mut counts: BTreeMap<u16, Vec<f64>> = BTreeMap::new();
        let mut shares: BTreeMap<u16, f64> = BTreeMap::new();
        let share = 1.0 / count(view.documents.len()).max(1.0);
        for document in &view.documents {
            let at = nearest.iter().position(|actor| *actor == document.actor);
            if let Some(reports) = at.and_then(|at| reports.get_mut(at)) {
                *reports += 1.0;
            }
            for trace in &document.traces {
                *shares.entry(*trace).or_default() += share;
                let row = at.map(|at| (at, counts.entry(*trace).or_insert_with(|| vec![0.0; nearest.len()])));
                if let Some(cell) = row.and_then(|(at, row)| row.get_mut(at)) {
                    *cell += 1.0;
                }
            }
        }
        Self { nearest, reports, counts, shares }
    }

    fn of_unseen(&self, seen: impl Fn(u16) -> bool) -> impl Iterator<Item = (u16, Vec<f64>)> {
        let unseen = self.counts.iter().filter(move |(trace, _)| !seen(**trace));
        unseen.map(|(trace, counts)| {
            let share = self.shares.get(trace).copied().unwrap_or_default();
            let rates = counts.iter().zip(&self.reports).map(|(count, reports)| (count + share) / (reports + 1.0));
            (*trace, rates.collect())
        })
    }

    fn known_of(&self, trace: u16) -> Vec<u16> {
        let counts = self.counts.get(&trace).into_iter().flatten();
        self.nearest.iter().zip(counts).filter(|(_, count)| **count > 0.0).map(|(actor, _)| *actor).collect()
    }
}

fn entropy(probabilities: &[f64]) -> f64 {
    probabilities.iter().filter(|p| **p > 0.0).map(|p| -p * libm::log2(*p)).sum()
}
