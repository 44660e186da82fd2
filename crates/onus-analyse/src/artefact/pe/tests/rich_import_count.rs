//! Did the linker read at least as many members of import libraries as the file imports functions?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, witness, witness::Imported},
};

/// Did the linker read at least as many members of import libraries as the file imports functions?.
pub(super) const RICH_IMPORT_COUNT: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-import-count",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "every imported function comes from a member of an import library; the linker counts the members it read, those without a mark apart",
    benign_causes: &["a tool that added imports after linking"],
    false_alarm: Rate { hits: 0, files: 1605, hit_projects: 0, projects: 123 },
    detection: Some(Rate { hits: 374, files: 1100, hit_projects: 16, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(imported) = Imported::of(facts) else { return Outcome::NotRun("not all imports were read") };
    if imported.functions == 0 {
        return Outcome::NotRun("the file imports nothing");
    }
    let (members, unmarked) = (rich.count_of(Kind::Import), rich.count_of(Kind::Unmarked));
    let functions = imported.functions;
    if members.saturating_add(unmarked) >= functions {
        // More are no contradiction: the linker drops those that only unused code calls.
        return Outcome::Consistent;
    }
    let explain = format!(
        "This file imports {functions} functions, but the linker read only {members} members of import libraries, and \
         {unmarked} objects without a mark; each function needs one."
    );
    let about = |entry: &crate::artefact::pe::rich::Entry| matches!(entry.kind(), Kind::Import | Kind::Unmarked);
    let loci = witness::both(rich.places(about), [witness::directory_place(&facts.image, witness::IMPORT)]);
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_IMPORT_COUNT as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn a_member_for_each_function_passes() {
        assert_eq!(Sample::ordinary().with_count(1, 5).contradiction(&TEST), "");
    }

    #[test]
    fn too_few_members_are_seen() {
        let explain = Sample::ordinary().with_count(1, 4).contradiction(&TEST);
        assert!(explain.contains("imports 5 functions") && explain.contains("only 4 members"), "{explain}");
    }

    #[test]
    fn functions_that_were_dropped_pass() {
        assert_eq!(Sample::ordinary().with_count(1, 900).contradiction(&TEST), "");
    }

    #[test]
    fn members_without_a_mark_are_allowed_for() {
        let mut foreign = Sample::ordinary().with_count(1, 4);
        foreign.entries.insert(0, (0, 0, 1));
        assert_eq!(foreign.contradiction(&TEST), "");
    }
}
