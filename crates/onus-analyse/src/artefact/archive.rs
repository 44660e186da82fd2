//! Archives: ZIP, TAR, GZIP, cabinets, and what can be told of 7z and RAR without unpacking.
//!
//! Members are listed with their digest, type and times. What a member says of its own origin is read when it is
//! added as an exhibit of its own; archives in archives are opened, within limits, so that no member goes unseen.

mod cabinet;
mod gzip;
mod members;
mod sealed;
mod tar;
mod zipped;

use super::container::Container;
use crate::{Analyser, FileType, Finding, Findings, Subject};

use members::{Inside, Walk};

/// Reads archives, documents that are archives among them.
pub(crate) const ARCHIVE: Analyser =
    Analyser { id: "archive", version: 1, reads: |file_type| file_type.container.is_some_and(is_archive), observe };

fn is_archive(container: Container) -> bool {
    matches!(
        container,
        Container::Zip
            | Container::OpenPackage
            | Container::Tar
            | Container::Gzip
            | Container::Cabinet
            | Container::SevenZip
            | Container::Rar
    )
}

fn observe(subject: &Subject<'_>, file_type: &FileType, findings: &mut Findings) {
    let Some(container) = file_type.container else { return };
    let mut walk = Walk::new(findings);
    open(&mut walk, subject.bytes, container, &Inside::exhibit(subject.bytes.len()));
    if let Some(what) = walk.what_was_left_out() {
        findings.add(Finding::limit(what));
    }
}

/// Lists what an archive holds.
fn open(walk: &mut Walk<'_>, bytes: &[u8], container: Container, inside: &Inside) {
    match container {
        Container::Zip | Container::OpenPackage => zipped::list(walk, bytes, inside),
        Container::Tar => tar::list(walk, bytes, inside),
        Container::Gzip => gzip::list(walk, bytes, inside),
        Container::Cabinet => cabinet::list(walk, bytes, inside),
        Container::SevenZip => sealed::seven_zip(walk, bytes, inside),
        Container::Rar => sealed::rar(walk, bytes, inside),
        Container::Compound | Container::ShellLink | Container::Pdf | Container::Rtf => {}
    }
}
