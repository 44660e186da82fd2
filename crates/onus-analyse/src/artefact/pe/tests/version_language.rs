//! Do the version strings, the list of translations and the tree of resources name the same language?

use super::super::{
    Pe,
    facts::Facts,
    version::{StringTable, Version},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    language_id::{are_compatible, tag},
};

/// Do the version strings, the list of translations and the tree of resources name the same language?
pub(super) const VERSION_LANGUAGE: ConsistencyTest<Pe> = ConsistencyTest {
    id: "version-language",
    about: "version_language",
    strength: Strength::Soft,
    rationale: "a resource compiler is told one language for a block of version information, and the list of translations \
                names the tables that are there; as a place in the tree a neutral language fits every other",
    benign_causes: &[
        "a script for resources in which one of the three was left at another language",
        "a tool that rewrites version information and has its own idea of the language",
        "a translated copy of a program of which only some parts were translated",
    ],
    false_alarm: Rate { hits: 0, files: 470, hit_projects: 0, projects: 18 },
    detection: Some(Rate { hits: 223, files: 224, hit_projects: 9, projects: 9 }),
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    if facts.versions.iter().all(|version| version.tables.is_empty()) {
        return Outcome::NotRun("there is no table of version strings");
    }
    let conflicts = facts.versions.iter().filter_map(conflict);
    conflicts.into_iter().next().unwrap_or(Outcome::Consistent)
}

fn conflict(version: &Version) -> Option<Outcome> {
    version.tables.iter().find_map(|table| translation_conflict(version, table)).or_else(|| resource_conflict(version))
}

/// A table that no translation names.
fn translation_conflict(version: &Version, table: &StringTable) -> Option<Outcome> {
    let first = version.translations.first()?;
    // Here neutral is a language too: both sides come from the same lines of a script.
    let is_same = |one: u16, other: u16| are_compatible(one, other) && (one & 0x3ff == 0) == (other & 0x3ff == 0);
    if version.translations.iter().any(|translation| is_same(translation.language, table.language)) {
        return None;
    }
    let others = version.translations.iter().map(|translation| translation.at..translation.at + 4);
    Some(Outcome::Inconsistent {
        loci: std::iter::once(table.key.clone()).chain(others).collect(),
        explain: format!(
            "A table of version strings is for {}, but the block says that it has strings for {}.",
            tag(table.language),
            tag(first.language),
        ),
    })
}

/// A block that lies under a language for which it has no table.
fn resource_conflict(version: &Version) -> Option<Outcome> {
    let (language, entry_at) = version.resource_language?;
    let first = version.tables.first()?;
    if version.tables.iter().any(|table| are_compatible(table.language, language)) {
        return None;
    }
    Some(Outcome::Inconsistent {
        loci: vec![entry_at..entry_at + 4, first.key.clone()],
        explain: format!(
            "The version information is filed under {}, but its strings are for {}.",
            tag(language),
            tag(first.language),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::VERSION_LANGUAGE as TEST;
    use crate::artefact::pe::given::{bytes, outcome};

    #[test]
    fn one_language_passes_and_so_does_another_country() {
        assert_eq!(
            outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/library_of_the_microsoft_linker.hex"))),
            "consistent"
        );
        let innocent = bytes(include_str!("../../../../fixtures/pe/innocent_british_strings_under_neutral.hex"));
        assert_eq!(outcome(&TEST, &innocent), "consistent");
    }

    #[test]
    fn a_table_in_a_language_without_translation_is_a_lead() {
        let planted = bytes(include_str!("../../../../fixtures/pe/planted_language_of_version_strings.hex"));
        assert!(outcome(&TEST, &planted).contains("is for ru-RU"));
    }
}
