//! Portable Executable: programs and libraries for Windows, drivers, EFI images.

mod architecture;
mod builds;
mod certificates;
mod checksum;
mod compilers;
mod debug;
mod dotnet;
mod edits;
mod exports;
mod facts;
mod faults;
#[cfg(test)]
mod given;
#[cfg(test)]
mod hostile;
mod image;
mod import_hash;
mod imports;
mod languages;
mod layout;
mod leads;
mod linker_dates;
mod load_config;
mod makers;
mod ordinals;
mod overlay;
mod paths;
mod products;
mod references;
mod resources;
mod rich;
mod runtime;
#[cfg(test)]
mod sample;
mod sections;
mod signature;
mod signing;
mod stamps;
mod static_runtime;
mod surroundings;
mod tests;
mod version;
mod witness;

use super::consistency::{self, Format};
use crate::{Analyser, FileType, Finding, Findings, Program, Subject};
pub(super) use surroundings::surroundings;

use facts::Facts;
use image::Image;

/// Reads Portable Executable images, of 32 and 64 bits.
pub(crate) const PE: Analyser =
    Analyser { id: "pe", version: 1, reads: |file_type| file_type.program == Some(Program::Pe), observe };

/// The format, as consistency tests know it.
pub(super) struct Pe;

impl Format for Pe {
    type Facts<'a> = Facts<'a>;
}

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    match Image::of(subject.bytes) {
        Ok(image) => {
            let facts = Facts::of(image, subject.is_whole());
            observe_traces(&facts, findings);
            consistency::run::<Pe>(tests::TESTS, &facts, subject.bytes.len(), findings);
        }
        Err(what) => findings.add(Finding::malformed(what)),
    }
}

/// Adds every trace of an image, headers first.
fn observe_traces(facts: &Facts<'_>, findings: &mut Findings) {
    faults::observe(facts, findings);
    architecture::observe(facts, findings);
    stamps::observe(facts, findings);
    rich::observe(facts, findings);
    sections::observe(facts, findings);
    import_hash::observe(facts, findings);
    compilers::observe(facts, findings);
    paths::observe(facts, findings);
    languages::observe(facts, findings);
    overlay::observe(facts, findings);
    signing::observe(facts, findings);
    edits::observe(facts, findings);
}
