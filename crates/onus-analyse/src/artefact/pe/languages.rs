//! The languages and code pages that resources and version information name, and what the version strings say.

use std::collections::BTreeMap;

use onus_core::Locus;

use super::facts::Facts;
use crate::{
    Finding, Findings,
    artefact::{forge_cost::ForgeCost, language_id::tag},
};

/// Types of resources that are named in words.
const KINDS: [(u32, &str); 14] = [
    (1, "cursor"),
    (2, "bitmap"),
    (3, "icon"),
    (4, "menu"),
    (5, "dialog"),
    (6, "strings"),
    (9, "accelerators"),
    (10, "data"),
    (11, "messages"),
    (12, "cursor group"),
    (14, "icon group"),
    (16, "version"),
    (24, "manifest"),
    (23, "html"),
];

/// Languages and code pages that are listed, at most.
const LISTED_MAX: usize = 128;

/// Adds all of it.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    observe_resources(facts, findings);
    for version in &facts.versions {
        for table in &version.tables {
            let at = Locus::bytes(table.key.start, table.key.len());
            findings.add(language("version_language", table.language, at).with("from", "string table"));
            findings.add(code_page(u32::from(table.code_page), at).with("from", "string table"));
            for text in table.strings.iter().filter(|text| !text.value.trim().is_empty()) {
                findings.add(
                    Finding::new("version_string", text.value.trim())
                        .at(Locus::bytes(text.range.start, text.range.len()))
                        .with("name", text.key.as_str())
                        .with("language", tag(table.language))
                        .with("forge_cost", ForgeCost::F0.name()),
                );
            }
        }
        for translation in &version.translations {
            let at = Locus::bytes(translation.at, 4);
            findings.add(language("version_language", translation.language, at).with("from", "translation"));
            findings.add(code_page(u32::from(translation.code_page), at).with("from", "translation"));
        }
        if let Some(([major, minor, revision, build], at)) = version.file_version {
            findings.add(
                Finding::new("file_version", format!("{major}.{minor}.{revision}.{build}"))
                    .at(Locus::bytes(at, 8))
                    .with("forge_cost", ForgeCost::F0.name()),
            );
        }
    }
}

/// Each language and each code page once, at the first resource that has it.
fn observe_resources(facts: &Facts<'_>, findings: &mut Findings) {
    let mut languages: BTreeMap<u16, (usize, BTreeMap<String, usize>)> = BTreeMap::new();
    let mut pages: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for leaf in &facts.resources.leaves {
        if let Some(language) = leaf.language {
            let entry = languages.entry(language).or_insert_with(|| (leaf.entry_at, BTreeMap::new()));
            *entry.1.entry(kind(leaf.kind)).or_default() += 1;
        }
        if leaf.code_page != 0 {
            pages.entry(leaf.code_page).or_insert((leaf.description_at + 8, 0)).1 += 1;
        }
    }
    for (number, (at, kinds)) in languages.into_iter().take(LISTED_MAX) {
        let count: usize = kinds.values().sum();
        let lines = kinds.iter().map(|(kind, count)| format!("{kind} {count}"));
        findings.add(
            language("resource_language", number, Locus::bytes(at, 4))
                .with("resources", count.to_string())
                .with_list("kinds", lines),
        );
    }
    for (page, (at, count)) in pages.into_iter().take(LISTED_MAX) {
        findings
            .add(code_page(page, Locus::bytes(at, 4)).with("from", "resource").with("resources", count.to_string()));
    }
}

fn language(kind: &'static str, number: u16, at: Locus) -> Finding {
    Finding::new(kind, tag(number))
        .at(at)
        .with("number", format!("0x{number:04x}"))
        .with("forge_cost", ForgeCost::F1.name())
}

fn code_page(page: u32, at: Locus) -> Finding {
    Finding::new("code_page", page.to_string()).at(at).with("forge_cost", ForgeCost::F1.name())
}

fn kind(kind: Option<u32>) -> String {
    match kind {
        Some(number) => {
            let known = KINDS.iter().find(|(known, _)| *known == number);
            known.map_or_else(|| format!("type {number}"), |(_, name)| (*name).to_owned())
        }
        None => "named type".to_owned(),
    }
}
