//! Are there as many assembler objects as routines that come from some?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, rich::Entry, static_runtime::Helper, witness},
};

/// Are there as many assembler objects as routines that come from some?.
pub(super) const RICH_HELPER_OBJECTS: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-helper-objects",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "compilers call routines for what a machine cannot do in one instruction; each comes from an assembler object of its own, which the linker counts",
    benign_causes: &["a linker or a run-time library of another maker that supplies the same routine"],
    false_alarm: Rate { hits: 0, files: 1038, hit_projects: 0, projects: 115 },
    detection: Some(Rate { hits: 180, files: 590, hit_projects: 15, projects: 16 }),
    forge_cost: ForgeCost::F3,
    run,
};

/// Places of routines that are named, at most.
const ROUTINES_MAX: usize = 8;

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let routines = Helper::all(&facts.image);
    if routines.is_empty() {
        return Outcome::NotRun("no such routine was found in the code");
    }
    let noted = rich.count_of(Kind::Assembler).saturating_add(rich.count_of(Kind::Unmarked));
    if noted >= routines.len() as u64 {
        return Outcome::Consistent;
    }
    let names: Vec<&str> = routines.iter().map(|routine| routine.name).collect();
    let explain = format!(
        "The code of this file holds {} routines of the run-time library that each come from an assembler object ({}); the \
         Rich header notes only {noted}.",
        routines.len(),
        names.join(", ")
    );
    let places = routines.into_iter().map(|routine| routine.place).take(ROUTINES_MAX);
    let about = |entry: &Entry| matches!(entry.kind(), Kind::Assembler | Kind::Unmarked);
    Outcome::Inconsistent { loci: witness::both(rich.places(about), places), explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_HELPER_OBJECTS as TEST;
    use crate::artefact::pe::sample::Sample;

    const MULTIPLICATION: &[u8] =
        b"\x8b\x44\x24\x08\x8b\x4c\x24\x10\x0b\xc8\x8b\x4c\x24\x0c\x75\x09\x8b\x44\x24\x04\xf7\xe1\xc2\x10\x00";

    fn sample(noted: u32) -> Sample {
        let code = MULTIPLICATION.to_vec();
        Sample { machine: 0x14c, code, ..Sample::ordinary() }.with_count(0x103, noted)
    }

    #[test]
    fn an_object_for_each_routine_passes() {
        assert_eq!(sample(1).contradiction(&TEST), "");
    }

    #[test]
    fn too_few_objects_are_seen() {
        assert!(sample(0).contradiction(&TEST).contains("1 routines"));
    }

    #[test]
    fn an_object_without_a_mark_may_be_the_one() {
        let mut unmarked = sample(0);
        unmarked.entries.insert(0, (0, 0, 1));
        assert_eq!(unmarked.contradiction(&TEST), "");
    }

    #[test]
    fn code_without_routines_is_not_judged() {
        assert!(Sample::ordinary().is_not_run(&TEST));
    }
}
