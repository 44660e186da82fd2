//! The code page of the properties is that of the language in which the program was installed.

use super::is_neutral;
use crate::artefact::{
    code_page,
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    ole::{Facts, Ole},
};

pub(super) const OLE_CODE_PAGE_FITS_LANGUAGE: ConsistencyTest<Ole> = ConsistencyTest {
    id: "ole-code-page-fits-language",
    about: "code_page",
    strength: Strength::Soft,
    rationale: "the program writes its properties in the code page of the system, and the language in which it is installed into the head of the text; most machines have both of one region",
    benign_causes: &[
        "a program in one language on a system of another region",
        "a library that writes a fixed code page or language",
        "a document that was written in one program and saved in another",
    ],
    false_alarm: Rate { hits: 9, files: 142, hit_projects: 2, projects: 4 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    code_page::fits_language(
        facts.code_page.as_ref(),
        facts.language.as_ref(),
        |page| !is_neutral(page),
        |page, language, expected| {
            format!(
                "the properties are written in code page {page}, the program is installed in {language}, whose code page is {expected}"
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::OLE_CODE_PAGE_FITS_LANGUAGE;
    use crate::artefact::{consistency::Outcome, ole::Facts};

    #[test]
    fn another_region_is_found_and_unicode_says_nothing() {
        let facts = |page, language| Facts {
            code_page: Some((page, 3..5)),
            language: Some((language, 7..9)),
            ..Facts::default()
        };
        let run = OLE_CODE_PAGE_FITS_LANGUAGE.run;
        assert_eq!(run(&facts(1251, 0x0419)), Outcome::Consistent);
        assert!(matches!(run(&facts(1251, 0x0409)), Outcome::Inconsistent { .. }));
        assert!(matches!(run(&facts(65001, 0x0419)), Outcome::NotRun(_)));
    }
}
