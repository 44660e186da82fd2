//! What a package refers to outside itself (ECMA-376, part 2, 9.3).

use super::package::Package;
use crate::{
    Finding, Findings,
    artefact::{
        office::{path, trace},
        xml::{self, Token},
    },
};

/// References that are listed, at most.
const REFERENCES_MAX: usize = 1_000;

/// Reads every list of relations.
pub(super) fn read(package: &mut Package<'_>, findings: &mut Findings) {
    let mut count = 0;
    for part in package.parts(|name| name.ends_with(".rels")) {
        for token in xml::tokens(&part.text()) {
            let Token::Open { name: "Relationship", attributes, .. } = token else { continue };
            if xml::attribute(attributes, "TargetMode").as_deref() != Some("External") {
                continue;
            }
            count += 1;
            if count > REFERENCES_MAX {
                continue;
            }
            let target = xml::attribute(attributes, "Target").unwrap_or_default();
            let kind = xml::attribute(attributes, "Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default();
            findings.add(
                trace("external_reference", target.as_str(), part.locus())
                    .with("type", kind)
                    .with("part", part.name.as_str()),
            );
            if is_local(&target) {
                path(&target, kind, part.locus(), findings);
            }
        }
    }
    if count > REFERENCES_MAX {
        findings.add(Finding::limit(format!("of {count} references {REFERENCES_MAX} are listed")));
    }
}

/// Whether a target is a path on a machine or in its network.
fn is_local(target: &str) -> bool {
    let has_drive = matches!(target.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    has_drive || target.starts_with("\\\\") || target.starts_with("file:")
}
