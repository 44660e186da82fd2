//! Whether the oldest system that the file names is one that its load commands can be for.

use super::super::{
    MachO,
    commands::version_in_words,
    facts::{Facts, Slice},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const OLDEST_SYSTEM: ConsistencyTest<MachO> = ConsistencyTest {
    id: "oldest-system",
    about: "build_version",
    strength: Strength::Hard,
    rationale: "The linker writes the older command for the platform up to macOS 10.13 and the newer one from 10.14 on; Macs with ARM begin at macOS 11, and no file is for a system after its kit.",
    benign_causes: &["a linker that is not that of Apple", "a tool that sets the versions afterwards"],
    false_alarm: Rate { hits: 0, files: 235, hit_projects: 0, projects: 61 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

/// macOS 10.14, as versions are written.
const MOJAVE: u32 = 0x000a_0e00;

/// macOS 11.
const BIG_SUR: u32 = 0x000b_0000;

/// The processor of Macs with ARM.
const ARM_64: u32 = 0x0100_000c;

fn one(slice: &Slice<'_>) -> Outcome {
    // The linker of Apple marks the libraries that it loads.
    let is_apple = slice.commands.libraries.iter().any(|library| library.stamp == 2);
    let Some(build) = slice.commands.builds.iter().find(|build| build.platform == 1).filter(|_| is_apple) else {
        return Outcome::NotRun("the file was not linked for macOS by the linker of Apple");
    };
    let oldest = version_in_words(build.oldest);
    let what = if !build.is_newer && build.oldest >= MOJAVE {
        format!("LC_VERSION_MIN_MACOSX names macOS {oldest}, for which the linker writes LC_BUILD_VERSION")
    } else if build.is_newer && build.oldest < MOJAVE {
        format!("LC_BUILD_VERSION names macOS {oldest}, for which the linker writes LC_VERSION_MIN_MACOSX")
    } else if slice.image.cpu == ARM_64 && build.oldest < BIG_SUR {
        format!("the file is for ARM and names macOS {oldest}, but Macs with ARM begin at macOS 11")
    } else if build.kit != 0 && build.oldest > build.kit {
        format!("the oldest system is macOS {oldest}, after the development kit {}", version_in_words(build.kit))
    } else {
        return Outcome::Consistent;
    };
    Outcome::Inconsistent { loci: vec![slice.image.in_file(build.range.clone())], explain: what }
}
