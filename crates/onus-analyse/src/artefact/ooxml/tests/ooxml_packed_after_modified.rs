//! The parts of a document were not packed long before its last change.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    ooxml::{Facts, Ooxml},
};

/// Local times are up to 14 hours from UTC; a day leaves room for clocks.
const LEEWAY: i64 = 24 * 3600;

pub(super) const OOXML_PACKED_AFTER_MODIFIED: ConsistencyTest<Ooxml> = ConsistencyTest {
    id: "ooxml-packed-after-modified",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "programs that write the time of packing into the entries write it when they save the document, so \
                that the newest entry is not older than the last change that the properties tell",
    benign_causes: &[
        "a library that fixes the times of entries to a constant",
        "a clock that was wrong",
        "a library that writes the time of its own release or of its template",
    ],
    false_alarm: Rate { hits: 12, files: 612, hit_projects: 4, projects: 11 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some(modified), Some(newest)) = (&facts.modified, facts.packed.iter().max_by_key(|packed| packed.value))
    else {
        return Outcome::NotRun("the entries bear no times, or the properties none of a change");
    };
    if newest.value + LEEWAY >= modified.value {
        return Outcome::Consistent;
    }
    let days = (modified.value - newest.value) / (24 * 3600);
    let explain = format!("the newest entry of the package is {days} days older than the last change of the document");
    Outcome::Inconsistent { loci: vec![modified.range.clone(), newest.range.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::OOXML_PACKED_AFTER_MODIFIED;
    use crate::artefact::{
        consistency::Outcome,
        ooxml::{Facts, package::Placed},
    };

    #[test]
    fn entries_older_than_the_last_change_are_found() {
        let placed = |value| Placed { value, range: 3..9 };
        let facts = |packed| Facts {
            modified: Some(placed(1_000_000)),
            packed: vec![placed(5), placed(packed)],
            ..Facts::default()
        };
        let run = OOXML_PACKED_AFTER_MODIFIED.run;
        assert_eq!(run(&facts(1_000_000 - 50_000)), Outcome::Consistent);
        assert!(matches!(run(&facts(1_000_000 - 90_000)), Outcome::Inconsistent { .. }));
    }
}
