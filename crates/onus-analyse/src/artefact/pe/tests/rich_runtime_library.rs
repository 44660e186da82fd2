//! Did one package supply the import library of the run-time DLL and the start-up objects?

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    pe::{
        Pe,
        facts::Facts,
        products::Kind,
        rich::ABSENT,
        rich::{Entry, Rich},
        runtime::Runtime,
        witness,
        witness::Imported,
    },
};

/// Did one package supply the import library of the run-time DLL and the start-up objects?.
pub(super) const RICH_RUNTIME_LIBRARY: ConsistencyTest<Pe> = ConsistencyTest {
    id: "rich-runtime-library",
    about: "rich_header",
    strength: Strength::Hard,
    rationale: "the import library of the run-time DLL and the start-up objects beside it were built together, so that the Rich header holds both with one build, and two objects of import libraries for each DLL of the package",
    benign_causes: &["a program that asks for the run-time DLL but brings its own start-up code"],
    false_alarm: Rate { hits: 0, files: 1391, hit_projects: 0, projects: 80 },
    detection: Some(Rate { hits: 689, files: 870, hit_projects: 13, projects: 13 }),
    forge_cost: ForgeCost::F3,
    run,
};

/// The first version of the linker whose programs it was measured on.
const MEASURED: (u8, u8) = (9, 0);

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(rich) = facts.rich.rich() else { return Outcome::NotRun(ABSENT) };
    let Some(imported) = Imported::of(facts) else { return Outcome::NotRun("not all imports were read") };
    let [runtime] = Runtime::imported(facts)[..] else {
        return Outcome::NotRun("the file does not import the run-time DLL of exactly one generation");
    };
    if runtime.linker < MEASURED {
        return Outcome::NotRun("it was not measured on programs of a generation as old as this");
    }
    let libraries = runtime.libraries(facts);
    if libraries == 0 {
        return Outcome::NotRun("the run-time DLL is only loaded on demand");
    }
    let Some(explain) = contradiction(rich, &runtime, libraries, imported).or_else(|| one_maker(facts, rich, &runtime))
    else {
        return Outcome::Consistent;
    };
    let about = |entry: &Entry| entry.kind() == Kind::ImportLibrary || runtime.made_by.contains(&entry.product);
    let loci = witness::library_places(facts, |name| Runtime::is_of(name, runtime.linker));
    Outcome::Inconsistent { loci: witness::both(rich.places(about), loci), explain }
}

/// Returns what is wrong with the objects of the package, if anything is.
fn contradiction(rich: &Rich, runtime: &Runtime, libraries: u64, imported: Imported) -> Option<String> {
    let builds = runtime.builds(rich);
    let (name, expected) = (runtime.library, 2 * libraries);
    let (major, minor) = runtime.linker;
    if builds.is_empty() {
        return Some(format!(
            "This file asks for {name}.dll. Its import library and the start-up objects beside it are of one build of \
             Visual C++ {major}.{minor}, but the Rich header holds no build that made both import libraries and objects."
        ));
    }
    let [library, ..] = runtime.made_by;
    let objects = rich.count(|entry| entry.product == library && builds.contains(&entry.build));
    if objects < expected {
        return Some(format!(
            "This file imports {libraries} DLLs of the package of {name}.dll, whose import libraries bring {expected} \
             objects; the Rich header notes only {objects} of the build that made the start-up objects."
        ));
    }
    // Before 14 the same build made import libraries of others, too.
    let is_own = major == 14 && builds.len() == 1;
    (is_own && objects > expected + 1 + 2 * imported.dropped(rich)).then(|| {
        format!(
            "The Rich header notes {objects} objects of import libraries of the build that made the start-up objects, but \
             this file imports {libraries} DLLs of that package, which bring {expected} or one more."
        )
    })
}

/// Returns what is wrong if all import libraries are of one build, although those of Windows are made elsewhere.
fn one_maker(facts: &Facts<'_>, rich: &Rich, runtime: &Runtime) -> Option<String> {
    let is_windows = |name: &str| name == "kernel32.dll" || name.starts_with("api-ms-win-");
    let windows = witness::library_places(facts, is_windows);
    let makers = rich.entries.iter().filter(|entry| entry.kind() == Kind::ImportLibrary).count();
    // The libraries of Windows that came with Visual C++ 9 were made with Visual C++ 9.
    (runtime.linker >= (10, 0) && !windows.is_empty() && makers < 2).then(|| {
        format!(
            "This file imports {}.dll and DLLs of Windows. Their import libraries are made by different builds, but the \
             Rich header notes one build for all.",
            runtime.library
        )
    })
}

#[cfg(test)]
mod tests {
    use super::RICH_RUNTIME_LIBRARY as TEST;
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn one_package_passes() {
        assert_eq!(Sample::ordinary().contradiction(&TEST), "");
    }

    #[test]
    fn objects_of_another_package_are_seen() {
        let mut other = Sample::ordinary();
        other.entries.iter_mut().filter(|entry| entry.1 == 35207 && entry.0 != 0x101).for_each(|entry| entry.1 = 33145);
        other.entries.iter_mut().filter(|entry| entry.0 == 0x101 && entry.1 == 33145).for_each(|entry| entry.1 = 33135);
        assert!(other.contradiction(&TEST).contains("no build that made both"));
    }

    #[test]
    fn too_few_objects_of_the_package_are_seen() {
        let more = Sample::ordinary().importing(&[("VCRUNTIME140.dll", 1), ("MSVCP140.dll", 1), ("KERNEL32.dll", 1)]);
        assert!(more.contradiction(&TEST).contains("only 2"));
    }

    #[test]
    fn too_many_objects_of_the_package_are_seen() {
        let mut more = Sample::ordinary().with_count(1, 5);
        more.entries[1].2 = 7;
        assert!(more.contradiction(&TEST).contains("bring 2 or one more"));
    }

    #[test]
    fn one_maker_of_all_import_libraries_is_seen() {
        let one = Sample::ordinary().of(&[(0x101, 35207, 3), (0x105, 35207, 13), (1, 0, 5), (0x102, 35228, 1)]);
        assert!(one.contradiction(&TEST).contains("one build for all"));
    }

    #[test]
    fn generations_that_were_not_measured_are_not_judged() {
        assert!(Sample::ordinary().importing(&[("MSVCR71.dll", 1)]).is_not_run(&TEST));
    }

    #[test]
    fn a_program_without_the_dll_is_not_judged() {
        assert!(Sample::ordinary().importing(&[("KERNEL32.dll", 1)]).is_not_run(&TEST));
    }
}
