//! Whether object files of one folder are of about one time.

use std::collections::BTreeMap;

use super::super::{
    MachO,
    facts::{Facts, Slice},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const OBJECT_TIMES: ConsistencyTest<MachO> = ConsistencyTest {
    id: "object-times",
    about: "object_time",
    strength: Strength::Soft,
    rationale: "The objects of one folder are compiled in one build, shortly one after the other.",
    benign_causes: &[
        "objects that were kept from an earlier build",
        "an archive of objects that was built by somebody else",
    ],
    false_alarm: Rate { hits: 0, files: 11, hit_projects: 0, projects: 7 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

/// Seconds between the objects of one folder, at most.
const SPAN_MAX: u64 = 30 * 86_400;

/// Objects of a folder, at least.
const OBJECTS_MIN: usize = 3;

fn one(slice: &Slice<'_>) -> Outcome {
    let mut folders: BTreeMap<&[u8], Vec<(u64, usize)>> = BTreeMap::new();
    for object in slice.objects().filter(|object| object.value != 0) {
        let end = object.name.bytes.iter().rposition(|byte| *byte == b'/').unwrap_or_default();
        let folder = object.name.bytes.get(..end).unwrap_or_default();
        folders.entry(folder).or_default().push((object.value, object.entry));
    }
    let mut is_run = false;
    for (folder, mut times) in folders.into_iter().filter(|(_, times)| times.len() >= OBJECTS_MIN) {
        is_run = true;
        times.sort_unstable();
        let median = times.get(times.len() / 2).map(|time| time.0).unwrap_or_default();
        let Some((time, entry)) = times.iter().find(|time| time.0.abs_diff(median) > SPAN_MAX) else { continue };
        let word = slice.image.reader.word_len();
        return Outcome::Inconsistent {
            loci: vec![slice.image.in_file(*entry..*entry + 8 + word)],
            explain: format!(
                "an object in {:?} was changed {} days from most others there",
                String::from_utf8_lossy(folder),
                time.abs_diff(median) / 86_400
            ),
        };
    }
    if is_run { Outcome::Consistent } else { Outcome::NotRun("too few object files with a time are named") }
}
