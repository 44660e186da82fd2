//! ELF: programs, libraries and objects for Linux, the BSDs, Android, kernels and firmware.

mod dynamic;
mod facts;
pub(crate) mod image;
mod interfaces;
pub(crate) mod layout;
mod notes;
mod observe;
pub(crate) mod references;
mod tests;

use super::consistency::{self, Format};
use crate::{Analyser, FileType, Finding, Findings, Program, Subject};

use facts::Facts;
use image::Image;

/// Reads ELF programs and libraries.
pub(crate) const ELF: Analyser =
    Analyser { id: "elf", version: 1, reads: |file_type| file_type.program == Some(Program::Elf), observe };

/// The format, as consistency tests know it.
pub(super) struct Elf;

impl Format for Elf {
    type Facts<'a> = Facts<'a>;
}

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    match Image::of(subject.bytes) {
        Ok(image) => {
            let facts = Facts::of(image, subject.is_whole());
            observe::observe(&facts, findings);
            consistency::run::<Elf>(tests::TESTS, &facts, subject.bytes.len(), findings);
        }
        Err(what) => findings.add(Finding::malformed(what)),
    }
}
