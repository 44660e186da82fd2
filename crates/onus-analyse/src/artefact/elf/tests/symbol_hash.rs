//! Whether names of dynamic symbols are in the buckets that the linker put them in.

use std::ops::Range;

use super::super::{Elf, dynamic::hash, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const SYMBOL_HASH: ConsistencyTest<Elf> = ConsistencyTest {
    id: "symbol-hash",
    about: "symbol",
    strength: Strength::Hard,
    rationale: "The linker sorts all dynamic symbols into buckets of .hash by a hash of their name; a name that was changed later belongs into another bucket.",
    benign_causes: &[
        "a tool that renames symbols and does not mend the table, so that the symbol cannot be found any more",
    ],
    false_alarm: Rate { hits: 0, files: 303, hit_projects: 0, projects: 17 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

/// Symbols that are listed, at most.
const LISTED_MAX: usize = 8;

/// Steps through all chains together, at most, for each symbol.
const STEPS_MAX: usize = 2;

fn run(facts: &Facts<'_>) -> Outcome {
    // Two architectures write this table with other entries.
    if matches!(facts.image.machine, 22 | 0x9026) {
        return Outcome::NotRun("this architecture writes the table of hashes in another form");
    }
    let Some(wrong) = wrong(facts) else { return Outcome::NotRun("there is no table .hash, or it breaks off") };
    let Some((name, _, _)) = wrong.first() else { return Outcome::Consistent };
    Outcome::Inconsistent {
        loci: wrong.iter().flat_map(|(_, name, entry)| [name.clone(), *entry..*entry + 4]).collect(),
        explain: format!("the symbol {name:?} is not in the bucket that its name belongs into; its name was changed"),
    }
}

/// The symbols in another bucket: name, place of the name, place of the bucket.
fn wrong(facts: &Facts<'_>) -> Option<Vec<(String, Range<usize>, usize)>> {
    let (reader, symbols) = (facts.image.reader, &facts.dynamic.symbols);
    let at = facts.image.offset(facts.dynamic.value(4)?)?;
    let buckets = reader.u32(at)? as usize;
    let chains = at.checked_add(8)?.checked_add(buckets.checked_mul(4)?)?;
    let mut steps = symbols.len().saturating_mul(STEPS_MAX);
    let mut wrong = Vec::new();
    for bucket in 0..buckets {
        let entry = at + 8 + 4 * bucket;
        let mut index = reader.u32(entry)? as usize;
        while index != 0 {
            let Some(symbol) = symbols.get(index) else { break };
            if hash(symbol.name.bytes) as usize % buckets != bucket && wrong.len() < LISTED_MAX {
                wrong.push((symbol.name.lossy(), symbol.name.range(), entry));
            }
            steps = steps.checked_sub(1)?;
            index = reader.u32(chains.checked_add(4 * index)?)? as usize;
        }
    }
    Some(wrong)
}
