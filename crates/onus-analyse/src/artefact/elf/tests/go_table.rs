//! Whether the table of functions of Go is of the version that build information names.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::table_outcome,
};

/// The test.
pub(super) const GO_TABLE: ConsistencyTest<Elf> = ConsistencyTest {
    id: "go-table",
    about: "compiler",
    strength: Strength::Hard,
    rationale: "The form of the table of functions changed with Go 1.2, 1.16, 1.18 and 1.20; one linker writes the table and the build information.",
    benign_causes: &["a tool that obscures the table", "a development version of Go between two releases"],
    false_alarm: Rate { hits: 0, files: 19, hit_projects: 0, projects: 9 },
    detection: None,
    forge_cost: ForgeCost::F2,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    table_outcome(facts.go.as_ref(), facts.go_table, 0)
}
