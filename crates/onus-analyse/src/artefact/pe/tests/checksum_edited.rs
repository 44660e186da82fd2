//! Does the checksum of the header fit the file?

use super::super::{Pe, checksum::Checksum, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Does the checksum of the header fit the file?
pub(super) const CHECKSUM_EDITED: ConsistencyTest<Pe> = ConsistencyTest {
    id: "checksum-edited",
    about: "checksum",
    strength: Strength::Soft,
    rationale: "who writes the checksum writes it last, over all other bytes",
    benign_causes: &[
        "a packaging script that rewrites the version information",
        "a signature that was removed or added by a tool that leaves the checksum alone",
        "a packer, or an installer that was put behind the program",
    ],
    false_alarm: Rate { hits: 11, files: 417, hit_projects: 2, projects: 22 },
    detection: Some(Rate { hits: 363, files: 363, hit_projects: 14, projects: 14 }),
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    match facts.checksum() {
        Checksum::Unknown => Outcome::NotRun("there is no checksum, or the file was not read whole"),
        Checksum::Right => Outcome::Consistent,
        Checksum::Stale(right) => {
            let field = facts.image.optional_header + 64;
            Outcome::Inconsistent {
                loci: std::iter::once(field..field + 4).collect(),
                explain: format!(
                    "The header has the checksum {:08x}, the bytes of the file have {right:08x}: the file was edited after \
                     the checksum was written. That is an edit, not a forgery; it does not say what was changed.",
                    facts.image.checksum,
                ),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CHECKSUM_EDITED as TEST;
    use crate::artefact::pe::given::{bytes, outcome};

    #[test]
    fn a_right_checksum_passes_and_any_other_byte_breaks_it() {
        let mut image = bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"));
        assert_eq!(outcome(&TEST, &image), "consistent");
        *image.last_mut().unwrap() ^= 1;
        assert!(outcome(&TEST, &image).contains("an edit, not a forgery"));
    }

    #[test]
    fn without_a_checksum_nothing_is_said() {
        assert_eq!(outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/reproducible_build.hex"))), "not run");
    }
}
