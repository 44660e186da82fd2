//! What counts as one piece of evidence, and what it is worth under each hypothesis.

use std::collections::BTreeMap;

use crate::{
    Basis, CountedResult, ForgeCost, Rates, ReadTest, TestSeen, Weights,
    counted::{Counted, ItemCounts, trace_kind},
    decibans::{self, Nepers},
    known::{Item, Known},
    searched::{Search, searches},
    sheet::{OTHER, Stated, Test, TestResult},
    weights::{Kind, TestRates},
};

/// Probabilities of one item under every hypothesis, as natural logarithms.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Worth {
    /// By hypothesis in the order of [`hypothesis_ids`].
    pub(crate) ln: Vec<f64>,
    /// Whoever did it.
    pub(crate) ln_background: f64,
    pub(crate) basis: Basis,
    /// How surely a report of it is right; none for subjective numbers.
    pub(crate) channel: Option<f64>,
    /// Share of the kind's weight; 1 for subjective numbers.
    pub(crate) likeness: f64,
    /// What the numbers came from; none for subjective ones and counted ones.
    pub(crate) rates: Option<Rates>,
    /// What was counted, with the logarithms at the 5 % quantile of the counts.
    pub(crate) counted: Option<(CountedResult, Vec<f64>)>,
}

/// Traits of one origin, which count once: a block, or what one root said of one kind in one direction.
pub(crate) struct Unit {
    /// Items (by index), in the order of the sheet.
    pub(crate) members: Vec<usize>,
    /// The member with the largest weight: the one that counts.
    pub(crate) strongest: usize,
    pub(crate) worth: Worth,
    pub(crate) forge_cost: ForgeCost,
    pub(crate) planting_rate: f64,
    /// Logarithms of the probabilities with the weight at its 5 % quantile, as far as the report lets that through.
    pub(crate) ln_lowered: Vec<f64>,
    /// Logarithm of the probability of all test results in a genuine trace.
    pub(crate) ln_tests_genuine: f64,
    /// The same in a planted one.
    pub(crate) ln_tests_planted: f64,
}

/// The units of a case, and what was found out about each item on the way.
pub(crate) struct Units {
    pub(crate) units: Vec<Unit>,
    /// By item: what it is worth by itself, or why it is not weighed.
    pub(crate) worths: Vec<Result<Worth, String>>,
    /// Kinds that were looked for; those that count are the last of `units`.
    pub(crate) searches: Vec<Search>,
    /// By item: its tests.
    pub(crate) tests: Vec<Vec<TestSeen>>,
    /// By item: the unit that it belongs to.
    unit_of: Vec<Option<usize>>,
}

/// Reference data counted for a case, or why it is not; none where no item asks for it.
pub(crate) type Counting<'r> = Option<Result<Counted<'r>, String>>;

/// The ids of all hypotheses, in the order of the sheet, `other` last.
pub(crate) fn hypothesis_ids<'s>(known: &Known<'s>) -> Vec<&'s str> {
    known.sheet.hypotheses.iter().map(|hypothesis| hypothesis.id.as_str()).chain([OTHER]).collect()
}

/// How an item is grouped: by its block, by itself where an analyst gave its numbers, else by root and direction.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Origin<'s> {
    Block(&'s str),
    Single(&'s str),
    /// A counted trace: the same one counts once, whoever reports it.
    Trace(&'s str, String),
    Root(&'s str, &'s str, Vec<&'s str>, Vec<&'s str>),
}

impl Units {
    /// Groups the items of a case and weighs each group. `subjective` says whether analysts' own numbers are used.
    pub(crate) fn of(known: &Known<'_>, weights: &Weights, counted: &Counting<'_>, subjective: bool) -> Self {
        let ids = hypothesis_ids(known);
        let worths: Vec<Result<Worth, String>> =
            known.items.iter().map(|item| worth(item, &ids, weights, counted, subjective)).collect();
        let mut groups: BTreeMap<Origin<'_>, Vec<usize>> = BTreeMap::new();
        for (index, (item, worth)) in known.items.iter().zip(&worths).enumerate() {
            if let Ok(worth) = worth {
                groups.entry(origin(item, worth)).or_default().push(index);
            }
        }
        let tested: Vec<usize> = (0..known.items.len())
            .filter(|index| known.items.get(*index).is_some_and(|item| !item.tests.is_empty()))
            .collect();
        let mut tests: Vec<Vec<TestSeen>> = known.items.iter().map(|_| Vec::new()).collect();
        let mut units: Vec<Unit> = groups
            .into_values()
            .filter_map(|members| unit(members, known, &worths, weights, subjective, (&tested, &mut tests)))
            .collect();
        units.sort_by_key(|unit| unit.members.first().copied());
        let searches = searches(known, weights);
        units.extend(crate::searched::units(&searches, weights));
        let mut unit_of = vec![None; worths.len()];
        for (index, unit) in units.iter().enumerate() {
            for member in &unit.members {
                if let Some(unit_of) = unit_of.get_mut(*member) {
                    *unit_of = Some(index);
                }
            }
        }
        Self { units, worths, searches, tests, unit_of }
    }

    /// Returns the unit that an item belongs to, whether or not it is the member that counts.
    pub(crate) fn position_of(&self, item: usize) -> Option<usize> {
        self.unit_of.get(item).copied().flatten()
    }
}

impl Worth {
    /// Weight of every hypothesis against `other`, in decibans.
    pub(crate) fn decibans(&self) -> Vec<f64> {
        let other = self.ln.last().copied().unwrap_or_default();
        self.ln.iter().map(|ln| decibans::from_ln(ln - other)).collect()
    }

    /// The logarithms when every weight against the background lies `spread_db` nearer to zero before it is reported.
    ///
    /// A report that is right with probability r passes on `r L + 1 - r` of a ratio `L`, so less of the spread too.
    pub(crate) fn lowered(&self, spread_db: f64) -> Vec<f64> {
        if let Some((_, lowered)) = &self.counted {
            return lowered.clone();
        }
        let spread = decibans::to_ln(spread_db * self.likeness);
        let right = self.channel.unwrap_or(1.0);
        let lowered = |ln: &f64| {
            let seen = (ln - self.ln_background).abs();
            let ratio = ((libm::exp(seen) - (1.0 - right)) / right).max(1.0);
            let lower = (ratio * libm::exp(-spread)).max(1.0);
            let seen = libm::log(right * lower + (1.0 - right)).min(seen);
            self.ln_background + if *ln < self.ln_background { -seen } else { seen }
        };
        self.ln.iter().map(lowered).collect()
    }

    /// The largest weight between any two hypotheses.
    fn span(&self) -> f64 {
        let most = self.ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = self.ln.iter().copied().fold(f64::INFINITY, f64::min);
        most - least
    }
}

fn origin<'s>(item: &Item<'s>, worth: &Worth) -> Origin<'s> {
    let (kind, at, away) = item.direction();
    match &item.stated.block {
        Some(block) => Origin::Block(block),
        None if worth.basis == Basis::Subjective => Origin::Single(&item.stated.id),
        None if worth.counted.is_some() => {
            Origin::Trace(kind, worth.counted.as_ref().map_or_else(String::new, |(counted, _)| counted.trace.clone()))
        }
        None => Origin::Root(item.root, kind, at.into_iter().collect(), away.into_iter().collect()),
    }
}

/// What an item is worth by itself, or why it is not weighed.
fn worth(
    item: &Item<'_>,
    ids: &[&str],
    weights: &Weights,
    counted: &Counting<'_>,
    subjective: bool,
) -> Result<Worth, String> {
    let stated = item.stated;
    if item.is_withdrawn {
        return Err("withdrawn".to_owned());
    }
    if item.repeats.is_some() {
        return Err("repeats another item and adds nothing".to_owned());
    }
    if let Some(numbers) = stated.likelihood.as_ref().filter(|_| subjective) {
        let other = numbers.get(OTHER).copied().unwrap_or(1.0);
        let ln = |id: &&str| libm::log(numbers.get(*id).copied().unwrap_or(other));
        let worth = Worth {
            ln: ids.iter().map(ln).collect(),
            ln_background: libm::log(other),
            basis: Basis::Subjective,
            channel: None,
            likeness: 1.0,
            rates: None,
            counted: None,
        };
        return if worth.span() > 0.0 {
            Ok(worth)
        } else {
            Err("is equally probable under every hypothesis".to_owned())
        };
    }
    let kind = weights.kind(&stated.kind).ok_or("no weight is known for this kind");
    let channel = weights.channel(item.source.reliability, stated.credibility);
    if channel <= 0.0 && (trace_kind(&stated.kind).is_some() || points_anywhere(stated)) {
        return Err("cannot be judged: the source is of grade F or the item of credibility 6".to_owned());
    }
    let counts = match (trace_kind(&stated.kind), counted) {
        (Some(_), Some(Ok(counted))) => counted.item(stated, weights.likeness(stated.likeness)),
        (Some(_), Some(Err(why))) => Err(why.clone()),
        _ => Err(String::new()),
    };
    let worth = match counts {
        Ok(counts) => from_counts(counts, weights.likeness(stated.likeness), channel),
        Err(_) if points_anywhere(stated) => from_table(stated, kind?, ids, weights, channel),
        Err(why) if why.is_empty() => return Err("points at nobody".to_owned()),
        Err(why) => return Err(why),
    };
    if worth.span() > 0.0 { Ok(worth) } else { Err("is equally probable under every hypothesis".to_owned()) }
}

fn points_anywhere(stated: &Stated) -> bool {
    !stated.points_at.is_empty() || !stated.points_away.is_empty()
}

/// Counted weights, seen through a report that is right with probability `channel`.
fn from_counts(counts: ItemCounts, likeness: f64, channel: f64) -> Worth {
    let ln_background = libm::log(counts.background);
    let seen = |weights: &[f64]| -> Vec<f64> {
        let ln = |weight: &f64| ln_background + libm::log(channel * decibans::to_ratio(*weight) + (1.0 - channel));
        weights.iter().map(ln).collect()
    };
    Worth {
        ln: seen(&counts.weights_db),
        ln_background,
        basis: Basis::Reference,
        channel: Some(channel),
        likeness,
        rates: None,
        counted: Some((counts.result, seen(&counts.conservative_db))),
    }
}

/// The table's rates, seen through a report that is right with probability `channel` and otherwise says what it would say
/// whoever did it.
fn from_table(stated: &Stated, kind: &Kind, ids: &[&str], weights: &Weights, channel: f64) -> Worth {
    let background = kind.another_actor;
    let close = decibans::from_ratio(kind.same_actor / background);
    let likeness = weights.likeness(stated.likeness);
    let uncapped = close * likeness;
    let ratio = decibans::to_ratio(uncapped.min(weights.cap_db()));
    let seen = channel * ratio + (1.0 - channel);
    let ln_background = libm::log(background);
    let ln_seen = libm::log(seen);
    let ln = |id: &&str| match () {
        () if stated.points_at.iter().any(|at| at == id) => ln_background + ln_seen,
        () if stated.points_away.iter().any(|away| away == id) => ln_background - ln_seen,
        () => ln_background,
    };
    Worth {
        ln: ids.iter().map(ln).collect(),
        ln_background,
        basis: Basis::Table,
        channel: Some(channel),
        likeness,
        rates: Some(Rates {
            same_actor: kind.same_actor,
            another_actor: background,
            likeness,
            is_capped: uncapped > weights.cap_db(),
        }),
        counted: None,
    }
}

fn unit(
    members: Vec<usize>,
    known: &Known<'_>,
    worths: &[Result<Worth, String>],
    weights: &Weights,
    subjective: bool,
    (tested, tests): (&[usize], &mut [Vec<TestSeen>]),
) -> Option<Unit> {
    let candidates = members.iter().filter_map(|&index| {
        let worth = worths.get(index)?.as_ref().ok()?;
        Some((index, worth, known.items.get(index)?))
    });
    // Equal spans are told apart by day and text, which do not depend on how things are called or listed.
    let (strongest, worth, item) = candidates.min_by(|(_, one, this), (_, other, that)| {
        let text = |item: &Item<'_>| (item.stated.seen.last_day(), item.stated.value.clone(), item.stated.id.clone());
        other.span().total_cmp(&one.span()).then_with(|| text(this).cmp(&text(that)))
    })?;
    let kind = weights.kind(&item.stated.kind);
    let forge_cost = kind.map_or(ForgeCost::F0, |kind| kind.forge_cost);
    let planting_rate = weights.planting_rate(forge_cost);
    let (ln_tests_genuine, ln_tests_planted) = test_results(&members, known, weights, subjective, (tested, tests));
    Some(Unit {
        strongest,
        worth: worth.clone(),
        forge_cost,
        planting_rate,
        ln_lowered: worth.lowered(kind.map_or(0.0, |kind| kind.spread_db)),
        ln_tests_genuine,
        ln_tests_planted,
        members,
    })
}

/// Probabilities of all test results of a unit. Per root of the tests only the strongest counts.
///
/// A test of an item that repeats a member is a test of the unit too: it is the same trace.
fn test_results(
    members: &[usize],
    known: &Known<'_>,
    weights: &Weights,
    subjective: bool,
    (tested, tests): (&[usize], &mut [Vec<TestSeen>]),
) -> (f64, f64) {
    let belongs = |index: usize, item: &Item<'_>| {
        members.contains(&index)
            || (!item.is_withdrawn && item.repeats.is_some_and(|original| members.contains(&original)))
    };
    let mut by_root: BTreeMap<&str, Vec<(usize, usize, f64, f64)>> = BTreeMap::new();
    let tested = tested.iter().filter_map(|index| Some((*index, known.items.get(*index)?)));
    for (index, item) in tested.filter(|(index, item)| belongs(*index, item)) {
        let Some(seen) = tests.get_mut(index) else { continue };
        for test in &item.tests {
            let (ln_genuine, ln_planted) = test_result(test, item, known, weights, subjective);
            let weight_mdb = decibans::millidecibans(decibans::from_ln(ln_planted - ln_genuine));
            let result = match test.result {
                TestResult::Consistent => "consistent",
                TestResult::Inconsistent => "inconsistent",
                TestResult::Borrowed => "borrowed",
                TestResult::NotRun => "not-run",
            };
            by_root.entry(&test.source).or_default().push((index, seen.len(), ln_genuine, ln_planted));
            let read = test.is_read.then_some(ReadTest { false_alarm: test.false_alarm, detection: test.detection });
            seen.push(TestSeen { id: test.id.clone(), result: result.to_owned(), weight_mdb, counted: false, read });
        }
    }
    let (mut genuine, mut planted) = (Vec::new(), Vec::new());
    for results in by_root.into_values() {
        let strength = |result: &(usize, usize, f64, f64)| (result.3 - result.2).abs();
        let id = |result: &(usize, usize, f64, f64)| tests.get(result.0)?.get(result.1).map(|test| &test.id);
        // Of many tests that the program makes some pass whatever was done, so that a contradiction comes before them.
        let is_pass = |result: &(usize, usize, f64, f64)| {
            let test = tests.get(result.0).and_then(|tests| tests.get(result.1));
            test.is_some_and(|test| test.read.is_some() && test.result == "consistent")
        };
        // The identifier only separates what is equally strong.
        let strongest = results.iter().min_by(|one, other| {
            let by_strength = strength(other).total_cmp(&strength(one));
            is_pass(one).cmp(&is_pass(other)).then(by_strength).then_with(|| id(one).cmp(&id(other)))
        });
        let Some(&(item, test, ln_genuine, ln_planted)) = strongest else { continue };
        if ln_genuine == ln_planted {
            continue;
        }
        genuine.push(Nepers::of(ln_genuine));
        planted.push(Nepers::of(ln_planted));
        if let Some(seen) = tests.get_mut(item).and_then(|tests| tests.get_mut(test)) {
            seen.counted = true;
        }
    }
    (genuine.into_iter().sum::<Nepers>().value(), planted.into_iter().sum::<Nepers>().value())
}

/// Logarithms of the probabilities of one test's result in a genuine and in a planted trace; equal where it says nothing.
///
/// The table's rates are seen through the test's source: with the rest of its probability a report says what such tests
/// say on the whole. Rates of the sheet are used as they are.
fn test_result(test: &Test, item: &Item<'_>, known: &Known<'_>, weights: &Weights, subjective: bool) -> (f64, f64) {
    let own = (test.false_alarm.filter(|_| subjective), test.detection.filter(|_| subjective));
    let table = weights.kind(&item.stated.kind).map(|kind| (kind.test, weights.planting_rate(kind.forge_cost)));
    if test.is_read {
        return read_result(test, table.map(|(rates, _)| rates));
    }
    let rates = match (own, table) {
        ((Some(false_alarm), Some(detection)), _) => TestRates { false_alarm, detection },
        ((false_alarm, detection), Some((rates, planting_rate))) => {
            let source = known.sheet.sources.iter().find(|source| source.id == test.source);
            let right = source.map_or(0.0, |source| weights.reliability(source.reliability));
            let planted = weights.policy().delta * planting_rate;
            let overall = (1.0 - planted) * rates.false_alarm + planted * rates.detection;
            let through = |rate: f64| right * rate + (1.0 - right) * overall;
            TestRates {
                false_alarm: false_alarm.unwrap_or(through(rates.false_alarm)),
                detection: detection.unwrap_or(through(rates.detection)),
            }
        }
        _ => return (0.0, 0.0),
    };
    result_under(test.result, rates)
}

/// The same for a test that the program made: nobody stands between it and the exhibit.
///
/// A contradiction has the rates that were measured. A pass has those of the table where they say less, because
/// forgers who know the test were not measured; where none were, it says nothing.
fn read_result(test: &Test, table: Option<TestRates>) -> (f64, f64) {
    let Some(table) = table else { return (0.0, 0.0) };
    let false_alarm = test.false_alarm.unwrap_or(table.false_alarm);
    let detection = match test.result {
        TestResult::Consistent => test.detection.unwrap_or(false_alarm).min(table.detection),
        _ => test.detection.unwrap_or(table.detection),
    };
    // a test that fires more often on genuine traces than on planted ones says nothing
    result_under(test.result, TestRates { false_alarm, detection: detection.max(false_alarm) })
}

fn result_under(result: TestResult, rates: TestRates) -> (f64, f64) {
    match result {
        TestResult::NotRun => (0.0, 0.0),
        TestResult::Consistent => (libm::log(1.0 - rates.false_alarm), libm::log(1.0 - rates.detection)),
        TestResult::Inconsistent | TestResult::Borrowed => (libm::log(rates.false_alarm), libm::log(rates.detection)),
    }
}
