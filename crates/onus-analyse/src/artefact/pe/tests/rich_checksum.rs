//! Is the key of the Rich header the checksum of what it covers?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT},
};

/// Is the key of the Rich header the checksum of what it covers?.
pub(super) const RICH_CHECKSUM: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-checksum",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the linker encrypts the Rich header with a checksum of the DOS header and of its entries",
    benign_causes: &["a tool that replaced the DOS stub after linking"],
    false_alarm: Rate { hits: 0, files: 1649, hit_projects: 0, projects: 123 },
    detection: Some(Rate { hits: 200, files: 1100, hit_projects: 19, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    if rich.key == rich.checksum {
        return Outcome::Consistent;
    }
    let explain = format!(
        "The Rich header is encrypted with {:08x}, which should be the checksum of the DOS header and of the entries; \
         that checksum comes to {:08x}. One of them was changed after the program was linked.",
        rich.key, rich.checksum
    );
    Outcome::Inconsistent { loci: vec![rich.range.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_CHECKSUM as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn what_the_linker_wrote_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn a_changed_stub_is_seen() {
        use crate::artefact::{
            consistency::Outcome,
            pe::{facts::Facts, image::Image},
        };
        let mut bytes = Sample::ordinary().bytes();
        bytes[0x50] = 1;
        let facts = Facts::of(Image::of(&bytes).unwrap(), true);
        assert!(matches!((TEST.run)(&facts), Outcome::Inconsistent { .. }));
    }

    #[test]
    fn without_a_rich_header_it_does_not_run() {
        assert!(Sample::default().is_not_run(&TEST));
    }
}
