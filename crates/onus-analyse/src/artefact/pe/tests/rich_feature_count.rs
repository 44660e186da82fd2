//! Do two counts of the same compiled objects agree?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT, rich::Entry, witness},
};

/// Do two counts of the same compiled objects agree?.
pub(super) const RICH_FEATURE_COUNT: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-feature-count",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the linker counts the objects of C and C++ compilers from Visual C++ 11 on twice in one run: by program in the Rich header, by feature in a record of the debug directory",
    benign_causes: &["a compiler that is newer than the table of programs; the test does not run then"],
    false_alarm: Rate { hits: 0, files: 389, hit_projects: 0, projects: 46 },
    detection: Some(Rate { hits: 164, files: 366, hit_projects: 7, projects: 7 }),
    forge_cost: ForgeCost::F3,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(feature) = facts.debug.vc_feature else {
        return Outcome::NotRun("the debug directory has no record of objects by feature");
    };
    if rich.entries.iter().any(|entry| entry.known().is_none()) {
        return Outcome::NotRun("the Rich header names a program that is not known");
    }
    let about = |entry: &Entry| entry.kind().is_compiler() && entry.version() >= (11, 0);
    let (noted, counted) = (rich.count(about), u64::from(feature.counts[1]));
    if noted == counted {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The Rich header notes {noted} objects of C and C++ compilers from Visual C++ 11 on; the record of the debug \
         directory that counts the same objects by feature says {counted}. One linker writes both in one run."
    );
    Outcome::Inconsistent { loci: witness::both(rich.places(about), [witness::place(feature.at, 20)]), explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_FEATURE_COUNT as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn equal_counts_pass() {
        assert_eq!(Sample::ordinary().with_record(12, &[0, 25, 25, 0, 21]).contradiction(&TEST), "");
    }

    #[test]
    fn other_counts_are_seen() {
        let explain = Sample::ordinary().with_record(12, &[0, 26, 26, 0, 21]).contradiction(&TEST);
        assert!(explain.contains("notes 25 objects") && explain.contains("says 26"), "{explain}");
    }

    #[test]
    fn objects_converted_from_intermediate_language_count() {
        let mut converted = Sample::ordinary().with_record(12, &[0, 26, 26, 0, 21]);
        converted.entries.insert(0, (0x107, 33145, 1));
        assert_eq!(converted.contradiction(&TEST), "");
    }

    #[test]
    fn without_the_record_it_does_not_run() {
        assert!(Sample::ordinary().is_not_run(&TEST));
    }
}
