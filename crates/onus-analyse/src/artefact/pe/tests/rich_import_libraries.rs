//! Does the number of objects of import libraries fit the number of imported libraries?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{Pe, facts::Facts, products::Kind, rich::ABSENT, rich::Entry, witness, witness::Imported},
};

/// Does the number of objects of import libraries fit the number of imported libraries?.
pub(super) const RICH_IMPORT_LIBRARIES: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-import-libraries",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "each imported library brings two objects of its import library, for its entry in the directory and for the end of its list, and all together bring one for the end of the directory",
    benign_causes: &[
        "a tool that added libraries to the import directory after linking",
        "libraries whose functions were all dropped, and import libraries of other makers; the test allows for them",
    ],
    false_alarm: Rate { hits: 0, files: 1603, hit_projects: 0, projects: 122 },
    detection: Some(Rate { hits: 421, files: 1045, hit_projects: 18, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(imported) = Imported::of(facts) else { return Outcome::NotRun("not all imports were read") };
    if imported.libraries == 0 {
        return Outcome::NotRun("the file imports no library at load");
    }
    if rich.linker().is_none_or(|linker| linker.version().0 < 7) {
        return Outcome::NotRun("linkers before 7 made import libraries themselves");
    }
    let (objects, unmarked) = (rich.import_library_objects(), rich.count_of(Kind::Unmarked));
    let (libraries, expected) = (imported.libraries, 2 * imported.libraries + 1);
    let dropped = imported.dropped(rich);
    let explain = if objects.saturating_add(unmarked) < expected {
        format!(
            "This file imports {libraries} libraries, which bring {expected} objects of import libraries; the Rich header \
             notes only {objects}, and {unmarked} objects without a mark."
        )
    } else if objects > expected + 2 * dropped {
        format!(
            "The Rich header notes {objects} objects of import libraries, but the {libraries} libraries of this file bring \
             {expected}; libraries that were dropped again do not explain the rest, as only {dropped} functions were."
        )
    } else if unmarked == 0 && objects.is_multiple_of(2) {
        format!(
            "The Rich header notes {objects} objects of import libraries. Their number is odd in every file that imports: \
             two for each library and one for all ({expected} for the {libraries} libraries of this file)."
        )
    } else {
        return Outcome::Consistent;
    };
    let about = |entry: &Entry| entry.kind() == Kind::ImportLibrary;
    let loci = witness::both(rich.places(about), [witness::directory_place(&facts.image, witness::IMPORT)]);
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::RICH_IMPORT_LIBRARIES as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn two_objects_for_each_library_and_one_for_all_pass() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn too_few_objects_are_seen() {
        let explain = Sample::ordinary().with_count(0x93, 0).contradiction(&TEST);
        assert!(explain.contains("3 libraries, which bring 7") && explain.contains("only 5"), "{explain}");
    }

    #[test]
    fn objects_of_dropped_libraries_pass_as_far_as_functions_were_dropped() {
        assert_eq!(Sample::ordinary().with_count(0x93, 10).contradiction(&TEST), "");
        assert!(Sample::ordinary().with_count(0x93, 12).contradiction(&TEST).contains("only 4 functions"));
    }

    #[test]
    fn an_even_number_is_seen() {
        assert!(Sample::ordinary().with_count(0x93, 3).contradiction(&TEST).contains("odd"));
    }

    #[test]
    fn import_libraries_that_linker_6_made_count_too() {
        let mut old = Sample::ordinary().with_count(0x93, 0);
        old.entries.insert(0, (0x04, 8447, 2));
        assert_eq!(old.contradiction(&TEST), "");
    }
}
