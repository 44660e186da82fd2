//! What made an image, as far as it says so itself: compiler, its runtime, its modules, its build identifiers.

use std::ops::Range;

use onus_core::Locus;

use super::{facts::Facts, makers::is_delphi};
use crate::{
    Finding, Findings,
    artefact::{
        forge_cost::ForgeCost,
        hex::hex,
        toolchain::{GoBuild, Ident, Tool, day_in_words, release, rust_version},
    },
};

/// What packagers put behind or into a program of their own, which then is the program that was compiled.
const PACKAGERS: [&str; 4] = ["AutoIt", "Inno Setup", "NSIS", "PyInstaller"];

/// The beginning of a compiled script of AutoIt.
const AUTOIT: &[u8] = b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d";

/// Adds every mark.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    facts.makers().idents.iter().for_each(|ident| findings.add(line(ident)));
    observe_dotnet(facts, findings);
    observe_rust(facts, findings);
    if let Some(go) = &facts.makers().go {
        observe_go(go, findings);
    }
    if let Some((id, range)) = &facts.makers().go_id {
        findings.add(trace("build_id", id.as_str(), range, ForgeCost::F1).with("from", "Go"));
    }
    if is_delphi(facts) {
        let at = facts.image.optional_header + 2..facts.image.optional_header + 4;
        findings.add(trace("compiler", "Delphi or C++Builder", &at, ForgeCost::F1).with("from", "linker and sections"));
    }
    if let Some(overlay) = &facts.overlay
        && let Some(name) = overlay.container.filter(|name| PACKAGERS.contains(name))
    {
        findings.add(trace("compiler", name, &overlay.range, ForgeCost::F1).with("from", "overlay"));
    }
    let begins =
        |range: &Range<usize>| facts.image.bytes.get(range.clone()).is_some_and(|data| data.starts_with(AUTOIT));
    if let Some(script) = facts.resources.leaves.iter().find(|leaf| begins(&leaf.data)) {
        findings.add(trace("compiler", "AutoIt", &script.data, ForgeCost::F1).with("from", "resource"));
    }
}

fn line(ident: &Ident) -> Finding {
    let released = ident.day.or_else(|| release(ident.tool, ident.version?));
    trace("compiler", ident.text.as_str(), &ident.range, ForgeCost::F0)
        .with("from", "data")
        .with("tool", ident.tool.name())
        .with_some("version", ident.version.map(|version| version.in_words()))
        .with_some("released", released.map(day_in_words))
}

fn observe_dotnet(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(dotnet) = &facts.dotnet else { return };
    if let Some((version, at)) = dotnet.version {
        let value = format!(".NET {}", String::from_utf8_lossy(version));
        findings.add(trace("compiler", value, &(at..at + version.len()), ForgeCost::F1).with("from", "metadata"));
    }
    if let Some((id, at)) = dotnet.module_id {
        let found = trace("module_id", guid(id), &(at..at + id.len()), ForgeCost::F0);
        findings.add(found.with("from", "metadata"));
    }
}

fn observe_rust(facts: &Facts<'_>, findings: &mut Findings) {
    let Some((commit, range)) = &facts.makers().rust else { return };
    let known = rust_version(commit);
    let value = known.map_or_else(|| "rustc".to_owned(), |(version, _)| format!("rustc {}", version.in_words()));
    findings.add(
        trace("compiler", value, range, ForgeCost::F0)
            .with("from", "path of a source")
            .with("tool", Tool::Rustc.name())
            .with("commit", commit.as_str())
            .with_some("released", known.map(|(_, day)| day_in_words(day))),
    );
    findings.add(trace("rust_commit", commit.as_str(), range, ForgeCost::F1));
}

fn observe_go(go: &GoBuild<'_>, findings: &mut Findings) {
    let released = go.numbers().and_then(|version| release(Tool::Go, version)).map(day_in_words);
    findings.add(
        trace("compiler", go.version.lossy(), &go.version.range(), ForgeCost::F1)
            .with("from", "build information")
            .with("tool", Tool::Go.name())
            .with_some("released", released),
    );
    for found in go.traces() {
        findings.add(
            trace(found.kind, found.value, &found.range, ForgeCost::F1)
                .with("from", "Go")
                .with_list("dependencies", found.dependencies),
        );
    }
}

fn trace(kind: &'static str, value: impl Into<String>, range: &Range<usize>, cost: ForgeCost) -> Finding {
    Finding::new(kind, value).at(Locus::bytes(range.start, range.len())).with("forge_cost", cost.name())
}

/// Returns an identifier in its usual form; its first three parts are numbers with the low byte first.
fn guid(id: [u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, rest @ ..] = id;
    let (fourth, fifth) = rest.split_at(2);
    format!("{}-{}-{}-{}-{}", hex(&[d, c, b, a]), hex(&[f, e]), hex(&[h, g]), hex(fourth), hex(fifth))
}

#[cfg(test)]
mod tests {
    #[test]
    fn identifiers_are_written_as_usual() {
        let id = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        assert_eq!(super::guid(id), "03020100-0504-0706-0809-0a0b0c0d0e0f");
    }
}
