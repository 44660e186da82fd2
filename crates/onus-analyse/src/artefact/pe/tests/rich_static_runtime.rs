//! Is the linked-in run-time library of the generation of the linker in the Rich header?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT, static_runtime::StaticRuntime, witness},
};

/// Is the linked-in run-time library of the generation of the linker in the Rich header?.
pub(super) const RICH_STATIC_RUNTIME: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-static-runtime",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the run-time library that is linked into a program comes with the linker, and its messages and the names it asks for tell the generation",
    benign_causes: &["a program that carries another program in its data"],
    false_alarm: Rate { hits: 0, files: 166, hit_projects: 0, projects: 49 },
    detection: Some(Rate { hits: 114, files: 211, hit_projects: 6, projects: 7 }),
    forge_cost: ForgeCost::F3,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some((linker, version)) = rich.claimed() else { return Outcome::NotRun("the Rich header names no linker") };
    let Some(runtime) = StaticRuntime::of(facts) else {
        return Outcome::NotRun("no run-time library is linked in that shows itself");
    };
    let Some((first, last)) = runtime.linkers else {
        return Outcome::NotRun("the linked-in run-time library does not tell its generation");
    };
    if (first..=last).contains(&version) {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The Rich header says that linker {}.{} made this file, but texts of the linked-in run-time library are those of \
         linker {}.{}{}.",
        version.0,
        version.1,
        first.0,
        first.1,
        if last.0 == u8::MAX { " or later".to_owned() } else { format!(" to {}", last.0) }
    );
    let loci = witness::both(rich.places(|entry| entry.at == linker.at), runtime.places);
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_STATIC_RUNTIME as TEST;
    use crate::artefact::pe::sample::Sample;

    fn sample(entries: &[(u16, u16, u32)]) -> Sample {
        let data = b"CorExitProcess\0 Complete Object Locator'\0R6016\r\n".to_vec();
        Sample { data, ..Sample::default() }.of(entries)
    }

    #[test]
    fn the_library_of_the_linker_passes() {
        assert_eq!(sample(&[(0x91, 30729, 1)]).contradiction(&TEST), "");
    }

    #[test]
    fn the_library_of_another_linker_is_seen() {
        assert!(sample(&[(0x102, 35228, 1)]).contradiction(&TEST).contains("linker 7.0 to 9"));
        assert!(sample(&[(0x04, 8447, 2), (0x06, 1735, 1)]).contradiction(&TEST).contains("linker 6.0"));
    }

    #[test]
    fn a_program_that_uses_a_dll_is_not_judged() {
        assert!(sample(&[(0x102, 35228, 1)]).importing(&[("msvcrt.dll", 1)]).is_not_run(&TEST));
    }
}
