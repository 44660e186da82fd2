//! A document was not saved before it was made.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    ole::{Facts, Ole},
};

pub(super) const OLE_SAVED_AFTER_CREATED: ConsistencyTest<Ole> = ConsistencyTest {
    id: "ole-saved-after-created",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "the program sets the time of creation once and that of saving at every saving",
    benign_causes: &[
        "a clock that was set back",
        "a document that was made from a template or copied by `save as`",
        "a library that fills in one of the two",
    ],
    false_alarm: Rate { hits: 0, files: 751, hit_projects: 0, projects: 6 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some((created, created_at)), Some((saved, saved_at))) = (&facts.created, &facts.saved) else {
        return Outcome::NotRun("the properties do not say both times");
    };
    if saved >= created {
        return Outcome::Consistent;
    }
    let explain = format!("the last saving is dated {} seconds before the creation of the document", created - saved);
    Outcome::Inconsistent { loci: vec![saved_at.clone(), created_at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::OLE_SAVED_AFTER_CREATED;
    use crate::artefact::{consistency::Outcome, ole::Facts};

    #[test]
    fn a_saving_before_the_creation_is_found() {
        let facts =
            |created, saved| Facts { created: Some((created, 3..5)), saved: Some((saved, 7..9)), ..Facts::default() };
        let run = OLE_SAVED_AFTER_CREATED.run;
        assert_eq!(run(&facts(10, 10)), Outcome::Consistent);
        assert!(matches!(run(&facts(11, 10)), Outcome::Inconsistent { .. }));
    }
}
