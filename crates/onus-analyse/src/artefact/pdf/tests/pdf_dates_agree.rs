//! The information dictionary and XMP date the creation alike.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pdf::{Facts, Pdf},
};

/// Programs round, or write one of the two a moment later.
const LEEWAY: i64 = 60;

pub(super) const PDF_DATES_AGREE: ConsistencyTest<Pdf> = ConsistencyTest {
    id: "pdf-dates-agree",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "the program writes the time of creation into the information dictionary and into XMP at one moment",
    benign_causes: &[
        "a program that renews one of the two only",
        "a packet of XMP that was taken over from a picture or another document",
        "a time in one of the two with the zone left out or wrong",
    ],
    false_alarm: Rate { hits: 9, files: 457, hit_projects: 2, projects: 11 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some((info, info_at)), Some((xmp, xmp_at))) = (&facts.info.created, &facts.xmp.created) else {
        return Outcome::NotRun("the creation is not dated in both, with zones");
    };
    if (info - xmp).abs() <= LEEWAY {
        return Outcome::Consistent;
    }
    let explain =
        format!("the information dictionary dates the creation {} seconds away from XMP", info.abs_diff(*xmp));
    Outcome::Inconsistent { loci: vec![info_at.clone(), xmp_at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::PDF_DATES_AGREE;
    use crate::artefact::{
        consistency::Outcome,
        pdf::{Facts, Side},
    };

    #[test]
    fn another_date_in_xmp_is_found() {
        let side = |created| Side { created: Some((created, 3..9)), ..Side::default() };
        let facts = |info, xmp| Facts { info: side(info), xmp: side(xmp) };
        let run = PDF_DATES_AGREE.run;
        assert_eq!(run(&facts(100, 130)), Outcome::Consistent);
        assert!(matches!(run(&facts(100, 3700)), Outcome::Inconsistent { .. }));
        assert!(matches!(run(&Facts::default()), Outcome::NotRun(_)));
    }
}
