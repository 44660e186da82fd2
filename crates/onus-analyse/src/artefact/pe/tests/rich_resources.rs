//! Are there resources if the linker noted an object or a file of resources?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, rich::Entry, witness},
};

/// Are there resources if the linker noted an object or a file of resources?.
pub(super) const RICH_RESOURCES: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-resources",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the object that resources are converted to ends up as the resource directory",
    benign_causes: &["a tool that removed all resources after linking"],
    false_alarm: Rate { hits: 0, files: 701, hit_projects: 0, projects: 95 },
    detection: Some(Rate { hits: 110, files: 440, hit_projects: 9, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let (objects, files) = (rich.count_of(Kind::ResourceObject), rich.count_of(Kind::ResourceFile));
    if objects == 0 && files == 0 {
        // Manifests are put into the directory after linking, so that a directory alone says nothing.
        return Outcome::NotRun("the linker noted no resources");
    }
    let about = |entry: &Entry| matches!(entry.kind(), Kind::ResourceObject | Kind::ResourceFile);
    let loci = witness::both(rich.places(about), [witness::directory_place(&facts.image, witness::RESOURCE)]);
    if facts.image.directory(witness::RESOURCE).is_none() {
        let explain = format!(
            "The Rich header notes {} object(s) of resources, but this file has no resource directory.",
            objects + files
        );
        return Outcome::Inconsistent { loci, explain };
    }
    if objects == 0 {
        let explain = format!(
            "The Rich header notes {files} file(s) of resources but no object that they were converted to; the linker \
             always converts them."
        );
        return Outcome::Inconsistent { loci, explain };
    }
    Outcome::Consistent
}

#[cfg(test)]
mod tests {
    use super::RICH_RESOURCES as TEST;
    use crate::artefact::pe::sample::Sample;

    fn with_object(resources: bool) -> Sample {
        Sample { resources, ..Sample::default() }.of(&[(0xff, 35228, 1), (0x102, 35228, 1)])
    }

    #[test]
    fn an_object_with_a_directory_passes() {
        assert_eq!(with_object(true).contradiction(&TEST), "");
    }

    #[test]
    fn an_object_without_a_directory_is_seen() {
        assert!(with_object(false).contradiction(&TEST).contains("no resource directory"));
    }

    #[test]
    fn a_file_that_was_not_converted_is_seen() {
        let file = Sample { resources: true, ..Sample::default() }.of(&[(0x97, 0, 1), (0x102, 35228, 1)]);
        assert!(file.contradiction(&TEST).contains("no object"));
    }

    #[test]
    fn a_directory_without_an_object_is_not_judged() {
        assert!(Sample { resources: true, ..Sample::ordinary() }.is_not_run(&TEST));
    }
}
