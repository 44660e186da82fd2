//! The last item of the list and the path of the target name one file.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    lnk::{Facts, Lnk},
};

pub(super) const LNK_ITEM_IS_TARGET: ConsistencyTest<Lnk> = ConsistencyTest {
    id: "lnk-item-is-target",
    about: "shell_item",
    strength: Strength::Soft,
    rationale: "the shell writes the list of items and the path from one file when it makes the link",
    benign_causes: &[
        "a program that makes links of texts only",
        "a folder that Windows shows under another name",
        "a link that was resolved again after its target was renamed",
    ],
    false_alarm: Rate { hits: 0, files: 247, hit_projects: 0, projects: 3 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let (Some(item), Some((path, at))) = (&facts.last, &facts.local_path) else {
        return Outcome::NotRun("there are not both a file in the list and a path");
    };
    let name = path.trim_end_matches('\\').rsplit('\\').next().unwrap_or_default();
    if name.is_empty() || !name.is_ascii() || !item.name.is_ascii() {
        return Outcome::NotRun("the path may be written in an encoding that is not told");
    }
    if name.eq_ignore_ascii_case(&item.name) || item.name.contains('~') || name.contains('~') {
        return Outcome::Consistent;
    }
    let explain = format!("the list of items ends in `{}`, the path of the target in `{name}`", item.name);
    Outcome::Inconsistent { loci: vec![item.range.clone(), at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::LNK_ITEM_IS_TARGET;
    use crate::artefact::{
        consistency::Outcome,
        lnk::{Facts, items::Item},
    };

    #[test]
    fn another_name_in_the_path_is_found() {
        let item = Item { name: "notes.txt".to_owned(), ..Item::default() };
        let facts = |path: &str| Facts {
            last: Some(item.clone()),
            local_path: Some((path.to_owned(), 3..9)),
            ..Facts::default()
        };
        let run = LNK_ITEM_IS_TARGET.run;
        assert_eq!(run(&facts(r"C:\x\Notes.txt")), Outcome::Consistent);
        assert!(matches!(run(&facts(r"C:\x\cmd.exe")), Outcome::Inconsistent { .. }));
    }
}
