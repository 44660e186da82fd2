//! Does the Rich header lie as the linker lays it: each program once, and the PE header where the key puts it?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT},
};

/// Does the Rich header lie as the linker lays it: each program once, and the PE header where the key puts it?.
pub(super) const RICH_LAYOUT: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-layout",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the linker lists each program and build once, fills up with zero bytes, and begins the PE header at an offset that it computes from the key and the number of entries",
    benign_causes: &[
        "a tool that moved the PE header",
        "an image without code or of forwarded names alone, which another part of the tools wrote; it is exempt from the rule of the offset",
    ],
    false_alarm: Rate { hits: 0, files: 1649, hit_projects: 0, projects: 123 },
    detection: Some(Rate { hits: 327, files: 1100, hit_projects: 19, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

/// Where the Rich header begins behind the usual DOS stub.
const USUAL_START: usize = 0x80;

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let image = &facts.image;
    let inconsistent = |explain: String| {
        let place = image.header..image.header + 4;
        Outcome::Inconsistent { loci: vec![rich.range.clone(), place], explain }
    };
    let mut programs: Vec<_> = rich.entries.iter().map(|entry| (entry.product, entry.build)).collect();
    programs.sort_unstable();
    if let Some([twice, _]) = programs.array_windows().find(|[program, next]| program == next) {
        return inconsistent(format!(
            "The Rich header lists build {} of program {:#06x} twice, and linkers list each once.",
            twice.1, twice.0
        ));
    }
    let tail = image.bytes.get(rich.range.end..image.header).unwrap_or_default();
    if tail.iter().any(|byte| *byte != 0) {
        return inconsistent(format!(
            "The {} bytes between the Rich header and the PE header at {:#x} are not zero, and linkers write zero there.",
            tail.len(),
            image.header
        ));
    }
    // A library that only forwards names has a section of code for them, but nothing that runs or is called.
    let is_forwarder = image.entry_point == 0 && facts.imports.libraries.is_empty() && facts.exports.is_some();
    let has_code = !is_forwarder && image.sections.iter().any(|section| section.is_code());
    let expected = rich.range.start + 0x20 + ((rich.key >> 5) as usize % 3 + rich.entries.len()) * 8;
    if has_code && rich.range.start == USUAL_START && image.header != expected {
        return inconsistent(format!(
            "For a Rich header with key {:08x} and {} entries the linker puts the PE header at {expected:#x}, but it is \
             at {:#x}. The Rich header was not written for this file.",
            rich.key,
            rich.entries.len(),
            image.header
        ));
    }
    Outcome::Consistent
}

#[cfg(test)]
mod tests {
    use super::RICH_LAYOUT as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn what_the_linker_wrote_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn a_pe_header_elsewhere_is_seen() {
        let moved = Sample { gap: 8, ..Sample::ordinary() };
        assert!(moved.contradiction(&TEST).contains("puts the PE header at"));
    }

    #[test]
    fn a_program_listed_twice_is_seen() {
        let twice = Sample::default().of(&[(0x104, 35207, 1), (0x104, 35207, 2), (0x102, 35228, 1)]);
        assert!(twice.contradiction(&TEST).contains("twice"));
    }

    #[test]
    fn without_a_rich_header_it_does_not_run() {
        assert!(Sample::default().is_not_run(&TEST));
    }
}
