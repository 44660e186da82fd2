//! Is the image said to be older than the compiler or the sources that it names?

use std::ops::Range;

use jiff::{civil::Date, tz::TimeZone};

use super::super::{Pe, facts::Facts, signing::in_words, stamps};
use crate::artefact::{
    build_time::{span, utc},
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::{Tool, release, rust_version},
};

/// Seconds by which a compiler can be in use before its release: 60 days of test versions.
const GRACE: i64 = 60 * 86_400;

/// Is the image said to be older than the compiler or the sources that it names?
pub(super) const TIME_TOOLCHAIN: ConsistencyTest<Pe> = ConsistencyTest {
    id: "time-toolchain",
    about: "coff_time",
    strength: Strength::Soft,
    rationale: "a program is built after its compiler was released and after its sources were written",
    benign_causes: &[
        "a test version of the compiler, in use long before its release",
        "a stamp fixed by a build system so that builds are reproducible",
        "a clock that was wrong on the machine that linked",
    ],
    false_alarm: Rate { hits: 0, files: 11, hit_projects: 0, projects: 7 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

/// A moment before which the image cannot have been built.
struct Earliest {
    seconds: i64,
    what: String,
    range: Range<usize>,
}

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(stamp) = stamps::coff_time(facts) else {
        return Outcome::NotRun("the file header carries no time");
    };
    let Some(earliest) = earliest(facts).into_iter().max_by_key(|earliest| earliest.seconds) else {
        return Outcome::NotRun("no compiler with a known day names itself");
    };
    let early = earliest.seconds - i64::from(stamp);
    if early <= GRACE {
        return Outcome::Consistent;
    }
    let header = facts.image.header + 8;
    Outcome::Inconsistent {
        loci: vec![header..header + 4, earliest.range],
        explain: format!(
            "The file says that it was linked at {}, {} before {}, {}.",
            utc(stamp),
            span(early.unsigned_abs()),
            earliest.what,
            in_words(earliest.seconds),
        ),
    }
}

fn earliest(facts: &Facts<'_>) -> Vec<Earliest> {
    let makers = facts.makers();
    let of_day = |day: u32, what: String, range: &Range<usize>| {
        Some(Earliest { seconds: seconds(day)?, what: format!("{what} came out"), range: range.clone() })
    };
    let idents = makers.idents.iter().filter_map(|ident| {
        let day = ident.day.or_else(|| release(ident.tool, ident.version?))?;
        of_day(day, ident.text.clone(), &ident.range)
    });
    let rust = makers.rust.as_ref().and_then(|(commit, range)| {
        let (version, day) = rust_version(commit)?;
        of_day(day, format!("rustc {}", version.in_words()), range)
    });
    let go = makers
        .go
        .as_ref()
        .and_then(|go| of_day(release(Tool::Go, go.numbers()?)?, go.version.lossy(), &go.version.range()));
    let sources = makers.go.as_ref().and_then(|go| {
        let (time, range) = go.setting("vcs.time")?;
        let seconds = time.parse::<jiff::Timestamp>().ok()?.as_second();
        Some(Earliest { seconds, what: "the time of the sources that it names".to_owned(), range })
    });
    idents.chain(rust).chain(go).chain(sources).collect()
}

/// Returns the first second of a day that is written as a number, 20150623.
fn seconds(day: u32) -> Option<i64> {
    let part = |number: u32| i8::try_from(number).ok();
    let year = i16::try_from(day / 10_000).ok()?;
    let date = Date::new(year, part(day / 100 % 100)?, part(day % 100)?).ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::TIME_TOOLCHAIN as TEST;
    use crate::artefact::pe::given::{bytes, outcome};

    #[test]
    fn a_link_before_the_sources_is_a_lead() {
        let planted = bytes(include_str!("../../../../fixtures/pe/planted_stamp_before_the_sources.hex"));
        assert!(outcome(&TEST, &planted).contains("381 days before the time of the sources"));
    }

    #[test]
    fn a_compiler_that_does_not_name_itself_is_not_judged() {
        assert_eq!(
            outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"))),
            "not run"
        );
    }
}
