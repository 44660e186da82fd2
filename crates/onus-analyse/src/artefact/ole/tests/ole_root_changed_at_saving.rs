//! The root storage was not changed last before the document was saved.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    ole::{Facts, Ole},
};

pub(super) const OLE_ROOT_CHANGED_AT_SAVING: ConsistencyTest<Ole> = ConsistencyTest {
    id: "ole-root-changed-at-saving",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "the system writes the time of the last change into the root storage when the program saves the document or it is changed later, so that the root storage is not older than the last saving that the program wrote down",
    benign_causes: &[
        "a library that writes the properties anew and leaves the storages",
        "a clock that was set back while the document was open",
    ],
    false_alarm: Rate { hits: 0, files: 604, hit_projects: 0, projects: 6 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

/// A day: time zones do not matter, clocks and long editing do.
const LEEWAY: i64 = 24 * 3600;

fn run(facts: &Facts) -> Outcome {
    let (Some((saved, at)), Some((changed, changed_at))) = (&facts.saved, &facts.root_changed) else {
        return Outcome::NotRun("there are not both times");
    };
    if changed.saturating_add(LEEWAY) >= *saved {
        return Outcome::Consistent;
    }
    let days = saved.saturating_sub(*changed) / LEEWAY;
    let explain =
        format!("the properties say that the document was saved {days} days after the last change of the root storage");
    Outcome::Inconsistent { loci: vec![at.clone(), changed_at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::OLE_ROOT_CHANGED_AT_SAVING;
    use crate::artefact::{consistency::Outcome, ole::Facts};

    #[test]
    fn a_root_storage_older_than_the_saving_is_found() {
        let facts = |saved, changed| Facts {
            saved: Some((saved, 3..5)),
            root_changed: Some((changed, 7..9)),
            ..Facts::default()
        };
        let run = OLE_ROOT_CHANGED_AT_SAVING.run;
        assert_eq!(run(&facts(1_000_000, 1_000_060)), Outcome::Consistent);
        assert_eq!(run(&facts(1_000_000, 2_000_000)), Outcome::Consistent);
        assert!(matches!(run(&facts(2_000_000, 1_000_000)), Outcome::Inconsistent { .. }));
    }
}
