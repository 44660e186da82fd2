//! Is an image whose sections have the names of a packer packed by it?

use super::super::{Pe, edits::is_upx, facts::Facts, sections::packer};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Is an image whose sections have the names of a packer packed by it?
pub(super) const SECTION_PACKER: ConsistencyTest<Pe> = ConsistencyTest {
    id: "section-packer",
    about: "section_names",
    strength: Strength::Soft,
    rationale: "UPX leaves its first section without bytes and its mark in the headers; a changed name does neither",
    benign_causes: &[
        "an image that was unpacked again by a tool that leaves the names",
        "a tool that renames sections, for a test or as a protection against copying",
    ],
    false_alarm: Rate { hits: 0, files: 0, hit_projects: 0, projects: 0 },
    detection: Some(Rate { hits: 100, files: 100, hit_projects: 21, projects: 21 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some((number, "UPX")) = packer(facts) else {
        return Outcome::NotRun("no section has a name that UPX gives");
    };
    if is_upx(facts) {
        return Outcome::Consistent;
    }
    let start = facts.image.section_table.saturating_add(40 * number);
    Outcome::Inconsistent {
        loci: std::iter::once(start..start + 8).collect(),
        explain:
            "A section has a name that UPX gives, but the image is not packed as UPX packs: the first section has \
                  bytes of its own, or the mark in the headers is missing. The name was edited; that is an edit, not a \
                  forgery."
                .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::SECTION_PACKER as TEST;
    use crate::artefact::pe::given::{bytes, outcome};

    #[test]
    fn only_the_name_of_a_packer_is_no_packing() {
        let image = bytes(include_str!("../../../../fixtures/pe/innocent_names_of_a_packer_and_an_archive_behind.hex"));
        assert!(outcome(&TEST, &image).contains("The name was edited"));
    }

    #[test]
    fn other_names_are_not_tested() {
        assert_eq!(outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/signed.hex"))), "not run");
    }
}
