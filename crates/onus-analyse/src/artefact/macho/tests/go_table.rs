//! Whether the table of functions of Go is of the version that build information names.

use super::super::{
    MachO,
    facts::{Facts, Slice},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::table_outcome,
};

/// The test.
pub(super) const GO_TABLE: ConsistencyTest<MachO> = ConsistencyTest {
    id: "go-table",
    about: "compiler",
    strength: Strength::Hard,
    rationale: "The form of the table of functions changed with Go 1.2, 1.16, 1.18 and 1.20; one linker writes the table and the build information.",
    benign_causes: &["a tool that obscures the table", "a development version of Go between two releases"],
    false_alarm: Rate { hits: 0, files: 3, hit_projects: 0, projects: 3 },
    detection: None,
    forge_cost: ForgeCost::F2,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

fn one(slice: &Slice<'_>) -> Outcome {
    table_outcome(slice.go.as_ref(), slice.go_table, slice.image.base)
}
