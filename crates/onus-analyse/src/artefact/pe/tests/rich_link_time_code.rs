//! Was code compiled while linking, as the Rich header says?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, rich::Entry, witness},
};

/// Was code compiled while linking, as the Rich header says?.
pub(super) const RICH_LINK_TIME_CODE: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-link-time-code",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "where code is compiled while linking, linker 14 notes it in the record of groups of the debug directory as well",
    benign_causes: &["none is known from linker 14 on"],
    false_alarm: Rate { hits: 0, files: 806, hit_projects: 0, projects: 97 },
    detection: Some(Rate { hits: 68, files: 363, hit_projects: 7, projects: 15 }),
    forge_cost: ForgeCost::F3,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(groups) = &facts.debug.pogo else { return Outcome::NotRun("the debug directory has no record of groups") };
    if rich.linker().is_none_or(|linker| linker.version().0 < 14) {
        return Outcome::NotRun("linkers before 14 do not note it twice");
    }
    let about = |entry: &Entry| entry.kind() == Kind::LinkTime && entry.version().0 == 14;
    let noted = rich.count(about);
    // A linker that was told to compile but had nothing to leaves its mark in the record all the same.
    if noted == 0 || groups.signature != 0 {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The Rich header notes {noted} objects that were compiled while linking; the record of groups in the debug \
         directory says that nothing was. One linker writes both in one run."
    );
    let place = groups.at..groups.at + 4;
    Outcome::Inconsistent { loci: witness::both(rich.places(about), [place]), explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_LINK_TIME_CODE as TEST;
    use crate::artefact::pe::sample::Sample;

    const COMPILED: u32 = 0x4c54_4347;

    fn sample(product: u16, signature: u32) -> Sample {
        Sample::default().of(&[(product, 35228, 4), (0x102, 35228, 1)]).with_record(13, &[signature, 0])
    }

    #[test]
    fn both_or_only_the_record_pass() {
        assert_eq!(sample(0x109, COMPILED).contradiction(&TEST), "");
        assert_eq!(sample(0x105, COMPILED).contradiction(&TEST), "");
        assert_eq!(sample(0x105, 0).contradiction(&TEST), "");
    }

    #[test]
    fn objects_without_the_record_are_seen() {
        assert!(sample(0x109, 0).contradiction(&TEST).contains("4 objects"));
    }

    #[test]
    fn without_the_record_it_does_not_run() {
        assert!(Sample::ordinary().is_not_run(&TEST));
    }
}
