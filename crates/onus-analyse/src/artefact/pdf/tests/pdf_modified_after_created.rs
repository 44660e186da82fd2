//! The document was not changed before it was made.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pdf::{Facts, Pdf},
};

/// Programs write the two a moment apart.
const LEEWAY: i64 = 60;

pub(super) const PDF_MODIFIED_AFTER_CREATED: ConsistencyTest<Pdf> = ConsistencyTest {
    id: "pdf-modified-after-created",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "the time of creation is set once and that of the last change at every saving",
    benign_causes: &["a clock that was set back", "a zone that one program leaves out and the other fills in"],
    false_alarm: Rate { hits: 2, files: 616, hit_projects: 2, projects: 14 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some((created, created_at)), Some((modified, modified_at))) = (&facts.info.created, &facts.info.modified)
    else {
        return Outcome::NotRun("the information dictionary does not say both times with zones");
    };
    if modified.saturating_add(LEEWAY) >= *created {
        return Outcome::Consistent;
    }
    let explain = format!("the last change is dated {} seconds before the creation", created.saturating_sub(*modified));
    Outcome::Inconsistent { loci: vec![modified_at.clone(), created_at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::PDF_MODIFIED_AFTER_CREATED;
    use crate::artefact::{
        consistency::Outcome,
        pdf::{Facts, Side},
    };

    #[test]
    fn a_change_before_the_creation_is_found() {
        let facts = |created, modified| Facts {
            info: Side { created: Some((created, 3..9)), modified: Some((modified, 9..12)), ..Side::default() },
            ..Facts::default()
        };
        let run = PDF_MODIFIED_AFTER_CREATED.run;
        assert_eq!(run(&facts(100, 100)), Outcome::Consistent);
        assert!(matches!(run(&facts(1000, 100)), Outcome::Inconsistent { .. }));
    }
}
