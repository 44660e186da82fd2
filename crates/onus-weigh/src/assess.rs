//! From a sheet to an assessment.

use jiff::civil::Date;
use onus_core::Digest;

use crate::{
    Alternative, Assessment, Gate, Inputs, NotComputed, Reference, Sheet, Verdict, Weights,
    counted::{Counted, trace_kind},
    forged,
    gates::{confidence, gates},
    known::Known,
    missing,
    sheet::Retraction,
    unit::Counting,
    weighed::Weighed,
};

/// Name and version of the engine; part of every assessment's inputs.
pub const ENGINE: &str = concat!("onus ", env!("CARGO_PKG_VERSION"));

/// Digests of the inputs that weighing itself does not see.
#[derive(Clone, Copy, Debug)]
pub struct InputDigests {
    /// Of the case sheet's bytes.
    pub sheet: Digest,
    /// Of the sorted list of the exhibits' digests, one a line.
    pub exhibits: Digest,
    /// Of the sorted list of the observation sets whose tests were added to the sheet, if any were.
    pub tests: Option<Digest>,
}

/// Weighs a case as it was known on a day, or with all that is on file.
///
/// The result depends on nothing but the arguments, and the order in which the sheet lists things changes no number.
#[must_use]
pub fn assess(sheet: &Sheet, weights: &Weights, inputs: InputDigests, as_of: Option<Date>) -> Assessment {
    let known = Known::on(sheet, as_of);
    let counted = counting(&known, as_of);
    let case = Weighed::new(&known, weights, &counted, true);
    let policy = weights.policy();
    let supporting = case.supporting(&policy);
    let gates = gates(supporting.as_ref(), &policy);
    Assessment {
        onus: 1,
        question: sheet.case.question.clone(),
        as_of: as_of.map(|day| day.to_string()),
        verdict: verdict(&gates),
        leading: case.leader().map(str::to_owned),
        hypotheses: case.hypotheses(sheet.prior.as_ref()),
        observations: case.observations(&known, weights),
        minimum_forged_sets: forged::forged(&case, weights, &policy),
        minimum_withdrawn_sets: forged::withdrawn(&case, &policy),
        single_points_of_failure: forged::single_points(&case, &policy),
        independent_roots: supporting.as_ref().map_or(0, |supporting| supporting.roots.value),
        break_even_delta: case.break_even(&policy),
        delta_curve: case.curve(),
        deception_probability: case.planted.0,
        searched: case.units.searches.iter().map(|search| search.result(&case.ids)).collect(),
        missing: missing::missing(&case, &known, weights),
        not_computed: not_computed(),
        notes: notes(sheet, as_of).into_iter().chain(counting_notes(sheet, &counted)).collect(),
        without_subjective: without_subjective(sheet, &known, weights, &counted),
        confidence: confidence(&gates).to_owned(),
        gates,
        policy,
        inputs: Inputs {
            sheet: inputs.sheet,
            exhibits: inputs.exhibits,
            tests: inputs.tests,
            reference: counted.is_some().then(|| Reference::builtin().digest()),
            weights: weights.digest(),
            engine: ENGINE.to_owned(),
        },
    }
}

/// Counts the shipped reference data for a case, if any item of it is of a kind that is counted.
///
/// Only the shipped data is used, so that a stranger with the same version comes to the same bytes.
fn counting(known: &Known<'_>, as_of: Option<Date>) -> Counting<'static> {
    let is_counted = known.items.iter().any(|item| trace_kind(&item.stated.kind).is_some());
    is_counted.then(|| Counted::of(known, Reference::builtin(), as_of))
}

/// What a reader should know of the counts: whose hypotheses count as anybody, and what could not be hidden.
fn counting_notes(sheet: &Sheet, counted: &Counting<'_>) -> Vec<String> {
    let Some(Ok(counted)) = counted else { return Vec::new() };
    let unresolved = counted.unresolved().map(|(id, why)| format!("`{id}` is counted as an actor not listed: {why}"));
    let reference = Reference::builtin();
    let reports =
        sheet.sources.iter().flat_map(|source| &source.reports).filter(|name| reference.report(name).is_none());
    let reports =
        reports.map(|name| format!("the reference data has no report `{name}`, so nothing of it was left out"));
    let campaigns = sheet.case.campaigns.iter().filter(|id| reference.campaign(id).is_none());
    let campaigns =
        campaigns.map(|id| format!("the reference data has no campaign `{id}`, so nothing of it was left out"));
    unresolved.chain(reports).chain(campaigns).collect()
}

fn verdict(gates: &[Gate]) -> Verdict {
    if gates.iter().all(|gate| gate.passed) { Verdict::Supported } else { Verdict::NotDetermined }
}

fn without_subjective(
    sheet: &Sheet,
    known: &Known<'_>,
    weights: &Weights,
    counted: &Counting<'_>,
) -> Option<Alternative> {
    let in_use = sheet.observations.iter().any(|observation| observation.likelihood.is_some())
        || sheet.tests.iter().any(|test| !test.is_read && (test.false_alarm.is_some() || test.detection.is_some()));
    in_use.then(|| {
        let case = Weighed::new(known, weights, counted, false);
        let policy = weights.policy();
        let gates = gates(case.supporting(&policy).as_ref(), &policy);
        Alternative {
            verdict: verdict(&gates),
            leading: case.leader().map(str::to_owned),
            hypotheses: case.hypotheses(sheet.prior.as_ref()),
            gates,
        }
    })
}

fn not_computed() -> Vec<NotComputed> {
    let missing = [(
        "exhibits",
        "what analysers read from exhibits is recorded and shown, and weighs only where the sheet states it; their consistency tests count for what the sheet reads from the same exhibit",
    )];
    let row = |(what, why): (&str, &str)| NotComputed { what: what.to_owned(), why: why.to_owned() };
    missing.into_iter().map(row).collect()
}

fn notes(sheet: &Sheet, as_of: Option<Date>) -> Vec<String> {
    let mut notes = retraction_notes(sheet);
    if sheet.hypotheses.is_empty() {
        notes.push("the sheet names no hypothesis: nothing can be weighed".to_owned());
    }
    if as_of.is_some() && !sheet.searched.is_empty() {
        notes.push("a [[searched]] row has no date: it counts on every day of a replay".to_owned());
    }
    if let Some(day) = as_of
        && sheet.case.happened.as_ref().is_some_and(|happened| happened.first_day() > day)
    {
        notes.push(format!("the case is replayed as of {day}, before it happened"));
    }
    notes
}

/// What a reader should know of the retractions: who withdraws what somebody else supplied, and what is withdrawn twice.
fn retraction_notes(sheet: &Sheet) -> Vec<String> {
    let mut notes = Vec::new();
    let supplier = |retraction: &Retraction| {
        let observation = sheet.observations.iter().find(|observation| observation.id == retraction.observation);
        observation.is_some_and(|observation| {
            observation.source == retraction.source || observation.root.as_ref() == Some(&retraction.source)
        })
    };
    for (index, retraction) in sheet.retractions.iter().enumerate() {
        let (observation, source) = (&retraction.observation, &retraction.source);
        if !supplier(retraction) {
            notes.push(format!(
                "`{observation}` is withdrawn by `{source}`, who did not supply it; an objection is a [[challenge]]"
            ));
        }
        let original = sheet.observations.iter().find(|stated| stated.id == *observation);
        if original.is_some_and(|stated| stated.seen.first_day() > retraction.seen.last_day().unwrap_or(Date::MAX)) {
            notes.push(format!("`{observation}` is withdrawn on {}, before it was published", retraction.seen));
        }
        let same = |other: &&Retraction| other.observation == *observation;
        let earlier = sheet.retractions.iter().take(index).any(|other| same(&other));
        if earlier {
            continue;
        }
        let all: Vec<&Retraction> = sheet.retractions.iter().filter(same).collect();
        if all.len() > 1 {
            let list: Vec<String> =
                all.iter().map(|other| format!("by `{}` on {}", other.source, other.seen)).collect();
            notes.push(format!(
                "`{observation}` is withdrawn {} times, {}; it stops counting on the earliest of these days",
                all.len(),
                list.join(" and ")
            ));
        }
    }
    notes
}
