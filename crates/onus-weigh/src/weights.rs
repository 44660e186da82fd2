//! The numbers that observations are weighed with: one file a kind, and the policy for all.

mod kinds;

use std::collections::BTreeMap;

use onus_core::{Credibility, Digest, Reliability};
use serde::Deserialize;

use crate::{ForgeCost, Policy, reference::Numbers, sheet::Likeness};

/// The text of the policy file.
const POLICY: &str = include_str!("../weights/policy.toml");

/// Everything that is known about kinds of observations, grades and deception, with the digest of the data.
#[derive(Clone, Debug)]
pub struct Weights {
    kinds: BTreeMap<String, Kind>,
    policy: PolicyFile,
    digest: Digest,
}

/// What a likeness of one kind to an actor is worth.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Name for readers.
    pub title: String,
    /// Why the numbers are what they are.
    pub why: String,
    /// What they rest on.
    pub basis: String,
    /// Probability of a close likeness to an actor where that actor carried it out.
    pub same_actor: f64,
    /// Probability of it where another did.
    pub another_actor: f64,
    /// How much nearer to zero the 5 % quantile of the weight lies, in decibans.
    pub spread_db: f64,
    /// How dear a forgery is.
    pub forge_cost: ForgeCost,
    /// What looking for it costs; absent for what nobody can look for, such as statements.
    #[serde(default)]
    pub collection: Option<Collection>,
    /// Error rates of a consistency test of such a trace.
    pub test: TestRates,
}

/// What looking for a kind of trace costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Collection {
    /// It is read from an exhibit at hand.
    Low,
    /// Other software or records have to be compared.
    Medium,
    /// Somebody else has to hand it over.
    High,
}

impl Collection {
    /// Returns the word in the files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Error rates of a consistency test.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestRates {
    /// Probability that a genuine trace contradicts its own exhibit.
    pub false_alarm: f64,
    /// Probability that a planted one is found to.
    pub detection: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    delta: f64,
    imperfect_imitation: f64,
    supported_db: f64,
    single_point_db: f64,
    break_even_delta: f64,
    roots: usize,
    dear: ForgeCost,
    reference_actors: u32,
    likeness: LikenessShares,
    planting_rate: ByForgeCost<f64>,
    forging_effort: ByForgeCost<u64>,
    collection_effort: CollectionEffort,
    reliability: BTreeMap<String, f64>,
    credibility_odds: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LikenessShares {
    exact: f64,
    close: f64,
    partial: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CollectionEffort {
    low: u32,
    medium: u32,
    high: u32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "the names of the classes")]
struct ByForgeCost<T> {
    F0: T,
    F1: T,
    F2: T,
    F3: T,
    F4: T,
}

impl<T: Copy> ByForgeCost<T> {
    fn of(&self, cost: ForgeCost) -> T {
        match cost {
            ForgeCost::F0 => self.F0,
            ForgeCost::F1 => self.F1,
            ForgeCost::F2 => self.F2,
            ForgeCost::F3 => self.F3,
            ForgeCost::F4 => self.F4,
        }
    }
}

impl Weights {
    /// Returns the weights that the program ships, `crates/onus-weigh/weights/`.
    #[must_use]
    pub fn builtin() -> Self {
        let mut text = POLICY.to_owned();
        let mut kinds = BTreeMap::new();
        for (name, file) in kinds::KINDS {
            text.push_str(name);
            text.push_str(file);
            kinds.insert((*name).to_owned(), toml::from_str(file).expect("a test reads every shipped kind"));
        }
        let policy = toml::from_str(POLICY).expect("a test reads the shipped policy");
        text.push_str(Numbers::text());
        Self { kinds, policy, digest: Digest::of(text.as_bytes()) }
    }

    /// Returns the digest of the policy file, each kind's name and file sorted by name, and `reference.toml`, all joined.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns what is known of a kind.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// Returns all kinds, sorted by name.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, &Kind)> {
        self.kinds.iter().map(|(name, kind)| (name.as_str(), kind))
    }

    /// Returns the numbers of the verdict.
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy {
            delta: self.policy.delta,
            supported_mdb: crate::decibans::millidecibans(self.policy.supported_db),
            single_point_mdb: crate::decibans::millidecibans(self.policy.single_point_db),
            break_even_delta: self.policy.break_even_delta,
            roots: self.policy.roots,
            dear: self.policy.dear,
        }
    }

    /// Returns the share of checkable statements of this grade that hold.
    #[must_use]
    pub fn reliability(&self, grade: Reliability) -> f64 {
        self.policy.reliability.get(grade.letter().to_string().as_str()).copied().unwrap_or_default()
    }

    /// Returns the probability that a report of an item says what is the case: the source's share of statements that hold,
    /// with its odds raised or lowered by the grade of the item.
    #[must_use]
    pub fn channel(&self, source: Reliability, item: Credibility) -> f64 {
        let factor = self.policy.credibility_odds.get(item.number().to_string().as_str()).copied().unwrap_or_default();
        let share = self.reliability(source);
        let odds = share / (1.0 - share) * factor;
        odds / (1.0 + odds)
    }

    /// Returns the share of a close likeness's weight that this one has.
    #[must_use]
    pub fn likeness(&self, likeness: Likeness) -> f64 {
        match likeness {
            Likeness::Exact => self.policy.likeness.exact,
            Likeness::Close => self.policy.likeness.close,
            Likeness::Partial => self.policy.likeness.partial,
        }
    }

    /// Returns the probability that a trace of this cost is planted where the operation frames somebody.
    #[must_use]
    pub fn planting_rate(&self, cost: ForgeCost) -> f64 {
        self.policy.planting_rate.of(cost)
    }

    /// Returns what a forgery of this cost takes, as a whole number; only proportions matter.
    #[must_use]
    pub fn forging_effort(&self, cost: ForgeCost) -> u64 {
        self.policy.forging_effort.of(cost)
    }

    /// Returns what looking for a kind costs, as a whole number; only proportions matter.
    #[must_use]
    pub fn collection_effort(&self, collection: Collection) -> u32 {
        match collection {
            Collection::Low => self.policy.collection_effort.low,
            Collection::Medium => self.policy.collection_effort.medium,
            Collection::High => self.policy.collection_effort.high,
        }
    }

    /// Returns the probability that a planted trace is not taken for the target's.
    #[must_use]
    pub fn imperfect_imitation(&self) -> f64 {
        self.policy.imperfect_imitation
    }

    /// Returns the largest weight of one observation, in decibans: 10 log10(N + 2) for N reference actors.
    #[must_use]
    pub fn cap_db(&self) -> f64 {
        crate::decibans::from_ratio(f64::from(self.policy.reference_actors) + 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{POLICY, PolicyFile, Weights, kinds::KINDS};

    #[test]
    fn every_shipped_file_is_sound() {
        assert!(KINDS.is_sorted_by_key(|(name, _)| *name), "sort the table of kinds by name");
        toml::from_str::<PolicyFile>(POLICY).unwrap();
        for (name, file) in KINDS {
            let kind: super::Kind = toml::from_str(file).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(
                0.0 < kind.another_actor && kind.another_actor <= kind.same_actor && kind.same_actor < 1.0,
                "{name}"
            );
            assert!(0.0 < kind.test.false_alarm && kind.test.false_alarm < kind.test.detection, "{name}");
            assert!(kind.spread_db >= 0.0, "{name}");
            let statement =
                ["denial", "_statement", "sanction", "indictment", "persona", "rebuttal", "_report", "_note"];
            // what is counted has a twin in the table that is suggested for it
            let is_counted = crate::counted::trace_kind(name).is_some();
            let never_suggested = is_counted || statement.iter().any(|word| name.contains(word));
            assert_eq!(kind.collection.is_none(), never_suggested, "{name}");
            assert!(!kind.basis.is_empty() && !kind.why.is_empty() && !kind.title.is_empty(), "{name}");
        }
    }

    #[test]
    fn no_kind_weighs_more_than_the_reference_population_can_carry() {
        let weights = Weights::builtin();
        for (name, kind) in weights.kinds() {
            let most =
                crate::decibans::from_ratio(kind.same_actor / kind.another_actor) * weights.policy.likeness.exact;
            assert!(most <= weights.cap_db(), "{name}: {most}");
        }
    }

    #[test]
    fn every_file_in_the_folder_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/kinds");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".toml", ""))
            .collect();
        files.sort();
        let listed: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        assert_eq!(files, listed, "list every file of weights/kinds in src/weights/kinds.rs");
    }
}
