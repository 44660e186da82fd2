//! Whether the lines of compilers are as a linker merges them.

use std::collections::BTreeSet;

use super::super::{
    Elf,
    facts::Facts,
    image::{SHF_MERGE, SHF_STRINGS},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const COMMENT_MERGED: ConsistencyTest<Elf> = ConsistencyTest {
    id: "comment-merged",
    about: "compiler",
    strength: Strength::Hard,
    rationale: "A linker that merges the texts of .comment writes each of them once, one behind the other, each with one zero byte.",
    benign_causes: &[
        "a linker that does not merge the section but keeps the mark on it",
        "a tool that adds a line of its own to the section",
    ],
    false_alarm: Rate { hits: 0, files: 172, hit_projects: 0, projects: 54 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let merged = SHF_MERGE | SHF_STRINGS;
    let section = facts.image.named(".comment").filter(|section| section.flags & merged == merged);
    let Some(section) = section.filter(|section| facts.is_linked() && !section.range.is_empty()) else {
        return Outcome::NotRun("there is no section .comment that a linker merged");
    };
    let bytes = facts.image.reader.clamped(section.range.clone());
    let mut texts: Vec<&[u8]> = bytes.split(|byte| *byte == 0).collect();
    // Behind the last zero byte there is nothing.
    let is_ended = texts.pop().is_some_and(<[u8]>::is_empty);
    let at = |wrong: &[u8]| section.range.start + (wrong.as_ptr() as usize).saturating_sub(bytes.as_ptr() as usize);
    // One empty line is ordinary: some compilers begin the section with a zero byte.
    let mut seen = BTreeSet::new();
    let double = texts.iter().find(|text| !seen.insert(**text));
    let wrong = double.map(|text| {
        (
            at(text),
            if text.is_empty() {
                "another empty line, as if a longer one had been overwritten"
            } else {
                "the same line again"
            },
        )
    });
    match wrong {
        _ if !is_ended => Outcome::Inconsistent {
            loci: vec![section.range.clone()],
            explain: "the lines of compilers in .comment do not end with a zero byte".to_owned(),
        },
        Some((at, what)) => Outcome::Inconsistent {
            loci: vec![section.range.clone(), at..at + 1],
            explain: format!("the linker merged the lines of compilers in .comment, but at {at} there is {what}"),
        },
        None => Outcome::Consistent,
    }
}
