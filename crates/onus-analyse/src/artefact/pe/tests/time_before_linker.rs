//! Is the image said to be older than the linker that made it?

use jiff::tz::TimeZone;

use super::super::{Pe, facts::Facts, linker_dates, stamps};
use crate::artefact::{
    build_time::{span, utc},
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Days by which a linker can be in use before the first release of the table: in the house that makes it, and by the
/// testers of its early previews, which came up to nine months before.
const GRACE: i64 = 270;

const SECONDS_OF_A_DAY: u32 = 86_400;

/// Is the image said to be older than the linker that made it?
pub(super) const TIME_BEFORE_LINKER: ConsistencyTest<Pe> = ConsistencyTest {
    id: "time-before-linker",
    about: "coff_time",
    strength: Strength::Hard,
    rationale: "a program cannot be linked before its linker exists",
    benign_causes: &[
        "a build of the maker of the linker, or of its testers, more than nine months before the first release",
        "a clock that was years behind on the machine that linked",
        "a stamp with a time of day, fixed by a build system so that builds are reproducible",
    ],
    false_alarm: Rate { hits: 0, files: 580, hit_projects: 0, projects: 31 },
    detection: Some(Rate { hits: 100, files: 100, hit_projects: 21, projects: 21 }),
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(stamp) = stamps::coff_time(facts) else {
        return Outcome::NotRun("the file header carries no time");
    };
    if stamp.is_multiple_of(SECONDS_OF_A_DAY) {
        return Outcome::NotRun("the stamp is a day without a time, as tools for reproducible builds set it");
    }
    if !facts.is_linked_by_microsoft() {
        return Outcome::NotRun("nothing but its version says that the linker is Microsoft's");
    }
    let (major, minor) = facts.image.linker;
    let first = linker_dates::earliest((major, minor));
    let Some((release, day)) = first else { return Outcome::NotRun("no day is known for this linker") };
    let Ok(begin) = day.to_zoned(TimeZone::UTC) else { return Outcome::NotRun("no day is known for this linker") };
    let early = begin.timestamp().as_second() - i64::from(stamp);
    if early <= GRACE * i64::from(SECONDS_OF_A_DAY) {
        return Outcome::Consistent;
    }
    let version = facts.image.optional_header + 2;
    Outcome::Inconsistent {
        loci: vec![facts.image.header + 8..facts.image.header + 12, version..version + 2],
        explain: format!(
            "The file says that it was linked at {}, with linker {major}.{minor:02}. That linker is not older \
             than {}, which came out on {}, {} later.",
            utc(stamp),
            release.name,
            day,
            span(early.unsigned_abs()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::TIME_BEFORE_LINKER as TEST;
    use crate::artefact::pe::given::{bytes, header, outcome};

    #[test]
    fn a_stamp_before_the_linker_is_a_contradiction() {
        let planted = bytes(include_str!("../../../../fixtures/pe/planted_stamps_before_the_linker.hex"));
        assert!(outcome(&TEST, &planted).contains("1999-06-21"));
    }

    #[test]
    fn a_stamp_after_the_linker_passes() {
        assert_eq!(
            outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"))),
            "consistent"
        );
    }

    #[test]
    fn a_preview_half_a_year_before_the_release_passes() {
        let mut image = bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"));
        let at = header(&image) + 8;
        // 1 December 2020, 01:01:01; linker 14.29 was released on 25 May 2021.
        image[at..at + 4].copy_from_slice(&1_606_784_461_u32.to_le_bytes());
        assert_eq!(outcome(&TEST, &image), "consistent");
    }

    #[test]
    fn a_day_without_a_time_is_not_judged() {
        let mut image = bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"));
        let at = header(&image) + 8;
        // 1 January 2010, 00:00:00.
        image[at..at + 4].copy_from_slice(&1_262_304_000_u32.to_le_bytes());
        assert_eq!(outcome(&TEST, &image), "not run");
    }

    #[test]
    fn another_maker_s_linker_with_such_a_version_is_not_judged() {
        let image = bytes(include_str!("../../../../fixtures/pe/planted_stamp_before_the_sources.hex"));
        assert_eq!(outcome(&TEST, &image), "not run");
    }
}
