//! From a sheet to an assessment.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use onus_core::Digest;

use crate::{
    Alternative, Assessment, Basis, DeltaPoint, ForgeCost, Gate, HypothesisResult, Inputs, LikelihoodWords,
    NotComputed, ObservationResult, Policy, Posterior, Sheet, Verdict, Weights,
    decibans::{millidecibans, to_ratio},
    gates::{Supporting, gates},
    known::Known,
    model::{Ends, Model, Standing, break_even},
    sheet::OTHER,
    unit::{Units, hypothesis_ids},
    words,
};

/// Name and version of the engine; part of every assessment's inputs.
pub const ENGINE: &str = concat!("onus ", env!("CARGO_PKG_VERSION"));

/// Deception priors at which the curve is drawn, in thousandths.
const CURVE: [u32; 19] = [0, 1, 2, 5, 10, 20, 30, 50, 75, 100, 125, 150, 200, 250, 300, 350, 400, 450, 500];

/// Digests of the inputs that weighing itself does not see.
#[derive(Clone, Copy, Debug)]
pub struct InputDigests {
    /// Of the case sheet's bytes.
    pub sheet: Digest,
    /// Of the sorted list of the exhibits' digests, one a line.
    pub exhibits: Digest,
}

/// Weighs a case as it was known on a day, or with all that is on file.
///
/// The result depends on nothing but the arguments, and the order in which the sheet lists things changes no number.
#[must_use]
pub fn assess(sheet: &Sheet, weights: &Weights, inputs: InputDigests, as_of: Option<Date>) -> Assessment {
    let known = Known::on(sheet, as_of);
    let case = Weighed::new(&known, weights, true);
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
        minimum_forged_sets: Vec::new(),
        single_points_of_failure: case.single_points(&policy),
        independent_roots: supporting.as_ref().map_or(0, |supporting| supporting.roots),
        break_even_delta: case.break_even(&policy),
        delta_curve: case.curve(),
        deception_probability: case.planted.0,
        missing: Vec::new(),
        not_computed: not_computed(sheet),
        notes: notes(sheet, as_of),
        without_subjective: without_subjective(sheet, &known, weights),
        gates,
        policy,
        inputs: Inputs {
            sheet: inputs.sheet,
            exhibits: inputs.exhibits,
            reference: None,
            weights: weights.digest(),
            engine: ENGINE.to_owned(),
        },
    }
}

/// A case with all its sums.
struct Weighed<'k> {
    ids: Vec<&'k str>,
    units: Units,
    roots: Vec<&'k str>,
    relies: Vec<bool>,
    items: Vec<&'k str>,
    /// By unit: weight of every hypothesis against `other`, in decibans.
    weights: Vec<Vec<f64>>,
    model: Model,
    ends: Vec<Ends>,
    standing: Standing,
    /// Probability of deception, and by unit of planting, under the flat prior.
    planted: (f64, Vec<f64>),
}

impl<'k> Weighed<'k> {
    fn new(known: &Known<'k>, weights: &Weights, subjective: bool) -> Self {
        let ids = hypothesis_ids(known);
        let units = Units::of(known, weights, subjective);
        let model = Model::new(ids.len(), &units.units, weights.imperfect_imitation());
        let ends = model.ends(None);
        let delta = weights.policy().delta;
        Self {
            roots: known.items.iter().map(|item| item.root).collect(),
            relies: known.items.iter().map(|item| !item.stated.relies_on.is_empty()).collect(),
            items: known.items.iter().map(|item| item.stated.id.as_str()).collect(),
            planted: model.planted(&flat(ids.len()), delta),
            standing: Standing::new(&ends, delta),
            weights: units.units.iter().map(|unit| unit.worth.decibans()).collect(),
            ids,
            units,
            model,
            ends,
        }
    }

    fn id(&self, hypothesis: usize) -> String {
        self.ids.get(hypothesis).copied().unwrap_or(OTHER).to_owned()
    }

    fn leader(&self) -> Option<&str> {
        self.standing.leader().and_then(|leader| self.ids.get(leader).copied())
    }

    fn rivals(&self, one: usize) -> impl Iterator<Item = usize> {
        (0..self.ids.len()).filter(move |rival| *rival != one)
    }

    /// Weight of a unit between two hypotheses, in decibans, before deception.
    fn unit_weight(&self, unit: usize, one: usize, other: usize) -> f64 {
        let weight = |hypothesis: usize| self.weights.get(unit).and_then(|weights| weights.get(hypothesis)).copied();
        weight(one).unwrap_or_default() - weight(other).unwrap_or_default()
    }

    /// Weight of one hypothesis over a rival, lowered to its 5 % quantile.
    ///
    /// The errors of the units' weights are independent, so their spreads add as squares.
    fn conservative(&self, one: usize, rival: usize) -> f64 {
        let counted =
            self.units.units.iter().enumerate().filter(|(unit, _)| self.unit_weight(*unit, one, rival) != 0.0);
        let squares = counted.map(|(_, unit)| unit.spread_db * unit.spread_db).collect();
        self.standing.weight(one, rival) - crate::decibans::sum(squares).sqrt()
    }

    fn conservative_over_next(&self, one: usize) -> Option<(f64, usize)> {
        let weights = self.rivals(one).map(|rival| (self.conservative(one, rival), rival));
        weights.min_by(|(one, _), (other, _)| one.total_cmp(other))
    }

    fn hypotheses(&self, user: Option<&BTreeMap<String, f64>>) -> Vec<HypothesisResult> {
        let flat = self.standing.posterior(&flat(self.ids.len()));
        let sceptical = self.standing.posterior(&sceptical(self.ids.len()));
        let user = user.map(|prior| {
            let prior: Vec<f64> = self.ids.iter().map(|id| prior.get(*id).copied().unwrap_or_default()).collect();
            self.standing.posterior(&prior)
        });
        let result = |hypothesis: usize| {
            let of = |posterior: &Vec<f64>| posterior.get(hypothesis).copied().unwrap_or_default();
            let posterior = Posterior { flat: of(&flat), sceptical: of(&sceptical), user: user.as_ref().map(of) };
            let weight = self.standing.over_next(hypothesis).map_or(0.0, |(weight, _)| weight);
            let conservative = self.conservative_over_next(hypothesis).map_or(0.0, |(weight, _)| weight);
            HypothesisResult {
                id: self.id(hypothesis),
                weight_mdb_over_next: millidecibans(weight),
                conservative_mdb_over_next: millidecibans(conservative),
                words: support_words(millidecibans(weight)),
                likelihood_words: LikelihoodWords {
                    flat: words::likelihood(posterior.flat).to_owned(),
                    sceptical: words::likelihood(posterior.sceptical).to_owned(),
                    user: posterior.user.map(|user| words::likelihood(user).to_owned()),
                },
                posterior,
            }
        };
        (0..self.ids.len()).map(result).collect()
    }

    fn observations(&self, known: &Known<'_>, weights: &Weights) -> Vec<ObservationResult> {
        let result = |(index, item): (usize, &crate::known::Item<'_>)| {
            let unit = self.units.position_of(index);
            let strongest = unit.and_then(|unit| self.units.units.get(unit)).map(|unit| unit.strongest);
            let (worth, remark) = match self.units.worths.get(index) {
                Some(Ok(worth)) => (Some(worth), None),
                Some(Err(why)) => (None, Some(why.clone())),
                None => (None, None),
            };
            let stronger = strongest.filter(|strongest| *strongest != index).and_then(|item| self.items.get(item));
            let mdb = |worth: &crate::unit::Worth| {
                let weights = worth.decibans();
                self.ids.iter().zip(weights).map(|(id, decibans)| ((*id).to_owned(), millidecibans(decibans))).collect()
            };
            ObservationResult {
                id: item.stated.id.clone(),
                kind: item.stated.kind.clone(),
                root: item.root.to_owned(),
                block: item.stated.block.clone(),
                weights_mdb: worth.map(mdb).unwrap_or_default(),
                counted: strongest == Some(index),
                counted_with: stronger.map(|id| (*id).to_owned()),
                basis: worth.map_or(Basis::None, |worth| worth.basis),
                remark,
                planted_probability: unit.and_then(|unit| self.planted.1.get(unit).copied()),
                forge_cost: weights.kind(&item.stated.kind).map(|kind| kind.forge_cost),
                withdrawn: item.is_withdrawn,
                tests: self.units.tests.get(index).cloned().unwrap_or_default(),
                repeats: item.repeats.and_then(|other| self.items.get(other)).map(|id| (*id).to_owned()),
                channel: worth.and_then(|worth| worth.channel),
            }
        };
        known.items.iter().enumerate().map(result).collect()
    }

    /// Units any one of which, forged, lets the leader fall below the level, or lose its lead where it is lower already.
    ///
    /// A forged unit tells nobody apart, so it leaves the sums; every rival is tried in the full model.
    fn single_point_units(&self, policy: &Policy) -> Vec<usize> {
        let Some(leader) = self.standing.leader() else { return Vec::new() };
        let ahead = self.standing.over_next(leader).map_or(0, |(weight, _)| millidecibans(weight));
        let level = if ahead >= policy.single_point_mdb { policy.single_point_mdb } else { 1 };
        let falls = |unit: &usize| {
            let standing = Standing::new(&self.model.ends(Some(*unit)), policy.delta);
            standing.over_next(leader).is_none_or(|(weight, _)| millidecibans(weight) < level)
        };
        (0..self.units.units.len()).filter(falls).collect()
    }

    fn single_points(&self, policy: &Policy) -> Vec<String> {
        let units = self.single_point_units(policy);
        let mut members: Vec<usize> =
            units.iter().filter_map(|unit| self.units.units.get(*unit)).flat_map(|unit| unit.members.clone()).collect();
        members.sort_unstable();
        members.iter().filter_map(|item| self.items.get(*item)).map(|id| (*id).to_owned()).collect()
    }

    fn break_even(&self, policy: &Policy) -> BTreeMap<String, Option<f64>> {
        let Some(leader) = self.standing.leader() else { return BTreeMap::new() };
        let at = |hypothesis: usize| self.ends.get(hypothesis).copied();
        let delta = |rival: usize| {
            let delta = break_even(at(leader)?, at(rival)?, to_ratio(mdb_to_decibans(policy.supported_mdb)));
            Some((self.id(rival), delta))
        };
        self.rivals(leader).filter_map(delta).collect()
    }

    fn curve(&self) -> Vec<DeltaPoint> {
        let point = |thousandths: u32| {
            let delta = f64::from(thousandths) / 1000.0;
            let posterior = Standing::new(&self.ends, delta).posterior(&flat(self.ids.len()));
            DeltaPoint { delta, posterior: self.ids.iter().map(|id| (*id).to_owned()).zip(posterior).collect() }
        };
        CURVE.into_iter().map(point).collect()
    }

    /// Independent roots, and the dearest forge cost, among what supports one hypothesis over a rival.
    ///
    /// What relies on another item has no root of its own.
    fn support(&self, one: usize, rival: usize) -> (usize, Option<ForgeCost>) {
        let pro = self.units.units.iter().enumerate().filter(|(unit, _)| self.unit_weight(*unit, one, rival) > 0.0);
        let pro: Vec<_> = pro.map(|(_, unit)| unit).collect();
        let independent = pro.iter().filter(|unit| self.relies.get(unit.strongest) == Some(&false));
        let roots: BTreeSet<&str> = independent.filter_map(|unit| self.roots.get(unit.strongest).copied()).collect();
        (roots.len(), pro.iter().map(|unit| unit.forge_cost).max())
    }

    /// What the gates look at; none without a leader.
    fn supporting(&self, policy: &Policy) -> Option<Supporting> {
        let leader = self.standing.leader()?;
        let (weight, rival) = self.conservative_over_next(leader)?;
        let support: Vec<(usize, Option<ForgeCost>)> =
            self.rivals(leader).map(|rival| self.support(leader, rival)).collect();
        let break_even = self.break_even(policy).into_iter().filter_map(|(rival, delta)| Some((delta?, rival)));
        Some(Supporting {
            conservative_mdb: millidecibans(weight),
            rival: self.id(rival),
            break_even: break_even.min_by(|(one, _), (other, _)| one.total_cmp(other)),
            single_points: self.single_points(policy),
            roots: support.iter().map(|(roots, _)| *roots).min().unwrap_or_default(),
            dearest: support.iter().filter_map(|(_, dearest)| *dearest).min(),
        })
    }
}

fn verdict(gates: &[Gate]) -> Verdict {
    if gates.iter().all(|gate| gate.passed) { Verdict::Supported } else { Verdict::NotDetermined }
}

fn mdb_to_decibans(mdb: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a level of some tens of thousands")]
    let mdb = mdb as f64;
    mdb / 1000.0
}

/// The words of a weight over the strongest other hypothesis.
fn support_words(mdb: i64) -> String {
    let words = words::support(mdb);
    if mdb < 0 && words != "no support" { format!("{words} for another") } else { words.to_owned() }
}

#[expect(clippy::cast_precision_loss, reason = "a count of hypotheses")]
fn flat(hypotheses: usize) -> Vec<f64> {
    vec![1.0 / hypotheses as f64; hypotheses]
}

/// One half for `other`, the rest in equal parts; all for `other` where nobody is named.
#[expect(clippy::cast_precision_loss, reason = "a count of hypotheses")]
fn sceptical(hypotheses: usize) -> Vec<f64> {
    let named = hypotheses.saturating_sub(1);
    let mut prior = vec![0.5 / named.max(1) as f64; named];
    prior.push(if named == 0 { 1.0 } else { 0.5 });
    prior
}

fn without_subjective(sheet: &Sheet, known: &Known<'_>, weights: &Weights) -> Option<Alternative> {
    let in_use = sheet.observations.iter().any(|observation| observation.likelihood.is_some())
        || sheet.tests.iter().any(|test| test.false_alarm.is_some() || test.detection.is_some());
    in_use.then(|| {
        let case = Weighed::new(known, weights, false);
        let policy = weights.policy();
        let gates = gates(case.supporting(&policy).as_ref(), &policy);
        Alternative { verdict: verdict(&gates), leading: case.leader().map(str::to_owned) }
    })
}

fn not_computed(sheet: &Sheet) -> Vec<NotComputed> {
    let mut missing = vec![
        ("minimum_forged_sets", "this version finds single points of failure only, not sets of several items"),
        ("missing", "this version has no reference counts from which the value of further evidence could follow"),
        (
            "reference",
            "this version weighs kinds by the table in its weights data, not by counts of attributed campaigns",
        ),
        (
            "exhibits",
            "what analysers read from exhibits is recorded and shown, and weighs only where the sheet states it",
        ),
    ];
    if !sheet.searched.is_empty() {
        missing.push((
            "searched",
            "without reference counts it is not known how often each hypothesis leaves such traces",
        ));
    }
    let row = |(what, why): (&str, &str)| NotComputed { what: what.to_owned(), why: why.to_owned() };
    missing.into_iter().map(row).collect()
}

fn notes(sheet: &Sheet, as_of: Option<Date>) -> Vec<String> {
    let mut notes = Vec::new();
    if sheet.hypotheses.is_empty() {
        notes.push("the sheet names no hypothesis: nothing can be weighed".to_owned());
    }
    for retraction in &sheet.retractions {
        let observation = sheet.observations.iter().find(|observation| observation.id == retraction.observation);
        let supplier = observation.is_some_and(|observation| {
            observation.source == retraction.source || observation.root.as_ref() == Some(&retraction.source)
        });
        if !supplier {
            let (observation, source) = (&retraction.observation, &retraction.source);
            notes.push(format!(
                "`{observation}` is withdrawn by `{source}`, who did not supply it; an objection is a [[challenge]]"
            ));
        }
    }
    if let Some(day) = as_of
        && sheet.case.happened.as_ref().is_some_and(|happened| happened.first_day() > day)
    {
        notes.push(format!("the case is replayed as of {day}, before it happened"));
    }
    notes
}
