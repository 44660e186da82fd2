//! Is the run-time library of the generation of the linker in the Rich header?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT, runtime::Runtime, witness},
};

/// Is the run-time library of the generation of the linker in the Rich header?.
pub(super) const RICH_RUNTIME: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-runtime",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "start-up objects and import library of the run-time DLL come with the linker, so that a program asks for the DLL of the linker that made it",
    benign_causes: &[
        "a program that uses run-time DLLs of several generations, of which one is that of the linker; it passes",
        "a program that was linked on purpose with the run-time library of another release",
    ],
    false_alarm: Rate { hits: 0, files: 1409, hit_projects: 0, projects: 83 },
    detection: Some(Rate { hits: 469, files: 870, hit_projects: 13, projects: 13 }),
    forge_cost: ForgeCost::F2,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some((linker, version)) = rich.claimed() else { return Outcome::NotRun("the Rich header names no linker") };
    let linkers = Runtime::linkers(facts);
    let Some(runtime) = linkers.first() else {
        return Outcome::NotRun("the file imports no run-time DLL that tells a generation");
    };
    let (major, minor) = version;
    if major < 6 || linkers.iter().any(|(runtime, _)| *runtime == major) {
        return Outcome::Consistent;
    }
    let loci = witness::library_places(facts, |name| Runtime::is_of(name, *runtime));
    let explain = format!(
        "The Rich header says that linker {major}.{minor} made this file, but it asks for the run-time DLL of linker \
         {}.{}, which {}.",
        runtime.0,
        runtime.1,
        if *runtime > (major, minor) { "did not exist yet" } else { "came with an older one" }
    );
    Outcome::Inconsistent { loci: witness::both(rich.places(|entry| entry.at == linker.at), loci), explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_RUNTIME as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn the_run_time_library_of_the_linker_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn a_newer_run_time_library_is_seen() {
        let explain = Sample::ordinary().of(&[(0x04, 8447, 1)]).contradiction(&TEST);
        assert!(explain.contains("linker 6.0") && explain.contains("did not exist yet"), "{explain}");
    }

    #[test]
    fn several_run_time_libraries_pass_if_one_is_of_the_linker() {
        let mixed = Sample::ordinary().importing(&[("MSVCR90.dll", 1), ("VCRUNTIME140.dll", 1)]);
        assert_eq!(mixed.contradiction(&TEST), "");
    }

    #[test]
    fn the_old_run_time_library_of_windows_tells_nothing() {
        assert!(Sample::ordinary().importing(&[("msvcrt.dll", 1)]).is_not_run(&TEST));
    }
}
