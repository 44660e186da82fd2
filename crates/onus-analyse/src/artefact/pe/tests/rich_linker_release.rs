//! Is the build of the linker one that was released?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, builds::Release, facts::Facts, rich::ABSENT},
};

/// Is the build of the linker one that was released?.
pub(super) const RICH_LINKER_RELEASE: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-linker-release",
    about: "rich_header",
    strength: Strength::Soft,
    rationale: "linkers that reach developers are those of releases, and their builds are known",
    benign_causes: &[
        "a preview, a hotfix or an internal build of the maker of the linker",
        "a release that is newer than the table",
    ],
    false_alarm: Rate { hits: 50, files: 835, hit_projects: 7, projects: 102 },
    detection: Some(Rate { hits: 0, files: 408, hit_projects: 0, projects: 18 }),
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(own) = rich.linker().filter(|own| own.version().0 == 14) else {
        return Outcome::NotRun("the builds of this linker are not all known");
    };
    if Release::span(facts.image.linker).is_none() {
        return Outcome::NotRun("the builds of this version of the linker are not known");
    }
    if Release::of_family((14, 0), own.build).is_some() {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The Rich header says that build {} of linker 14 linked this file; no release with that build is known.",
        own.build
    );
    Outcome::Inconsistent { loci: rich.places(|entry| entry.at == own.at), explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_LINKER_RELEASE as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn a_released_build_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn a_build_between_releases_is_a_lead() {
        let shifted = Sample::default().of(&[(0x102, 24041, 1)]).linked_by(14, 0);
        assert!(shifted.contradiction(&TEST).contains("24041"));
    }

    #[test]
    fn older_linkers_are_not_judged() {
        assert!(Sample::default().of(&[(0x91, 1, 1)]).linked_by(9, 0).is_not_run(&TEST));
    }
}
