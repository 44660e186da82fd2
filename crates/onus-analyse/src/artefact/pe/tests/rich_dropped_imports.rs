//! Did the linker read more functions than it kept, as it does where it drops unused code?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, rich::Entry, witness, witness::Imported},
};

/// Did the linker read more functions than it kept, as it does where it drops unused code?.
pub(super) const RICH_DROPPED_IMPORTS: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-dropped-imports",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "without debug information the linker drops unused functions, and the start-up objects of the run-time library from 14 on always bring imports that are then dropped; the Rich header still counts them",
    benign_causes: &["a program that was linked with unused code kept, whose debug directory was removed later"],
    false_alarm: Rate { hits: 0, files: 333, hit_projects: 0, projects: 58 },
    detection: Some(Rate { hits: 43, files: 163, hit_projects: 7, projects: 10 }),
    forge_cost: ForgeCost::F1,
    run,
};

/// Objects of compilers from which on the run-time library is linked into the program.
const STATIC_MIN: u64 = 100;

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(imported) = Imported::of(facts) else { return Outcome::NotRun("not all imports were read") };
    if rich.linker().is_none_or(|linker| linker.version().0 < 14) {
        return Outcome::NotRun("the start-up objects of older linkers bring no such imports");
    }
    if facts.debug.codeview.is_some() || facts.debug.vc_feature.is_some() {
        return Outcome::NotRun("the program was linked with debug information, which keeps unused code");
    }
    let is_static = rich.count(|entry| entry.kind().is_compiler()) >= STATIC_MIN;
    let is_dynamic = facts.imports.at_load().map(witness::name).any(|name| name.starts_with("vcruntime140"));
    if imported.functions == 0 || !(is_static || is_dynamic) || rich.count_of(Kind::Unmarked) > 0 {
        return Outcome::NotRun("the file does not use the run-time library of linker 14 alone");
    }
    let members = rich.count_of(Kind::Import);
    if members != imported.functions {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The Rich header counts {members} functions of import libraries, and exactly as many are imported. A file that was \
         linked without debug information imports fewer than were read, as those that only unused start-up code calls are \
         dropped. The count was set to fit."
    );
    let about = |entry: &Entry| entry.kind() == Kind::Import;
    let loci = witness::both(rich.places(about), [witness::directory_place(&facts.image, witness::IMPORT)]);
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_DROPPED_IMPORTS as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn dropped_functions_pass() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn a_count_set_to_fit_is_seen() {
        assert!(Sample::ordinary().with_count(1, 5).contradiction(&TEST).contains("counts 5 functions"));
    }

    #[test]
    fn with_debug_information_nothing_is_dropped() {
        assert!(Sample::ordinary().with_count(1, 5).with_record(12, &[0; 5]).is_not_run(&TEST));
    }
}
