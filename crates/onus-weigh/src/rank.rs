//! Ranks the actors of the reference data for traces that were seen.
//!
//! Ranking many actors is another task than weighing a case: here the question is who, of all that reports were written
//! about, these techniques and this software resemble most. The answer suggests hypotheses for a case; it is never itself
//! evidence. `docs/spec/rank.md` describes the model, `docs/calibration.md` says how often it is right, how often a
//! planted trace misleads it, and beside which simpler methods.

mod features;
mod gate;
mod model;
mod next;
mod profiles;
mod strikes;

use crate::{
    benchmark::Evidence,
    decibans,
    reference::{Reference, TraceKind, View},
};

pub use features::{Design, FEATURES, NONE_FEATURES, SUMS};
pub use gate::{Naming, Strike};
pub use model::{NamingRule, PosteriorRule, RankModel, Ratio, SHARE_NAMES, log_softmax, mixed, share_inputs};
pub use next::Sought;
pub use strikes::STRIKES;

use profiles::Profiles;
use strikes::{Struck, Totals};

/// Share of the background in a candidate's mixture when single traces are weighed.
const FLOOR: f64 = 0.5;

/// One trace that was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// What sort of trace it is.
    pub kind: TraceKind,
    /// Its identifier as given.
    pub id: String,
    /// The trace (by number) of the reference data; none: nobody is known for it.
    pub trace: Option<u16>,
}

impl Seen {
    /// Takes a trace by its identifier, known to the reference data or not.
    #[must_use]
    pub fn new(reference: &Reference, kind: TraceKind, id: &str) -> Self {
        Self { kind, id: id.to_owned(), trace: reference.trace(id) }
    }
}

impl Seen {
    /// Takes all traces of a benchmark's evidence.
    #[must_use]
    pub fn all(reference: &Reference, evidence: &Evidence) -> Vec<Self> {
        let known = evidence.traces.iter().filter_map(|number| {
            let trace = reference.traces.get(usize::from(*number))?;
            Some(Self { kind: trace.kind, id: trace.id.clone(), trace: Some(*number) })
        });
        let unknown = evidence.unknown.iter().map(|(kind, id)| Self { kind: *kind, id: id.clone(), trace: None });
        known.chain(unknown).collect()
    }
}

/// Candidates for what was seen, the nearest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// What was seen, sorted, each trace once; places among it count from 0.
    pub seen: Vec<Seen>,
    /// Every candidate; those of equal score in the order of their identifiers.
    pub candidates: Vec<Ranked>,
    /// Probability that it is none of them.
    pub none: f64,
    /// How far the order was decided as if some of what was seen were planted, 0 to 1. No probability of a plant.
    pub sceptical_share: f64,
    /// The actor (by number) that stood at one half or more before any was held back.
    pub considered: Option<u16>,
    /// Whether whoever stands at one half or more may be named, and why not.
    pub naming: Naming,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// The actor (by number).
    pub actor: u16,
    /// Weight of evidence for it against another of the candidates, in decimal orders of magnitude, -6 to 6.
    pub log10_ratio: f64,
    /// The same in millidecibans.
    pub weight_mdb: i64,
    /// Probability of it, all candidates being equally probable beforehand but for how well they are documented.
    ///
    /// Who may not be named stands below one half.
    pub posterior: f64,
    /// What each seen trace weighs for it by itself, in millidecibans, heaviest first; only what weighs at all.
    ///
    /// The parts do not add up to the whole: traces depend on each other, and the strongest are the first to be planted.
    pub carried_by: Vec<Carried>,
}

/// One seen trace that speaks for a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The trace (by place among those seen).
    pub seen: usize,
    /// Weight against the background, in millidecibans; at most 10·log10(N + 2) dB for N candidates.
    pub weight_mdb: i64,
    /// How many of the candidate's reports name it.
    pub reports: usize,
    /// How many candidates it is known of.
    pub owners: usize,
}

/// Ranks candidates (sorted numbers of actors) for what was seen.
///
/// The result depends on nothing but the arguments; the order and repetition of what was seen do not matter.
#[must_use]
pub fn rank(view: &View<'_>, candidates: &[u16], seen: &[Seen], model: &RankModel) -> Ranking {
    Compared::new(view, candidates, seen).rank(model)
}

/// Computes the numbers that the model multiplies, for fitting it.
#[must_use]
pub fn design(view: &View<'_>, candidates: &[u16], seen: &[Seen]) -> Design {
    Compared::new(view, candidates, seen).design
}

/// What was seen beside what is known of each candidate, before any model: several models can rank the same.
pub struct Compared {
    candidates: Vec<u16>,
    seen: Vec<Seen>,
    profiles: Profiles,
    weights: Vec<Vec<f64>>,
    totals: Totals,
    design: Design,
    struck: Vec<Struck>,
}

impl Compared {
    /// Compares what was seen with what is known of candidates (sorted numbers of actors).
    #[must_use]
    pub fn new(view: &View<'_>, candidates: &[u16], seen: &[Seen]) -> Self {
        let seen = in_order(seen);
        let profiles = Profiles::new(view, candidates, &seen);
        let weights: Vec<Vec<f64>> = (0..candidates.len()).map(|at| profiles.weights(at, FLOOR)).collect();
        let totals = Totals::new(&profiles, seen.len(), &weights);
        let (design, struck) = features::design(&profiles, &seen, &weights, &totals);
        Self { candidates: candidates.to_vec(), seen, profiles, weights, totals, design, struck }
    }

    /// Ranks the candidates as [`rank`] does.
    #[must_use]
    pub fn rank(&self, model: &RankModel) -> Ranking {
        let candidates = self.candidates.as_slice();
        let scores = model.scores(&self.design);
        let log10 = scores.log10_ratios(model.ratio);
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by(|one, other| {
            let score = |at: usize| scores.ranking.get(at).copied().unwrap_or(f64::NEG_INFINITY);
            score(*other).total_cmp(&score(*one)).then(one.cmp(other))
        });
        let gate = gate::Gate { candidates, totals: &self.totals, struck: &self.struck, model };
        let held = gate.apply(scores.posterior());
        let ranked = |at: usize| {
            Some(Ranked {
                actor: *candidates.get(at)?,
                log10_ratio: *log10.get(at)?,
                weight_mdb: decibans::millidecibans(10.0 * *log10.get(at)?),
                posterior: *held.posterior.get(at)?,
                carried_by: carried_by(&self.profiles, at, self.weights.get(at)?, candidates.len()),
            })
        };
        Ranking {
            seen: self.seen.clone(),
            candidates: order.into_iter().filter_map(ranked).collect(),
            none: held.none,
            sceptical_share: scores.sceptical_share,
            considered: held.considered,
            naming: held.naming,
        }
    }
}

/// What was seen, sorted and each once, so that no order of the arguments can matter.
fn in_order(seen: &[Seen]) -> Vec<Seen> {
    let mut seen = seen.to_vec();
    seen.sort();
    seen.dedup();
    seen
}

fn carried_by(profiles: &Profiles, candidate: usize, weights: &[f64], candidates: usize) -> Vec<Carried> {
    let cap = decibans::from_ratio(profiles::count(candidates) + 2.0);
    let carried = |(seen, weight): (usize, &f64)| {
        let reports = profiles.counts.get(candidate)?.get(seen)?;
        let owners = *profiles.owners.get(seen)?;
        let weight_mdb = decibans::millidecibans(decibans::from_ln(*weight).min(cap));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of reports")]
        let reports = *reports as usize;
        (weight_mdb > 0).then_some(Carried { seen, weight_mdb, reports, owners })
    };
    let mut carried: Vec<Carried> = weights.iter().enumerate().filter_map(carried).collect();
    carried.sort_by(|one, other| other.weight_mdb.cmp(&one.weight_mdb).then(one.seen.cmp(&other.seen)));
    carried
}
