//! The case sheet: what people write by hand about a case.
//!
//! `docs/spec/case-sheet.md` describes the file. [`Sheet::parse`] reads it and finds everything that is wrong at once.

mod problem;
mod read;
mod row;

use std::collections::BTreeMap;

use onus_core::{Credibility, Digest, Edtf, Reliability};

pub use problem::Problem;

/// The largest sheet that is read, in bytes.
pub const SHEET_MAX: usize = 4 << 20;

/// The most rows of one table.
pub const ROWS_MAX: usize = 2_000;

/// The most hypotheses: the work of weighing grows with their square.
pub const HYPOTHESES_MAX: usize = 64;

/// Who makes the tests that no row of a sheet states. No source can have this identifier.
pub const PROGRAM: &str = "onus itself";

/// Identifier of the hypothesis that always exists: an actor not listed.
pub const OTHER: &str = "other";

/// A case as its sheet states it. Everything a row refers to exists, and every id is unique in its table.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The question and what it is about.
    pub case: Head,
    /// The named answers, in the order of the sheet; `other` is not among them.
    pub hypotheses: Vec<Hypothesis>,
    /// Who said something.
    pub sources: Vec<Source>,
    /// What was said.
    pub observations: Vec<Stated>,
    /// Consistency tests of observations.
    pub tests: Vec<Test>,
    /// Withdrawals of observations.
    pub retractions: Vec<Retraction>,
    /// Reasoned objections.
    pub challenges: Vec<Challenge>,
    /// Kinds that were looked for and not found.
    pub searched: Vec<Searched>,
    /// The owner's own prior over the hypotheses and `other`, if the sheet gives one; it sums to one.
    pub prior: Option<BTreeMap<String, f64>>,
}

/// The head of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Short name of the case.
    pub title: String,
    /// The one question that the hypotheses answer.
    pub question: String,
    /// When it happened.
    pub happened: Option<Edtf>,
    /// Traffic Light Protocol 2.0 label: `clear`, `green`, `amber`, `amber+strict` or `red`.
    pub tlp: Option<String>,
    /// Campaigns of the reference data (by identifier) that this case is about: they and their reports are not counted.
    pub campaigns: Vec<String>,
}

/// One possible answer to the question.
#[derive(Clone, Debug)]
pub struct Hypothesis {
    /// Its identifier in the sheet.
    pub id: String,
    /// Its name for readers.
    pub title: String,
    /// What kind of thing it names. All hypotheses of a case are of one level: evidence about software says
    /// nothing of a state's responsibility.
    pub level: Level,
    /// Identifier or alias in the reference data.
    pub actor: Option<String>,
}

/// What a hypothesis names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Level {
    Family,
    Group,
    Organisation,
    State,
    Scenario,
}

/// Who supplied an observation.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its identifier in the sheet.
    pub id: String,
    /// Its name for readers.
    pub title: String,
    /// Its grade. F, or none given: what it says weighs nothing.
    pub reliability: Reliability,
    /// The sources that it copies or relies on.
    pub cites: Vec<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Names that it has as a report in the reference data: what those say is not counted for this case.
    pub reports: Vec<String>,
}

/// An observation that the sheet states, known from a report or read from an exhibit.
#[derive(Clone, Debug)]
pub struct Stated {
    /// Its identifier in the sheet.
    pub id: String,
    /// When it was published; it counts from the last day this can mean.
    pub seen: Edtf,
    /// The source.
    pub source: String,
    /// The source that it originally comes from, where that differs.
    pub root: Option<String>,
    /// Observations that it repeats or needs; their retraction reaches it.
    pub relies_on: Vec<String>,
    /// The exhibit it was read from.
    pub exhibit: Option<Digest>,
    /// What sort of trace it is; its weight stands in the weights data under this name.
    pub kind: String,
    /// What it says.
    pub value: String,
    /// The hypotheses that it was said to indicate.
    pub points_at: Vec<String>,
    /// The hypotheses that it was said to speak against.
    pub points_away: Vec<String>,
    /// How good the likeness is.
    pub likeness: Likeness,
    /// Its grade; 6 when none is given.
    pub credibility: Credibility,
    /// Traits of one origin bear one name here and count once.
    pub block: Option<String>,
    /// An analyst's own probabilities of seeing it, by hypothesis; always with one for `other`.
    pub likelihood: Option<BTreeMap<String, f64>>,
}

/// How good the likeness is that an observation rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Likeness {
    /// The same to the byte.
    Exact,
    /// The same but for details.
    Close,
    /// Alike in part.
    Partial,
}

/// A check whether an observation contradicts its own exhibit.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its identifier in the sheet.
    pub id: String,
    /// The observation that was tested.
    pub observation: String,
    /// What came out.
    pub result: TestResult,
    /// When it was published.
    pub seen: Edtf,
    /// Who made it.
    pub source: String,
    /// What it found, in words.
    pub value: String,
    /// Probability of this contradiction in a genuine trace, if the sheet gives its own or it was measured.
    pub false_alarm: Option<f64>,
    /// Probability of finding it in a planted trace, likewise.
    pub detection: Option<f64>,
    /// Whether the program made it and no row of the sheet states it: its rates were measured and are nobody's opinion.
    pub is_read: bool,
}

/// What came out of a consistency test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestResult {
    /// No contradiction was found. That is never "genuine".
    Consistent,
    /// The trace contradicts its own exhibit.
    Inconsistent,
    /// The trace is genuine, but another party's, and was used by somebody else.
    Borrowed,
    /// The test was not made.
    NotRun,
}

/// A withdrawal of an observation from a day on. Nothing is deleted.
#[derive(Clone, Debug)]
pub struct Retraction {
    /// The observation that is withdrawn.
    pub observation: String,
    /// From when on.
    pub seen: Edtf,
    /// Who withdraws it.
    pub source: String,
    /// Why.
    pub value: String,
}

/// Somebody's reasoned objection. It is shown beside what it is against and changes no number.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Its identifier, if it has one.
    pub id: Option<String>,
    /// What it is against: an observation, test, source or hypothesis, or `verdict`.
    pub against: String,
    /// Who objects: the id of a source of the sheet, or a name as written.
    pub by: String,
    /// When it was published, if the sheet says so.
    pub seen: Option<Edtf>,
    /// The objection.
    pub value: String,
    /// An exhibit that supports it.
    pub exhibit: Option<Digest>,
}

/// A kind of trace that was looked for and not found.
#[derive(Clone, Debug)]
pub struct Searched {
    /// The kind.
    pub kind: String,
    /// Probability of finding it if it had been there.
    pub detection: f64,
}
