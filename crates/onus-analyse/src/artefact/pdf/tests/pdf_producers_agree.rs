//! The information dictionary and XMP name one producer.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pdf::{Facts, Pdf},
};

pub(super) const PDF_PRODUCERS_AGREE: ConsistencyTest<Pdf> = ConsistencyTest {
    id: "pdf-producers-agree",
    about: "software_name",
    strength: Strength::Soft,
    rationale: "the program that writes the file puts its name into the information dictionary and into XMP",
    benign_causes: &["a program that renews one of the two only", "names that are cut or written with other signs"],
    false_alarm: Rate { hits: 9, files: 450, hit_projects: 3, projects: 11 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some((info, info_at)), Some((xmp, xmp_at))) = (&facts.info.producer, &facts.xmp.producer) else {
        return Outcome::NotRun("the producer is not named in both");
    };
    if letters(info) == letters(xmp) {
        return Outcome::Consistent;
    }
    let explain = format!("the information dictionary names the producer `{info}`, XMP `{xmp}`");
    Outcome::Inconsistent { loci: vec![info_at.clone(), xmp_at.clone()], explain }
}

/// Letters and digits only: signs such as that of a trade mark are written in several ways.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::PDF_PRODUCERS_AGREE;
    use crate::artefact::{
        consistency::Outcome,
        pdf::{Facts, Side},
    };

    #[test]
    fn another_producer_in_xmp_is_found() {
        let side = |producer: &str| Side { producer: Some((producer.to_owned(), 3..9)), ..Side::default() };
        let facts = |info, xmp| Facts { info: side(info), xmp: side(xmp) };
        let run = PDF_PRODUCERS_AGREE.run;
        assert_eq!(run(&facts("Press \u{ae} 1", "Press 1")), Outcome::Consistent);
        assert!(matches!(run(&facts("Press 1", "Press 2")), Outcome::Inconsistent { .. }));
    }
}
