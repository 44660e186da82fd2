//! Are the three words at the beginning of the Rich header empty?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT},
};

/// Are the three words at the beginning of the Rich header empty?.
pub(super) const RICH_PADDING: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-padding",
    about: "rich_header",
    strength: Strength::Soft,
    rationale: "linkers leave the three words behind the first one zero before they encrypt",
    benign_causes: &["a linker that writes something there: one real file is known"],
    false_alarm: Rate { hits: 0, files: 1649, hit_projects: 0, projects: 123 },
    detection: Some(Rate { hits: 0, files: 1100, hit_projects: 0, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    if rich.padding == [0; 3] {
        return Outcome::Consistent;
    }
    let [first, second, third] = rich.padding;
    let explain = format!(
        "The three words behind the first one of the Rich header are {first:#x}, {second:#x} and {third:#x}; linkers \
         leave them zero."
    );
    Outcome::Inconsistent { loci: vec![rich.range.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_PADDING as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn what_the_linker_wrote_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn a_word_that_is_not_zero_is_seen() {
        use crate::artefact::{
            consistency::Outcome,
            pe::{facts::Facts, image::Image},
        };
        let mut bytes = Sample::ordinary().bytes();
        bytes[0x84] ^= 1;
        let facts = Facts::of(Image::of(&bytes).unwrap(), true);
        assert!(matches!((TEST.run)(&facts), Outcome::Inconsistent { .. }));
    }
}
