//! Whether the section table and the dynamic section name the same places.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const DYNAMIC_SECTIONS: ConsistencyTest<Elf> = ConsistencyTest {
    id: "dynamic-sections",
    about: "section_names",
    strength: Strength::Hard,
    rationale: "The linker writes the addresses of the same tables into the section table and into the dynamic section.",
    benign_causes: &["a tool that moved a table and mended only what the loader reads"],
    false_alarm: Rate { hits: 0, files: 737, hit_projects: 0, projects: 107 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

/// Tags of the dynamic section and the section that each leads to.
const PAIRS: &[(u64, &str)] = &[
    (4, ".hash"),
    (5, ".dynstr"),
    (6, ".dynsym"),
    (25, ".init_array"),
    (26, ".fini_array"),
    (0x6fff_fef5, ".gnu.hash"),
    (0x6fff_fff0, ".gnu.version"),
    (0x6fff_fffc, ".gnu.version_d"),
    (0x6fff_fffe, ".gnu.version_r"),
];

fn run(facts: &Facts<'_>) -> Outcome {
    let mut is_run = false;
    for (tag, name) in PAIRS {
        let entry = facts.dynamic.entries.iter().find(|entry| entry.0 == *tag);
        let (Some((_, address, at)), Some(section)) = (entry, facts.image.named(name)) else { continue };
        is_run = true;
        if section.address != *address {
            let word = facts.image.reader.word_len();
            return Outcome::Inconsistent {
                loci: vec![section.entry..section.entry + 24, *at..*at + 2 * word],
                explain: format!(
                    "the section table has {name} at address {:#x}, the dynamic section at {address:#x}",
                    section.address
                ),
            };
        }
    }
    if is_run { Outcome::Consistent } else { Outcome::NotRun("there is no dynamic section, or no section table") }
}
