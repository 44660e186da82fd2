//! Does the debug directory count at least as many old objects as the Rich header?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT, rich::Entry, witness},
};

/// Does the debug directory count at least as many old objects as the Rich header?.
pub(super) const RICH_FEATURE_OLD_COUNT: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-feature-old-count",
    about: "rich_header",
    strength: Strength::Soft,
    rationale: "the record of objects by feature counts those of compilers before Visual C++ 11, and objects without a mark, in one number",
    benign_causes: &["an old object converted from intermediate language, which the record does not count"],
    false_alarm: Rate { hits: 0, files: 389, hit_projects: 0, projects: 46 },
    detection: Some(Rate { hits: 70, files: 366, hit_projects: 6, projects: 7 }),
    forge_cost: ForgeCost::F3,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(feature) = facts.debug.vc_feature else {
        return Outcome::NotRun("the debug directory has no record of objects by feature");
    };
    let about = |entry: &Entry| entry.kind().is_compiler() && entry.version() < (11, 0);
    let (noted, counted) = (rich.count(about), u64::from(feature.counts[0]));
    if noted <= counted {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The Rich header notes {noted} objects of compilers before Visual C++ 11; the record of the debug directory that \
         counts them and others says {counted}."
    );
    Outcome::Inconsistent { loci: witness::both(rich.places(about), [witness::place(feature.at, 20)]), explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_FEATURE_OLD_COUNT as TEST;
    use crate::artefact::pe::sample::Sample;

    fn with_old(noted: u32, counted: u32) -> Sample {
        Sample::default().of(&[(0x83, 30729, noted), (0x102, 35228, 1)]).with_record(12, &[counted, 0, 0, 0, 0])
    }

    #[test]
    fn at_least_as_many_pass() {
        assert_eq!(with_old(2, 2).contradiction(&TEST), "");
        assert_eq!(with_old(2, 9).contradiction(&TEST), "");
    }

    #[test]
    fn fewer_are_a_lead() {
        assert!(with_old(3, 2).contradiction(&TEST).contains("3 objects"));
    }
}
