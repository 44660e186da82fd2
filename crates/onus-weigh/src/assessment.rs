//! What weighing a case comes to: the contract of `assessment.json`.
//!
//! `docs/spec/assessment.md` describes every field. The same inputs give the same bytes.

use std::collections::BTreeMap;

use onus_core::Digest;
use serde::{Deserialize, Serialize};

/// The result of weighing one case as it was known on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Version of this form: 1.
    pub onus: u32,
    /// The question of the sheet.
    pub question: String,
    /// The day as of which the case was weighed, ISO 8601; absent when all that is on file counts.
    pub as_of: Option<String>,
    /// Whether the evidence supports an answer.
    pub verdict: Verdict,
    /// The hypothesis with the largest weight over all others; none in a tie.
    pub leading: Option<String>,
    /// How firm the conclusion is, from the gates alone: `high`, `moderate` or `low`. It is no probability.
    #[serde(default)]
    pub confidence: String,
    /// The conditions under which an answer is called supported.
    pub gates: Vec<Gate>,
    /// Every hypothesis, `other` last.
    pub hypotheses: Vec<HypothesisResult>,
    /// Every observation that was known on the day, in the order of the sheet.
    pub observations: Vec<ObservationResult>,
    /// What would have to be forged for the leading hypothesis to fall, by rival and level.
    pub minimum_forged_sets: Vec<ForgedSet>,
    /// What would have to be withdrawn or suppressed for that; a source that goes with all it said is one thing.
    #[serde(default)]
    pub minimum_withdrawn_sets: Vec<ForgedSet>,
    /// Observations any one of which, forged, brings the leader below 10 dB over some rival, in the order of the sheet.
    /// All members of a block are listed.
    pub single_points_of_failure: Vec<String>,
    /// Provenance roots of what supports the leader, against the rival over whom they are fewest; what relies on another
    /// observation has no root of its own.
    pub independent_roots: usize,
    /// By rival: the deception prior at which the leader's weight falls below 20 dB; absent (null) when no prior does so.
    pub break_even_delta: BTreeMap<String, Option<f64>>,
    /// Posterior of every hypothesis under the flat prior, by deception prior.
    pub delta_curve: Vec<DeltaPoint>,
    /// Probability that the operation framed somebody, under the flat prior and the deception prior of the policy.
    pub deception_probability: f64,
    /// Kinds that were looked for and not found.
    #[serde(default)]
    pub searched: Vec<SearchedResult>,
    /// Evidence worth looking for next, the best value for its cost first.
    pub missing: Vec<Missing>,
    /// What this version does not compute, and why: absence is said, never implied.
    pub not_computed: Vec<NotComputed>,
    /// Remarks on the inputs that a reader should know.
    pub notes: Vec<String>,
    /// The verdict when every subjective number is left out; absent when the sheet has none.
    pub without_subjective: Option<Alternative>,
    /// The numbers that the policy fixes for every case and every party.
    pub policy: Policy,
    /// Digests of all that went in.
    pub inputs: Inputs,
}

/// Whether the evidence on file supports an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every gate is passed: the evidence supports the leading hypothesis over every other considered.
    Supported,
    /// At least one gate fails. The default.
    #[default]
    NotDetermined,
}

/// One condition of the verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// `weight`, `break-even-delta`, `single-point-of-failure`, `roots` or `forge-cost`.
    pub id: String,
    /// Whether it is met.
    pub passed: bool,
    /// What was found, for readers; it names hypotheses by id.
    pub detail: String,
    /// The number that was found: decibans, a deception prior, or a count. Absent without a leader, and for
    /// `break-even-delta` when no prior brings the weight below the level.
    #[serde(default)]
    pub value: Option<f64>,
    /// The number that is asked for; absent without a leader.
    #[serde(default)]
    pub level: Option<f64>,
    /// The observations that decide it: what favours the leader over the rival in question, or the single points.
    #[serde(default)]
    pub observations: Vec<String>,
}

/// What the evidence comes to for one hypothesis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HypothesisResult {
    /// Its identifier.
    pub id: String,
    /// Its probability under each prior.
    pub posterior: Posterior,
    /// Weight over the strongest other hypothesis, in millidecibans: positive for the leader alone.
    pub weight_mdb_over_next: i64,
    /// The same, lowered by what the weights themselves are uncertain by (5 % quantile); never above the former.
    pub conservative_mdb_over_next: i64,
    /// The words of the ENFSI guideline for that weight.
    pub words: String,
    /// The words of ICD 203 for the posterior, by prior.
    pub likelihood_words: LikelihoodWords,
}

/// Probability of one hypothesis under the three priors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Posterior {
    /// All hypotheses, `other` among them, equally probable beforehand.
    pub flat: f64,
    /// `other` has one half beforehand, the rest share the other half.
    pub sceptical: f64,
    /// The prior of the sheet, if it gives one.
    pub user: Option<f64>,
}

/// The words for those probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Posterior`")]
pub struct LikelihoodWords {
    pub flat: String,
    pub sceptical: String,
    pub user: Option<String>,
}

/// What one observation weighs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObservationResult {
    /// Its identifier.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// The source it originally comes from.
    pub root: String,
    /// What it counts together with: the name of its block, or none when it stands alone.
    pub block: Option<String>,
    /// Weight for each hypothesis against `other`, in millidecibans; empty when it is not weighed.
    pub weights_mdb: BTreeMap<String, i64>,
    /// Whether these weights are the ones that went into the sum. Of traits that count once, the strongest is counted.
    pub counted: bool,
    /// The stronger observation of the same origin that is counted instead; absent when there is none.
    pub counted_with: Option<String>,
    /// What the weights rest on.
    pub basis: Basis,
    /// Why it is not weighed, for readers; absent when it is.
    pub remark: Option<String>,
    /// Probability that it was planted, under the flat prior; absent when it is not weighed.
    pub planted_probability: Option<f64>,
    /// How dear a forgery is.
    pub forge_cost: Option<ForgeCost>,
    /// Whether it was withdrawn by that day.
    pub withdrawn: bool,
    /// Its consistency tests that were known on the day.
    pub tests: Vec<TestSeen>,
    /// The observation that this one repeats.
    pub repeats: Option<String>,
    /// How reliable what its source says is taken to be, 0 to 1; absent for subjective numbers.
    pub channel: Option<f64>,
    /// The table's numbers behind the weights; absent for subjective numbers and for what is not weighed.
    #[serde(default)]
    pub rates: Option<Rates>,
    /// What was counted for it in the reference data; absent where nothing was.
    #[serde(default)]
    pub reference: Option<CountedResult>,
}

/// What was counted in the reference data for one observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountedResult {
    /// Identifier of the technique, software or victim in the reference data.
    pub trace: String,
    /// Its name there.
    pub name: String,
    /// The release that was counted in.
    pub release: String,
    /// How many actors there are.
    pub actors: usize,
    /// How many of them it is known of.
    pub known_of: usize,
    /// Share of its weight that it carries, because traces of one sort depend on each other.
    pub share: f64,
    /// By hypothesis that names an actor of the reference data: what is counted of that.
    pub by_hypothesis: BTreeMap<String, CountedShare>,
}

/// How many of one actor's reports name a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedShare {
    /// The actor's identifier in the reference data.
    pub actor: String,
    /// Reports on it that name any trace of this sort.
    pub reports: usize,
    /// Those of them that name this one.
    pub naming: usize,
}

/// The table's numbers behind the weights of one observation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Probability of a close likeness of its kind to an actor where that actor carried it out.
    pub same_actor: f64,
    /// Probability of it where another did.
    pub another_actor: f64,
    /// Share of a close likeness's weight that this one has.
    pub likeness: f64,
    /// Whether the weight was cut at what the reference population can carry.
    #[serde(rename = "capped")]
    pub is_capped: bool,
}

/// A consistency test as it went into the sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestSeen {
    /// Its identifier.
    pub id: String,
    /// `consistent`, `inconsistent`, `borrowed` or `not-run`.
    pub result: String,
    /// Weight for "planted" against "genuine", in millidecibans.
    pub weight_mdb: i64,
    /// Whether it is counted: of one root's tests on one observation only the strongest is.
    pub counted: bool,
    /// Its rates as they were measured, where the program read it from the exhibit; absent for a row of the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ReadTest>,
}

/// A consistency test that the program made, with what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadTest {
    /// Probability of the contradiction in a file that nobody forged.
    pub false_alarm: Option<f64>,
    /// Probability of finding the forgery that it looks for; null where it was not measured.
    pub detection: Option<f64>,
}

/// What a weight rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Counts in the reference data.
    Reference,
    /// The table of kinds in `weights/`.
    Table,
    /// An analyst's own numbers in the sheet.
    Subjective,
    /// Nothing: it is not weighed.
    #[default]
    None,
}

/// How dear it is to forge a trace so that it passes the tests for its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ForgeCost {
    /// Free text, or a field that an editor changes in minutes.
    F0,
    /// A script and public tools.
    F1,
    /// A rebuild, or reuse of somebody's published or leaked tool.
    F2,
    /// Consistent changes in several places, or private code or access of the imitated party.
    F3,
    /// A key, a third party's record, or years of consistent conduct.
    F4,
}

/// A set of observations without which the leader is brought down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ForgedSet {
    /// The rival over whom the leader's weight falls.
    pub rival: String,
    /// The level that it falls below, in millidecibans; 0: the lead is lost.
    pub level_mdb: i64,
    /// The observations; all members of a block are listed.
    pub observations: Vec<String>,
    /// Sum of the efforts of forging; of withdrawals the number.
    pub cost: u64,
    /// Number of things to forge or withdraw, a block being one.
    pub size: usize,
    /// How it is known that nothing less suffices: `full-model`, `additive` (where weights add), or `sufficient`: it is
    /// not known, the set only suffices. That it suffices is always computed in the full model.
    pub proved_by: String,
    /// What is least about it: `cost`, `size` or both.
    #[serde(default)]
    pub least: Vec<String>,
    /// Weight that is left over the rival, in millidecibans.
    #[serde(default)]
    pub left_mdb: i64,
    /// No set of less cost suffices in the full model.
    #[serde(default)]
    pub cost_at_least: u64,
    /// No smaller set suffices in the full model.
    #[serde(default)]
    pub size_at_least: u64,
}

/// One point of the curve over the deception prior.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeltaPoint {
    /// The deception prior.
    pub delta: f64,
    /// Posterior of every hypothesis under the flat prior.
    pub posterior: BTreeMap<String, f64>,
}

/// A kind of evidence worth looking for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Missing {
    /// The kind.
    pub kind: String,
    /// Expected gain in bits.
    pub value_bits: f64,
    /// What it costs to collect: `low`, `medium` or `high`.
    pub cost: String,
    /// Expected gain over the cost, by which the list is sorted.
    #[serde(default)]
    pub bits_per_cost: f64,
    /// Probability that the same hypothesis leads afterwards and is or is not 20 dB ahead as before; of the first three.
    #[serde(default)]
    pub same_decision: Option<f64>,
}

/// What it weighs that a kind was looked for and not found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchedResult {
    /// The kind.
    pub kind: String,
    /// Probability of finding it if it had been there, from the sheet.
    pub detection: f64,
    /// Weight for each hypothesis against `other`, in millidecibans; empty when it does not count.
    pub weights_mdb: BTreeMap<String, i64>,
    /// Whether it went into the sums.
    pub counted: bool,
    /// Why it does not count, for readers; absent when it does.
    pub remark: Option<String>,
}

/// Something that this version does not compute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct NotComputed {
    pub what: String,
    pub why: String,
}

/// A verdict under other assumptions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in `Assessment`")]
pub struct Alternative {
    pub verdict: Verdict,
    pub leading: Option<String>,
    #[serde(default)]
    pub gates: Vec<Gate>,
    #[serde(default)]
    pub hypotheses: Vec<HypothesisResult>,
}

/// The numbers that are the same for every case and every party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Deception prior at which weights and posteriors are given.
    pub delta: f64,
    /// Conservative weight that the verdict asks for, in millidecibans.
    pub supported_mdb: i64,
    /// Weight that must remain when any one item is forged, in millidecibans.
    pub single_point_mdb: i64,
    /// Deception prior that the verdict must survive.
    pub break_even_delta: f64,
    /// Independent roots that the verdict asks for.
    pub roots: usize,
    /// Forge cost from which on an item is not cheap to forge.
    pub dear: ForgeCost,
}

/// Digests of what went into an assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// The case sheet as read.
    pub sheet: Digest,
    /// The sorted list of the exhibits' digests, one a line; of nothing where there are none.
    pub exhibits: Digest,
    /// The sorted list of `<exhibit> <observation set>`, one a line, of the exhibits whose consistency tests were read
    /// by the program and counted or shown; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<Digest>,
    /// The reference data; absent while none is used.
    pub reference: Option<Digest>,
    /// The weights data.
    pub weights: Digest,
    /// Name and version of the program.
    pub engine: String,
}
