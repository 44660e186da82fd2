//! Whether the compilers named in .comment are of the generation whose marks the file carries.

use std::ops::Range;

use super::super::{
    Elf,
    facts::Facts,
    notes::{PROPERTIES, property},
    observe::dwarf_version,
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::{Ident, Tool, Version, gcc_for_glibc},
};

/// The test.
pub(super) const COMPILER_GENERATION: ConsistencyTest<Elf> = ConsistencyTest {
    id: "compiler-generation",
    about: "compiler",
    strength: Strength::Hard,
    rationale: "Start-up code, marks of protection and the C library that was linked need a compiler of a certain age, which names itself in .comment like all others.",
    benign_causes: &[
        "start-up objects that were compiled with -fno-ident",
        "a C library built by other means than its manual says",
        "a packaging step that rewrites .comment",
    ],
    false_alarm: Rate { hits: 0, files: 169, hit_projects: 0, projects: 53 },
    detection: None,
    forge_cost: ForgeCost::F2,
    run,
};

/// What a file carries, and which GCC it asks for.
struct Witness {
    what: String,
    range: Range<usize>,
    /// The oldest GCC that can be the newest in the file.
    newest_at_least: Option<Version>,
    /// The first GCC with which no object of the file can have been compiled; all are older or one of them is.
    one_before: Option<Version>,
    /// The oldest GCC of every object.
    all_at_least: Option<Version>,
}

fn run(facts: &Facts<'_>) -> Outcome {
    let gcc: Vec<(Version, &Ident)> = facts
        .idents
        .iter()
        .filter(|ident| ident.tool == Tool::Gcc)
        .filter_map(|ident| Some((ident.version?, ident)))
        .collect();
    let (Some(oldest), Some(newest)) = (gcc.iter().min_by_key(|gcc| gcc.0), gcc.iter().max_by_key(|gcc| gcc.0)) else {
        return Outcome::NotRun("no compiler of GNU names itself in .comment");
    };
    let is_alone = facts.idents.iter().all(|ident| ident.tool == Tool::Gcc);
    let witnesses = witnesses(facts);
    if witnesses.is_empty() || !facts.is_linked() {
        return Outcome::NotRun("the file carries no mark that tells the age of a compiler");
    }
    let wrong = |named: &Ident, witness: &Witness, rule: String| Outcome::Inconsistent {
        loci: vec![named.range.clone(), witness.range.clone()],
        explain: format!("{}, which {rule}; the file names {:?}", witness.what, named.text),
    };
    for witness in &witnesses {
        if let Some(version) = witness.newest_at_least.filter(|version| newest.0 < *version) {
            return wrong(newest.1, witness, format!("needs an object of GCC {} or later", version.in_words()));
        }
        if let Some(version) = witness.all_at_least.filter(|version| oldest.0 < *version) {
            return wrong(
                oldest.1,
                witness,
                format!("is only there if every object is of GCC {} or later", version.in_words()),
            );
        }
        if let Some(version) = witness.one_before.filter(|version| is_alone && oldest.0 >= *version) {
            return wrong(oldest.1, witness, format!("no GCC writes from {} on", version.in_words()));
        }
    }
    Outcome::Consistent
}

fn witnesses(facts: &Facts<'_>) -> Vec<Witness> {
    let none =
        |what: String, range| Witness { what, range, newest_at_least: None, one_before: None, all_at_least: None };
    let mut witnesses = Vec::new();
    let named = |name: &[u8]| {
        let undefined = facts.dynamic.symbols.iter().find(|symbol| symbol.is_undefined && symbol.name.bytes == name);
        undefined.map(|symbol| symbol.name.range())
    };
    if let Some(range) = named(b"_ITM_registerTMCloneTable") {
        let what = "start-up code registers transactional memory".to_owned();
        witnesses.push(Witness { newest_at_least: Some(Version(4, 7, 0)), ..none(what, range) });
    }
    if let Some(range) = named(b"_Jv_RegisterClasses") {
        let what = "start-up code registers classes of Java".to_owned();
        witnesses.push(Witness { one_before: Some(Version(7, 0, 0)), ..none(what, range) });
    }
    if let Some((minor, version)) = facts.dynamic.newest_glibc()
        && let Some(least) = gcc_for_glibc(minor)
    {
        let what = format!("the file was linked with the start-up code of the GNU C library 2.{minor} or later");
        witnesses.push(Witness { newest_at_least: Some(least), ..none(what, version.name.range()) });
    }
    if facts.image.machine == 62
        && let Some((value, range)) = facts
            .notes
            .iter()
            .filter(|note| note.owner == b"GNU" && note.kind == PROPERTIES)
            .find_map(|note| property(facts.image.reader, note, 0xc000_0002))
        && value & 3 == 3
    {
        let what = "every object was compiled with control-flow protection".to_owned();
        witnesses.push(Witness { all_at_least: Some(Version(8, 0, 0)), ..none(what, range) });
    }
    if dwarf_version(&facts.image) == Some(5)
        && facts.producers.iter().all(|producer| producer.tool == Tool::Gcc)
        && let Some(section) = facts.image.named(".debug_info")
    {
        let what = "debugging information is of DWARF 5".to_owned();
        let range = section.range.start..section.range.end.min(section.range.start + 12);
        witnesses.push(Witness { newest_at_least: Some(Version(7, 0, 0)), ..none(what, range) });
    }
    witnesses
}
