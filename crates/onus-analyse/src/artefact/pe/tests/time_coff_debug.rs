//! Do the file header and the debug directory say the same time?

use super::super::{Pe, facts::Facts, stamps};
use crate::artefact::{
    build_time::{span, utc},
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Do the file header and the debug directory say the same time?
pub(super) const TIME_COFF_DEBUG: ConsistencyTest<Pe> = ConsistencyTest {
    id: "time-coff-debug",
    about: "coff_time",
    strength: Strength::Soft,
    rationale: "the linker writes both in one run, a time into both or parts of one hash into both",
    benign_causes: &[
        "a tool that sets the time of the file header for reproducible builds and forgets the debug directory",
        "debug records that were added or replaced after linking",
        "a slow link over a network, seconds or minutes apart",
    ],
    false_alarm: Rate { hits: 2, files: 710, hit_projects: 1, projects: 33 },
    detection: Some(Rate { hits: 300, files: 300, hit_projects: 21, projects: 21 }),
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let stamped = facts.debug.entries.iter().filter(|entry| !stamps::is_none(entry.stamp));
    let stamped: Vec<_> = stamped.map(|entry| (entry.stamp, entry.at + 4)).collect();
    if stamped.is_empty() {
        return Outcome::NotRun("no entry of the debug directory carries a stamp");
    }
    if stamps::is_none(facts.image.coff_time) {
        return Outcome::NotRun("the file header carries no stamp");
    }
    match (&facts.debug.repro, &facts.dotnet) {
        (Some(_), Some(_)) => managed_hash(facts, &stamped),
        (Some(_), None) => hash(facts, &stamped),
        (None, _) => time(facts, &stamped),
    }
}

fn time(facts: &Facts<'_>, stamped: &[(u32, usize)]) -> Outcome {
    let Some(stamp) = stamps::coff_time(facts) else {
        return Outcome::NotRun("the stamp of the file header is no time");
    };
    let apart = |other: u32| other.abs_diff(stamp);
    let farthest = stamped.iter().max_by_key(|(other, _)| apart(*other));
    match farthest.filter(|(other, _)| apart(*other) > stamps::TOLERANCE) {
        None => Outcome::Consistent,
        Some((other, _)) => Outcome::Inconsistent {
            loci: loci(facts, stamped),
            explain: format!(
                "The file header says {}, the debug directory {}; they are {} apart, although one run of the linker writes both.",
                utc(stamp),
                utc(*other),
                span(u64::from(apart(*other))),
            ),
        },
    }
}

/// A linker writes the same part of the hash everywhere.
fn hash(facts: &Facts<'_>, stamped: &[(u32, usize)]) -> Outcome {
    let stamp = facts.image.coff_time;
    match stamped.iter().find(|(other, _)| *other != stamp) {
        None => Outcome::Consistent,
        Some((other, _)) => Outcome::Inconsistent {
            loci: loci(facts, stamped),
            explain: format!(
                "The image is marked as a reproducible build, whose stamps are parts of one hash: the debug directory has \
                 {other:08x}, but the file header has {stamp:08x}.",
            ),
        },
    }
}

/// Compilers of .NET set the highest bit of the hash so that it can be taken for no time.
fn managed_hash(facts: &Facts<'_>, stamped: &[(u32, usize)]) -> Outcome {
    let stamp = facts.image.coff_time;
    let is_same = stamped.iter().any(|(other, _)| *other == stamp);
    if is_same || stamp >> 31 == 1 {
        return Outcome::Consistent;
    }
    Outcome::Inconsistent {
        loci: loci(facts, stamped),
        explain: format!(
            "The image is marked as a reproducible build, whose stamp in the file header is a hash above 7fffffff; it is \
             {stamp:08x} instead, which reads as {}.",
            utc(stamp),
        ),
    }
}

fn loci(facts: &Facts<'_>, stamped: &[(u32, usize)]) -> Vec<std::ops::Range<usize>> {
    let header = facts.image.header + 8..facts.image.header + 12;
    std::iter::once(header).chain(stamped.iter().map(|(_, at)| *at..at + 4)).collect()
}

#[cfg(test)]
mod tests {
    use super::TIME_COFF_DEBUG as TEST;
    use crate::artefact::pe::given::{bytes, outcome};

    #[test]
    fn one_time_everywhere_passes() {
        assert_eq!(
            outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"))),
            "consistent"
        );
    }

    #[test]
    fn another_time_in_the_header_is_a_lead() {
        let planted = bytes(include_str!("../../../../fixtures/pe/planted_whole_hour_and_stale_checksum.hex"));
        assert!(outcome(&TEST, &planted).contains("40 minutes apart"));
    }

    #[test]
    fn a_date_over_a_hash_is_a_lead_and_the_hash_is_not() {
        let planted = bytes(include_str!("../../../../fixtures/pe/planted_date_over_a_hash.hex"));
        assert!(outcome(&TEST, &planted).contains("8badf00d"));
        assert_eq!(
            outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/reproducible_build.hex"))),
            "consistent"
        );
    }
}
