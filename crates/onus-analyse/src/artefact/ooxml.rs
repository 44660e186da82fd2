//! Documents of Office since 2007 and other open packages (ECMA-376, part 2): who made them, when, with what.

mod content;
mod package;
mod properties;
mod relations;
mod tests;

use super::{
    consistency::{self, Format},
    container::Container,
};
use crate::{Analyser, FileType, Findings, Subject};

use package::Package;

/// Reads open packages.
pub(crate) const OOXML: Analyser = Analyser {
    id: "ooxml",
    version: 1,
    reads: |file_type| file_type.container == Some(Container::OpenPackage),
    observe,
};

/// The format, as consistency tests know it.
pub(super) struct Ooxml;

impl Format for Ooxml {
    type Facts<'a> = Facts;
}

/// What the tests compare.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Time of creation in seconds, and the place of the part that says it.
    pub created: Option<package::Placed<i64>>,
    /// Time of the last change.
    pub modified: Option<package::Placed<i64>>,
    /// The program that made it, with the name that it gives to itself.
    pub application: Option<package::Placed<String>>,
    /// Words of the program's interface.
    pub interface: Vec<package::Placed<String>>,
    /// Languages that the parts declare.
    pub languages: Vec<package::Placed<String>>,
    /// Local times of the entries, as if they were UTC, but those that are fixed to 1980.
    pub packed: Vec<package::Placed<i64>>,
    /// Entries of the package.
    pub entries: usize,
}

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    let mut package = Package::of(subject.bytes);
    let mut facts = package.facts();
    properties::read(&mut package, &mut facts, findings);
    content::read(&mut package, &mut facts, findings);
    relations::read(&mut package, findings);
    if let Some(what) = package.what_was_left_out() {
        findings.add(crate::Finding::limit(what));
    }
    consistency::run::<Ooxml>(tests::TESTS, &facts, subject.bytes.len(), findings);
}
