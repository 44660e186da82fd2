//! Whether the compilers named in .comment are those named in debugging information.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::{Ident, Tool},
};

/// The test.
pub(super) const COMMENT_PRODUCER: ConsistencyTest<Elf> = ConsistencyTest {
    id: "comment-producer",
    about: "compiler",
    strength: Strength::Soft,
    rationale: "A compiler writes its version both into .comment and into the debugging information of each unit.",
    benign_causes: &[
        "objects that were compiled with -fno-ident",
        "debugging information of assembly that a newer compiler passed on",
        "a linker that discards .comment of some objects",
    ],
    false_alarm: Rate { hits: 0, files: 25, hit_projects: 0, projects: 7 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    if facts.idents.is_empty() || facts.producers.is_empty() {
        return Outcome::NotRun("the file does not name its compilers both in .comment and in debugging information");
    }
    let is_named = |producer: &Ident| {
        let same = facts.idents.iter().filter(|ident| ident.tool == producer.tool);
        same.clone().count() == 0 || same.into_iter().any(|ident| ident.version == producer.version)
    };
    let known = facts.producers.iter().filter(|producer| producer.tool != Tool::Other && producer.version.is_some());
    let Some(missing) = known.into_iter().find(|producer| !is_named(producer)) else { return Outcome::Consistent };
    let ident = facts.idents.iter().find(|ident| ident.tool == missing.tool).or(facts.idents.first());
    Outcome::Inconsistent {
        loci: ident.map(|ident| ident.range.clone()).into_iter().chain([missing.range.clone()]).collect(),
        explain: format!(
            "debugging information was made by {:?}, but .comment names {:?} and no compiler of that version",
            missing.text,
            ident.map(|ident| ident.text.as_str()).unwrap_or_default(),
        ),
    }
}
