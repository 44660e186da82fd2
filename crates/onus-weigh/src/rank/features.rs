//! The numbers about one candidate that its score is made of.
//!
//! Nearly all are sums of weights of single traces, whole or without the strongest few: what a forger adds is strong and
//! few, what an actor leaves is many and weak. Each is described in `docs/spec/rank.md`.

use super::{
    Seen,
    profiles::{Profiles, count},
};
use crate::{decibans, reference::TraceKind};

/// Names of the numbers about a candidate, in the order of the columns.
pub const FEATURES: [&str; 18] = [
    "documentation",
    "software",
    "software-without-1",
    "techniques-even",
    "techniques",
    "techniques-steep",
    "techniques-steep-without-3",
    "all-without-2",
    "all-without-3",
    "software-known",
    "techniques-known",
    "rarity-covered",
    "software-unknown",
    "software-unknown-but-owned",
    "best-report",
    "best-report-techniques",
    "software-lead",
    "techniques-lead",
];

/// Names of the numbers about "none of the candidates".
pub const NONE_FEATURES: [&str; 6] =
    ["constant", "seen", "software", "software-of-nobody-share", "software-of-nobody", "of-nobody-share"];

/// Added to a spread before dividing by it, in nats, so that no spread makes a small lead large.
const SPREAD_FLOOR: f64 = 0.3;

/// The largest rarity that an unmatched name of software counts with, in nats.
const RARITY_MAX: f64 = 3.0;

/// All numbers about all candidates for one set of seen traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// By candidate, in the order of [`FEATURES`].
    pub rows: Vec<[f64; FEATURES.len()]>,
    /// In the order of [`NONE_FEATURES`].
    pub none: [f64; NONE_FEATURES.len()],
}

/// `weights` are those of [`Profiles::weights`] at one half, by candidate.
pub(super) fn design(profiles: &Profiles, seen: &[Seen], weights: &[Vec<f64>]) -> Design {
    let is_software: Vec<bool> = seen.iter().map(|seen| seen.kind == TraceKind::Software).collect();
    let matches = Matches::new(profiles, &is_software);
    let mut rows: Vec<[f64; FEATURES.len()]> = Vec::new();
    let (mut software_rest, mut techniques_rest) = (Vec::new(), Vec::new());
    for (at, weights) in weights.iter().enumerate() {
        let software = sorted(weights, &is_software, true);
        let techniques = sorted(weights, &is_software, false);
        let steep = sorted(&profiles.weights(at, 0.1), &is_software, false);
        let even = sorted(&profiles.weights(at, 0.9), &is_software, false);
        let all = sorted(weights, &vec![true; seen.len()], true);
        software_rest.push(without(&software, 2));
        techniques_rest.push(without(&techniques, 3));
        let one = matches.of(profiles, at);
        rows.push([
            documentation(profiles, at),
            without(&software, 0),
            without(&software, 1),
            without(&even, 0),
            without(&techniques, 0),
            without(&steep, 0),
            without(&steep, 3),
            without(&all, 2),
            without(&all, 3),
            one.software_known,
            one.techniques_known,
            one.rarity_covered,
            one.software_unknown,
            one.software_unknown_but_owned,
            one.best_report,
            one.best_report_techniques,
            0.0,
            0.0,
        ]);
    }
    let [software_lead, techniques_lead] = [leads(&software_rest), leads(&techniques_rest)];
    for ((row, software), techniques) in rows.iter_mut().zip(software_lead).zip(techniques_lead) {
        let [.., in_software, in_techniques] = row;
        (*in_software, *in_techniques) = (software, techniques);
    }
    Design { rows, none: none(profiles, &is_software) }
}

/// How well a candidate is documented: ln(reports + 0.5).
pub(super) fn documentation(profiles: &Profiles, candidate: usize) -> f64 {
    libm::log(profiles.reports.get(candidate).copied().unwrap_or_default() + 0.5)
}

/// What was seen and is known of a candidate, counted.
struct Matched {
    software_known: f64,
    techniques_known: f64,
    rarity_covered: f64,
    software_unknown: f64,
    software_unknown_but_owned: f64,
    best_report: f64,
    best_report_techniques: f64,
}

/// What is the same for every candidate, and the best report of each.
struct Matches<'m> {
    is_software: &'m [bool],
    rarity: f64,
    best: Vec<(f64, f64)>,
}

impl<'m> Matches<'m> {
    fn new(profiles: &Profiles, is_software: &'m [bool]) -> Self {
        let techniques = count(is_software.iter().filter(|software| !**software).count());
        let rarity = |at: &usize| profiles.rarity.get(*at).copied().unwrap_or_default();
        let is_technique = |at: &&usize| is_software.get(**at) == Some(&false);
        let squares = libm::sqrt(profiles.rarity.iter().map(|rarity| rarity * rarity).sum::<f64>() + 1.0);
        let mut best = vec![(0.0_f64, 0.0_f64); profiles.reports.len()];
        for overlap in &profiles.overlaps {
            let shared: f64 = overlap.shared.iter().map(rarity).map(|rarity| rarity * rarity).sum();
            let whole = shared / libm::sqrt(8.0 * overlap.size + 20.0) / squares;
            let by_technique = overlap.shared.iter().filter(is_technique).map(rarity).sum::<f64>() / (techniques + 1.0);
            if let Some((one, other)) = best.get_mut(overlap.candidate) {
                (*one, *other) = (one.max(whole), other.max(by_technique));
            }
        }
        Self { is_software, rarity: profiles.rarity.iter().sum::<f64>().max(1e-9), best }
    }

    fn of(&self, profiles: &Profiles, candidate: usize) -> Matched {
        let (best_report, best_report_techniques) = self.best.get(candidate).copied().unwrap_or_default();
        let mut found = Matched {
            software_known: 0.0,
            techniques_known: 0.0,
            rarity_covered: 0.0,
            software_unknown: 0.0,
            software_unknown_but_owned: 0.0,
            best_report,
            best_report_techniques,
        };
        let counts = profiles.counts.get(candidate).into_iter().flatten();
        let seen = self.is_software.iter().zip(&profiles.rarity).zip(&profiles.owners).zip(counts);
        for (((is_software, rarity), owners), reports) in seen {
            match (*reports > 0.0, *is_software) {
                (true, true) => found.software_known += 1.0,
                (true, false) => found.techniques_known += 1.0,
                (false, true) => {
                    found.software_unknown += rarity.min(RARITY_MAX);
                    found.software_unknown_but_owned += if *owners > 0 { 1.0 } else { 0.0 };
                }
                (false, false) => {}
            }
            if *reports > 0.0 {
                found.rarity_covered += rarity / self.rarity;
            }
        }
        found
    }
}

/// The weights of one sort of traces, the largest first.
fn sorted(weights: &[f64], is_software: &[bool], software: bool) -> Vec<f64> {
    let chosen = weights.iter().zip(is_software).filter(|(_, is_software)| **is_software == software);
    let mut chosen: Vec<f64> = chosen.map(|(weight, _)| *weight).collect();
    chosen.sort_by(|one, other| other.total_cmp(one));
    chosen
}

/// The sum without the first so many.
fn without(sorted: &[f64], strongest: usize) -> f64 {
    sorted.iter().skip(strongest).sum()
}

/// How far each stands above the mean, in spreads.
fn leads(values: &[f64]) -> Vec<f64> {
    let len = count(values.len()).max(1.0);
    let mean = decibans::sum(values.to_vec()) / len;
    let squares = values.iter().map(|value| (value - mean) * (value - mean)).collect();
    let spread = libm::sqrt(decibans::sum(squares) / len) + SPREAD_FLOOR;
    values.iter().map(|value| (value - mean) / spread).collect()
}

fn none(profiles: &Profiles, is_software: &[bool]) -> [f64; NONE_FEATURES.len()] {
    let software = count(is_software.iter().filter(|software| **software).count());
    let of_nobody = |software: bool| {
        let seen = is_software.iter().zip(&profiles.owners);
        count(seen.filter(|(is_software, owners)| **owners == 0 && (**is_software || !software)).count())
    };
    let seen = count(is_software.len()).max(1.0);
    [
        1.0,
        libm::log(seen),
        libm::log(1.0 + software),
        of_nobody(true) / (software + 1.0),
        libm::log(1.0 + of_nobody(true)),
        of_nobody(false) / seen,
    ]
}
