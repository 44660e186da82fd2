//! Could the linker in the Rich header write the records of the debug directory?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT, witness},
};

/// Could the linker in the Rich header write the records of the debug directory?.
pub(super) const RICH_DEBUG_RECORDS: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-debug-records",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "linkers learned to write some records of the debug directory at known times, and the run-time library was compiled with control-flow guards from Visual C++ 14 on",
    benign_causes: &["a tool that wrote records into the debug directory after linking"],
    false_alarm: Rate { hits: 0, files: 1011, hit_projects: 0, projects: 105 },
    detection: Some(Rate { hits: 398, files: 896, hit_projects: 17, projects: 17 }),
    forge_cost: ForgeCost::F3,
    run,
};

/// Types of records, with the first version of the linker that writes them, deliberately early, and what they are.
const FIRST: [(u32, (u8, u8), &str); 5] = [
    (12, (11, 0), "objects by feature"),
    (13, (11, 0), "groups of sections"),
    (14, (11, 0), "incremental link-time code"),
    (16, (12, 0), "a reproducible build"),
    (20, (14, 0), "further DLL characteristics"),
];

/// Objects with control-flow guards, from which on Visual C++ 14 was at work; earlier releases leave a stray one.
const GUARDED_MIN: u32 = 10;

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some((linker, version)) = rich.claimed() else { return Outcome::NotRun("the Rich header names no linker") };
    if facts.debug.entries.is_empty() {
        return Outcome::NotRun("the file has no debug directory");
    }
    let inconsistent = |place: std::ops::Range<usize>, what: String| Outcome::Inconsistent {
        loci: witness::both(rich.places(|entry| entry.at == linker.at), [place]),
        explain: format!("The Rich header says that linker {}.{} made this file, but {what}.", version.0, version.1),
    };
    for (kind, first, what) in FIRST {
        if let Some(entry) = facts.debug.entries.iter().find(|entry| entry.kind == kind && version < first) {
            let what = format!(
                "its debug directory has a record of type {kind} ({what}), which no linker before {}.{} writes",
                first.0, first.1
            );
            return inconsistent(entry.at..entry.at + 28, what);
        }
    }
    match facts.debug.vc_feature {
        Some(feature) if version < (14, 0) && feature.counts[4] >= GUARDED_MIN => {
            let what = format!(
                "its debug directory counts {} objects with control-flow guards, which came with Visual C++ 14",
                feature.counts[4]
            );
            inconsistent(feature.at..feature.at + 20, what)
        }
        _ => Outcome::Consistent,
    }
}

#[cfg(test)]
mod tests {
    use super::RICH_DEBUG_RECORDS as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn records_of_the_time_pass() {
        assert_eq!(Sample::ordinary().with_record(12, &[0, 25, 25, 0, 21]).contradiction(&TEST), "");
        let old = Sample::default().of(&[(0x91, 30729, 1)]).with_record(2, &[0; 6]);
        assert_eq!(old.contradiction(&TEST), "");
    }

    #[test]
    fn a_record_from_later_is_seen() {
        let later = Sample::default().of(&[(0x91, 30729, 1)]).with_record(13, &[0; 2]);
        assert!(later.contradiction(&TEST).contains("type 13"));
    }

    #[test]
    fn guards_from_later_are_seen() {
        let later = Sample::default().of(&[(0xde, 40629, 1)]).with_record(12, &[0, 25, 25, 0, 21]);
        assert!(later.contradiction(&TEST).contains("21 objects with control-flow guards"));
    }

    #[test]
    fn without_a_debug_directory_it_does_not_run() {
        assert!(Sample::ordinary().is_not_run(&TEST));
    }
}
