//! What others do: eight ways of scoring candidates, all from the same counts.
//!
//! An engine of one score also has the documentation of a candidate in its probabilities: without it none of them knows
//! that much is reported of some groups and little of others, and each would be a weaker peer than it can be.

use onus_weigh::benchmark::Evidence;

use crate::{
    engine::Features,
    prepared::Prepared,
    profile::{Profile, square},
};

/// Names of the columns.
pub(crate) const COLUMNS: [&str; 8] = [
    "prior (documentation)",
    "Jaccard",
    "TF-IDF cosine",
    "kNN over single reports",
    "naive Bayes, Bernoulli (.5)",
    "naive Bayes, multinomial mix (.1)",
    "naive Bayes, by citations (.3)",
    "ACH inconsistency",
];

/// Engines over those columns: each score beside the documentation of the candidate, and seven of them together.
pub(crate) fn engines() -> Vec<(&'static str, Vec<usize>)> {
    let single =
        COLUMNS.iter().enumerate().map(|(column, name)| (*name, if column == 0 { vec![0] } else { vec![column, 0] }));
    single.chain([("conditional logit over seven", (0..7).collect())]).collect()
}

/// The eight scores as features.
pub(crate) struct Baselines;

impl Features for Baselines {
    fn width(&self) -> usize {
        COLUMNS.len()
    }

    fn rows(&self, asked: &Prepared<'_>, evidence: &Evidence) -> Vec<f64> {
        let profile = &asked.profile;
        let columns = [
            prior(profile),
            jaccard(profile, evidence),
            cosine(profile, evidence),
            nearest(profile, evidence),
            bernoulli(profile, evidence),
            mixture(profile, evidence, 0.1, &Counted::owners(profile)),
            mixture(profile, evidence, 0.3, &Counted::documents(profile)),
            inconsistency(profile, evidence),
        ];
        (0..profile.candidates()).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
    }
}

/// How well documented a candidate is, whatever is observed.
fn prior(profile: &Profile) -> Vec<f64> {
    profile.claims.iter().map(|claims| libm::log(claims + 0.5)).collect()
}

/// By candidate, the sum of a weight over what is observed and known of it.
fn over_known(profile: &Profile, evidence: &Evidence, weight: impl Fn(usize, u16) -> f64) -> Vec<f64> {
    let known = |row: usize| evidence.traces.iter().filter(move |trace| profile.count(row, **trace) > 0.0);
    (0..profile.candidates()).map(|row| known(row).map(|trace| weight(row, *trace)).sum()).collect()
}

fn jaccard(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    let shared = over_known(profile, evidence, |_, _| 1.0);
    let of = |(shared, distinct): (&f64, &f64)| shared / (distinct + evidence.len() as f64 - shared).max(1.0);
    shared.iter().zip(&profile.distinct).map(of).collect()
}

/// Length of the vector of idf of what is observed.
fn length(profile: &Profile, evidence: &Evidence) -> f64 {
    let known: f64 = evidence.traces.iter().map(|trace| square(profile.idf[usize::from(*trace)])).sum();
    libm::sqrt(known + evidence.unknown.len() as f64 * square(profile.idf_unknown))
}

fn cosine(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    let length = length(profile, evidence);
    let shared = over_known(profile, evidence, |_, trace| square(profile.idf[usize::from(trace)]));
    shared.iter().zip(&profile.idf_norm).map(|(shared, norm)| shared / (norm * length + 1e-9)).collect()
}

/// The best cosine with a single report.
fn nearest(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    let length = length(profile, evidence);
    let mut weights = vec![0.0; profile.idf.len()];
    for trace in &evidence.traces {
        weights[usize::from(*trace)] = square(profile.idf[usize::from(*trace)]);
    }
    let mut best = vec![0.0_f64; profile.candidates()];
    for (row, traces, norm) in &profile.documents {
        let shared: f64 = traces.iter().map(|trace| weights[usize::from(*trace)]).sum();
        best[*row] = best[*row].max(shared / (norm * length + 1e-9));
    }
    best
}

/// Presence and absence of every trace in a report of the candidate; half a report of the background mixed in.
fn bernoulli(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    let score = |row: usize| {
        let seen = evidence.traces.iter().map(|trace| {
            let background = profile.background(profile.documents_with[usize::from(*trace)]);
            let p = probability(profile.count(row, *trace), background, profile.reports[row]);
            libm::log(p) - libm::log1p(-p)
        });
        profile.absence[row] + seen.sum::<f64>()
    };
    (0..profile.candidates()).map(score).collect()
}

/// Probability that a report of a candidate carries a trace which so many of its reports carry.
pub(crate) fn probability(count: f64, background: f64, reports: f64) -> f64 {
    ((count + 0.5 * background) / (reports + 0.5)).clamp(1e-4, 1.0 - 1e-4)
}

/// What a mixture counts: groups that are known for a trace, or documents that say so.
struct Counted<'p> {
    background: &'p [f64],
    by_candidate: &'p [f64],
    is_binary: bool,
}

impl<'p> Counted<'p> {
    fn owners(profile: &'p Profile) -> Self {
        Self { background: &profile.owners, by_candidate: &profile.distinct, is_binary: true }
    }

    fn documents(profile: &'p Profile) -> Self {
        Self { background: &profile.documents_with, by_candidate: &profile.claims, is_binary: false }
    }
}

/// Sum of the logarithms of a mixture of a candidate's share and the background, over the background.
fn mixture(profile: &Profile, evidence: &Evidence, background: f64, counted: &Counted<'_>) -> Vec<f64> {
    let total = counted.background.iter().sum::<f64>() + 0.5 * profile.vocabulary_with(evidence);
    let gain = over_known(profile, evidence, |row, trace| {
        let count = if counted.is_binary { 1.0 } else { profile.count(row, trace) };
        let share = count / (counted.by_candidate[row] + 1e-9);
        let expected = (counted.background[usize::from(trace)] + 0.5) / total;
        libm::log1p((1.0 - background) * share / expected / background)
    });
    let nothing = evidence.len() as f64 * libm::log(background);
    gain.iter().map(|gain| gain + nothing).collect()
}

/// Analysis of competing hypotheses as Open Synthesis scores it: what speaks against a candidate is counted, nothing
/// for it. Every trace that a candidate is not known for is inconsistent with it, by the same vote.
fn inconsistency(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    over_known(profile, evidence, |_, _| 1.0).iter().map(|known| known - evidence.len() as f64).collect()
}
