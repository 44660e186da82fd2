//! Whether every library whose versions are needed is loaded.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const INTERFACE_LIBRARY: ConsistencyTest<Elf> = ConsistencyTest {
    id: "interface-library",
    about: "needed_version",
    strength: Strength::Hard,
    rationale: "Versions of interfaces are needed of libraries that the file asks for.",
    benign_causes: &["a tool that renames a library in one of the two places"],
    false_alarm: Rate { hits: 0, files: 717, hit_projects: 0, projects: 102 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let dynamic = &facts.dynamic;
    if dynamic.needs.is_empty() {
        return Outcome::NotRun("no version of an interface is needed");
    }
    let missing = dynamic.needs.iter().find(|need| dynamic.needed.iter().all(|text| text.bytes != need.library.bytes));
    let Some(missing) = missing else { return Outcome::Consistent };
    let (range, name) = (missing.library.range(), missing.library.lossy());
    let near = dynamic.needed.first().map(super::super::super::reader::Text::range);
    Outcome::Inconsistent {
        loci: [range].into_iter().chain(near).collect(),
        explain: format!("versions of the library {name:?} are needed, but the file does not ask for that library"),
    }
}
