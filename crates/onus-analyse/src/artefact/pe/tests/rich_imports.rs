//! Does the file import anything if and only if the linker read members of import libraries?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, witness},
};

/// Does the file import anything if and only if the linker read members of import libraries?.
pub(super) const RICH_IMPORTS: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-imports",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "every function that a file imports is a member of an import library, and the linker counts those members",
    benign_causes: &["import libraries of other makers, whose members carry no mark; the test allows for them"],
    false_alarm: Rate { hits: 0, files: 1649, hit_projects: 0, projects: 123 },
    detection: Some(Rate { hits: 0, files: 1100, hit_projects: 0, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let members = rich.count_of(Kind::Import);
    let imports = witness::has_imports(&facts.image);
    let explain = match (members, imports) {
        (0, true) if rich.count_of(Kind::Unmarked) == 0 => {
            "This file imports functions, but the Rich header notes no member of an import library.".to_owned()
        }
        (1.., false) => {
            format!("The Rich header notes {members} members of import libraries, but this file imports nothing.")
        }
        _ => return Outcome::Consistent,
    };
    let about = |entry: &crate::artefact::pe::rich::Entry| entry.kind() == Kind::Import;
    let loci = witness::both(rich.places(about), [witness::directory_place(&facts.image, witness::IMPORT)]);
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_IMPORTS as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn imports_with_members_pass() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn one_without_the_other_is_seen() {
        assert!(Sample::ordinary().with_count(1, 0).contradiction(&TEST).contains("no member"));
        assert!(Sample::ordinary().importing(&[]).contradiction(&TEST).contains("imports nothing"));
    }

    #[test]
    fn members_without_a_mark_are_allowed_for() {
        let foreign = Sample::default().of(&[(0, 0, 4), (0x102, 35228, 1)]).importing(&[("a.dll", 2)]);
        assert_eq!(foreign.contradiction(&TEST), "");
    }
}
