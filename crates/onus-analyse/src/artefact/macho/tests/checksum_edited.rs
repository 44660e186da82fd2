//! Whether the pages of the file have the hashes that were signed.

use super::super::{
    MachO,
    facts::{Facts, Slice},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const CHECKSUM_EDITED: ConsistencyTest<MachO> = ConsistencyTest {
    id: "checksum-edited",
    about: "signature",
    strength: Strength::Soft,
    rationale: "A code signature holds a hash of every page of the file; a page that was changed after signing has another one. It shows an edit, which need not be a forgery.",
    benign_causes: &[
        "a tool that changes libraries or paths and does not sign again",
        "symbols that were removed after signing",
        "a transfer that changed bytes",
    ],
    false_alarm: Rate { hits: 0, files: 194, hit_projects: 0, projects: 50 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

/// Pages that are listed, at most.
const PAGES_MAX: usize = 16;

fn one(slice: &Slice<'_>) -> Outcome {
    let Some(signature) = &slice.signature else { return Outcome::NotRun("the file carries no signature") };
    // Several tables are of the same pages with other hashes; the strongest is the last.
    let Some(directory) = signature.directories.last() else { return Outcome::NotRun("the signature holds no hashes") };
    let Some(changed) = directory.changed_pages(&slice.image).filter(|_| slice.is_whole) else {
        return Outcome::NotRun("the hashes of the signature cannot be compared");
    };
    let Some(first) = changed.first() else { return Outcome::Consistent };
    Outcome::Inconsistent {
        loci: changed.iter().take(PAGES_MAX).map(|page| slice.image.in_file(page.clone())).collect(),
        explain: format!(
            "{} of {} pages do not have the hash that was signed, the first at {}; they were changed after signing",
            changed.len(),
            directory.pages,
            slice.image.base + first.start
        ),
    }
}
