//! Whether the strings for the dynamic linker are all used.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const DYNAMIC_STRINGS: ConsistencyTest<Elf> = ConsistencyTest {
    id: "dynamic-strings",
    about: "needed_library",
    strength: Strength::Soft,
    rationale: "The linker writes only names into .dynstr that a symbol, a library, a path or a version refers to.",
    benign_causes: &[
        "a tool that changed a path or a library and left the old text behind",
        "a linker that keeps the names of symbols it dropped",
    ],
    false_alarm: Rate { hits: 46, files: 735, hit_projects: 13, projects: 105 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

/// Tags whose value is a text.
const TEXTS: &[u64] = &[1, 14, 15, 29, 0x7fff_fffd, 0x7fff_ffff, 0x6fff_fefa, 0x6fff_fefb, 0x6fff_fefc];

/// Bytes of a text that is reported, at least.
const LEN_MIN: usize = 4;

fn run(facts: &Facts<'_>) -> Outcome {
    let dynamic = &facts.dynamic;
    let strings = dynamic.strings(&facts.image);
    if strings.is_empty() || dynamic.symbols.len() < 2 || !dynamic.limits.is_empty() {
        return Outcome::NotRun("there are no strings for the dynamic linker, or too many");
    }
    let mut used: Vec<usize> = dynamic.symbols.iter().map(|symbol| symbol.name.at).collect();
    used.extend(
        dynamic
            .entries
            .iter()
            .filter(|entry| TEXTS.contains(&entry.0))
            .map(|entry| strings.start.saturating_add(crate::artefact::reader::offset(entry.1))),
    );
    used.extend(dynamic.needs.iter().map(|need| need.library.at));
    used.extend(dynamic.needs.iter().flat_map(|need| &need.versions).map(|version| version.name.at));
    used.extend(dynamic.offers.iter().flat_map(|offer| [offer.name.at, offer.parent.unwrap_or(offer.name.at)]));
    used.sort_unstable();
    let mut at = strings.start;
    while let Some(text) = facts.image.reader.text(at, strings.end) {
        let end = text.range().end;
        let first = used.partition_point(|place| *place < at);
        let is_used = used.get(first).is_some_and(|place| *place <= end);
        if !is_used && text.bytes.len() >= LEN_MIN {
            return Outcome::Inconsistent {
                loci: vec![text.range()],
                explain: format!("nothing refers to {:?} among the strings for the dynamic linker", text.lossy()),
            };
        }
        at = end + 1;
    }
    Outcome::Consistent
}
