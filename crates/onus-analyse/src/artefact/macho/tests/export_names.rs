//! Whether the names of exported symbols are the same in both tables.

use std::collections::BTreeSet;

use super::super::{
    MachO,
    facts::{Facts, Slice},
    symbols::{exports, exports_range},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const EXPORT_NAMES: ConsistencyTest<MachO> = ConsistencyTest {
    id: "export-names",
    about: "symbol",
    strength: Strength::Hard,
    rationale: "The linker writes the names of exported symbols twice: into the symbol table and into the tree that the loader searches.",
    benign_causes: &["a tool that renames symbols and does not write the tree again"],
    false_alarm: Rate { hits: 0, files: 246, hit_projects: 0, projects: 64 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

/// Names that are shown, at most.
const SHOWN_MAX: usize = 4;

fn one(slice: &Slice<'_>) -> Outcome {
    let symbols = &slice.symbols;
    let exported: Vec<_> = symbols.symbols.iter().filter(|symbol| symbol.is_exported()).collect();
    let range =
        exports_range(&slice.image).filter(|_| slice.is_whole && symbols.limits.is_empty() && !exported.is_empty());
    let Some(range) = range else { return Outcome::NotRun("there is no tree of exports, or no exported symbol") };
    let Some(tree) = exports(&slice.image, &range) else {
        return Outcome::NotRun("the tree of exports cannot be read");
    };
    // What a debugger is told has names of its own.
    let names: BTreeSet<&[u8]> =
        symbols.symbols.iter().filter(|symbol| !symbol.is_stab()).map(|symbol| symbol.name.bytes).collect();
    // Symbols may have been removed from either table, but a name that only the one has for one that only the other has is a change.
    let only_tree: Vec<_> = tree.iter().filter(|name| !names.contains(name.as_slice())).collect();
    let only_table: Vec<_> = exported.iter().filter(|symbol| !tree.contains(symbol.name.bytes)).collect();
    let (Some(in_tree), Some(in_table)) = (only_tree.first(), only_table.first()) else { return Outcome::Consistent };
    let places = only_table.iter().take(SHOWN_MAX).map(|symbol| symbol.name.range());
    Outcome::Inconsistent {
        loci: places.chain([range]).map(|place| slice.image.in_file(place)).collect(),
        explain: format!(
            "the symbol table exports {:?}, which the tree of exports does not know; the tree has {:?}, which is in no symbol",
            in_table.name.lossy(),
            String::from_utf8_lossy(in_tree)
        ),
    }
}
