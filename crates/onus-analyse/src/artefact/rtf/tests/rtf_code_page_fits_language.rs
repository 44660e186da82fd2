//! The code page of the document is that of its language.

use crate::artefact::{
    code_page,
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    rtf::{Facts, Rtf},
};

pub(super) const RTF_CODE_PAGE_FITS_LANGUAGE: ConsistencyTest<Rtf> = ConsistencyTest {
    id: "rtf-code-page-fits-language",
    about: "code_page",
    strength: Strength::Soft,
    rationale: "the program takes the code page from the system and the language from its own settings; most machines have both of one region",
    benign_causes: &[
        "a program in one language on a system of another region",
        "a library that writes a fixed code page or language",
        "a document that was saved again on a machine of another region",
    ],
    false_alarm: Rate { hits: 2, files: 46, hit_projects: 2, projects: 5 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    code_page::fits_language(
        facts.code_page.as_ref(),
        facts.language.as_ref(),
        |page| (874..=1258).contains(&page),
        |page, language, expected| {
            format!(
                "the document is written in code page {page}, its language is {language}, whose code page is {expected}"
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::RTF_CODE_PAGE_FITS_LANGUAGE;
    use crate::artefact::{consistency::Outcome, rtf::Facts};

    #[test]
    fn another_region_is_found() {
        let facts = |page, language| Facts {
            code_page: Some((page, 3..5)),
            language: Some((language, 7..9)),
            ..Facts::default()
        };
        let run = RTF_CODE_PAGE_FITS_LANGUAGE.run;
        assert_eq!(run(&facts(1251, 0x0419)), Outcome::Consistent);
        assert!(matches!(run(&facts(1251, 0x0409)), Outcome::Inconsistent { .. }));
        assert!(matches!(run(&facts(65001, 0x0419)), Outcome::NotRun(_)));
    }
}
