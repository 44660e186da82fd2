//! Whether names of dynamic symbols have the hashes that the linker wrote.

use std::ops::Range;

use super::super::{Elf, dynamic::gnu_hash, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const GNU_HASH: ConsistencyTest<Elf> = ConsistencyTest {
    id: "gnu-hash",
    about: "symbol",
    strength: Strength::Hard,
    rationale: "The linker writes a hash of the name of every exported symbol into .gnu.hash, by which the loader finds it; a name that was changed later has another hash.",
    benign_causes: &[
        "a tool that renames symbols and does not mend the table, so that the symbol cannot be found any more",
    ],
    false_alarm: Rate { hits: 0, files: 734, hit_projects: 0, projects: 106 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

/// Symbols that are listed, at most.
const LISTED_MAX: usize = 8;

/// Steps through all chains together, at most, for each symbol.
const STEPS_MAX: usize = 2;

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(wrong) = wrong(facts) else {
        return Outcome::NotRun("there is no table .gnu.hash, or it breaks off");
    };
    let Some((name, _, _)) = wrong.first() else { return Outcome::Consistent };
    Outcome::Inconsistent {
        loci: wrong.iter().flat_map(|(_, name, entry)| [name.clone(), *entry..*entry + 4]).collect(),
        explain: format!(
            "the symbol {name:?} does not have the hash that the linker wrote for it; its name was changed"
        ),
    }
}

/// The symbols whose hash is another one: name, place of the name, place of the hash.
fn wrong(facts: &Facts<'_>) -> Option<Vec<(String, Range<usize>, usize)>> {
    let (reader, dynamic) = (facts.image.reader, &facts.dynamic);
    let at = facts.image.offset(dynamic.value(0x6fff_fef5)?)?;
    let field = |index: usize| reader.u32(at + 4 * index).map(|value| value as usize);
    let (buckets, first, words) = (field(0)?, field(1)?, field(2)?);
    let bucket_table = at.checked_add(16)?.checked_add(words.checked_mul(reader.word_len())?)?;
    let chain_table = bucket_table.checked_add(buckets.checked_mul(4)?)?;
    // Each symbol is in one chain, so that a table with more steps is broken.
    let mut steps = dynamic.symbols.len().saturating_mul(STEPS_MAX);
    let mut wrong = Vec::new();
    for bucket in 0..buckets.min(dynamic.symbols.len()) {
        let mut index = reader.u32(bucket_table + 4 * bucket)? as usize;
        while index >= first.max(1) {
            let Some(symbol) = dynamic.symbols.get(index) else { break };
            let entry = chain_table.checked_add((index - first) * 4)?;
            let written = reader.u32(entry)?;
            if (gnu_hash(symbol.name.bytes) ^ written) >> 1 != 0 && wrong.len() < LISTED_MAX {
                wrong.push((symbol.name.lossy(), symbol.name.range(), entry));
            }
            steps = steps.checked_sub(1)?;
            if written & 1 != 0 {
                break;
            }
            index += 1;
        }
    }
    Some(wrong)
}
