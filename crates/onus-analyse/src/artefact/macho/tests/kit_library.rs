//! Whether the libraries that were linked are those of the development kit that the file names.

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
pub(super) const KIT_LIBRARY: ConsistencyTest<MachO> = ConsistencyTest {
    id: "kit-library",
    about: "build_version",
    strength: Strength::Soft,
    rationale: "The versions of the system library and of the C++ library come from the development kit with which a file was linked.",
    benign_causes: &[
        "a build that names an old kit by hand and links a newer library of its own",
        "a newer kit that keeps an old library",
    ],
    false_alarm: Rate { hits: 4, files: 205, hit_projects: 1, projects: 40 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

/// Libraries whose versions tell the kit.
const LIBRARIES: &[&[u8]] = &[b"/usr/lib/libSystem.B.dylib", b"/usr/lib/libc++.1.dylib"];

fn one(slice: &Slice<'_>) -> Outcome {
    // A kit that is also the oldest system is often named without being used.
    let builds = slice.commands.builds.iter().filter(|build| build.platform == 1 && build.kit != 0);
    let Some((build, kit)) = builds.filter_map(|build| Some((build, Kit::of(build.kit)?))).next() else {
        return Outcome::NotRun("no known development kit for macOS is named");
    };
    let mut is_run = false;
    for (index, path) in LIBRARIES.iter().enumerate() {
        let libraries = &slice.commands.libraries;
        let Some(library) = libraries.iter().find(|library| library.name.bytes == *path && library.version != 0) else {
            continue;
        };
        let least = kit.library(index);
        // Two generations may share a version, which then tells nothing.
        let before = kit.next().map(|next| next.library(index)).filter(|before| *before > least);
        is_run = true;
        let what = if library.version < least {
            "is older than that kit"
        } else if build.kit != build.oldest && before.is_some_and(|before| library.version >= before) {
            "comes from a later kit"
        } else {
            continue;
        };
        return Outcome::Inconsistent {
            loci: vec![slice.image.in_file(build.range.clone()), slice.image.in_file(library.range.clone())],
            explain: format!(
                "the file names the development kit {}, but it was linked with version {} of {}, which {what}",
                version_in_words(build.kit),
                version_in_words(library.version),
                library.name.lossy()
            ),
        };
    }
    if is_run { Outcome::Consistent } else { Outcome::NotRun("no library is loaded whose version tells the kit") }
}
