//! Whether the unique identifier has the form that linkers write.

use super::super::{
    MachO,
    facts::{Facts, Slice},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const UUID_FORM: ConsistencyTest<MachO> = ConsistencyTest {
    id: "uuid-form",
    about: "uuid",
    strength: Strength::Soft,
    rationale: "Linkers make the identifier from a hash of the file and mark it as one of version 3 or, for random ones, 4.",
    benign_causes: &["a linker that writes the hash as it is", "a tool that gives the file an identifier of its own"],
    false_alarm: Rate { hits: 1, files: 252, hit_projects: 1, projects: 67 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

fn one(slice: &Slice<'_>) -> Outcome {
    let Some((uuid, range)) = &slice.commands.uuid else { return Outcome::NotRun("there is no unique identifier") };
    let (Some(version), Some(variant)) = (uuid.get(6), uuid.get(8)) else {
        return Outcome::NotRun("there is no unique identifier");
    };
    if matches!(version >> 4, 3..=5) && variant >> 6 == 2 {
        return Outcome::Consistent;
    }
    Outcome::Inconsistent {
        loci: vec![slice.image.in_file(range.clone())],
        explain: format!(
            "the unique identifier is marked as version {} and variant {}, which no linker writes",
            version >> 4,
            variant >> 6
        ),
    }
}
