//! What the content of a document says beside its text: languages, revisions, people who commented, where it lay.

use std::{collections::BTreeMap, ops::Range};

use onus_core::Locus;

use super::{
    Facts,
    package::{Package, Part},
};
use crate::{
    Findings,
    artefact::{
        office::{language, path, person, property, trace},
        vba,
        xml::{self, Token},
    },
};

/// Languages, people and identifiers of revisions that are listed, at most.
const LANGUAGES_MAX: usize = 200;
const PEOPLE_MAX: usize = 1_000;
const REVISIONS_MAX: usize = 400;

/// What was counted over all parts.
#[derive(Default)]
struct Counts {
    languages: BTreeMap<(String, &'static str), (u64, String, Range<usize>)>,
    people: BTreeMap<(String, &'static str), (u64, String, Range<usize>)>,
    is_cut: bool,
}

/// Reads the content.
pub(super) fn read(package: &mut Package<'_>, facts: &mut Facts, findings: &mut Findings) {
    let mut counts = Counts::default();
    for part in package.parts(is_content) {
        scan(&part, &mut counts, findings);
    }
    for part in package.parts(|name| name.ends_with("vbaproject.bin")) {
        findings.add(trace("vba_storage", part.name.as_str(), part.locus()));
        vba::read_whole(&part.bytes, part.locus(), findings);
    }
    report(counts, facts, findings);
}

/// Whether a part says something of languages or people; tables and pictures do not.
fn is_content(name: &str) -> bool {
    let is_told = ["word/", "ppt/", "xl/"].iter().any(|folder| name.starts_with(folder));
    let is_bulk =
        ["xl/worksheets/", "xl/sharedstrings", "xl/calcchain", "xl/pivot", "ppt/theme", "word/theme", "xl/theme"]
            .iter()
            .any(|folder| name.starts_with(folder));
    is_told && name.ends_with(".xml") && !is_bulk
}

fn scan(part: &Part, counts: &mut Counts, findings: &mut Findings) {
    let text = part.text();
    let mut revisions: Vec<String> = Vec::new();
    let mut root = None;
    let mut is_author = false;
    for token in xml::tokens(&text) {
        let Token::Open { name, attributes, .. } = token else {
            if let Token::Text(author) = token
                && is_author
            {
                counts.person(&xml::unescape(author.trim()), "comment", part);
            }
            is_author = false;
            continue;
        };
        is_author = name == "author";
        match name {
            "lang" => counts.lang(attributes, "text", part),
            "themeFontLang" => counts.lang(attributes, "theme", part),
            "rsidRoot" => root = xml::attribute(attributes, "val"),
            "rsid" if revisions.len() < REVISIONS_MAX => revisions.extend(xml::attribute(attributes, "val")),
            "fileVersion" | "absPath" => workbook(name, attributes, part, findings),
            _ if attributes.contains("author=") => {
                let author = xml::attribute(attributes, "author").unwrap_or_default();
                counts.person(&author, if name == "comment" { "comment" } else { "change" }, part);
            }
            "cmAuthor" => counts.person(&xml::attribute(attributes, "name").unwrap_or_default(), "comment", part),
            "rPr" | "defRPr" | "endParaRPr" if attributes.contains("lang=") => {
                counts.language(xml::attribute(attributes, "lang").unwrap_or_default(), "text", part);
            }
            _ => {}
        }
    }
    if !revisions.is_empty() || root.is_some() {
        findings.add(
            trace("revision_ids", revisions.len().to_string(), part.locus())
                .with_some("root", root)
                .with_list("ids", &revisions)
                .with("part", part.name.as_str()),
        );
    }
}

/// What a workbook says of the program that saved it and of the folder that it lay in.
fn workbook(name: &str, attributes: &str, part: &Part, findings: &mut Findings) {
    if name == "absPath" {
        if let Some(url) = xml::attribute(attributes, "url") {
            path(&url, "absPath of the workbook", part.locus(), findings);
        }
        return;
    }
    for attribute in ["lastEdited", "lowestEdited", "rupBuild", "codeName"] {
        if let Some(value) = xml::attribute(attributes, attribute) {
            findings.add(property(attribute, &value, part.locus()).with("part", part.name.as_str()));
        }
    }
}

impl Counts {
    fn lang(&mut self, attributes: &str, from: &'static str, part: &Part) {
        for (name, value) in xml::attributes(attributes) {
            let from = match (name, from) {
                ("val", from) => from,
                ("eastAsia", "theme") => "theme, East Asian",
                ("eastAsia", _) => "text, East Asian",
                ("bidi", "theme") => "theme, right to left",
                ("bidi", _) => "text, right to left",
                _ => continue,
            };
            self.language(value, from, part);
        }
    }

    fn language(&mut self, tag: String, from: &'static str, part: &Part) {
        count(&mut self.languages, (tag, from), LANGUAGES_MAX, part, &mut self.is_cut);
    }

    fn person(&mut self, name: &str, role: &'static str, part: &Part) {
        count(&mut self.people, (name.to_owned(), role), PEOPLE_MAX, part, &mut self.is_cut);
    }
}

type Table = BTreeMap<(String, &'static str), (u64, String, Range<usize>)>;

fn count(table: &mut Table, key: (String, &'static str), len_max: usize, part: &Part, is_cut: &mut bool) {
    if key.0.is_empty() {
        return;
    }
    if table.len() >= len_max && !table.contains_key(&key) {
        *is_cut = true;
        return;
    }
    table.entry(key).or_insert_with(|| (0, part.name.clone(), part.range.clone())).0 += 1;
}

fn report(counts: Counts, facts: &mut Facts, findings: &mut Findings) {
    if counts.is_cut {
        findings.add(crate::Finding::limit(format!(
            "of the languages the first {LANGUAGES_MAX} are listed, of the people {PEOPLE_MAX}"
        )));
    }
    for ((tag, from), (count, part, range)) in counts.languages {
        let locus = Locus::bytes(range.start, range.len());
        findings.add(language(&tag, from, locus).with("count", count.to_string()).with("part", part));
        facts.languages.push(super::package::Placed { value: tag, range });
    }
    for ((name, role), (count, part, range)) in counts.people {
        let locus = Locus::bytes(range.start, range.len());
        findings.add(person(role, &name, locus).with("count", count.to_string()).with("part", part));
    }
}
