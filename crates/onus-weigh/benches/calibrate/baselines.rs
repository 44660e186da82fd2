//! What others do: eight ways of scoring candidates, all from the same counts.
//!
//! An engine of one score also has the documentation of a candidate in its probabilities: without it none of them knows
//! that much is reported of some groups and little of others, and each would be a weaker peer than it can be.

use std::collections::BTreeMap;

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

/// The scores of the two baselines that `peer.py` computes as well, each with the documentation of the candidate.
pub(crate) fn two_as_peer(profile: &Profile, evidence: &Evidence) -> [Vec<f64>; 2] {
    let prior = prior(profile);
    let with = |scores: Vec<f64>, scale: f64, of_prior: f64| -> Vec<f64> {
        scores.iter().zip(&prior).map(|(score, prior)| scale * score + of_prior * prior).collect()
    };
    let by_citations = mixture(profile, evidence, 0.3, Counted::Documents);
    [with(cosine(profile, evidence), 22.9, 1.19), with(by_citations, 0.387, 0.435)]
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
            mixture(profile, evidence, 0.1, Counted::Owners),
            mixture(profile, evidence, 0.3, Counted::Documents),
            inconsistency(profile, evidence),
        ];
        (0..profile.candidates()).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
    }
}

/// How well documented a candidate is, whatever is observed.
fn prior(profile: &Profile) -> Vec<f64> {
    profile.claims.iter().map(|claims| libm::log(claims + 0.5)).collect()
}

/// By candidate, the sum of a weight over what is observed and known of it; the weight sees the count of documents.
fn over_known(profile: &Profile, evidence: &Evidence, weight: impl Fn(usize, u16, u16) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; profile.candidates()];
    for trace in &evidence.traces {
        for (candidate, count) in profile.known_for(*trace) {
            let candidate = usize::from(*candidate);
            sums[candidate] += weight(candidate, *trace, *count);
        }
    }
    sums
}

fn jaccard(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    let shared = over_known(profile, evidence, |_, _, _| 1.0);
    let of = |(shared, known): (&f64, &Vec<u16>)| shared / ((known.len() + evidence.len()) as f64 - shared).max(1.0);
    shared.iter().zip(&profile.known).map(of).collect()
}

/// Length of the vector of idf of what is observed.
fn length(profile: &Profile, evidence: &Evidence) -> f64 {
    let known: f64 = evidence.traces.iter().map(|trace| square(profile.idf[usize::from(*trace)])).sum();
    libm::sqrt(known + evidence.unknown.len() as f64 * square(profile.idf_unknown))
}

fn cosine(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    let length = length(profile, evidence);
    let shared = over_known(profile, evidence, |_, trace, _| square(profile.idf[usize::from(trace)]));
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

/// Presence and absence of every trace in a report of the candidate.
fn bernoulli(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    let odds = |count: f64, trace: u16, reports: f64| {
        let p = profile.probability(count, profile.documents_with[usize::from(trace)], reports);
        libm::log(p) - libm::log1p(-p)
    };
    let mut by_reports: BTreeMap<usize, f64> = BTreeMap::new();
    let nothing = |reports: f64| evidence.traces.iter().map(|trace| odds(0.0, *trace, reports)).sum();
    let gain = over_known(profile, evidence, |candidate, trace, count| {
        let reports = profile.reports[candidate];
        odds(f64::from(count), trace, reports) - odds(0.0, trace, reports)
    });
    let mut of = |candidate: usize| {
        let reports = profile.reports[candidate];
        let unknown = by_reports.entry(reports as usize).or_insert_with(|| nothing(reports));
        profile.absence[candidate] + *unknown + gain[candidate]
    };
    (0..profile.candidates()).map(&mut of).collect()
}

/// What a mixture counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// Groups that are known for a trace.
    Owners,
    /// Documents that say so.
    Documents,
}

/// Sum of the logarithms of a mixture of a candidate's share and the background, over the background.
fn mixture(profile: &Profile, evidence: &Evidence, background: f64, counted: Counted) -> Vec<f64> {
    let (by_trace, of_all) = match counted {
        Counted::Owners => (&profile.owners, profile.owners_of_all),
        Counted::Documents => (&profile.documents_with, profile.claims_of_all),
    };
    let total = of_all + 0.5 * profile.vocabulary_with(evidence);
    let gain = over_known(profile, evidence, |candidate, trace, count| {
        let (count, size) = match counted {
            Counted::Owners => (1.0, profile.known[candidate].len() as f64),
            Counted::Documents => (f64::from(count), profile.claims[candidate]),
        };
        let expected = (by_trace[usize::from(trace)] + 0.5) / total;
        libm::log1p((1.0 - background) * count / (size + 1e-9) / expected / background)
    });
    let nothing = evidence.len() as f64 * libm::log(background);
    gain.iter().map(|gain| gain + nothing).collect()
}

/// Analysis of competing hypotheses as Open Synthesis scores it: what speaks against a candidate is counted, nothing
/// for it. Every trace that a candidate is not known for is inconsistent with it, by the same vote.
fn inconsistency(profile: &Profile, evidence: &Evidence) -> Vec<f64> {
    over_known(profile, evidence, |_, _, _| 1.0).iter().map(|known| known - evidence.len() as f64).collect()
}
