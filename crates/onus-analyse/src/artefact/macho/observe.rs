//! The traces of a Mach-O file as observations.

use std::ops::Range;

use md5::{Digest as _, Md5};
use onus_core::Locus;

use super::{
    commands::{Build, Library, source_in_words, version_in_words},
    facts::{Facts, Slice},
    signature::Signature,
};
use crate::{
    Finding, Findings,
    artefact::{
        forge_cost::ForgeCost,
        hex::hex,
        reader::Text,
        toolchain::{Tool, Version, day_in_words, release},
        user_path::user_of_path,
    },
};

/// Names in one list, at most.
const NAMES_MAX: usize = 200;

/// Object files that are listed one by one, at most.
const OBJECTS_MAX: usize = 500;

/// Seconds from which on a number can be the time of a file: 2000-01-01.
const PLAUSIBLE_FROM: u64 = 946_684_800;

/// Adds everything of every architecture.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    for slice in &facts.slices {
        for fault in &slice.image.faults {
            findings.add(if slice.is_whole {
                Finding::malformed(fault.clone())
            } else {
                Finding::limit(fault.clone())
            });
        }
        for limit in slice.image.limits.iter().chain(&slice.symbols.limits) {
            findings.add(Finding::limit(limit.clone()));
        }
        let mut add = |finding: Finding| findings.add(finding);
        architecture(slice, &mut add);
        builds(slice, &mut add);
        libraries(slice, &mut add);
        import_hash(slice, &mut add);
        objects(slice, &mut add);
        if let Some(signature) = &slice.signature {
            sign(slice, signature, &mut add);
        }
        languages(slice, &mut add);
    }
    ending(facts, findings);
}

fn trace(
    slice: &Slice<'_>,
    kind: &'static str,
    value: impl Into<String>,
    range: Range<usize>,
    cost: ForgeCost,
) -> Finding {
    let range = slice.image.in_file(range);
    Finding::new(kind, value)
        .at(Locus::bytes(range.start, range.len()))
        .with("architecture", slice.image.cpu_name())
        .with("forge_cost", cost.name())
}

fn text_trace(slice: &Slice<'_>, kind: &'static str, text: Text<'_>, cost: ForgeCost) -> Finding {
    trace(slice, kind, text.lossy(), text.range(), cost)
}

fn architecture(slice: &Slice<'_>, add: &mut dyn FnMut(Finding)) {
    let image = &slice.image;
    let kind = match image.kind {
        1 => "object".to_owned(),
        2 => "program".to_owned(),
        6 => "library".to_owned(),
        8 => "bundle".to_owned(),
        10 => "debugging information".to_owned(),
        11 => "kernel extension".to_owned(),
        other => format!("type {other}"),
    };
    let header = 0..image.command_table.start;
    add(trace(slice, "architecture", image.cpu_name(), header, ForgeCost::F2)
        .with("type", kind)
        .with("flags", format!("{:#x}", image.flags)));
    let names: Vec<String> =
        image.sections().take(NAMES_MAX).map(|section| format!("{},{}", section.segment, section.name)).collect();
    if !names.is_empty() {
        add(trace(slice, "section_names", names.join(" "), image.command_table.clone(), ForgeCost::F1)
            .with("count", image.sections().count().to_string())
            .with_list(
                "segments",
                image
                    .segments
                    .iter()
                    .take(NAMES_MAX)
                    .map(|s| format!("{} {}+{}", s.name, s.range.start, s.range.len())),
            ));
    }
}

fn builds(slice: &Slice<'_>, add: &mut dyn FnMut(Finding)) {
    let commands = &slice.commands;
    if let Some((uuid, range)) = &commands.uuid {
        add(trace(slice, "uuid", uuid_in_words(uuid), range.clone(), ForgeCost::F0));
    }
    for build in &commands.builds {
        add(trace(slice, "build_version", build.platform_name(), build.range.clone(), ForgeCost::F0)
            .with("oldest_system", version_in_words(build.oldest))
            .with("kit", version_in_words(build.kit))
            .with("command", if build.is_newer { "LC_BUILD_VERSION" } else { "LC_VERSION_MIN" })
            .with_some("kit_released", kit_year(build).map(|year| year.to_string())));
        for (tool, version, range) in &build.tools {
            let name = match tool {
                1 => "clang",
                2 => "swift",
                3 => "ld",
                4 => "lld",
                _ => "other",
            };
            let kind = if matches!(tool, 3 | 4) { "linker_version" } else { "compiler" };
            add(trace(slice, kind, format!("{name} {}", version_in_words(*version)), range.clone(), ForgeCost::F0));
        }
    }
    if let Some((version, range)) = commands.source_version.clone().filter(|(version, _)| *version != 0) {
        add(trace(slice, "source_version", source_in_words(version), range, ForgeCost::F0));
    }
}

/// The year of the autumn in which a development kit for macOS came out.
fn kit_year(build: &Build) -> Option<u32> {
    let (major, minor) = (build.kit >> 16, build.kit >> 8 & 0xff);
    match (build.platform, major, minor) {
        (1, 10, 5) => Some(2007),
        (1, 10, 6) => Some(2009),
        (1, 10, 7..=15) => Some(2004 + minor),
        (1, 11..=15, _) => Some(2009 + major),
        (1, 26.., _) => Some(1999 + major),
        _ => None,
    }
}

fn uuid_in_words(uuid: &[u8]) -> String {
    let hex = hex(uuid);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

fn libraries(slice: &Slice<'_>, add: &mut dyn FnMut(Finding)) {
    let commands = &slice.commands;
    let library = |kind: &'static str, library: &Library<'_>| {
        text_trace(slice, kind, library.name, ForgeCost::F1)
            .with("version", version_in_words(library.version))
            .with("compatible", version_in_words(library.compatible))
            .with("stamp", library.stamp.to_string())
    };
    commands.name.iter().for_each(|name| add(library("library_name", name)));
    commands.libraries.iter().for_each(|needed| add(library("needed_library", needed)));
    for path in &commands.search_paths {
        add(text_trace(slice, "search_path", *path, ForgeCost::F0).with_some("user_name", user_of_path(&path.lossy())));
    }
    commands.notes.iter().for_each(|owner| add(text_trace(slice, "note", *owner, ForgeCost::F1)));
}

fn import_hash(slice: &Slice<'_>, add: &mut dyn FnMut(Finding)) {
    let undefined = slice.symbols.symbols.iter().filter(|symbol| symbol.is_undefined());
    let mut names: Vec<&[u8]> = undefined.clone().map(|symbol| symbol.name.bytes).collect();
    names.sort_unstable();
    let (Some(first), Some(last)) = (undefined.clone().next(), undefined.clone().next_back()) else { return };
    let range = first.entry..last.entry + 8 + slice.image.reader.word_len();
    add(trace(slice, "import_hash", hex(&Md5::digest(names.join(&b","[..]))), range, ForgeCost::F2)
        .with("method", "MD5 of the names of undefined symbols, sorted, joined by commas")
        .with("names", names.len().to_string()));
}

fn objects(slice: &Slice<'_>, add: &mut dyn FnMut(Finding)) {
    for object in slice.objects().take(OBJECTS_MAX) {
        let path = object.name.lossy();
        let user = user_of_path(&path).map(str::to_owned);
        add(trace(slice, "object_path", path, object.name.range(), ForgeCost::F0).with_some("user_name", user));
        if object.value >= PLAUSIBLE_FROM {
            let time = i64::try_from(object.value).ok().and_then(|second| jiff::Timestamp::from_second(second).ok());
            let value = time.map(|time| time.to_string());
            let range = object.entry + 8..object.entry + 8 + slice.image.reader.word_len();
            if let Some(value) = value {
                add(trace(slice, "object_time", value, range, ForgeCost::F0));
            }
        }
    }
    let count = slice.objects().count();
    if count > OBJECTS_MAX {
        add(Finding::limit(format!("listed are the first {OBJECTS_MAX} of {count} object files")));
    }
    let mut folders: Vec<&[u8]> = Vec::new();
    for source in slice.sources().filter(|source| source.name.bytes.ends_with(b"/")) {
        if !folders.contains(&source.name.bytes) && folders.len() < NAMES_MAX {
            folders.push(source.name.bytes);
            let path = source.name.lossy();
            let user = user_of_path(&path).map(str::to_owned);
            add(trace(slice, "build_path", path, source.name.range(), ForgeCost::F0).with_some("user_name", user));
        }
    }
}

fn sign(slice: &Slice<'_>, signature: &Signature<'_>, add: &mut dyn FnMut(Finding)) {
    for directory in &signature.directories {
        let kind = match (directory.flags & 0x2_0000 != 0, directory.flags & 2 != 0, &signature.message) {
            (true, _, _) => "by the linker, without a certificate",
            (_, true, _) | (_, _, None) => "without a certificate",
            _ => "with a certificate",
        };
        let hash = match directory.hash {
            1 => "SHA-1",
            2 => "SHA-256",
            3 => "SHA-256, 20 bytes",
            4 => "SHA-384",
            _ => "unknown",
        };
        let cost = if signature.message.is_some() { ForgeCost::F4 } else { ForgeCost::F1 };
        add(trace(slice, "signature", kind, directory.range.clone(), cost)
            .with_some("identifier", directory.identifier.map(|text| text.lossy()))
            .with_some("team", directory.team.map(|text| text.lossy()))
            .with("hash", hash)
            .with("pages", directory.pages.to_string()));
    }
    if let Some((time, range)) = signature.time(&slice.image) {
        add(trace(slice, "signing_time", time, range, ForgeCost::F4));
    }
}

fn languages(slice: &Slice<'_>, add: &mut dyn FnMut(Finding)) {
    if let Some(go) = &slice.go {
        let numbers = go.numbers();
        add(text_trace(slice, "compiler", go.version, ForgeCost::F0)
            .with("from", "build information of Go")
            .with("tool", Tool::Go.name())
            .with_some("version", numbers.map(Version::in_words))
            .with_some("released", numbers.and_then(|version| release(Tool::Go, version)).map(day_in_words)));
        for found in go.traces() {
            add(trace(slice, found.kind, found.value, found.range, ForgeCost::F1)
                .with_list("dependencies", found.dependencies));
        }
    }
    for path in &slice.paths {
        let commit = path.text.strip_prefix("/rustc/").and_then(|rest| rest.split('/').next());
        add(match commit {
            Some(commit) => {
                trace(slice, "rust_commit", commit, path.range.clone(), ForgeCost::F1).with("path", path.text.clone())
            }
            None => trace(slice, "build_path", path.text.clone(), path.range.clone(), ForgeCost::F0)
                .with_some("user_name", user_of_path(&path.text)),
        });
    }
    for (section, language) in
        [("__objc_imageinfo", "Objective-C"), ("__swift5_types", "Swift"), ("__swift5_typeref", "Swift")]
    {
        if let Some(section) = slice.image.named(section) {
            add(trace(slice, "language_mark", language, section.range.clone(), ForgeCost::F2)
                .with("section", section.name.clone()));
        }
    }
}

fn ending(facts: &Facts<'_>, findings: &mut Findings) {
    let ends = facts.slices.iter().flat_map(|slice| {
        let ends = slice.image.segments.iter().map(|segment| segment.range.end);
        ends.chain([slice.symbols.strings.end]).map(|end| slice.image.base + end)
    });
    let Some(end) = ends.max().filter(|end| *end > 0 && *end < facts.bytes.len()) else { return };
    let head = facts.bytes.get(end..end.saturating_add(16).min(facts.bytes.len())).unwrap_or_default();
    findings.add(
        Finding::new("overlay", (facts.bytes.len() - end).to_string())
            .at(Locus::bytes(end, facts.bytes.len() - end))
            .with("begins_with", hex(head))
            .with("forge_cost", ForgeCost::F0.name()),
    );
}
