//! Whether functions of the C library exist in the versions that are needed.

use super::super::{Elf, dynamic::glibc_minor, facts::Facts, interfaces};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const INTERFACE_VERSION: ConsistencyTest<Elf> = ConsistencyTest {
    id: "interface-version",
    about: "needed_version",
    strength: Strength::Hard,
    rationale: "The GNU C library offers each function in known versions only; a file that needs a version of a function that never was cannot have been linked like that.",
    benign_causes: &["a private build of the C library"],
    false_alarm: Rate { hits: 0, files: 660, hit_projects: 0, projects: 97 },
    detection: None,
    forge_cost: ForgeCost::F3,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    if facts.image.machine != 62 || !facts.image.reader.is_64 || !facts.is_glibc() {
        return Outcome::NotRun("it is no file for x86-64 that needs the GNU C library");
    }
    let mut is_run = false;
    for symbol in facts.dynamic.symbols.iter().filter(|symbol| symbol.is_undefined && symbol.version > 1) {
        let Some(version) = facts.dynamic.version_of(symbol) else { continue };
        let known = std::str::from_utf8(symbol.name.bytes).ok().and_then(interfaces::versions);
        let minor = glibc_minor(version.name.bytes).filter(|minor| *minor <= interfaces::NEWEST);
        let (Some(known), Some(_)) = (known, minor) else { continue };
        is_run = true;
        let needed = version.name.lossy();
        let needed = needed.trim_start_matches("GLIBC_");
        if !known.contains(&needed) {
            return Outcome::Inconsistent {
                loci: vec![version.name.range(), symbol.name.range(), version.hash_at..version.hash_at + 4],
                explain: format!(
                    "the function {} is needed in version {needed} of the GNU C library, which offers it in version {} only",
                    symbol.name.lossy(),
                    known.join(", ")
                ),
            };
        }
    }
    if is_run { Outcome::Consistent } else { Outcome::NotRun("no function is needed whose versions are known") }
}
