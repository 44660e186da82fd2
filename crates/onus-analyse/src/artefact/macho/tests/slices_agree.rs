//! Whether the architectures of one file were built alike.

use std::{collections::BTreeMap, ops::Range};

use super::super::{MachO, commands::version_in_words, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// The test.
pub(super) const SLICES_AGREE: ConsistencyTest<MachO> = ConsistencyTest {
    id: "slices-agree",
    about: "build_version",
    strength: Strength::Soft,
    rationale: "The architectures of one file usually come from one build: the same kit, the same linker, the same versions of libraries, but each its own identifier.",
    benign_causes: &[
        "architectures that were built on two machines and joined",
        "an older architecture with an older kit",
    ],
    false_alarm: Rate { hits: 0, files: 36, hit_projects: 0, projects: 18 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    if facts.slices.len() < 2 {
        return Outcome::NotRun("the file has one architecture only");
    }
    let mut seen: BTreeMap<String, (String, Range<usize>, String)> = BTreeMap::new();
    for slice in &facts.slices {
        let cpu = slice.image.cpu_name();
        for (name, value, range) in said(slice) {
            match seen.get(&name) {
                Some((other, place, of)) if *other != value => {
                    return Outcome::Inconsistent {
                        loci: vec![slice.image.in_file(range), place.clone()],
                        explain: format!("{name} is {value} in the architecture {cpu}, but {other} in {of}"),
                    };
                }
                Some(_) => {}
                None => {
                    seen.insert(name, (value, slice.image.in_file(range), cpu.clone()));
                }
            }
        }
    }
    let mut uuids = facts.slices.iter().filter_map(|slice| Some((slice, slice.commands.uuid.clone()?)));
    if let Some((first, (uuid, range))) = uuids.next()
        && let Some((second, (_, other))) = uuids.find(|(_, (other, _))| *other == uuid)
    {
        return Outcome::Inconsistent {
            loci: vec![second.image.in_file(other), first.image.in_file(range)],
            explain: "two architectures have the same unique identifier, which is made from the content of each"
                .to_owned(),
        };
    }
    Outcome::Consistent
}

/// What one architecture says that should be the same in the others.
fn said(slice: &super::super::facts::Slice<'_>) -> Vec<(String, String, Range<usize>)> {
    let commands = &slice.commands;
    let mut said = Vec::new();
    for build in commands.builds.iter().filter(|build| build.kit != 0) {
        said.push((format!("the kit for {}", build.platform_name()), version_in_words(build.kit), build.range.clone()));
        if let Some((linker, at)) = build.linker() {
            said.push(("the linker".to_owned(), version_in_words(linker), at));
        }
    }
    let libraries = commands.libraries.iter().chain(&commands.name).filter(|library| library.version != 0);
    said.extend(libraries.map(|library| {
        (format!("the version of {}", library.name.lossy()), version_in_words(library.version), library.range.clone())
    }));
    if let Some((version, range)) = &commands.source_version {
        said.push(("the source version".to_owned(), version.to_string(), range.clone()));
    }
    said
}
