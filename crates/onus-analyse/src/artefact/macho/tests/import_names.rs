//! Whether the loader is told the same names of imported symbols as the symbol table.

use std::collections::BTreeSet;

use super::super::{
    MachO,
    facts::{Facts, Slice},
    symbols::{bound_imports, chained_imports},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const IMPORT_NAMES: ConsistencyTest<MachO> = ConsistencyTest {
    id: "import-names",
    about: "symbol",
    strength: Strength::Hard,
    rationale: "The linker writes the name of every imported symbol twice: into the symbol table and into what the loader binds.",
    benign_causes: &[
        "a tool that renames symbols in one place",
        "a tool that removes undefined symbols from the symbol table",
    ],
    false_alarm: Rate { hits: 0, files: 250, hit_projects: 0, projects: 67 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

fn one(slice: &Slice<'_>) -> Outcome {
    let symbols = &slice.symbols;
    let undefined: BTreeSet<&[u8]> =
        symbols.symbols.iter().filter(|symbol| symbol.is_undefined()).map(|symbol| symbol.name.bytes).collect();
    let bound = chained_imports(&slice.image).or_else(|| bound_imports(&slice.image));
    let bound =
        bound.filter(|bound| slice.is_whole && symbols.limits.is_empty() && !bound.is_empty() && !undefined.is_empty());
    let Some(bound) = bound else { return Outcome::NotRun("nothing is imported, or not by name") };
    let names: BTreeSet<&[u8]> =
        symbols.symbols.iter().filter(|symbol| !symbol.is_stab()).map(|symbol| symbol.name.bytes).collect();
    let Some(missing) = bound.iter().find(|name| !names.contains(name.bytes)) else { return Outcome::Consistent };
    let loaded: BTreeSet<&[u8]> = bound.iter().map(|name| name.bytes).collect();
    let other = symbols.symbols.iter().find(|symbol| symbol.is_undefined() && !loaded.contains(symbol.name.bytes));
    let Some(other) = other else { return Outcome::Consistent };
    Outcome::Inconsistent {
        loci: vec![slice.image.in_file(other.name.range()), slice.image.in_file(missing.range())],
        explain: format!(
            "the loader binds {:?}, which is no symbol of the file; the symbol table has {:?}, which the loader does not bind",
            missing.lossy(),
            other.name.lossy()
        ),
    }
}
