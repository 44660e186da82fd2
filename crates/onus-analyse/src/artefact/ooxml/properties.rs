//! The properties of a package: core (ECMA-376, part 2, 11), extended (part 1, 22.2) and custom (22.3).

use jiff::Timestamp;

use super::{
    Facts,
    package::{Package, Part},
};
use crate::{
    Findings,
    artefact::{
        office::{person, property, software, time, trace},
        xml,
    },
};

/// Texts of the extended properties that are read, at most.
const TEXTS_MAX: usize = 10_000;

/// Custom properties, and words of the interface, at most.
const LISTED_MAX: usize = 1_000;

/// Reads all properties.
pub(super) fn read(package: &mut Package<'_>, facts: &mut Facts, findings: &mut Findings) {
    for part in package.parts(|name| name == "docprops/core.xml" || name.ends_with(".psmdcp")) {
        core(&part, facts, findings);
    }
    for part in package.parts(|name| name == "docprops/app.xml") {
        extended(&part, facts, findings);
    }
    for part in package.parts(|name| name == "docprops/custom.xml") {
        custom(&part, findings);
    }
}

fn core(part: &Part, facts: &mut Facts, findings: &mut Findings) {
    for (path, value) in xml::texts(&part.text()) {
        let locus = part.locus();
        let name = path.last().copied().unwrap_or_default();
        let found = match name {
            "creator" => person("author", &value, locus),
            "lastModifiedBy" => person("last_modified_by", &value, locus),
            "created" | "modified" | "lastPrinted" => {
                let seconds = value.parse::<Timestamp>().ok().map(|time| part.placed(time.as_second()));
                match name {
                    "created" => facts.created = seconds,
                    "modified" => facts.modified = seconds,
                    _ => {}
                }
                time(if name == "lastPrinted" { "printed" } else { name }, &value, zone(&value), locus)
            }
            "title" | "subject" | "keywords" | "description" | "category" | "revision" | "language"
            | "contentStatus" | "version" | "identifier" => property(name, &value, locus),
            _ => continue,
        };
        findings.add(found.with("part", part.name.as_str()));
    }
}

/// The zone that a time is written in (W3C-DTF).
fn zone(written: &str) -> &str {
    if written.ends_with('Z') {
        return "UTC";
    }
    let at = written.len().saturating_sub(6);
    written.get(at..).filter(|end| end.starts_with(['+', '-']) && written.contains('T')).unwrap_or("")
}

fn extended(part: &Part, facts: &mut Facts, findings: &mut Findings) {
    let text = part.text();
    let texts: Vec<_> = xml::texts(&text).take(TEXTS_MAX).collect();
    let value =
        |wanted: &str| texts.iter().find(|(path, _)| path.last() == Some(&wanted)).map(|(_, value)| value.as_str());
    let mut add = |finding: crate::Finding| findings.add(finding.with("part", part.name.as_str()));
    if let Some(application) = value("Application") {
        facts.application = Some(part.placed(application.to_owned()));
        add(software("application", application, value("AppVersion").unwrap_or_default(), part.locus()));
    }
    if let Some(company) = value("Company") {
        add(trace("organisation_name", company, part.locus()).with("role", "company"));
    }
    if let Some(manager) = value("Manager") {
        add(person("manager", manager, part.locus()));
    }
    for (element, name) in [
        ("Template", "template"),
        ("TotalTime", "editing_minutes"),
        ("HyperlinkBase", "hyperlink_base"),
        ("DocSecurity", "protection"),
    ] {
        if let Some(value) = value(element).filter(|value| *value != "0" || element != "DocSecurity") {
            add(property(name, value, part.locus()));
        }
    }
    let headings = texts.iter().filter(|(path, _)| path.contains(&"HeadingPairs") && path.last() == Some(&"lpstr"));
    for (_, heading) in headings.take(LISTED_MAX) {
        facts.interface.push(part.placed(heading.clone()));
        add(trace("interface_text", heading.as_str(), part.locus()).with("from", "HeadingPairs"));
    }
}

fn custom(part: &Part, findings: &mut Findings) {
    let text = part.text();
    let mut name = None;
    let mut count = 0;
    for token in xml::tokens(&text) {
        match token {
            xml::Token::Open { name: "property", attributes, .. } => name = xml::attribute(attributes, "name"),
            xml::Token::Text(value) if !value.trim().is_empty() && count < LISTED_MAX => {
                let Some(name) = &name else { continue };
                count += 1;
                findings.add(
                    property(name, &xml::unescape(value.trim()), part.locus())
                        .with("part", part.name.as_str())
                        .with("from", "custom"),
                );
            }
            _ => {}
        }
    }
}
