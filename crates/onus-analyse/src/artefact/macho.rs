//! Mach-O: programs and libraries for macOS, iOS and their kin, of one architecture or several.

mod commands;
mod facts;
pub(crate) mod fat;
pub(crate) mod image;
mod kits;
pub(crate) mod layout;
mod observe;
pub(crate) mod references;
mod signature;
mod symbols;
mod tests;

use super::consistency::{self, Format};
use crate::{Analyser, FileType, Finding, Findings, Program, Subject};

use facts::Facts;
use fat::File;

/// Reads Mach-O programs and libraries, thin and fat.
pub(crate) const MACHO: Analyser =
    Analyser { id: "macho", version: 1, reads: |file_type| file_type.program == Some(Program::MachO), observe };

/// The format, as consistency tests know it.
pub(super) struct MachO;

impl Format for MachO {
    type Facts<'a> = Facts<'a>;
}

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    let file = File::of(subject.bytes);
    for fault in &file.faults {
        findings.add(if subject.is_whole() {
            Finding::malformed(fault.clone())
        } else {
            Finding::limit(fault.clone())
        });
    }
    let facts = Facts::of(file, subject.is_whole());
    observe::observe(&facts, findings);
    consistency::run::<MachO>(tests::TESTS, &facts, subject.bytes.len(), findings);
}
