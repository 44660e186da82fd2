//! Paths that a build left in an image: of the file of symbols, and what they say of the machine and its user.

use onus_core::Locus;

use super::{debug::CodeView, facts::Facts};
use crate::{
    Finding, Findings,
    artefact::{forge_cost::ForgeCost, hex::hex, user_path::account_of_path},
};

/// Adds the path of the file of symbols and what follows from it.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(codeview) = &facts.debug.codeview else { return };
    if codeview.path.is_empty() {
        return;
    }
    let text = decoded(codeview.path);
    findings.add(
        at(codeview, "pdb_path", text.as_str())
            .with("encoding", if std::str::from_utf8(codeview.path).is_ok() { "" } else { "not UTF-8" })
            .with("identifier", hex(codeview.id))
            .with("age", codeview.age.to_string()),
    );
    if let Some((folder, _)) = text.rsplit_once(['\\', '/'])
        && is_absolute(&text)
    {
        findings.add(at(codeview, "build_path", folder));
    }
    if let Some((name, is_nobody)) = account_of_path(&text) {
        findings.add(at(codeview, "user_name", name).with("account", if is_nobody { "of no person" } else { "" }));
    }
}

fn at(codeview: &CodeView<'_>, kind: &'static str, value: impl Into<String>) -> Finding {
    Finding::new(kind, value)
        .at(Locus::bytes(codeview.path_at, codeview.path.len()))
        .with("from", "debug record")
        .with("forge_cost", ForgeCost::F0.name())
}

/// The path as text; one that is no UTF-8 was written by an old linker in the code page of its system, which is not said.
fn decoded(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\']) || path.as_bytes().get(1) == Some(&b':')
}
