//! The traces of an ELF file as observations.

use std::ops::Range;

use md5::{Digest as _, Md5};
use onus_core::Locus;

use super::{
    dynamic::glibc_minor,
    facts::Facts,
    image::{Image, PT_INTERP, SHT_NOBITS},
    notes::{ABI_TAG, GO_BUILD_ID, Note, PACKAGE, PROPERTIES, property},
};
use crate::{
    Finding, Findings,
    artefact::{
        forge_cost::ForgeCost,
        hex::hex,
        reader::{Text, find},
        toolchain::{GoBuild, Ident, Path, Tool, Version, day_in_words, glibc_release, release},
        user_path::user_of_path,
    },
};

/// Names of sections in one list, at most.
const NAMES_MAX: usize = 200;

/// Versions in one list, at most.
const VERSIONS_MAX: usize = 100;

/// Adds everything.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    for fault in &facts.image.faults {
        // What lies behind the bytes that were read is no fault of the file.
        findings.add(if facts.is_whole { Finding::malformed(fault.clone()) } else { Finding::limit(fault.clone()) });
    }
    for limit in facts.image.limits.iter().chain(&facts.dynamic.limits) {
        findings.add(Finding::limit(limit.clone()));
    }
    architecture(&facts.image, findings);
    sections(&facts.image, findings);
    facts.idents.iter().for_each(|ident| findings.add(compiler(ident, ".comment")));
    facts.producers.iter().for_each(|ident| findings.add(compiler(ident, "debugging information")));
    notes(facts, findings);
    libraries(facts, findings);
    import_hash(facts, findings);
    if let Some(go) = &facts.go {
        go_observations(go, findings);
    }
    facts.paths.iter().for_each(|path| build_path(path, findings));
    debugging(facts, findings);
    ending(&facts.image, findings);
}

fn at(range: Range<usize>) -> Locus {
    Locus::bytes(range.start, range.len())
}

fn trace(kind: &'static str, value: impl Into<String>, range: Range<usize>, cost: ForgeCost) -> Finding {
    Finding::new(kind, value).at(at(range)).with("forge_cost", cost.name())
}

fn architecture(image: &Image<'_>, findings: &mut Findings) {
    let machine = match image.machine {
        2 => "SPARC".to_owned(),
        3 => "x86".to_owned(),
        8 => "MIPS".to_owned(),
        20 => "PowerPC".to_owned(),
        21 => "PowerPC64".to_owned(),
        22 => "S/390".to_owned(),
        40 => "ARM".to_owned(),
        62 => "x86-64".to_owned(),
        183 => "AArch64".to_owned(),
        243 => "RISC-V".to_owned(),
        247 => "BPF".to_owned(),
        258 => "LoongArch".to_owned(),
        other => format!("machine {other}"),
    };
    let kind = match image.kind {
        1 => "object".to_owned(),
        2 => "program at a fixed address".to_owned(),
        3 => "shared object or program at any address".to_owned(),
        4 => "core".to_owned(),
        other => format!("type {other:#x}"),
    };
    let os_abi = match image.os_abi {
        0 => "System V".to_owned(),
        3 => "GNU/Linux".to_owned(),
        6 => "Solaris".to_owned(),
        9 => "FreeBSD".to_owned(),
        12 => "OpenBSD".to_owned(),
        other => other.to_string(),
    };
    findings.add(
        trace("architecture", machine, 0..image.header_len, ForgeCost::F2)
            .with("class", if image.reader.is_64 { "64 bits" } else { "32 bits" })
            .with(
                "byte_order",
                if image.reader.is_big_endian { "most significant first" } else { "least significant first" },
            )
            .with("type", kind)
            .with("os_abi", os_abi)
            .with("flags", format!("{:#x}", image.flags)),
    );
}

fn sections(image: &Image<'_>, findings: &mut Findings) {
    let named = image.sections.iter().filter(|section| section.kind != 0);
    let names: Vec<&str> = named.clone().map(|section| section.name.as_str()).collect();
    let table = image.section_table.clone();
    if !names.is_empty() {
        findings.add(
            trace(
                "section_names",
                names.iter().take(NAMES_MAX).copied().collect::<Vec<_>>().join(" "),
                table,
                ForgeCost::F1,
            )
            .with("count", names.len().to_string())
            .with_list(
                "layout",
                named.take(NAMES_MAX).map(|section| format!("{} {}+{}", section.name, section.offset, section.size)),
            ),
        );
    }
    if !image.segments.is_empty() {
        let line = |segment: &super::image::Segment| {
            format!("{:#x} {}+{} flags {}", segment.kind, segment.offset, segment.file_size, segment.flags)
        };
        findings.add(
            trace("segments", image.segments.len().to_string(), image.segment_table.clone(), ForgeCost::F1)
                .with_list("layout", image.segments.iter().take(NAMES_MAX).map(line)),
        );
    }
}

fn compiler(ident: &Ident, from: &'static str) -> Finding {
    let kind = if ident.tool == Tool::Lld { "linker" } else { "compiler" };
    let released = ident.day.or_else(|| release(ident.tool, ident.version?));
    trace(kind, ident.text.clone(), ident.range.clone(), ForgeCost::F0)
        .with("from", from)
        .with("tool", ident.tool.name())
        .with_some("version", ident.version.map(Version::in_words))
        .with_some("released", released.map(day_in_words))
        .with_some("commit", ident.commit.clone())
}

fn notes(facts: &Facts<'_>, findings: &mut Findings) {
    let reader = facts.image.reader;
    for note in &facts.notes {
        let content = reader.clamped(note.content.clone());
        let word = |index: usize| reader.u32(note.content.start + 4 * index).unwrap_or_default();
        let finding = match (note.owner, note.kind) {
            (b"GNU", super::notes::BUILD_ID) => build_id(note, content),
            (b"GNU", ABI_TAG) if content.len() >= 16 => {
                let system = ["Linux", "GNU", "Solaris", "FreeBSD"].get(word(0) as usize).copied().unwrap_or("other");
                let version = format!("{system} {}.{}.{}", word(1), word(2), word(3));
                trace("oldest_system", version, note.range.clone(), ForgeCost::F0)
            }
            (b"GNU", PROPERTIES) => match properties(facts, note) {
                Some(finding) => finding,
                None => continue,
            },
            (b"Go", GO_BUILD_ID) => {
                trace("go_build_id", String::from_utf8_lossy(content), note.range.clone(), ForgeCost::F1)
            }
            (b"FDO", PACKAGE) => {
                let text = content.strip_suffix(b"\0").unwrap_or(content);
                trace(
                    "package",
                    String::from_utf8_lossy(text).trim_end_matches('\0'),
                    note.range.clone(),
                    ForgeCost::F1,
                )
            }
            (b"Android", 1) => {
                trace("oldest_system", format!("Android API {}", word(0)), note.range.clone(), ForgeCost::F0)
            }
            (b"FreeBSD", 1) => {
                trace("oldest_system", format!("FreeBSD {}", word(0)), note.range.clone(), ForgeCost::F0)
            }
            _ => continue,
        };
        findings.add(finding);
    }
}

fn build_id(note: &Note<'_>, content: &[u8]) -> Finding {
    let style = match content.len() {
        8 => "8 bytes: fast hash of LLD",
        16 => "16 bytes: MD5 or UUID",
        20 => "20 bytes: SHA-1",
        32 => "32 bytes: SHA-256 or BLAKE3",
        _ => "no usual length",
    };
    trace("build_id", hex(content), note.range.clone(), ForgeCost::F1).with("style", style)
}

fn properties(facts: &Facts<'_>, note: &Note<'_>) -> Option<Finding> {
    let (wanted, names): (u32, &[&str]) = match facts.image.machine {
        183 => (0xc000_0000, &["BTI", "PAC", "GCS"]),
        _ => (0xc000_0002, &["IBT", "SHSTK"]),
    };
    let (value, range) = property(facts.image.reader, note, wanted)?;
    let set = names.iter().enumerate().filter(|(bit, _)| value >> bit & 1 != 0).map(|(_, name)| *name);
    let set: Vec<&str> = set.collect();
    (!set.is_empty()).then(|| trace("protection_property", set.join(" "), range, ForgeCost::F1))
}

fn libraries(facts: &Facts<'_>, findings: &mut Findings) {
    let (image, dynamic) = (&facts.image, &facts.dynamic);
    if let Some(segment) = image.segments.iter().find(|segment| segment.kind == PT_INTERP)
        && let Some(text) = image.reader.text(segment.range.start, segment.range.end)
    {
        findings.add(text_trace("dynamic_linker", text, ForgeCost::F1));
    }
    findings_of(dynamic.name, "library_name", findings);
    for text in &dynamic.needed {
        findings.add(text_trace("needed_library", *text, ForgeCost::F1));
    }
    for (text, is_newer) in &dynamic.search_paths {
        let path = text.lossy();
        findings.add(
            text_trace("search_path", *text, ForgeCost::F0)
                .with("tag", if *is_newer { "DT_RUNPATH" } else { "DT_RPATH" })
                .with_some("user_name", user_of_path(&path)),
        );
    }
    for need in &dynamic.needs {
        let newest = need.versions.iter().max_by_key(|version| sort_key(version.name.bytes));
        let Some(newest) = newest else { continue };
        let released = glibc_minor(newest.name.bytes).and_then(glibc_release).map(day_in_words);
        let names = need.versions.iter().take(VERSIONS_MAX).map(|version| version.name.lossy());
        findings.add(
            text_trace("needed_version", newest.name, ForgeCost::F2)
                .with("library", need.library.lossy())
                .with_some("released", released)
                .with_list("versions", names),
        );
    }
}

fn findings_of(text: Option<Text<'_>>, kind: &'static str, findings: &mut Findings) {
    if let Some(text) = text {
        findings.add(text_trace(kind, text, ForgeCost::F1));
    }
}

fn text_trace(kind: &'static str, text: Text<'_>, cost: ForgeCost) -> Finding {
    trace(kind, text.lossy(), text.range(), cost)
}

/// The numbers of a version, so that 2.34 comes after 2.4.
fn sort_key(name: &[u8]) -> Vec<u64> {
    let numbers = name.split(|byte| !byte.is_ascii_digit()).filter(|number| !number.is_empty());
    numbers.take(6).filter_map(|number| std::str::from_utf8(number).ok()?.parse().ok()).collect()
}

fn import_hash(facts: &Facts<'_>, findings: &mut Findings) {
    let symbols = facts.dynamic.symbols.iter().filter(|symbol| symbol.is_undefined && !symbol.name.bytes.is_empty());
    let mut names: Vec<&[u8]> = symbols.clone().map(|symbol| symbol.name.bytes).collect();
    names.sort_unstable();
    names.dedup();
    let (Some(first), Some(last)) = (symbols.clone().next(), symbols.clone().next_back()) else { return };
    findings.add(
        trace("import_hash", hex(&Md5::digest(names.join(&b","[..]))), first.entry..last.entry, ForgeCost::F2)
            .with("method", "MD5 of the names of undefined dynamic symbols, sorted, without doubles, joined by commas")
            .with("names", names.len().to_string()),
    );
}

fn go_observations(go: &GoBuild<'_>, findings: &mut Findings) {
    let numbers = go.numbers();
    findings.add(
        text_trace("compiler", go.version, ForgeCost::F0)
            .with("from", "build information of Go")
            .with("tool", Tool::Go.name())
            .with_some("version", numbers.map(Version::in_words))
            .with_some("released", numbers.and_then(|version| release(Tool::Go, version)).map(day_in_words)),
    );
    for found in go.traces() {
        findings.add(
            trace(found.kind, found.value, found.range, ForgeCost::F1).with_list("dependencies", found.dependencies),
        );
    }
}

fn build_path(path: &Path, findings: &mut Findings) {
    if let Some(rest) = path.text.strip_prefix("/rustc/") {
        let commit = rest.split('/').next().unwrap_or_default();
        findings.add(trace("rust_commit", commit, path.range.clone(), ForgeCost::F1).with("path", path.text.clone()));
        return;
    }
    findings.add(
        trace("build_path", path.text.clone(), path.range.clone(), ForgeCost::F0)
            .with_some("user_name", user_of_path(&path.text)),
    );
}

fn debugging(facts: &Facts<'_>, findings: &mut Findings) {
    let image = &facts.image;
    let debug: Vec<_> = image
        .sections
        .iter()
        .filter(|section| section.name.starts_with(".debug_") && section.kind != SHT_NOBITS)
        .collect();
    if let Some(first) = debug.first() {
        let names = debug.iter().map(|section| section.name.as_str());
        findings.add(
            trace("debug_information", "DWARF", first.range.clone(), ForgeCost::F2)
                .with_some(
                    "version",
                    image.bytes_of(".debug_info").and_then(|_| dwarf_version(image)).map(|v| v.to_string()),
                )
                .with_list("sections", names),
        );
    }
    if let Some(link) = &facts.debug_link {
        findings.add(
            trace("debug_link", link.name.lossy(), link.range.clone(), ForgeCost::F0)
                .with("checksum", format!("{:08x}", link.checksum)),
        );
    }
}

/// The version of the first unit (DWARF 5, section 7.5.1).
pub(super) fn dwarf_version(image: &Image<'_>) -> Option<u16> {
    let start = image.named(".debug_info")?.range.start;
    let is_64 = image.reader.u32(start)? == u32::MAX;
    image.reader.u16(start + if is_64 { 12 } else { 4 })
}

fn ending(image: &Image<'_>, findings: &mut Findings) {
    let bytes = image.reader.bytes;
    let ends = image
        .sections
        .iter()
        .map(|section| section.range.end)
        .chain(image.segments.iter().map(|segment| segment.range.end));
    let end = ends.chain([image.section_table.end, image.segment_table.end]).max().unwrap_or(bytes.len());
    if end < bytes.len() && end > 0 {
        let head = bytes.get(end..end.saturating_add(16).min(bytes.len())).unwrap_or_default();
        findings.add(
            trace("overlay", (bytes.len() - end).to_string(), end..bytes.len(), ForgeCost::F0)
                .with("begins_with", hex(head)),
        );
    }
    // The loader of UPX carries its mark behind the segment table, in front of the compressed program.
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if let Some(found) = find(head, b"UPX!") {
        findings.add(trace("packer", "UPX", found..found + 4, ForgeCost::F0));
    }
}
