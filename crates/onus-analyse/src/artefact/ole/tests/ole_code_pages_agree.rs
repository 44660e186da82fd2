//! The properties and the VBA project are written in one code page.

use super::is_neutral;
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    ole::{Facts, Ole},
};

pub(super) const OLE_CODE_PAGES_AGREE: ConsistencyTest<Ole> = ConsistencyTest {
    id: "ole-code-pages-agree",
    about: "code_page",
    strength: Strength::Soft,
    rationale: "both are written in the code page of the system on which the document was saved",
    benign_causes: &[
        "a project that was made on another machine and only carried along",
        "a library that writes properties anew",
    ],
    false_alarm: Rate { hits: 2, files: 59, hit_projects: 1, projects: 5 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some((page, at)), Some((project, project_at))) = (&facts.code_page, &facts.vba_code_page) else {
        return Outcome::NotRun("there are not both properties and a VBA project");
    };
    if is_neutral(*page) || is_neutral(*project) {
        return Outcome::NotRun("one of the code pages says nothing of a region");
    }
    if page == project {
        return Outcome::Consistent;
    }
    let explain = format!("the properties are written in code page {page}, the VBA project in {project}");
    Outcome::Inconsistent { loci: vec![project_at.clone(), at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::OLE_CODE_PAGES_AGREE;
    use crate::artefact::{consistency::Outcome, ole::Facts};

    #[test]
    fn a_project_in_another_code_page_is_found() {
        let facts = |page, project| Facts {
            code_page: Some((page, 3..5)),
            vba_code_page: Some((project, 7..9)),
            ..Facts::default()
        };
        let run = OLE_CODE_PAGES_AGREE.run;
        assert_eq!(run(&facts(1252, 1252)), Outcome::Consistent);
        assert!(matches!(run(&facts(1252, 936)), Outcome::Inconsistent { .. }));
        assert!(matches!(run(&facts(1252, 10000)), Outcome::NotRun(_)));
    }
}
