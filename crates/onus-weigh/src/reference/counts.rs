//! Weights counted from reference data: how much likelier a trace is with one actor than with another not listed.
//!
//! The formulas and a worked example are in `docs/spec/reference.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Numbers, TraceKind, View, quantile::beta_quantile};
use crate::decibans;

/// The range of the pull toward the background (alpha), as natural logarithms, and the steps of the search in it.
const LN_ALPHA: (f64, f64) = (-6.907_755_278_982_137, 13.815_510_557_964_274);
const STEPS: usize = 48;

/// Ratio of the golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The share of a posterior that lies beyond the conservative weight, on the side of zero.
const TAIL: f64 = 0.05;

/// The number of standard deviations beyond which that share of a normal distribution lies.
const TAIL_DEVIATIONS: f64 = 1.644_853_626_951_472_7;

/// Counts of one sort of trace over the documents of a view.
#[derive(Clone, Debug)]
pub struct Counts {
    actors: BTreeMap<u16, Tally>,
    all: Tally,
    /// How many traces of the sort there are to be seen.
    alphabet: f64,
    cap_db: f64,
    alpha: f64,
    label_noise: f64,
    background_prior: f64,
}

/// In how many documents each trace stands, and the sum.
#[derive(Clone, Debug, Default)]
struct Tally {
    by_trace: BTreeMap<u16, u32>,
    total: u32,
}

impl Tally {
    fn add(&mut self, trace: u16) {
        *self.by_trace.entry(trace).or_default() += 1;
        self.total += 1;
    }

    fn of(&self, trace: u16) -> f64 {
        self.by_trace.get(&trace).copied().map_or(0.0, f64::from)
    }
}

impl Counts {
    /// Counts traces of one sort, with the numbers that the program ships.
    ///
    /// The pull toward the background is the one under which each document is likeliest, given the others of its actor.
    #[must_use]
    pub fn new(view: &View<'_>, kind: TraceKind) -> Self {
        Self::with(view, kind, &Numbers::builtin())
    }

    /// Counts traces of one sort, with other numbers.
    #[must_use]
    pub fn with(view: &View<'_>, kind: TraceKind, numbers: &Numbers) -> Self {
        let is_wanted = |trace: &u16| view.reference.traces.get(usize::from(*trace)).is_some_and(|t| t.kind == kind);
        let documents: Vec<(u16, Vec<u16>)> = view
            .documents
            .iter()
            .map(|document| (document.actor, document.traces.iter().copied().filter(is_wanted).collect()))
            .filter(|(_, traces): &(u16, Vec<u16>)| !traces.is_empty())
            .collect();
        let (mut actors, mut all): (BTreeMap<u16, Tally>, Tally) = Default::default();
        for (actor, traces) in &documents {
            let tally = actors.entry(*actor).or_default();
            for trace in traces {
                tally.add(*trace);
                all.add(*trace);
            }
        }
        let standing = (0..).zip(&view.reference.traces);
        let standing = standing.filter(|(_, trace)| trace.kind == kind && trace.span.holds(view.release));
        let alphabet: BTreeSet<u16> = standing.map(|(number, _)| number).chain(all.by_trace.keys().copied()).collect();
        let size = |len: usize| u32::try_from(len).map_or(f64::MAX, f64::from);
        let mut counts = Self {
            actors,
            all,
            alphabet: size(alphabet.len()),
            cap_db: decibans::from_ratio(size(view.candidates.len()) + 2.0),
            alpha: 1.0,
            label_noise: numbers.label_noise.value,
            background_prior: numbers.background_prior.value,
        };
        counts.alpha = counts.fitted(&documents);
        counts
    }

    /// Returns the pull toward the background: how many claims of the background stand beside an actor's own.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// Returns the largest weight there can be, in decibans: 10 log10(N + 2) for N candidates.
    #[must_use]
    pub fn cap_db(&self) -> f64 {
        self.cap_db
    }

    /// Returns the probability that a claim about an actor not listed is about this trace.
    #[must_use]
    pub fn background(&self, trace: u16) -> f64 {
        self.share(self.all.of(trace), f64::from(self.all.total))
    }

    /// Returns the weight of a trace for an actor against one not listed, in decibans.
    ///
    /// None stands for the one not listed. A trace that nobody is known for weighs nothing, and so does one of another sort.
    #[must_use]
    pub fn weight_db(&self, actor: Option<u16>, trace: u16) -> f64 {
        self.exact_db(actor, trace).map_or(0.0, |(weight, _)| self.capped(weight))
    }

    /// Returns the same weight, but nearer to zero: only one time in twenty would it be nearer still, as far as the counts tell.
    ///
    /// It never has the other sign.
    #[must_use]
    pub fn conservative_db(&self, actor: Option<u16>, trace: u16) -> f64 {
        let Some((weight, tally)) = self.exact_db(actor, trace) else { return 0.0 };
        let (own, total) = (tally.of(trace), f64::from(tally.total));
        let background = self.background(trace);
        let first = own + self.alpha * background;
        let tail = if weight > 0.0 { TAIL } else { 1.0 - TAIL };
        let extreme = self.noisy(beta_quantile(first, total + self.alpha - first, tail), background);
        let of_actor = (weight - decibans::from_ratio(extreme / background)).abs();
        // that the background is known from counts too: the deviation of the logarithm of a share
        let (seen, all) = (self.all.of(trace) + self.even(), f64::from(self.all.total) + self.background_prior);
        let of_background = decibans::from_ln(TAIL_DEVIATIONS * (1.0 / seen - 1.0 / all).max(0.0).sqrt());
        let nearer = (of_actor * of_actor + of_background * of_background).sqrt();
        // adding zero turns minus zero into zero
        self.capped(weight.signum() * (weight.abs() - nearer).max(0.0)) + 0.0
    }

    /// The weight before the cap; none where it is nothing.
    fn exact_db(&self, actor: Option<u16>, trace: u16) -> Option<(f64, &Tally)> {
        let tally = self.actors.get(&actor?)?;
        if !self.all.by_trace.contains_key(&trace) {
            return None;
        }
        let background = self.background(trace);
        let own = (tally.of(trace) + self.alpha * background) / (f64::from(tally.total) + self.alpha);
        Some((decibans::from_ratio(self.noisy(own, background) / background), tally))
    }

    fn capped(&self, weight: f64) -> f64 {
        weight.clamp(-self.cap_db, self.cap_db)
    }

    /// A probability under an actor, given that some claims are filed under the wrong one.
    fn noisy(&self, probability: f64, background: f64) -> f64 {
        (1.0 - self.label_noise) * probability + self.label_noise * background
    }

    /// The imagined claims of one trace.
    fn even(&self) -> f64 {
        self.background_prior / self.alphabet.max(1.0)
    }

    fn share(&self, count: f64, total: f64) -> f64 {
        (count + self.even()) / (total + self.background_prior)
    }

    /// Golden-section search for the pull under which the left-out documents are likeliest.
    fn fitted(&self, documents: &[(u16, Vec<u16>)]) -> f64 {
        if documents.is_empty() {
            return self.alpha;
        }
        let left: Vec<LeftOut> = documents.iter().map(|(actor, traces)| self.left_out(*actor, traces)).collect();
        let likelihood = |ln_alpha: f64| {
            let alpha = libm::exp(ln_alpha);
            decibans::sum(left.iter().map(|document| document.ln_likelihood(alpha)).collect())
        };
        let (mut low, mut high) = LN_ALPHA;
        let inner = |low: f64, high: f64| (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        let (mut at_low, mut at_high) = inner(low, high);
        let (mut of_low, mut of_high) = (likelihood(at_low), likelihood(at_high));
        for _ in 0..STEPS {
            if of_low > of_high {
                high = at_high;
                (at_high, of_high) = (at_low, of_low);
                at_low = inner(low, high).0;
                of_low = likelihood(at_low);
            } else {
                low = at_low;
                (at_low, of_low) = (at_high, of_high);
                at_high = inner(low, high).1;
                of_high = likelihood(at_high);
            }
        }
        libm::exp((low + high) / 2.0)
    }

    fn left_out(&self, actor: u16, traces: &[u16]) -> LeftOut {
        let own = self.actors.get(&actor);
        let len = u32::try_from(traces.len()).map_or(f64::MAX, f64::from);
        let rest = f64::from(self.all.total) - len;
        let pair = |trace: &u16| {
            let background = self.share(self.all.of(*trace) - 1.0, rest);
            (own.map_or(0.0, |own| own.of(*trace) - 1.0), background)
        };
        LeftOut { traces: traces.iter().map(pair).collect(), total: own.map_or(0.0, |own| f64::from(own.total) - len) }
    }
}

/// A document, with what is counted without it.
struct LeftOut {
    /// Of each of its traces: the actor's other claims, and its share of the background.
    traces: Vec<(f64, f64)>,
    /// All other claims of the actor.
    total: f64,
}

impl LeftOut {
    /// The Dirichlet-multinomial: each trace stands in a document once, so that its gamma functions are products.
    fn ln_likelihood(&self, alpha: f64) -> f64 {
        let mut claims = self.total + alpha;
        let terms = self.traces.iter().map(|(own, background)| {
            let term = libm::log((own + alpha * background) / claims);
            claims += 1.0;
            term
        });
        terms.sum()
    }
}

#[cfg(test)]
mod tests;
