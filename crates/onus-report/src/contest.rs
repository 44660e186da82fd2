//! The two answers that the verdict is about, and how the evidence between them adds up.

use std::collections::BTreeSet;

use onus_weigh::{Assessment, HypothesisResult, ObservationResult, SearchedResult};

use crate::index::Index;

/// The leading answer and its strongest rival. In a tie they are the first two of those that are level.
pub(crate) struct Contest<'a> {
    pub(crate) leader: &'a HypothesisResult,
    pub(crate) rival: &'a HypothesisResult,
    pub(crate) is_tie: bool,
}

/// Observations that count once: those of one block, or one and its repetitions; or one alone.
pub(crate) struct Group<'a> {
    /// Why they count once; none for an observation that stands alone.
    pub(crate) bracket: Option<&'static str>,
    /// The counted one first.
    pub(crate) steps: Vec<Step<'a>>,
}

/// One observation between the two answers.
pub(crate) struct Step<'a> {
    pub(crate) number: usize,
    pub(crate) result: &'a ObservationResult,
    /// Weight for the leader against the rival, in millidecibans, whether or not it is counted.
    pub(crate) mdb: i64,
}

impl<'a> Contest<'a> {
    /// Finds the two answers; none if there are fewer than two.
    pub(crate) fn of(assessment: &'a Assessment) -> Option<Self> {
        let mut by_weight: Vec<&HypothesisResult> = assessment.hypotheses.iter().collect();
        by_weight.sort_by_key(|result| std::cmp::Reverse(result.weight_mdb_over_next));
        if let Some(at) = by_weight.iter().position(|result| Some(&result.id) == assessment.leading.as_ref()) {
            let leader = by_weight.remove(at);
            by_weight.insert(0, leader);
        }
        let mut by_weight = by_weight.into_iter();
        Some(Self { leader: by_weight.next()?, rival: by_weight.next()?, is_tie: assessment.leading.is_none() })
    }

    /// Returns the weight of the leader over the rival, in millidecibans.
    pub(crate) fn total_mdb(&self) -> i64 {
        self.leader.weight_mdb_over_next
    }

    /// Returns what one observation weighs for the leader against the rival, in millidecibans.
    pub(crate) fn between(&self, result: &ObservationResult) -> i64 {
        let weight = |id: &str| result.weights_mdb.get(id).copied().unwrap_or(0);
        weight(&self.leader.id).saturating_sub(weight(&self.rival.id))
    }

    /// Returns what all searches in vain weigh together for the leader against the rival, in millidecibans.
    pub(crate) fn searched_mdb(&self, assessment: &Assessment) -> i64 {
        let weight = |row: &SearchedResult, id: &str| row.weights_mdb.get(id).copied().unwrap_or(0);
        let between = |row| weight(row, &self.leader.id).saturating_sub(weight(row, &self.rival.id));
        assessment.searched.iter().filter(|row| row.counted).map(between).fold(0, i64::saturating_add)
    }

    /// Returns the counted observations with all that counts together with them: the heaviest for the leader
    /// first, those that say the same of both last.
    pub(crate) fn groups(&self, assessment: &'a Assessment, index: &Index<'a>) -> Vec<Group<'a>> {
        let step = |result: &'a ObservationResult| {
            Some(Step { number: index.item(&result.id)?, result, mdb: self.between(result) })
        };
        let mut groups: Vec<Group<'a>> = assessment
            .observations
            .iter()
            .filter(|result| result.counted && !result.weights_mdb.is_empty())
            .map(|counted| {
                let others = assessment.observations.iter().filter(|other| counts_within(other, counted));
                let steps: Vec<Step<'a>> = [counted].into_iter().chain(others).filter_map(step).collect();
                let bracket = match (steps.len(), &counted.block) {
                    (0 | 1, _) => None,
                    (_, Some(_)) => Some("one block, counted once"),
                    (_, None) => Some("one origin, counted once"),
                };
                Group { bracket, steps }
            })
            .collect();
        let says_nothing = |step: &Step<'_>| step.mdb == 0;
        groups.sort_by_key(|group| {
            group.steps.first().map(|step| (says_nothing(step), std::cmp::Reverse(step.mdb), step.number))
        });
        groups
    }

    /// Returns the observations that stand in no group: not weighed, or withdrawn; in the order of the sheet.
    pub(crate) fn set_aside(
        &self,
        groups: &[Group<'a>],
        assessment: &'a Assessment,
        index: &Index<'a>,
    ) -> Vec<Step<'a>> {
        let grouped: BTreeSet<usize> = groups.iter().flat_map(|group| &group.steps).map(|step| step.number).collect();
        let all = assessment
            .observations
            .iter()
            .filter_map(|result| Some(Step { number: index.item(&result.id)?, result, mdb: self.between(result) }));
        all.filter(|step| !grouped.contains(&step.number)).collect()
    }
}

/// Whether an observation is in the sum only through another one.
fn counts_within(other: &ObservationResult, counted: &ObservationResult) -> bool {
    let names = |id: &Option<String>| id.as_ref() == Some(&counted.id);
    !other.withdrawn && (names(&other.counted_with) || names(&other.repeats))
}
