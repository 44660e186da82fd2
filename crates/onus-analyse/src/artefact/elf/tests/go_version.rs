//! Whether the version of Go in build information is the one that the program itself knows.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::version_outcome,
};

/// The test.
pub(super) const GO_VERSION: ConsistencyTest<Elf> = ConsistencyTest {
    id: "go-version",
    about: "compiler",
    strength: Strength::Hard,
    rationale: "From Go 1.18 on the linker writes the version twice: into the build information and among the texts of the program.",
    benign_causes: &["a tool that removes versions from programs"],
    false_alarm: Rate { hits: 0, files: 20, hit_projects: 0, projects: 9 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let ranges: Vec<_> = facts
        .image
        .sections
        .iter()
        .filter(|section| section.is_loaded())
        .map(|section| section.range.clone())
        .collect();
    version_outcome(facts.go.as_ref(), facts.image.reader.bytes, &ranges, 0)
}
