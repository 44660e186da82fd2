//! Whether the linker can have used the development kit that the file names.

use super::super::{
    MachO,
    commands::version_in_words,
    facts::{Facts, Slice},
    kits::Kit,
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const KIT_LINKER: ConsistencyTest<MachO> = ConsistencyTest {
    id: "kit-linker",
    about: "linker_version",
    strength: Strength::Soft,
    rationale: "A development kit comes with a linker of its generation, and its library stubs cannot be read by older ones.",
    benign_causes: &["a kit of a later release used with older tools, as builds for macOS on other systems do"],
    false_alarm: Rate { hits: 0, files: 196, hit_projects: 0, projects: 47 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

fn one(slice: &Slice<'_>) -> Outcome {
    let builds = slice.commands.builds.iter().filter(|build| build.platform == 1);
    let Some((build, kit, (linker, at))) =
        builds.filter_map(|build| Some((build, Kit::of(build.kit)?, build.linker()?))).next()
    else {
        return Outcome::NotRun("no linker of Apple, or no known development kit, is named");
    };
    if linker >= kit.linker() {
        return Outcome::Consistent;
    }
    Outcome::Inconsistent {
        loci: vec![slice.image.in_file(at), slice.image.in_file(build.range.clone())],
        explain: format!(
            "the file was linked by ld {}, which is older than the development kit {} that it names",
            version_in_words(linker),
            version_in_words(build.kit)
        ),
    }
}
