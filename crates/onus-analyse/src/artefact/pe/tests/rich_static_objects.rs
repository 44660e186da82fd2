//! Are there as many objects as a linked-in run-time library brings at least?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{
        Pe, facts::Facts, products::Kind, rich::ABSENT, rich::Entry, runtime::X86, static_runtime::StaticRuntime,
        witness,
    },
};

/// Are there as many objects as a linked-in run-time library brings at least?.
pub(super) const RICH_STATIC_OBJECTS: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-static-objects",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "a run-time library that is linked into a program brings more than a hundred objects of C and C++ and some of the assembler, more of them for 32 bits",
    benign_causes: &["a run-time library that somebody built and packed into few objects"],
    false_alarm: Rate { hits: 0, files: 166, hit_projects: 0, projects: 49 },
    detection: Some(Rate { hits: 174, files: 211, hit_projects: 7, projects: 7 }),
    forge_cost: ForgeCost::F3,
    run,
};

/// Objects, at least: of compilers, and of the assembler for 32 and for other bits. Programs have more; this is slack.
const COMPILED_MIN: u64 = 100;
const ASSEMBLED_MIN_32: u64 = 17;
const ASSEMBLED_MIN_64: u64 = 8;

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(runtime) = StaticRuntime::of(facts) else {
        return Outcome::NotRun("no run-time library is linked in that shows itself");
    };
    let compiled = rich.count(|entry| entry.kind().is_compiler());
    let assembled = rich.count_of(Kind::Assembler);
    let assembled_min = if facts.image.machine == X86 { ASSEMBLED_MIN_32 } else { ASSEMBLED_MIN_64 };
    if compiled >= COMPILED_MIN && assembled >= assembled_min {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The run-time library is linked into this file, which brings more than {COMPILED_MIN} objects of C and C++ and \
         {assembled_min} of the assembler; the Rich header notes only {compiled} and {assembled}."
    );
    let about = |entry: &Entry| entry.kind().is_compiler() || entry.kind() == Kind::Assembler;
    Outcome::Inconsistent { loci: witness::both(rich.places(about), runtime.places), explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_STATIC_OBJECTS as TEST;
    use crate::artefact::pe::sample::Sample;

    fn sample(compiled: u32, assembled: u32) -> Sample {
        let data = b"CorExitProcess\0 Complete Object Locator'\0".to_vec();
        let entries = [(0x103, 33145, assembled), (0x105, 33145, compiled), (0x102, 35228, 1)];
        Sample { data, ..Sample::default() }.of(&entries)
    }

    #[test]
    fn enough_objects_pass() {
        assert_eq!(sample(170, 11).contradiction(&TEST), "");
    }

    #[test]
    fn too_few_objects_are_seen() {
        assert!(sample(30, 11).contradiction(&TEST).contains("only 30 and 11"));
        assert!(Sample { machine: 0x14c, ..sample(170, 11) }.contradiction(&TEST).contains("17 of the assembler"));
    }

    #[test]
    fn a_program_without_it_is_not_judged() {
        assert!(Sample::ordinary().is_not_run(&TEST));
    }
}
