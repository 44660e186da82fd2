//! Is there an export directory if and only if the linker noted the object that holds it?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, witness},
};

/// Is there an export directory if and only if the linker noted the object that holds it?.
pub(super) const RICH_EXPORTS: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-exports",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the linker makes one object for the export directory itself, and notes it in the Rich header with its own build",
    benign_causes: &["a tool that added or removed an export directory after linking"],
    false_alarm: Rate { hits: 0, files: 1647, hit_projects: 0, projects: 122 },
    detection: Some(Rate { hits: 210, files: 1045, hit_projects: 19, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(linker) = rich.linker().filter(|linker| linker.version().0 >= 7) else {
        return Outcome::NotRun("linkers before 7 do not note the object of the export directory");
    };
    let is_export = |entry: &crate::artefact::pe::rich::Entry| entry.kind() == Kind::Export;
    let count = rich.count_of(Kind::Export);
    let has_directory = facts.image.directory(witness::EXPORT).is_some();
    let other = rich.entries.iter().find(|entry| is_export(entry) && entry.build != linker.build);
    let explain = match (count, has_directory, other) {
        (0, false, _) | (1, true, None) => return Outcome::Consistent,
        (0, true, _) => "This file has an export directory, but the Rich header notes no object for one.".to_owned(),
        (_, false, _) => {
            format!(
                "The Rich header notes {count} object(s) of an export directory, but this file has no such directory."
            )
        }
        (1, true, Some(other)) => format!(
            "The object of the export directory is noted with build {}, and the linker with build {}; one program makes \
             both.",
            other.build, linker.build
        ),
        _ => format!("The Rich header notes {count} objects of an export directory; a file has at most one."),
    };
    let loci = witness::both(rich.places(is_export), [witness::directory_place(&facts.image, witness::EXPORT)]);
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_EXPORTS as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn both_or_neither_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
        let both = Sample { exports: true, ..Sample::default() }.of(&[(0x100, 35228, 1), (0x102, 35228, 1)]);
        assert_eq!(both.contradiction(&TEST), "");
    }

    #[test]
    fn one_without_the_other_is_seen() {
        let directory = Sample { exports: true, ..Sample::ordinary() };
        assert!(directory.contradiction(&TEST).contains("notes no object"));
        let object = Sample::default().of(&[(0x100, 35228, 1), (0x102, 35228, 1)]);
        assert!(object.contradiction(&TEST).contains("no such directory"));
    }

    #[test]
    fn an_object_of_another_build_is_seen() {
        let other = Sample { exports: true, ..Sample::default() }.of(&[(0x100, 35222, 1), (0x102, 35228, 1)]);
        assert!(other.contradiction(&TEST).contains("35222"));
    }

    #[test]
    fn linker_6_is_not_judged() {
        assert!(Sample { exports: true, ..Sample::default() }.of(&[(0x04, 8447, 1)]).is_not_run(&TEST));
    }
}
