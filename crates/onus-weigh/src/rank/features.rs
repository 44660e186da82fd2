//! The numbers about one candidate that its score is made of.
//!
//! Nearly all are sums of weights of single traces, whole or without the strongest few: what a forger adds is strong and
//! few, what an actor leaves is many and weak. Each is described in `docs/spec/rank.md`.

mod matches;

use super::{
    Seen,
    profiles::{Profiles, count},
    strikes::{STRIKES, Struck, Totals, strikes, total},
};
use crate::{decibans, reference::TraceKind};
use matches::{Matched, Matches};

/// Numbers that both readings use; the rest is used by the sceptical one alone.
pub const SUMS: usize = 46;

/// Names of the numbers about a candidate, in the order of the columns.
pub const FEATURES: [&str; 65] = [
    "documentation",
    "software",
    "software-without-1",
    "software-without-2",
    "software-without-3",
    "techniques-steep",
    "techniques",
    "techniques-even",
    "techniques-steep-without-3",
    "techniques-without-1",
    "techniques-without-2",
    "techniques-without-3",
    "techniques-without-4",
    "techniques-without-5",
    "all-without-1",
    "all-without-2",
    "all-without-3",
    "all-without-5",
    "all-without-8",
    "software-known",
    "techniques-known",
    "rarity-covered",
    "software-unknown",
    "software-unknown-but-owned",
    "best-report",
    "best-report-techniques",
    "software-without-2-standing",
    "techniques-without-3-standing",
    "software-steep",
    "software-even",
    "software-capped",
    "techniques-capped",
    "all-capped",
    "techniques-rooted",
    "reports-sharing",
    "reports-sharing-techniques",
    "techniques-beyond-chance",
    "techniques-beyond-chance-without-3",
    "rarity-covered-without-best",
    "best-report-without-best",
    "both-without-best-standing",
    "techniques-without-5-standing",
    "software-without-3-standing",
    "techniques-known-without-3",
    "techniques-known-share",
    "software-top-share",
    "margin",
    "margin-without-1-0",
    "margin-without-2-0",
    "margin-without-3-0",
    "margin-without-0-3",
    "margin-without-0-5",
    "margin-without-1-3",
    "margin-without-2-3",
    "margin-without-3-3",
    "margin-without-2-5",
    "margin-without-3-5",
    "margin-least-software",
    "margin-least-techniques",
    "margin-least-both",
    "margin-least",
    "margin-soft",
    "lead-software-without-2",
    "lead-techniques-without-3",
    "lead-without-best",
];

/// Names of the numbers about "none of the candidates"; the last is added by the model.
pub const NONE_FEATURES: [&str; 12] = [
    "constant",
    "seen",
    "software",
    "software-of-nobody-share",
    "software-of-nobody",
    "of-nobody-share",
    "largest-total",
    "largest-total-without-best",
    "gap-of-totals",
    "gap-without-best",
    "largest-rarity-covered",
    "largest-log-probability",
];

/// Added to a spread before dividing by it, in nats, so that no spread makes a small lead large.
const SPREAD_FLOOR: f64 = 0.3;

/// The most that one name of software and one technique count for in the capped sums, in nats.
const CAPS: (f64, f64) = (1.5, 0.8);

/// Margins and leads are cut off here, in nats.
const MARGIN: (f64, f64) = (-8.0, 6.0);

/// All numbers about all candidates for one set of seen traces.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// By candidate, in the order of [`FEATURES`].
    pub rows: Vec<[f64; FEATURES.len()]>,
    /// By candidate and strike, in the order of [`STRIKES`]: how far it is ahead of its strongest rival, in nats, uncut.
    pub margins: Vec<[f64; STRIKES.len()]>,
    /// In the order of [`NONE_FEATURES`], without the last.
    pub none: [f64; NONE_FEATURES.len() - 1],
    /// Traces seen, and software among them.
    pub seen: (usize, usize),
}

/// What is left of a candidate without its two best names and its three best techniques, and other parts of features.
struct Parts {
    sums: [f64; SUMS],
    software_rest: f64,
    techniques_rest: f64,
    without_2_0: f64,
    without_0_3: f64,
    without_2_3: f64,
}

/// `weights` are those of [`Profiles::weights`] at one half, by candidate.
pub(super) fn design(
    profiles: &Profiles,
    seen: &[Seen],
    weights: &[Vec<f64>],
    totals: &Totals,
) -> (Design, Vec<Struck>) {
    let is_software: Vec<bool> = seen.iter().map(|seen| seen.kind == TraceKind::Software).collect();
    let struck = strikes(totals, seen, weights);
    let matches = Matches::new(profiles, &is_software, &struck);
    let mut parts: Vec<Parts> = Vec::with_capacity(weights.len());
    for (at, weights) in weights.iter().enumerate() {
        parts.push(parts_of(profiles, at, weights, &is_software, &matches.of(profiles, at)));
    }
    stand(&mut parts, 26, |parts| parts.software_rest);
    stand(&mut parts, 27, |parts| parts.techniques_rest);
    stand(&mut parts, 40, |parts| parts.software_rest + parts.techniques_rest);
    stand(&mut parts, 41, |parts| parts.sums[13]);
    stand(&mut parts, 42, |parts| parts.sums[4]);
    let leads = [
        leads(&parts, |parts| parts.without_2_0),
        leads(&parts, |parts| parts.without_0_3),
        leads(&parts, |parts| parts.without_2_3),
    ];
    let rows = parts.iter().zip(&struck).enumerate().map(|(at, (parts, struck))| {
        let leads = leads.each_ref().map(|leads| leads.get(at).copied().unwrap_or_default());
        row(parts, struck, leads)
    });
    let rows: Vec<_> = rows.collect();
    let totals: Vec<f64> = (0..weights.len()).map(|at| total(profiles, weights, at)).collect();
    let rests: Vec<f64> = parts.iter().map(|parts| parts.without_2_3).collect();
    let covered = rows.iter().map(|row| row[21]).fold(0.0, f64::max);
    let design = Design {
        margins: struck.iter().map(|struck| struck.margins).collect(),
        none: none(profiles, &is_software, (&totals, &rests, covered)),
        seen: (seen.len(), is_software.iter().filter(|software| **software).count()),
        rows,
    };
    (design, struck)
}

/// How well a candidate is documented: ln(reports + 0.5).
pub(super) fn documentation(profiles: &Profiles, candidate: usize) -> f64 {
    libm::log(profiles.reports.get(candidate).copied().unwrap_or_default() + 0.5)
}

fn parts_of(profiles: &Profiles, at: usize, weights: &[f64], is_software: &[bool], found: &Matched) -> Parts {
    let sorts = |weights: &[f64]| (sorted(weights, is_software, true), sorted(weights, is_software, false));
    let (software, techniques) = sorts(weights);
    let ((software_steep, techniques_steep), (software_even, techniques_even)) =
        (sorts(&profiles.weights(at, 0.1)), sorts(&profiles.weights(at, 0.9)));
    let mut all: Vec<f64> = software.iter().chain(&techniques).copied().collect();
    all.sort_by(|one, other| other.total_cmp(one));
    let capped = |weights: &[f64], cap: f64| weights.iter().map(|weight| weight.min(cap)).sum::<f64>();
    let (software_capped, techniques_capped) = (capped(&software, CAPS.0), capped(&techniques, CAPS.1));
    let documentation = documentation(profiles, at);
    let (software_rest, techniques_rest) = (without(&software, 2), without(&techniques, 3));
    let (whole_software, whole_techniques) = (without(&software, 0), without(&techniques, 0));
    let known_without_3 = (found.techniques_known - 3.0).max(0.0);
    let sums = [
        documentation,
        whole_software,
        without(&software, 1),
        software_rest,
        without(&software, 3),
        without(&techniques_steep, 0),
        whole_techniques,
        without(&techniques_even, 0),
        without(&techniques_steep, 3),
        without(&techniques, 1),
        without(&techniques, 2),
        techniques_rest,
        without(&techniques, 4),
        without(&techniques, 5),
        without(&all, 1),
        without(&all, 2),
        without(&all, 3),
        without(&all, 5),
        without(&all, 8),
        found.software_known,
        found.techniques_known,
        found.rarity_covered,
        found.software_unknown,
        found.software_unknown_but_owned,
        found.best_report,
        found.best_report_techniques,
        0.0,
        0.0,
        without(&software_steep, 0),
        without(&software_even, 0),
        software_capped,
        techniques_capped,
        software_capped + techniques_capped,
        techniques.iter().map(|weight| weight.sqrt()).sum(),
        libm::log(1.0 + found.reports_sharing),
        libm::log(1.0 + found.reports_sharing_techniques),
        found.techniques_known - found.techniques_by_chance,
        known_without_3 - found.techniques_by_chance,
        found.rarity_covered_without_best,
        found.best_report_without_best,
        0.0,
        0.0,
        0.0,
        known_without_3,
        found.techniques_known / (count(techniques.len()) + 1.0),
        (whole_software - software_rest) / (whole_software + whole_techniques + 1.0),
    ];
    let half = 0.5 * documentation;
    Parts {
        sums,
        software_rest,
        techniques_rest,
        without_2_0: half + software_rest + whole_techniques,
        without_0_3: half + whole_software + techniques_rest,
        without_2_3: half + software_rest + techniques_rest,
    }
}

/// The full row of a candidate.
fn row(parts: &Parts, struck: &Struck, leads: [f64; 3]) -> [f64; FEATURES.len()] {
    let cut = |margin: f64| margin.clamp(MARGIN.0, MARGIN.1);
    let margins = struck.margins.map(cut);
    let [whole, _, two_names, three_names, three, five, _, both, _, _, deepest] = margins;
    let soft: f64 =
        [whole, two_names, three, both, three_names, five].iter().map(|margin| libm::exp(-margin / 2.0)).sum();
    let derived = [
        whole.min(two_names),
        whole.min(three),
        whole.min(both),
        whole.min(three_names).min(five).min(deepest),
        -2.0 * libm::log(soft / 6.0),
    ];
    let all = parts.sums.into_iter().chain(margins).chain(derived).chain(leads.map(cut));
    let mut row = [0.0; FEATURES.len()];
    row.iter_mut().zip(all).for_each(|(cell, value)| *cell = value);
    row
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

/// Writes into a column how far each candidate stands above the mean of all, in spreads.
fn stand(parts: &mut [Parts], column: usize, value: impl Fn(&Parts) -> f64) {
    let values: Vec<f64> = parts.iter().map(value).collect();
    let len = count(values.len()).max(1.0);
    let mean = decibans::sum(values.clone()) / len;
    let squares = values.iter().map(|value| (value - mean) * (value - mean)).collect();
    let spread = (decibans::sum(squares) / len).sqrt() + SPREAD_FLOOR;
    for (parts, value) in parts.iter_mut().zip(values) {
        if let Some(cell) = parts.sums.get_mut(column) {
            *cell = (value - mean) / spread;
        }
    }
}

/// How far each candidate is ahead of the strongest other; negative where it is not.
fn leads(parts: &[Parts], value: impl Fn(&Parts) -> f64) -> Vec<f64> {
    let values: Vec<f64> = parts.iter().map(value).collect();
    let (first, second) = two_largest(&values);
    values.iter().map(|value| if *value == first { value - second } else { value - first }).collect()
}

/// The largest and the next, which may be as large; of one value, that value and nothing.
fn two_largest(values: &[f64]) -> (f64, f64) {
    let mut values = values.to_vec();
    values.sort_by(|one, other| other.total_cmp(one));
    (values.first().copied().unwrap_or_default(), values.get(1).copied().unwrap_or_default())
}

fn none(
    profiles: &Profiles,
    is_software: &[bool],
    (totals, rests, covered): (&[f64], &[f64], f64),
) -> [f64; NONE_FEATURES.len() - 1] {
    let software = count(is_software.iter().filter(|software| **software).count());
    let of_nobody = |software: bool| {
        let seen = is_software.iter().zip(&profiles.owners);
        count(seen.filter(|(is_software, owners)| **owners == 0 && (**is_software || !software)).count())
    };
    let seen = count(is_software.len()).max(1.0);
    let ((total, next_total), (rest, next_rest)) = (two_largest(totals), two_largest(rests));
    [
        1.0,
        libm::log(seen),
        libm::log(1.0 + software),
        of_nobody(true) / (software + 1.0),
        libm::log(1.0 + of_nobody(true)),
        of_nobody(false) / seen,
        total,
        rest,
        total - next_total,
        rest - next_rest,
        covered,
    ]
}
