//! Do the tables of resources say the time of the file header?

use super::super::{Pe, facts::Facts, stamps};
use crate::artefact::{
    build_time::{from_dos, span, utc},
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Do the tables of resources say the time of the file header?
pub(super) const TIME_RESOURCE: ConsistencyTest<Pe> = ConsistencyTest {
    id: "time-resource",
    about: "resource_time",
    strength: Strength::Soft,
    rationale: "most linkers leave the stamps of resources empty; the others write the time of the build, some of them \
                as local time in the form of MS-DOS",
    benign_causes: &[
        "resources that were written by a tool after linking",
        "resources that were compiled in an earlier step",
        "a linker that writes another number there",
    ],
    false_alarm: Rate { hits: 0, files: 1, hit_projects: 0, projects: 1 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let tables = facts.resources.tables.iter().filter(|table| !stamps::is_none(table.stamp));
    let mut tables = tables.peekable();
    if tables.peek().is_none() {
        return Outcome::NotRun("no table of resources carries a stamp");
    }
    let Some(stamp) = stamps::coff_time(facts) else {
        return Outcome::NotRun("the file header carries no time");
    };
    let is_same =
        |other: u32| other.abs_diff(stamp) <= stamps::TOLERANCE || stamps::dos_offset(other, Some(stamp)).is_some();
    let Some(table) = tables.find(|table| !is_same(table.stamp)) else { return Outcome::Consistent };
    let dos = from_dos(table.stamp).and_then(|seconds| u32::try_from(seconds).ok());
    // Of the two readings the one nearer to the file header is meant.
    let said = [Some(table.stamp), dos].into_iter().flatten().min_by_key(|time| time.abs_diff(stamp));
    let said = said.unwrap_or(table.stamp);
    let header = facts.image.header + 8;
    Outcome::Inconsistent {
        loci: vec![header..header + 4, table.at + 4..table.at + 8],
        explain: format!(
            "The file header says {}, a table of resources {}; they are {} apart.",
            utc(stamp),
            utc(said),
            span(u64::from(said.abs_diff(stamp))),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::TIME_RESOURCE as TEST;
    use crate::artefact::pe::given::{bytes, header, outcome};

    #[test]
    fn local_time_of_the_same_moment_passes() {
        let innocent = bytes(include_str!("../../../../fixtures/pe/innocent_local_time_in_resources.hex"));
        assert_eq!(outcome(&TEST, &innocent), "consistent");
    }

    #[test]
    fn another_day_is_a_lead() {
        let mut image = bytes(include_str!("../../../../fixtures/pe/innocent_local_time_in_resources.hex"));
        let at = header(&image) + 8;
        image[at + 2] += 4;
        assert!(outcome(&TEST, &image).contains("a table of resources 2022-04-15"));
    }

    #[test]
    fn empty_stamps_are_not_compared() {
        assert_eq!(
            outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"))),
            "not run"
        );
    }
}
