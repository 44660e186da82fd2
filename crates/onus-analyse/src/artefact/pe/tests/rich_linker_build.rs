//! Can the version of the linker in the optional header have the build in the Rich header?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, builds::Release, facts::Facts, rich::ABSENT, witness},
};

/// Can the version of the linker in the optional header have the build in the Rich header?.
pub(super) const RICH_LINKER_BUILD: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-linker-build",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "each minor version of linker 14 had a run of builds of its own, and one linker writes both numbers",
    benign_causes: &["a preview of a linker that was never released"],
    false_alarm: Rate { hits: 0, files: 835, hit_projects: 0, projects: 102 },
    detection: Some(Rate { hits: 0, files: 408, hit_projects: 0, projects: 18 }),
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(own) = rich.linker().filter(|own| own.version().0 == 14) else {
        return Outcome::NotRun("the builds of this linker do not tell its version");
    };
    let (major, minor) = facts.image.linker;
    let Some(span) = Release::span((major, minor)) else {
        return Outcome::NotRun("the builds of this version of the linker are not known");
    };
    if span.contains(&own.build) {
        return Outcome::Consistent;
    }
    let end = if *span.end() == u16::MAX { "on".to_owned() } else { format!("to {}", span.end()) };
    let explain = format!(
        "The optional header says linker {major}.{minor}, whose builds run from {} {end}; the Rich header says that build \
         {} linked this file.{} One linker writes both numbers in one run.",
        span.start(),
        own.build,
        Release::of_family((14, 0), own.build)
            .map(|release| format!(" That build belongs to linker {}.{}.", release.linker.0, release.linker.1))
            .unwrap_or_default(),
    );
    let loci = witness::both(rich.places(|entry| entry.at == own.at), [witness::linker_place(&facts.image)]);
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_LINKER_BUILD as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn a_build_of_the_version_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn a_build_of_another_version_is_seen() {
        let explain = Sample::ordinary().linked_by(14, 29).contradiction(&TEST);
        assert!(explain.contains("belongs to linker 14.44"), "{explain}");
    }

    #[test]
    fn a_build_before_the_version_is_seen() {
        let shifted = Sample::default().of(&[(0x102, 34800, 1)]);
        assert!(shifted.contradiction(&TEST).contains("build 34800"));
    }

    #[test]
    fn an_unknown_version_is_not_judged() {
        assert!(Sample::ordinary().linked_by(14, 90).is_not_run(&TEST));
        assert!(Sample::default().of(&[(0x91, 30729, 1)]).linked_by(9, 0).is_not_run(&TEST));
    }
}
