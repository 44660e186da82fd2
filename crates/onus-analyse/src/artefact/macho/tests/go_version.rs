//! Whether the version of Go in build information is the one that the program itself knows.

use super::super::{
    MachO,
    facts::{Facts, Slice},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::version_outcome,
};

/// The test.
pub(super) const GO_VERSION: ConsistencyTest<MachO> = ConsistencyTest {
    id: "go-version",
    about: "compiler",
    strength: Strength::Hard,
    rationale: "From Go 1.18 on the linker writes the version twice: into the build information and among the texts of the program.",
    benign_causes: &["a tool that removes versions from programs"],
    false_alarm: Rate { hits: 0, files: 3, hit_projects: 0, projects: 3 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

fn one(slice: &Slice<'_>) -> Outcome {
    let ranges: Vec<_> = slice.image.sections().map(|section| section.range.clone()).collect();
    version_outcome(slice.go.as_ref(), slice.image.reader.bytes, &ranges, slice.image.base)
}
