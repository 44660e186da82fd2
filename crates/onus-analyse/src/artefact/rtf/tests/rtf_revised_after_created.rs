//! The document was not changed before it was made.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    rtf::{Facts, Rtf},
};

pub(super) const RTF_REVISED_AFTER_CREATED: ConsistencyTest<Rtf> = ConsistencyTest {
    id: "rtf-revised-after-created",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "the program sets the time of creation once and that of the last change at every saving, both in local time",
    benign_causes: &[
        "a clock that was set back, or another time zone",
        "a document that was made from a template or copied by `save as`",
    ],
    false_alarm: Rate { hits: 0, files: 33, hit_projects: 0, projects: 5 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some((created, created_at)), Some((revised, revised_at))) = (&facts.created, &facts.revised) else {
        return Outcome::NotRun("the document does not say both times");
    };
    if revised >= created {
        return Outcome::Consistent;
    }
    let explain = format!("the last change is dated {} seconds before the creation", created.saturating_sub(*revised));
    Outcome::Inconsistent { loci: vec![revised_at.clone(), created_at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::RTF_REVISED_AFTER_CREATED;
    use crate::artefact::{consistency::Outcome, rtf::Facts};

    #[test]
    fn a_change_before_the_creation_is_found() {
        let facts = |created, revised| Facts {
            created: Some((created, 3..5)),
            revised: Some((revised, 7..9)),
            ..Facts::default()
        };
        let run = RTF_REVISED_AFTER_CREATED.run;
        assert_eq!(run(&facts(10, 10)), Outcome::Consistent);
        assert!(matches!(run(&facts(11, 10)), Outcome::Inconsistent { .. }));
    }
}
