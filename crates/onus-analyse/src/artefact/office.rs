//! The observations that documents of every format share: people, times, programs, paths.

use onus_core::Locus;

use super::{forge_cost::ForgeCost, user_path::user_of_path};
use crate::{Finding, Findings};

/// Returns an observation at a place, with what it costs to forge it.
pub(super) fn trace(kind: &'static str, value: impl Into<String>, locus: Locus) -> Finding {
    Finding::new(kind, value).at(locus).with("forge_cost", ForgeCost::F1.name())
}

/// Returns the name of a person and what the document says that the person did.
pub(super) fn person(role: &str, name: &str, locus: Locus) -> Finding {
    trace("person_name", name, locus).with("role", role)
}

/// Returns a time of the document; `zone` is `UTC`, `local` or an offset.
pub(super) fn time(field: &str, value: &str, zone: &str, locus: Locus) -> Finding {
    trace("document_time", value, locus).with("field", field).with("zone", zone)
}

/// Returns the name of a program that made or changed the document.
pub(super) fn software(role: &str, name: &str, version: &str, locus: Locus) -> Finding {
    trace("software_name", name, locus).with("role", role).with("version", version)
}

/// Returns a named property of the document.
pub(super) fn property(name: &str, value: &str, locus: Locus) -> Finding {
    trace("document_property", value, locus).with("name", name)
}

/// Returns a language that the document says that it is in; `from` says where it says so.
pub(super) fn language(tag: &str, from: &str, locus: Locus) -> Finding {
    trace("document_language", tag, locus).with("from", from)
}

/// Adds a path on a machine, and the name of the user whose folder it leads into.
pub(super) fn path(path: &str, from: &str, locus: Locus, findings: &mut Findings) {
    findings.add(trace("local_path", path, locus).with("from", from));
    if let Some(user) = user_of_path(path) {
        findings.add(trace("user_name", user, locus).with("from", from).with("path", path));
    }
}
