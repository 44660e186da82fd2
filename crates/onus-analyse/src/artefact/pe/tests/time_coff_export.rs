//! Do the file header and the export directory say the same time?

use super::super::{Pe, facts::Facts, stamps};
use crate::artefact::{
    build_time::{span, utc},
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Seconds that lie between the steps of one build, at most: two hours.
const BUILD: u32 = 7200;

/// Do the file header and the export directory say the same time?
pub(super) const TIME_COFF_EXPORT: ConsistencyTest<Pe> = ConsistencyTest {
    id: "time-coff-export",
    about: "coff_time",
    strength: Strength::Soft,
    rationale: "the linker writes both in one build",
    benign_causes: &[
        "a library of exports that was made in an earlier build",
        "a vendor's tool that rebuilds the headers of run-time libraries",
        "a tool that sets the time of the file header for reproducible builds",
    ],
    false_alarm: Rate { hits: 0, files: 270, hit_projects: 0, projects: 12 },
    detection: Some(Rate { hits: 100, files: 100, hit_projects: 4, projects: 4 }),
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(exports) = facts.exports.as_ref().filter(|exports| !stamps::is_none(exports.stamp)) else {
        return Outcome::NotRun("the export directory carries no stamp");
    };
    let Some(stamp) = stamps::coff_time(facts) else {
        return Outcome::NotRun("the file header carries no time");
    };
    let apart = exports.stamp.abs_diff(stamp);
    if apart <= BUILD {
        return Outcome::Consistent;
    }
    let header = facts.image.header + 8;
    Outcome::Inconsistent {
        loci: vec![header..header + 4, exports.at + 4..exports.at + 8],
        explain: format!(
            "The file header says {}, the export directory {}; they are {} apart.",
            utc(stamp),
            utc(exports.stamp),
            span(u64::from(apart)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::TIME_COFF_EXPORT as TEST;
    use crate::artefact::pe::given::{bytes, header, outcome};

    #[test]
    fn one_build_passes_and_another_day_is_a_lead() {
        let mut image = bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"));
        assert_eq!(outcome(&TEST, &image), "consistent");
        // Two bytes up: 65,536 seconds a step.
        let at = header(&image) + 8;
        image[at + 2] += 2;
        assert!(outcome(&TEST, &image).contains("apart"));
    }

    #[test]
    fn hashes_are_not_compared_as_times() {
        assert_eq!(outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/reproducible_build.hex"))), "not run");
    }
}
