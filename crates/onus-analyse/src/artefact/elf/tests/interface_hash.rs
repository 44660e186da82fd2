//! Whether names of versions of interfaces have the hashes that the linker wrote.

use super::super::{Elf, dynamic::hash, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const INTERFACE_HASH: ConsistencyTest<Elf> = ConsistencyTest {
    id: "interface-hash",
    about: "needed_version",
    strength: Strength::Hard,
    rationale: "The linker writes the hash of every version of an interface beside its name; a name that was changed later has another hash.",
    benign_causes: &[
        "a tool that renames versions and does not mend their hashes, so that the loader cannot find them any more",
    ],
    false_alarm: Rate { hits: 0, files: 719, hit_projects: 0, projects: 102 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let dynamic = &facts.dynamic;
    let versions: Vec<_> = dynamic.needs.iter().flat_map(|need| &need.versions).chain(&dynamic.offers).collect();
    if versions.is_empty() {
        return Outcome::NotRun("no version of an interface is needed or offered");
    }
    let wrong: Vec<_> = versions.into_iter().filter(|version| hash(version.name.bytes) != version.hash).collect();
    let Some(first) = wrong.first() else { return Outcome::Consistent };
    Outcome::Inconsistent {
        loci: wrong.iter().flat_map(|version| [version.name.range(), version.hash_at..version.hash_at + 4]).collect(),
        explain: format!(
            "the version {:?} has the hash {:08x}, but the linker wrote {:08x} for it; the name was changed",
            first.name.lossy(),
            hash(first.name.bytes),
            first.hash
        ),
    }
}
