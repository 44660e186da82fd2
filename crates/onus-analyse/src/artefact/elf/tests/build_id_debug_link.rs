//! Whether the name of the file with debugging information is the build identifier it is filed under.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    hex::hex,
};

/// The test.
pub(super) const BUILD_ID_DEBUG_LINK: ConsistencyTest<Elf> = ConsistencyTest {
    id: "build-id-debug-link",
    about: "build_id",
    strength: Strength::Hard,
    rationale: "Packaging tools that separate debugging information file it under the build identifier: the name in .gnu_debuglink is its digits without the first two.",
    benign_causes: &[
        "the build identifier was rewritten after the debugging information was separated, as when two builds are made alike",
    ],
    false_alarm: Rate { hits: 0, files: 527, hit_projects: 0, projects: 47 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

/// Digits of a build identifier of 20 bytes without the first two.
const DIGITS: usize = 38;

fn run(facts: &Facts<'_>) -> Outcome {
    let (Some(note), Some(link)) = (facts.build_id(), &facts.debug_link) else {
        return Outcome::NotRun("there is no build identifier, or no name of a file with debugging information");
    };
    let name = link.name.lossy();
    let Some(stem) = name
        .strip_suffix(".debug")
        .filter(|stem| stem.len() == DIGITS && stem.bytes().all(|byte| byte.is_ascii_hexdigit()))
    else {
        return Outcome::NotRun("the file with debugging information is not named by a build identifier");
    };
    let id = hex(facts.image.reader.clamped(note.content.clone()));
    if id.get(2..) == Some(stem) {
        return Outcome::Consistent;
    }
    Outcome::Inconsistent {
        loci: vec![note.range.clone(), link.name.range()],
        explain: format!(
            "the build identifier is {id}, but the debugging information of this file was filed under ??{stem}, which is another one"
        ),
    }
}
