//! Does the time of the file header fall on a full hour?

use super::super::{Pe, facts::Facts, stamps};
use crate::artefact::{
    build_time::utc,
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Does the time of the file header fall on a full hour?
pub(super) const TIME_WHOLE_HOUR: ConsistencyTest<Pe> = ConsistencyTest {
    id: "time-whole-hour",
    about: "coff_time",
    strength: Strength::Soft,
    rationale: "a linker stops at any second; one in 3,600 images falls on a full hour by chance",
    benign_causes: &[
        "chance, once in 3,600 files",
        "a maker that sets round stamps on every release",
        "a build system that takes the stamp from a date without a time",
    ],
    false_alarm: Rate { hits: 4, files: 606, hit_projects: 2, projects: 35 },
    detection: Some(Rate { hits: 100, files: 100, hit_projects: 21, projects: 21 }),
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(stamp) = stamps::coff_time(facts) else {
        return Outcome::NotRun("the file header carries no time");
    };
    if !stamp.is_multiple_of(3600) {
        return Outcome::Consistent;
    }
    let header = facts.image.header + 8;
    Outcome::Inconsistent {
        loci: std::iter::once(header..header + 4).collect(),
        explain: format!("The file header says {}, a full hour to the second, as somebody would set it.", utc(stamp)),
    }
}

#[cfg(test)]
mod tests {
    use super::TIME_WHOLE_HOUR as TEST;
    use crate::artefact::pe::given::{bytes, outcome};

    #[test]
    fn a_full_hour_is_a_lead_and_any_other_second_is_not() {
        let planted = bytes(include_str!("../../../../fixtures/pe/planted_whole_hour_and_stale_checksum.hex"));
        assert!(outcome(&TEST, &planted).contains("2022-04-15T06:00:00Z"));
        assert_eq!(
            outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"))),
            "consistent"
        );
    }
}
