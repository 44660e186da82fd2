//! Is no compiler newer than the linker?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT, rich::Entry},
};

/// Is no compiler newer than the linker?.
pub(super) const RICH_COMPILER: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-compiler",
    about: "rich_header",
    strength: Strength::Soft,
    rationale: "a linker reads the objects of compilers up to its own release",
    benign_causes: &["an object or a library from a newer release, which linkers of one major version often accept"],
    false_alarm: Rate { hits: 41, files: 1647, hit_projects: 6, projects: 122 },
    detection: Some(Rate { hits: 16, files: 1045, hit_projects: 8, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(linker) = rich.linker() else { return Outcome::NotRun("the Rich header does not end with a linker") };
    let (major, own) = (linker.version().0, linker.build);
    let is_newer = |entry: &Entry| {
        let version = entry.version().0;
        entry.kind().is_compiler() && (version > major || (version == major && major >= 14 && entry.build > own))
    };
    let Some(newer) = rich.entries.iter().find(|entry| is_newer(entry)) else { return Outcome::Consistent };
    let explain = format!(
        "The Rich header notes {} objects of {} build {}, which is newer than the linker, {} build {own}.",
        newer.count,
        newer.known().map_or("an unknown program", |product| product.name),
        newer.build,
        linker.known().map_or("an unknown program", |product| product.name),
    );
    Outcome::Inconsistent { loci: rich.places(|entry| is_newer(entry) || entry.at == linker.at), explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_COMPILER as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn older_compilers_pass() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn a_newer_compiler_is_a_lead() {
        let newer = Sample::ordinary().of(&[(0x105, 36260, 1), (0x102, 35228, 1)]);
        assert!(newer.contradiction(&TEST).contains("36260"));
        let newer = Sample::ordinary().of(&[(0xaa, 40219, 1), (0x91, 30729, 1)]);
        assert!(newer.contradiction(&TEST).contains("Utc1600_C"));
    }
}
