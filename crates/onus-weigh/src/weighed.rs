//! A case with all its sums, and what an assessment says of each hypothesis and observation.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    Basis, DeltaPoint, HypothesisResult, LikelihoodWords, ObservationResult, Policy, Posterior, Weights,
    decibans::{millidecibans, to_ratio},
    gates::{Measured, Supporting},
    known::Known,
    model::{Ends, Model, Standing, Ways, break_even},
    sheet::OTHER,
    unit::{Counting, Units, hypothesis_ids},
    words,
};

/// Deception priors at which the curve is drawn, in thousandths.
const CURVE: [u32; 19] = [0, 1, 2, 5, 10, 20, 30, 50, 75, 100, 125, 150, 200, 250, 300, 350, 400, 450, 500];

/// A case with all its sums.
pub(crate) struct Weighed<'k> {
    pub(crate) ids: Vec<&'k str>,
    pub(crate) units: Units,
    roots: Vec<&'k str>,
    /// By item: the ids it repeats or needs.
    relies_on: Vec<BTreeSet<&'k str>>,
    any_relies: bool,
    pub(crate) items: Vec<&'k str>,
    /// By unit: weight of every hypothesis against `other`, in decibans.
    pub(crate) weights: Vec<Vec<f64>>,
    pub(crate) model: Model,
    ends: Vec<Ends>,
    pub(crate) ways: Ways,
    /// By pair of hypotheses: sum over the units of the squares, in microdecibans, of what the weight between them moves
    /// when the unit's own weight is at its 5 % quantile.
    squares: Vec<Vec<i64>>,
    /// By unit and hypothesis: what its likelihood moves when the unit is struck, in microdecibans.
    pub(crate) struck: Vec<Vec<i64>>,
    /// The units in an order that does not depend on how things are called or listed, where that can be.
    pub(crate) order: Vec<usize>,
    pub(crate) standing: Standing,
    /// Probability of deception, and by unit of planting, under the flat prior.
    pub(crate) planted: (f64, Vec<f64>),
}

impl<'k> Weighed<'k> {
    pub(crate) fn new(known: &Known<'k>, weights: &Weights, counted: &Counting<'_>, subjective: bool) -> Self {
        let ids = hypothesis_ids(known);
        let units = Units::of(known, weights, counted, subjective);
        let model = Model::new(ids.len(), &units.units, weights.imperfect_imitation());
        let ends = model.ends();
        let delta = weights.policy().delta;
        let moves = model.moves(delta);
        let ways = model.ways(&flat(ids.len()), delta);
        Self {
            roots: known.items.iter().map(|item| item.root).collect(),
            any_relies: known.items.iter().any(|item| !item.relies_on.is_empty()),
            relies_on: known.items.iter().map(|item| item.relies_on.clone()).collect(),
            items: known.items.iter().map(|item| item.stated.id.as_str()).collect(),
            planted: model.planted(&ways),
            squares: squares(&moves.lowered, ids.len()),
            struck: moves.struck,
            order: order(known, &units),
            standing: Standing::new(&ends, delta),
            weights: units.units.iter().map(|unit| unit.worth.decibans()).collect(),
            ids,
            units,
            model,
            ends,
            ways,
        }
    }

    pub(crate) fn id(&self, hypothesis: usize) -> String {
        self.ids.get(hypothesis).copied().unwrap_or(OTHER).to_owned()
    }

    pub(crate) fn leader(&self) -> Option<&str> {
        self.standing.leader().and_then(|leader| self.ids.get(leader).copied())
    }

    pub(crate) fn rivals(&self, one: usize) -> impl Iterator<Item = usize> {
        (0..self.ids.len()).filter(move |rival| *rival != one)
    }

    /// Weight of a unit between two hypotheses, in decibans, before deception.
    pub(crate) fn unit_weight(&self, unit: usize, one: usize, other: usize) -> f64 {
        self.weights.get(unit).map_or(0.0, |weights| {
            let weight = |hypothesis: usize| weights.get(hypothesis).copied().unwrap_or_default();
            weight(one) - weight(other)
        })
    }

    /// Weight of one hypothesis over a rival, lowered to its 5 % quantile.
    ///
    /// The errors of the units' weights are independent, so what they move adds as squares.
    fn conservative(&self, one: usize, rival: usize) -> f64 {
        let squares = self.squares.get(one).and_then(|row| row.get(rival)).copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "what is lost lies far below a millideciban")]
        let squares = squares as f64;
        self.standing.weight(one, rival) - squares.sqrt() / 1_000_000.0
    }

    /// What striking a unit takes from the weight of one hypothesis over another, in millidecibans, nearly.
    pub(crate) fn taken(&self, unit: usize, one: usize, other: usize) -> i64 {
        let moves = |hypothesis: usize| self.struck.get(unit).and_then(|moves| moves.get(hypothesis)).copied();
        moves(other).unwrap_or_default().saturating_sub(moves(one).unwrap_or_default()) / 1000
    }

    /// Ids of all members of some units, in the order of the sheet.
    pub(crate) fn members(&self, units: &[usize]) -> Vec<String> {
        let members = units.iter().filter_map(|unit| self.units.units.get(*unit)).flat_map(|unit| &unit.members);
        let mut members: Vec<usize> = members.copied().collect();
        members.sort_unstable();
        members.into_iter().filter_map(|item| self.items.get(item)).map(|id| (*id).to_owned()).collect()
    }

    /// The units that go when a unit is withdrawn: itself, and those of which every member relies on what goes.
    pub(crate) fn falling_with(&self, unit: usize) -> Vec<usize> {
        self.with_what_relies_on(vec![unit])
    }

    /// By root, in the order of what comes first from each: the units of which every member comes from it, and those that rely on them.
    pub(crate) fn by_root(&self) -> Vec<Vec<usize>> {
        let mut by_root: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, unit) in self.units.units.iter().enumerate() {
            let mut roots = unit.members.iter().filter_map(|item| self.roots.get(*item));
            if let Some(root) = roots.next()
                && roots.all(|other| other == root)
            {
                by_root.entry(root).or_default().push(index);
            }
        }
        let ranks: BTreeMap<usize, usize> = self.order.iter().enumerate().map(|(rank, unit)| (*unit, rank)).collect();
        let mut groups: Vec<Vec<usize>> = by_root.into_values().collect();
        groups.sort_by_cached_key(|units| units.iter().filter_map(|unit| ranks.get(unit)).min().copied());
        groups.into_iter().map(|units| self.with_what_relies_on(units)).collect()
    }

    fn with_what_relies_on(&self, mut units: Vec<usize>) -> Vec<usize> {
        if !self.any_relies {
            return units;
        }
        loop {
            let gone: BTreeSet<&str> = units
                .iter()
                .filter_map(|unit| self.units.units.get(*unit))
                .flat_map(|unit| &unit.members)
                .filter_map(|item| self.items.get(*item).copied())
                .collect();
            let relies = |item: &usize| {
                self.relies_on.get(*item).is_some_and(|relies_on| relies_on.iter().any(|id| gone.contains(id)))
            };
            let falls = |(index, unit): (usize, &crate::unit::Unit)| {
                (!units.contains(&index) && unit.members.iter().all(relies)).then_some(index)
            };
            let more: Vec<usize> = self.units.units.iter().enumerate().filter_map(falls).collect();
            if more.is_empty() {
                units.sort_unstable();
                return units;
            }
            units.extend(more);
        }
    }

    fn conservative_over_next(&self, one: usize) -> Option<(f64, usize)> {
        let weights = self.rivals(one).map(|rival| (self.conservative(one, rival), rival));
        weights.min_by(|(one, _), (other, _)| one.total_cmp(other))
    }

    pub(crate) fn hypotheses(&self, user: Option<&BTreeMap<String, f64>>) -> Vec<HypothesisResult> {
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

    pub(crate) fn observations(&self, known: &Known<'_>, weights: &Weights) -> Vec<ObservationResult> {
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
                rates: worth.and_then(|worth| worth.rates.clone()),
                reference: worth.and_then(|worth| worth.counted.as_ref()).map(|(counted, _)| counted.clone()),
            }
        };
        known.items.iter().enumerate().map(result).collect()
    }

    pub(crate) fn break_even(&self, policy: &Policy) -> BTreeMap<String, Option<f64>> {
        let Some(leader) = self.standing.leader() else { return BTreeMap::new() };
        self.rivals(leader).map(|rival| (self.id(rival), self.break_even_over(leader, rival, policy))).collect()
    }

    fn break_even_over(&self, leader: usize, rival: usize, policy: &Policy) -> Option<f64> {
        let at = |hypothesis: usize| self.ends.get(hypothesis).copied();
        break_even(at(leader)?, at(rival)?, to_ratio(mdb_to_decibans(policy.supported_mdb)))
    }

    pub(crate) fn curve(&self) -> Vec<DeltaPoint> {
        let point = |thousandths: u32| {
            let delta = f64::from(thousandths) / 1000.0;
            let posterior = Standing::new(&self.ends, delta).posterior(&flat(self.ids.len()));
            DeltaPoint { delta, posterior: self.ids.iter().map(|id| (*id).to_owned()).zip(posterior).collect() }
        };
        CURVE.into_iter().map(point).collect()
    }

    /// The units that favour one hypothesis over a rival.
    pub(crate) fn pro(&self, one: usize, rival: usize) -> Vec<usize> {
        (0..self.units.units.len()).filter(|unit| self.unit_weight(*unit, one, rival) > 0.0).collect()
    }

    /// Independent roots of what supports one hypothesis over a rival. What relies on another item has none of its own.
    fn roots(&self, one: usize, rival: usize) -> (usize, usize, Vec<usize>) {
        let relies = |unit: &usize| {
            let strongest = self.units.units.get(*unit).map_or(usize::MAX, |unit| unit.strongest);
            self.relies_on.get(strongest).is_none_or(|relies_on| !relies_on.is_empty())
        };
        let independent: Vec<usize> = self.pro(one, rival).into_iter().filter(|unit| !relies(unit)).collect();
        let strongest = independent.iter().filter_map(|unit| self.units.units.get(*unit)).map(|unit| unit.strongest);
        let roots: BTreeSet<&str> = strongest.filter_map(|item| self.roots.get(item).copied()).collect();
        (roots.len(), rival, independent)
    }

    /// The least of some numbers by rival; its observations are those of every rival over whom it is the least.
    fn least<T: Copy>(
        &self,
        by_rival: Vec<(T, usize, Vec<usize>)>,
        compare: impl Fn(&T, &T) -> Ordering,
    ) -> Option<Measured<T>> {
        let (value, rival, _) = by_rival.iter().min_by(|(one, ..), (other, ..)| compare(one, other))?;
        let tied = by_rival.iter().filter(|(other, ..)| compare(other, value).is_eq());
        let mut units: Vec<usize> = tied.flat_map(|(.., units)| units.clone()).collect();
        units.sort_unstable();
        units.dedup();
        Some(Measured { value: *value, rival: self.id(*rival), observations: self.members(&units) })
    }

    /// What is left over a rival when everything that is cheap to forge and favours the one is struck, in millidecibans.
    fn without_cheap(&self, one: usize, rival: usize, policy: &Policy) -> (i64, usize, Vec<usize>) {
        let is_cheap = |unit: &usize| self.units.units.get(*unit).is_some_and(|unit| unit.forge_cost < policy.dear);
        let (cheap, dear): (Vec<usize>, Vec<usize>) = self.pro(one, rival).into_iter().partition(is_cheap);
        (millidecibans(self.model.weight(one, rival, &cheap, policy.delta)), rival, dear)
    }

    /// What the gates look at; none without a leader.
    pub(crate) fn supporting(&self, policy: &Policy) -> Option<Supporting> {
        let leader = self.standing.leader()?;
        let rivals = || self.rivals(leader);
        let pro = |rival: usize| self.pro(leader, rival);
        let conservative = rivals().map(|rival| (millidecibans(self.conservative(leader, rival)), rival, pro(rival)));
        let break_even =
            rivals().filter_map(|rival| Some((self.break_even_over(leader, rival, policy)?, rival, pro(rival))));
        let without_cheap = rivals().map(|rival| self.without_cheap(leader, rival, policy));
        Some(Supporting {
            conservative: self.least(conservative.collect(), Ord::cmp)?,
            break_even: self.least(break_even.collect(), f64::total_cmp),
            single_points: crate::forged::single_points(self, policy),
            roots: self.least(rivals().map(|rival| self.roots(leader, rival)).collect(), Ord::cmp)?,
            without_cheap: self.least(without_cheap.collect(), Ord::cmp)?,
        })
    }
}

/// Units with members, by day and text of what counts of them; the identifier only separates what is otherwise equal.
fn order(known: &Known<'_>, units: &Units) -> Vec<usize> {
    let key = |unit: &usize| {
        let item = units.units.get(*unit).and_then(|unit| known.items.get(unit.strongest));
        item.map(|item| (item.stated.seen.last_day(), &item.stated.value, &item.stated.id))
    };
    // What was looked for and not found has no members, and nobody can forge or withdraw it.
    let is_item = |unit: &usize| units.units.get(*unit).is_some_and(|unit| !unit.members.is_empty());
    let mut order: Vec<usize> = (0..units.units.len()).filter(is_item).collect();
    order.sort_by_cached_key(key);
    order
}

/// By pair of hypotheses, the sum of the squares of what the weight between them moves.
fn squares(moves: &[Vec<i64>], hypotheses: usize) -> Vec<Vec<i64>> {
    let mut squares = vec![vec![0_i64; hypotheses]; hypotheses];
    for moves in moves {
        for (row, one) in squares.iter_mut().zip(moves) {
            for (square, other) in row.iter_mut().zip(moves) {
                let move_between = one.saturating_sub(*other);
                *square = square.saturating_add(move_between.saturating_mul(move_between));
            }
        }
    }
    squares
}

pub(crate) fn mdb_to_decibans(mdb: i64) -> f64 {
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
pub(crate) fn flat(hypotheses: usize) -> Vec<f64> {
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
