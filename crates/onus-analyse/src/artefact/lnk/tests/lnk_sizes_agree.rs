//! The last item of the list and the header give the target one size.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    lnk::{Facts, Lnk},
};

pub(super) const LNK_SIZES_AGREE: ConsistencyTest<Lnk> = ConsistencyTest {
    id: "lnk-sizes-agree",
    about: "document_property",
    strength: Strength::Soft,
    rationale: "the shell takes the size of the target once and writes it into the list of items and into the header",
    benign_causes: &[
        "a link that was resolved again after its target was changed",
        "a program that makes links and fills in one of the two",
    ],
    false_alarm: Rate { hits: 0, files: 246, hit_projects: 0, projects: 2 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let Some(item) = &facts.last else { return Outcome::NotRun("the list ends in no file or folder") };
    if item.size == 0 || facts.size == 0 {
        return Outcome::NotRun("one of the sizes is not filled in");
    }
    if item.size == facts.size {
        return Outcome::Consistent;
    }
    let explain = format!("the header says that the target has {} bytes, the list of items {}", facts.size, item.size);
    Outcome::Inconsistent { loci: vec![52..56, item.range.start + 4..item.range.start + 8], explain }
}

#[cfg(test)]
mod tests {
    use super::LNK_SIZES_AGREE;
    use crate::artefact::{
        consistency::Outcome,
        lnk::{Facts, items::Item},
    };

    #[test]
    fn another_size_in_the_header_is_found() {
        let facts = |size| Facts { last: Some(Item { size: 5, ..Item::default() }), size, ..Facts::default() };
        let run = LNK_SIZES_AGREE.run;
        assert_eq!(run(&facts(5)), Outcome::Consistent);
        assert!(matches!(run(&facts(6)), Outcome::Inconsistent { .. }));
        assert!(matches!(run(&facts(0)), Outcome::NotRun(_)));
    }
}
