//! Projects of Visual Basic in documents: code page, language, modules, libraries with their paths (`[MS-OVBA]`).

mod decompress;
mod dir;

use std::ops::Range;

use onus_core::{Digest, Locus};

use super::{
    code_page,
    compound::{Compound, Entry, Stream},
    language_id, little_endian,
    office::{path, property, trace},
    user_path::user_of_path,
};
use crate::{Finding, Findings};

use decompress::decompress;
use dir::{Module, Project, Reference};

/// Projects of one document, at most.
const PROJECTS_MAX: usize = 16;

/// Modules and references of one project that are listed, at most.
const MODULES_MAX: usize = 1_000;
const REFERENCES_MAX: usize = 500;

/// Bytes of source that are unpacked of all modules, at most.
const SOURCE_MAX: usize = 32 << 20;

/// Bytes of the text of a project that are read, at most.
const TEXT_MAX: usize = 64 << 10;

/// Reads the projects in a compound file that lies in another file, at a place that stands for all of it.
pub(super) fn read_whole(bytes: &[u8], locus: Locus, findings: &mut Findings) {
    match Compound::of(bytes) {
        Ok(file) => drop(read(&file, Some(locus), findings)),
        Err(what) => findings.add(Finding::malformed(what).at(locus)),
    }
}

/// Reads the projects in a compound file and returns the code page of the first.
pub(super) fn read(file: &Compound<'_>, outer: Option<Locus>, findings: &mut Findings) -> Option<(u16, Range<usize>)> {
    let mut code_page = None;
    let is_dir = |entry: &&Entry| entry.storages.last().is_some_and(|storage| storage.eq_ignore_ascii_case("VBA"));
    for entry in file.streams("dir").filter(is_dir).take(PROJECTS_MAX) {
        let stream = file.read(entry);
        let place = |range: Range<usize>| outer.unwrap_or_else(|| stream.locus(range));
        let whole = place(0..stream.bytes.len());
        let Some(unpacked) = decompress(&stream.bytes) else {
            findings.add(
                Finding::malformed("the stream `dir` of a VBA project is not compressed as it should be").at(whole),
            );
            continue;
        };
        let project = Project::of(&unpacked);
        code_page = code_page.or_else(|| Some((project.code_page?, stream.range(0..stream.bytes.len()))));
        describe(&project, &entry.path(), whole, findings);
        modules(file, entry, &project, outer, findings);
        references(&project, whole, findings);
        project_text(file, entry, &project, outer, findings);
    }
    code_page
}

fn describe(project: &Project, path: &str, locus: Locus, findings: &mut Findings) {
    let system = match project.system {
        Some(0) => "Windows of 16 bits",
        Some(1) => "Windows of 32 bits",
        Some(2) => "Macintosh",
        Some(3) => "Windows of 64 bits",
        _ => "",
    };
    findings.add(
        trace("vba_project", project.name.as_str(), locus)
            .with("system", system)
            .with("modules", project.modules.len().to_string())
            .with("references", project.references.len().to_string())
            .with_some("version", project.version.map(|(major, minor)| format!("{major}.{minor}")))
            .with("description", project.description.as_str())
            .with("part", path),
    );
    if let Some(number) = project.code_page {
        findings.add(trace("code_page", number.to_string(), locus).with("from", "VBA project"));
    }
    for (lcid, from) in [(project.lcid, "VBA project"), (project.lcid_invoke, "VBA project, names of members")] {
        if let Some(lcid) = lcid {
            let tag = language_id::tag((lcid & 0xffff) as u16);
            findings
                .add(trace("document_language", tag, locus).with("from", from).with("lcid", format!("{lcid:#06x}")));
        }
    }
}

fn modules(file: &Compound<'_>, dir: &Entry, project: &Project, outer: Option<Locus>, findings: &mut Findings) {
    let mut left = SOURCE_MAX;
    if project.modules.len() > MODULES_MAX {
        findings.add(Finding::limit(format!("of {} modules {MODULES_MAX} are listed", project.modules.len())));
    }
    for module in project.modules.iter().take(MODULES_MAX) {
        let entry = file.streams(&module.stream).find(|entry| entry.storages == dir.storages);
        let stream = entry.filter(|_| left > 0).map(|entry| file.read(entry)).unwrap_or_default();
        left = left.saturating_sub(stream.bytes.len());
        let locus = outer.unwrap_or_else(|| stream.locus(0..stream.bytes.len()));
        let finding = trace("vba_module", module.name.as_str(), locus).with("stream", module.stream.as_str());
        findings.add(with_source(finding, module, &stream, &mut left));
    }
}

/// Adds what the source of a module is: its digest, its length, and how much of it is not ASCII.
fn with_source(finding: Finding, module: &Module, stream: &Stream, left: &mut usize) -> Finding {
    let packed = stream.bytes.get(module.offset as usize..).unwrap_or_default();
    if *left == 0 {
        return finding.with("source", "not read");
    }
    let Some(source) = decompress(packed) else { return finding.with("source", "not readable") };
    *left = left.saturating_sub(source.len());
    let other = source.iter().filter(|byte| !byte.is_ascii()).count();
    finding
        .with("source_size", source.len().to_string())
        .with("source_sha256", Digest::of(&source).to_hex())
        .with("not_ascii", if other == 0 { String::new() } else { other.to_string() })
}

fn references(project: &Project, locus: Locus, findings: &mut Findings) {
    if project.references.len() > REFERENCES_MAX {
        findings.add(Finding::limit(format!("of {} references {REFERENCES_MAX} are listed", project.references.len())));
    }
    for Reference { name, library } in project.references.iter().take(REFERENCES_MAX) {
        findings.add(trace("vba_reference", library.as_str(), locus).with("name", name.as_str()));
        let parts = library.split('#').map(|part| part.trim_start_matches(r"*\C"));
        for part in parts.filter(|part| user_of_path(part).is_some()) {
            path(part, "library of the VBA project", locus, findings);
        }
    }
}

/// The text `PROJECT` beside the storage: identifiers and, where it was not removed, what was protected.
fn project_text(file: &Compound<'_>, dir: &Entry, project: &Project, outer: Option<Locus>, findings: &mut Findings) {
    let above = dir.storages.get(..dir.storages.len().saturating_sub(1)).unwrap_or_default();
    let Some(entry) = file.streams("PROJECT").find(|entry| entry.storages == above) else { return };
    let stream = file.read(entry);
    let bytes = stream.bytes.get(..stream.bytes.len().min(TEXT_MAX)).unwrap_or_default();
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let range = at..at + line.len();
        at = range.end;
        let line = code_page::decode(project.code_page.unwrap_or(1252), line);
        let Some((key, value)) = line.trim_end().split_once('=') else { continue };
        let name = match key {
            "ID" => "vba_project_id",
            "VersionCompatible32" => "vba_version",
            "HelpFile" => "vba_help_file",
            _ => continue,
        };
        let locus = outer.unwrap_or_else(|| stream.locus(range));
        findings.add(property(name, value.trim_matches('"'), locus));
    }
    let version =
        file.streams("_VBA_PROJECT").find(|entry| entry.storages == dir.storages).map(|entry| file.read(entry));
    if let Some(stream) = version
        && let Some(number) = little_endian::u16_at(&stream.bytes, 2)
    {
        findings.add(property("vba_compiled_by", &number.to_string(), outer.unwrap_or_else(|| stream.locus(2..4))));
    }
}
