//! Are there as many start-up objects as a program for this machine has at least?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{
        Pe,
        facts::Facts,
        rich::ABSENT,
        rich::{Entry, Rich},
        runtime::{Minimum, Runtime},
        witness,
    },
};

/// Are there as many start-up objects as a program for this machine has at least?.
pub(super) const RICH_STARTUP_OBJECTS: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-startup-objects",
    about: "rich_header",
    strength: Strength::Soft,
    rationale: "every program that uses the run-time DLL links the same start-up objects, and programs of 32 bits more of them than programs of 64 bits",
    benign_causes: &[
        "a program that asks for the run-time DLL but brings its own start-up code",
        "a library that was linked without the start-up object from assembler",
    ],
    false_alarm: Rate { hits: 3, files: 963, hit_projects: 1, projects: 77 },
    detection: Some(Rate { hits: 26, files: 281, hit_projects: 6, projects: 12 }),
    forge_cost: ForgeCost::F3,
    run,
};

/// `IMAGE_FILE_DLL`.
const DLL: u16 = 0x2000;

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let [runtime] = Runtime::imported(facts)[..] else {
        return Outcome::NotRun("the file does not import the run-time DLL of exactly one generation");
    };
    let image = &facts.image;
    let builds = runtime.builds(rich);
    let minimum = |build: &u16| runtime.minimum(image.machine, *build);
    let Some(minimum) = builds.first().and_then(minimum) else {
        return Outcome::NotRun("how many start-up objects there are is not known for this release and machine");
    };
    let found = found(rich, &runtime, &builds);
    if found.assembler >= minimum.assembler && found.c >= minimum.c && found.cpp >= minimum.cpp {
        return Outcome::Consistent;
    }
    let about = |entry: &Entry| builds.contains(&entry.build) && runtime.made_by.contains(&entry.product);
    let machine = image.header + 4..image.header + 6;
    let explain = format!(
        "A {} of {} bits that uses {}.dll links at least {} start-up objects from assembler, {} from C and {} from C++; \
         the Rich header notes {}, {} and {} of the build of the run-time library.",
        if image.characteristics & DLL != 0 { "library" } else { "program" },
        if image.is_64 { 64 } else { 32 },
        runtime.library,
        minimum.assembler,
        minimum.c,
        minimum.cpp,
        found.assembler,
        found.c,
        found.cpp
    );
    Outcome::Inconsistent { loci: witness::both(rich.places(about), [machine]), explain }
}

/// Counts the objects of the builds of the run-time library.
fn found(rich: &Rich, runtime: &Runtime, builds: &[u16]) -> Minimum {
    let [_, assembler, c, cpp] = runtime.made_by;
    let count = |product: u16| {
        let count = rich.count(|entry| entry.product == product && builds.contains(&entry.build));
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    Minimum { assembler: count(assembler), c: count(c), cpp: count(cpp) }
}

#[cfg(test)]
mod tests {
    use super::RICH_STARTUP_OBJECTS as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn enough_objects_pass() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn the_objects_of_a_64_bit_program_are_too_few_for_32_bits() {
        let entries = [(0x93, 30729, 3), (0x83, 30729, 10), (0x84, 30729, 2), (1, 0, 2), (0x91, 30729, 1)];
        let small = Sample { machine: 0x14c, ..Sample::default() }.of(&entries).importing(&[("MSVCR90.dll", 2)]);
        let explain = small.contradiction(&TEST);
        assert!(explain.contains("1 start-up objects from assembler, 12 from C"), "{explain}");
        assert!(explain.contains("notes 0, 10 and 2"), "{explain}");
    }

    #[test]
    fn an_unknown_machine_is_not_judged() {
        assert!(Sample { machine: 0xaa64, ..Sample::ordinary() }.is_not_run(&TEST));
    }
}
