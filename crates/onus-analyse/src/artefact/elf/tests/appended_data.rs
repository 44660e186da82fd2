//! Whether anything stands behind the end of the file that its tables describe.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const APPENDED_DATA: ConsistencyTest<Elf> = ConsistencyTest {
    id: "appended-data",
    about: "overlay",
    strength: Strength::Soft,
    rationale: "A linker ends a file with its tables and sections; what stands behind them was added later.",
    benign_causes: &["an archive or a script behind its own unpacker", "a signature", "a tool that appends settings"],
    false_alarm: Rate { hits: 4, files: 776, hit_projects: 2, projects: 114 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let image = &facts.image;
    if image.sections.is_empty() || !facts.is_whole {
        return Outcome::NotRun("there is no section table, or the file was not read to its end");
    }
    let ends = image
        .sections
        .iter()
        .map(|section| section.range.end)
        .chain(image.segments.iter().map(|segment| segment.range.end));
    let end = ends.chain([image.section_table.end, image.segment_table.end]).max().unwrap_or_default();
    let len = image.reader.bytes.len();
    // The end may be filled up to a word.
    if len.saturating_sub(end) < 16 && image.reader.clamped(end..len).iter().all(|byte| *byte == 0) {
        return Outcome::Consistent;
    }
    let rest = end..len;
    Outcome::Inconsistent {
        loci: vec![rest],
        explain: format!(
            "{} bytes stand behind everything that the tables of the file describe, from {end} on",
            len - end
        ),
    }
}
