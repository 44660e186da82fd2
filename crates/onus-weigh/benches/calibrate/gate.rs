//! A gate that any engine can be put behind: who is named must still lead without its best two names of software, and
//! without its best three techniques.

use onus_weigh::benchmark::Evidence;

use crate::{
    engine::{Answer, Engine},
    prepared::Prepared,
};

/// The probability from which on a candidate is named.
pub(crate) const NAMED: f64 = 0.5;

/// What a candidate that fails is shown with at most.
const HELD_BACK: f64 = 0.49;

/// What is struck: software or not, and how many.
const STRIKES: [(bool, usize); 2] = [(true, 2), (false, 3)];

/// Returns the answer with what fails the gate held back; what is cut goes to nobody. The order does not change.
pub(crate) fn gated(engine: &dyn Engine, asked: &Prepared<'_>, evidence: &Evidence, mut answer: Answer) -> Answer {
    let Some(named) = answer.posterior.iter().position(|posterior| *posterior >= NAMED) else { return answer };
    let holds = |(software, count): &(bool, usize)| {
        let left = struck(asked, evidence, named, *software, *count);
        let again = engine.rank(asked, &left).log10_lr;
        again.iter().all(|lr| *lr <= again[named])
    };
    if !STRIKES.iter().all(holds) {
        answer.none += answer.posterior[named] - HELD_BACK;
        answer.posterior[named] = HELD_BACK;
    }
    answer
}

/// Returns the evidence without a candidate's most typical traces of one sort.
fn struck(asked: &Prepared<'_>, evidence: &Evidence, candidate: usize, software: bool, count: usize) -> Evidence {
    let profile = &asked.profile;
    let of_sort = evidence.traces.iter().filter(|trace| profile.is_software[usize::from(**trace)] == software);
    let mut best: Vec<(f64, u16)> = of_sort.map(|trace| (profile.lift(candidate, *trace), *trace)).collect();
    best.retain(|(lift, _)| *lift > 0.0);
    best.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    best.truncate(count);
    let is_struck = |trace: &u16| best.iter().any(|(_, struck)| struck == trace);
    let traces = evidence.traces.iter().copied().filter(|trace| !is_struck(trace)).collect();
    Evidence { traces, unknown: evidence.unknown.clone() }
}
