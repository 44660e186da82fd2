//! A document that names Office for Windows as its program was packed by it.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    ooxml::{Facts, Ooxml},
};

/// How Office for Windows calls itself.
const NAMES: [&str; 3] = ["Microsoft Office Word", "Microsoft Excel", "Microsoft Office PowerPoint"];

pub(super) const OOXML_PACKER_FITS_APPLICATION: ConsistencyTest<Ooxml> = ConsistencyTest {
    id: "ooxml-packer-fits-application",
    about: "software_name",
    strength: Strength::Soft,
    rationale: "Office for Windows leaves the times of the entries at the first moment of 1980; entries with real times \
                were written by another program, after Office or in its name",
    benign_causes: &[
        "a library that fills in a document and leaves the name of the program as it was, or copies that name",
        "a document that was unpacked and packed again",
        "Excel for other systems, which bears the same name",
    ],
    false_alarm: Rate { hits: 425, files: 2284, hit_projects: 10, projects: 11 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let Some(application) = facts.application.as_ref().filter(|name| NAMES.contains(&name.value.as_str())) else {
        return Outcome::NotRun("the document names no program of Office for Windows");
    };
    let Some(first) = facts.packed.first() else { return Outcome::Consistent };
    let explain = format!(
        "{} of {} entries bear a real time, which {} does not write",
        facts.packed.len(),
        facts.entries,
        application.value
    );
    Outcome::Inconsistent { loci: vec![application.range.clone(), first.range.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::OOXML_PACKER_FITS_APPLICATION;
    use crate::artefact::{
        consistency::Outcome,
        ooxml::{Facts, package::Placed},
    };

    #[test]
    fn real_times_in_the_name_of_office_are_found() {
        let application = |name: &str| Some(Placed { value: name.to_owned(), range: 3..9 });
        let facts = |name| Facts { application: application(name), entries: 1, ..Facts::default() };
        let packed = vec![Placed { value: 1, range: 0..2 }];
        let run = OOXML_PACKER_FITS_APPLICATION.run;
        assert_eq!(run(&facts("Microsoft Excel")), Outcome::Consistent);
        let repacked = Facts { packed, ..facts("Microsoft Excel") };
        assert!(matches!(run(&repacked), Outcome::Inconsistent { .. }));
        assert!(matches!(run(&Facts { application: application("LibreOffice"), ..repacked }), Outcome::NotRun(_)));
    }
}
