//! Do the entries of the Rich header stand in the order in which the linker makes the objects?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, rich::Entry},
};

/// Do the entries of the Rich header stand in the order in which the linker makes the objects?.
pub(super) const RICH_ORDER: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-order",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the linker reads objects and import libraries first, then makes the object of the export directory, converts resources, and notes itself last",
    benign_causes: &["none is known from linker 7 on"],
    false_alarm: Rate { hits: 0, files: 1647, hit_projects: 0, projects: 122 },
    detection: Some(Rate { hits: 52, files: 1045, hit_projects: 9, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    if rich.linker().is_none_or(|linker| linker.version().0 < 7) {
        return Outcome::NotRun("linkers before 7 keep another order");
    }
    let steps = rich.entries.iter().filter_map(|entry| step(*entry).map(|step| (step, *entry)));
    let steps: Vec<(u8, Entry)> = steps.collect();
    let Some([(_, first), (_, second)]) = steps.array_windows().find(|[(one, _), (next, _)]| one > next) else {
        return Outcome::Consistent;
    };
    let name = |entry: &Entry| entry.known().map_or("an unknown program", |product| product.name);
    let explain = format!(
        "The Rich header notes {} before {}. The linker reads import libraries first, then makes the object of the export \
         directory, then converts resources.",
        name(first),
        name(second)
    );
    let loci = rich.places(|entry| entry.at == first.at || entry.at == second.at);
    Outcome::Inconsistent { loci, explain }
}

/// Returns when the objects of an entry are made, for those whose time is fixed.
fn step(entry: Entry) -> Option<u8> {
    match entry.kind() {
        Kind::Import | Kind::ImportLibrary => Some(0),
        Kind::Export => Some(1),
        Kind::ResourceObject => Some(2),
        Kind::ResourceFile => Some(3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RICH_ORDER as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn the_order_of_the_linker_passes() {
        let all = [(1, 0, 9), (0x101, 1, 3), (0x100, 1, 1), (0xff, 1, 1), (0x97, 0, 1), (0x102, 1, 1)];
        assert_eq!(Sample::default().of(&all).contradiction(&TEST), "");
    }

    #[test]
    fn an_import_library_behind_the_exports_is_seen() {
        let late = [(1, 0, 9), (0x100, 1, 1), (0x101, 1, 3), (0x102, 1, 1)];
        let explain = Sample::default().of(&late).contradiction(&TEST);
        assert!(explain.contains("Export1400 before Implib1400"), "{explain}");
    }

    #[test]
    fn objects_may_come_in_any_order() {
        assert_eq!(
            Sample::default().of(&[(0x105, 1, 9), (1, 0, 2), (0x104, 1, 1), (0x102, 1, 1)]).contradiction(&TEST),
            ""
        );
    }

    #[test]
    fn linker_6_is_not_judged() {
        assert!(Sample::default().of(&[(0x06, 1, 9), (1, 0, 2), (0x04, 8447, 1)]).is_not_run(&TEST));
    }
}
