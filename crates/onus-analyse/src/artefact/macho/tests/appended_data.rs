//! Whether anything stands behind the last architecture.

use super::super::{MachO, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const APPENDED_DATA: ConsistencyTest<MachO> = ConsistencyTest {
    id: "appended-data",
    about: "overlay",
    strength: Strength::Soft,
    rationale: "A linker ends a file with the tables of its last segment; what stands behind them was added later.",
    benign_causes: &["a signature that another tool wrote", "an archive behind its own unpacker"],
    false_alarm: Rate { hits: 0, files: 254, hit_projects: 0, projects: 69 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let ends =
        facts.slices.iter().filter(|slice| !slice.image.segments.is_empty() && slice.is_whole).flat_map(|slice| {
            let ends = slice.image.segments.iter().map(|segment| segment.range.end);
            ends.chain([slice.symbols.strings.end, slice.image.command_table.end]).map(|end| slice.image.base + end)
        });
    let Some(end) = ends.max() else { return Outcome::NotRun("the file has no segments, or was not read to its end") };
    let len = facts.bytes.len();
    let is_filling =
        len.saturating_sub(end) < 4096 && facts.bytes.get(end..).is_some_and(|rest| rest.iter().all(|byte| *byte == 0));
    if is_filling {
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
