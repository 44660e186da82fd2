//! A document was not changed before it was made.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    ooxml::{Facts, Ooxml},
};

pub(super) const OOXML_MODIFIED_AFTER_CREATED: ConsistencyTest<Ooxml> = ConsistencyTest {
    id: "ooxml-modified-after-created",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "the program sets the time of creation once and that of the last change at every saving",
    benign_causes: &["a clock that was set back", "a library that fills in one time and keeps the other of a template"],
    false_alarm: Rate { hits: 12, files: 2680, hit_projects: 3, projects: 12 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some(created), Some(modified)) = (&facts.created, &facts.modified) else {
        return Outcome::NotRun("the properties do not say both times");
    };
    if modified.value >= created.value {
        return Outcome::Consistent;
    }
    let explain = format!(
        "the last change is dated {} seconds before the creation of the document",
        created.value - modified.value
    );
    Outcome::Inconsistent { loci: vec![modified.range.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::OOXML_MODIFIED_AFTER_CREATED;
    use crate::artefact::{
        consistency::Outcome,
        ooxml::{Facts, package::Placed},
    };

    #[test]
    fn a_change_before_the_creation_is_found() {
        let placed = |value| Some(Placed { value, range: 3..9 });
        let facts =
            |created, modified| Facts { created: placed(created), modified: placed(modified), ..Facts::default() };
        let run = OOXML_MODIFIED_AFTER_CREATED.run;
        assert_eq!(run(&facts(10, 10)), Outcome::Consistent);
        assert!(matches!(run(&facts(11, 10)), Outcome::Inconsistent { .. }));
        assert!(matches!(run(&Facts::default()), Outcome::NotRun(_)));
    }
}
