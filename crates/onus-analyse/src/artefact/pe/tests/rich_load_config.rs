//! Is the load configuration not newer than the linker in the Rich header?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, builds::Release, facts::Facts, rich::ABSENT, witness},
};

/// Is the load configuration not newer than the linker in the Rich header?.
pub(super) const RICH_LOAD_CONFIG: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-load-config",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the load configuration comes from the run-time library of the linker and grew with its releases",
    benign_causes: &["a program that defines its load configuration itself, from the headers of a newer Windows"],
    false_alarm: Rate { hits: 0, files: 1264, hit_projects: 0, projects: 116 },
    detection: Some(Rate { hits: 396, files: 980, hit_projects: 16, projects: 18 }),
    forge_cost: ForgeCost::F3,
    run,
};

/// Sizes, at most, up to a version of the linker: of programs of 32 and of 64 bits. One step is left as slack.
const LARGEST: [((u8, u8), u32, u32); 4] =
    [((13, 255), 104, 160), ((14, 9), 164, 264), ((14, 19), 188, 312), ((14, 29), 192, 320)];

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some((linker, version)) = rich.claimed() else { return Outcome::NotRun("the Rich header names no linker") };
    let Some(config) = facts.load_config else { return Outcome::NotRun("the file has no load configuration") };
    let version = match version {
        (14, _) => Release::of_family((14, 0), linker.build).map(|release| release.linker),
        version => Some(version),
    };
    let Some(version) = version else { return Outcome::NotRun("the release of the linker is not known") };
    let Some((_, small, large)) = LARGEST.into_iter().find(|(last, ..)| version <= *last) else {
        return Outcome::Consistent;
    };
    let largest = if facts.image.is_64 { large } else { small };
    if config.size <= largest {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The Rich header says that linker {}.{} made this file. The load configuration of its time had at most {largest} \
         bytes; that of this file has {}.",
        version.0, version.1, config.size
    );
    let loci = witness::both(rich.places(|entry| entry.at == linker.at), [witness::place(config.at, 4)]);
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_LOAD_CONFIG as TEST;
    use crate::artefact::pe::sample::Sample;

    fn linked_by(product: u16, build: u16, size: u32) -> Sample {
        Sample { load_config: Some(size), ..Sample::default() }.of(&[(product, build, 1)])
    }

    #[test]
    fn a_size_of_the_time_passes() {
        assert_eq!(linked_by(0x102, 35228, 320).contradiction(&TEST), "");
        assert_eq!(linked_by(0xde, 40629, 112).contradiction(&TEST), "");
    }

    #[test]
    fn a_size_of_later_is_seen() {
        let explain = linked_by(0xde, 40629, 320).contradiction(&TEST);
        assert!(explain.contains("linker 12.0") && explain.contains("has 320"), "{explain}");
    }

    #[test]
    fn an_unknown_build_is_not_judged() {
        assert!(linked_by(0x102, 1, 320).is_not_run(&TEST));
    }
}
