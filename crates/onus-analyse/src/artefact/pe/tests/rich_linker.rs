//! Is the last entry of the Rich header the linker that the optional header names?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, rich::ABSENT, witness},
};

/// Is the last entry of the Rich header the linker that the optional header names?.
pub(super) const RICH_LINKER: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-linker",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the linker writes its own version into the optional header and, as the last entry, into the Rich header",
    benign_causes: &[
        "a linker that is newer than the table of programs; the test does not run then",
        "a tool that overwrote the version of the linker",
    ],
    false_alarm: Rate { hits: 0, files: 1649, hit_projects: 0, projects: 123 },
    detection: Some(Rate { hits: 300, files: 1100, hit_projects: 19, projects: 19 }),
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let (major, minor) = facts.image.linker;
    if rich.entries.last().is_some_and(|entry| entry.known().is_none()) {
        return Outcome::NotRun("the last entry is of a program that is not known");
    }
    let own = rich.linker();
    let at = own.or(rich.entries.last().copied()).map(|entry| entry.at);
    let inconsistent = |explain: String| Outcome::Inconsistent {
        loci: witness::both(rich.places(|entry| Some(entry.at) == at), [witness::linker_place(&facts.image)]),
        explain,
    };
    match own.map(|own| own.version()) {
        // Linkers before 7 write further entries behind their own, or none of their own.
        None if major < 7 => Outcome::Consistent,
        None => inconsistent(format!(
            "The optional header says that linker {major}.{minor} made this file. From linker 7 on, the last entry of the \
             Rich header is that of the linker; here it is another program."
        )),
        Some(own) if own.0 == major && (!(7..14).contains(&major) || own.1 == minor) => Outcome::Consistent,
        Some(own) => inconsistent(format!(
            "The Rich header says that linker {}.{} made this file, and the optional header says linker {major}.{minor}. \
             One linker writes both in one run.",
            own.0, own.1
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::RICH_LINKER as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn one_linker_on_both_sides_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
        assert_eq!(Sample::default().of(&[(0x91, 30729, 1)]).linked_by(9, 0).contradiction(&TEST), "");
    }

    #[test]
    fn another_linker_is_seen() {
        let explain = Sample::default().of(&[(0x04, 8447, 1)]).contradiction(&TEST);
        assert!(explain.contains("linker 6.0") && explain.contains("linker 14.44"), "{explain}");
    }

    #[test]
    fn a_linker_that_is_not_last_is_seen() {
        assert!(!Sample::default().of(&[(0x102, 35228, 1), (0xff, 35228, 1)]).contradiction(&TEST).is_empty());
    }

    #[test]
    fn linker_6_may_write_entries_behind_its_own_or_none() {
        assert_eq!(Sample::default().of(&[(0x0a, 9782, 2), (0x06, 1735, 1)]).linked_by(6, 0).contradiction(&TEST), "");
        assert_eq!(Sample::default().of(&[(0x04, 8447, 2), (0x06, 1736, 1)]).linked_by(6, 0).contradiction(&TEST), "");
    }

    #[test]
    fn an_unknown_linker_is_not_judged() {
        assert!(Sample::default().of(&[(0x0200, 1, 1)]).is_not_run(&TEST));
    }
}
