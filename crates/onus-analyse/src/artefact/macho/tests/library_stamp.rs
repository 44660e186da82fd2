//! Whether the stamps of libraries are the constants that the linker writes.

use super::super::{
    MachO,
    facts::{Facts, Slice},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const LIBRARY_STAMP: ConsistencyTest<MachO> = ConsistencyTest {
    id: "library-stamp",
    about: "needed_library",
    strength: Strength::Hard,
    rationale: "The linker of Apple writes the stamp 2 for every library that is loaded and 1 for the library itself, never a time.",
    benign_causes: &["a tool that writes load commands of its own"],
    false_alarm: Rate { hits: 0, files: 204, hit_projects: 0, projects: 47 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

fn one(slice: &Slice<'_>) -> Outcome {
    let commands = &slice.commands;
    if !commands.builds.iter().any(|build| build.linker().is_some()) || commands.libraries.is_empty() {
        return Outcome::NotRun("the linker is not that of Apple, or loads no library");
    }
    let own = commands.name.iter().find(|name| name.stamp != 1).map(|name| (name, 1));
    let wrong =
        own.or_else(|| commands.libraries.iter().find(|library| library.stamp != 2).map(|library| (library, 2)));
    let Some((library, constant)) = wrong else { return Outcome::Consistent };
    Outcome::Inconsistent {
        loci: vec![slice.image.in_file(library.range.clone())],
        explain: format!("the stamp of {:?} is {}, the linker writes {constant}", library.name.lossy(), library.stamp),
    }
}
