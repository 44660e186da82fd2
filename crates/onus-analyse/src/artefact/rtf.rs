//! Rich Text Format: people, times, code page, languages, fonts, program (Word 2007 RTF Specification 1.9.1).

mod read;
mod tests;
mod token;

use std::ops::Range;

use onus_core::Locus;

use super::{
    code_page,
    consistency::{self, Format},
    container::Container,
    language_id,
    office::{path, person, property, software, time, trace},
};
use crate::{Analyser, FileType, Finding, Findings, Subject};

use read::{Fact, Reading};

/// Reads Rich Text Format.
pub(crate) const RTF: Analyser =
    Analyser { id: "rtf", version: 1, reads: |file_type| file_type.container == Some(Container::Rtf), observe };

/// The format, as consistency tests know it.
pub(super) struct Rtf;

impl Format for Rtf {
    type Facts<'a> = Facts;
}

/// What the tests compare.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Code page of the document.
    pub code_page: Option<(u16, Range<usize>)>,
    /// Language of the document where it says nothing else.
    pub language: Option<(u16, Range<usize>)>,
    /// Creation and last change, as if local time were UTC, in seconds.
    pub created: Option<(i64, Range<usize>)>,
    /// Last change.
    pub revised: Option<(i64, Range<usize>)>,
}

/// The mark of a link in a field, and of other fields that lead out of the document.
const FIELDS: [&str; 5] = ["HYPERLINK", "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "DDEAUTO"];

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    let reading = Reading::of(subject.bytes);
    let mut facts = Facts::default();
    if let Some((number, range)) = &reading.code_page {
        findings.add(trace("code_page", number.to_string(), locus(range)).with("from", "ansicpg"));
        facts.code_page = Some((*number, range.clone()));
    }
    for (word, number, range) in &reading.default_languages {
        let tag = language_id::tag(*number);
        findings.add(
            trace("document_language", tag, locus(range)).with("from", *word).with("lcid", format!("{number:#06x}")),
        );
        if *word == "deflang" {
            facts.language = Some((*number, range.clone()));
        }
    }
    for (number, (count, range)) in &reading.languages {
        findings.add(
            trace("document_language", language_id::tag(*number), locus(range))
                .with("from", "text")
                .with("lcid", format!("{number:#06x}"))
                .with("count", count.to_string()),
        );
    }
    for fact in &reading.facts {
        one(fact, &mut facts, findings);
    }
    lists(&reading, findings);
    consistency::run::<Rtf>(tests::TESTS, &facts, subject.bytes.len(), findings);
}

fn one(fact: &Fact, facts: &mut Facts, findings: &mut Findings) {
    let place = locus(&fact.range);
    let text = fact.text.trim();
    if text.is_empty() {
        return;
    }
    let finding = match fact.name {
        "author" => person("author", text, place),
        "operator" => person("last_modified_by", text, place),
        "manager" => person("manager", text, place),
        "revision_author" => person("change", text, place),
        "atnauthor" => person("comment", text, place),
        "company" => trace("organisation_name", text, place).with("role", "company"),
        "generator" => software("generator", text.trim_end_matches(';'), "", place),
        "created" | "revised" | "printed" | "backed_up" => {
            let seconds = fact.seconds.map(|seconds| (seconds, fact.range.clone()));
            match fact.name {
                "created" => facts.created = seconds,
                "revised" => facts.revised = seconds,
                _ => {}
            }
            time(fact.name, text, "local", place)
        }
        "objclass" => trace("embedded_object", text, place),
        "template" => {
            path(text, "template", place, findings);
            return;
        }
        "fldinst" => {
            field(text, place, findings);
            return;
        }
        name => property(name, text, place),
    };
    findings.add(finding);
}

/// A field that leads out of the document.
fn field(text: &str, place: Locus, findings: &mut Findings) {
    let Some(kind) = FIELDS.iter().find(|kind| text.trim_start().starts_with(**kind)) else { return };
    let target = text.split('"').nth(1).unwrap_or_else(|| text.split_whitespace().nth(1).unwrap_or_default());
    findings.add(trace("external_reference", target, place).with("type", kind.to_ascii_lowercase()));
    if target.contains('\\') || target.starts_with("file:") {
        // Fields double their backslashes; a share begins with two all the same.
        let is_doubled = target.get(1..).is_some_and(|rest| rest.trim_start_matches('\\').contains("\\\\"));
        let plain = if is_doubled { target.replace("\\\\", "\\") } else { target.to_owned() };
        path(&plain, "field", place, findings);
    }
}

fn lists(reading: &Reading, findings: &mut Findings) {
    if let Some((ids, range)) = &reading.revisions {
        findings.add(
            trace("revision_ids", ids.len().to_string(), locus(range))
                .with_some("root", reading.revision_root.map(|root| format!("{root:08X}")))
                .with_list("ids", ids.iter().map(|id| format!("{id:08X}"))),
        );
    }
    for (name, charset, range) in &reading.fonts {
        let page = read::page_of_charset(*charset);
        findings.add(
            trace("font", name.as_str(), locus(range))
                .with("charset", charset.to_string())
                .with_some("code_page", page.filter(|_| *charset != 0).map(|page| page.to_string())),
        );
    }
    if let Some((count, range)) = &reading.objects {
        findings.add(trace("active_content", "object_data", locus(range)).with("count", count.to_string()));
    }
    for (what, at) in &reading.faults {
        findings.add(Finding::malformed(*what).at(locus(at)));
    }
    if reading.is_cut {
        findings.add(Finding::limit("not all fonts, fields or people are listed"));
    }
}

fn locus(range: &Range<usize>) -> Locus {
    Locus::bytes(range.start, range.len())
}

/// Decodes bytes of the document.
fn decode(page: Option<u16>, bytes: &[u8]) -> String {
    code_page::decode(page.unwrap_or(1252), bytes)
}
