//! Documents, installers and messages in compound files: Word, Excel, PowerPoint before 2007, MSI, MSG, Visio.

mod excel;
mod powerpoint;
mod properties;
mod tests;
mod word;

use std::ops::Range;

use super::{
    compound::{Compound, Entry, Kind, guid},
    consistency::{self, Format},
    container::Container,
    office::{time, trace},
    stamp, vba,
};
use crate::{Analyser, FileType, Finding, Findings, Subject};

/// Storages whose times are listed, at most.
const STORAGES_MAX: usize = 1_000;

/// Reads compound files.
pub(crate) const OLE: Analyser =
    Analyser { id: "ole", version: 1, reads: |file_type| file_type.container == Some(Container::Compound), observe };

/// The format, as consistency tests know it.
pub(super) struct Ole;

impl Format for Ole {
    type Facts<'a> = Facts;
}

/// Something that was read, and where.
pub(super) type Placed<T> = (T, Range<usize>);

/// What the tests compare.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Code page of the property sets.
    pub code_page: Option<Placed<u16>>,
    /// Code page of the VBA project.
    pub vba_code_page: Option<Placed<u16>>,
    /// Language number of the text, as the document itself says it.
    pub language: Option<Placed<u16>>,
    /// Creation and last saving, in seconds.
    pub created: Option<Placed<i64>>,
    /// Last saving, in seconds.
    pub saved: Option<Placed<i64>>,
    /// Last change of the root storage, in seconds.
    pub root_changed: Option<Placed<i64>>,
}

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    let file = match Compound::of(subject.bytes) {
        Ok(file) => file,
        Err(what) => {
            findings.add(Finding::malformed(what));
            return;
        }
    };
    let mut facts = Facts::default();
    summary(&file, findings);
    storages(&file, &mut facts, findings);
    properties::read(&file, &mut facts, findings);
    word::read(&file, &mut facts, findings);
    excel::read(&file, findings);
    powerpoint::read(&file, findings);
    facts.vba_code_page = vba::read(&file, None, findings);
    consistency::run::<Ole>(tests::TESTS, &facts, subject.bytes.len(), findings);
}

fn summary(file: &Compound<'_>, findings: &mut Findings) {
    let root = file.entries.first();
    let is_installer = root.is_some_and(|root| matches!(root.class, [0x84 | 0x86, 0x10, 0x0c, 0, ..]));
    let has = |name: &str| file.streams(name).next().is_some();
    let what = match () {
        () if is_installer => "Windows Installer",
        () if has("WordDocument") => "Word",
        () if has("Workbook") || has("Book") => "Excel",
        () if has("PowerPoint Document") => "PowerPoint",
        () if has("__properties_version1.0") => "Outlook message",
        () if has("VisioDocument") => "Visio",
        () => "compound file",
    };
    let class = root.map(|root| root.class).filter(|class| *class != [0; 16]);
    let count = |kind| file.entries.iter().filter(|entry| entry.kind == kind).count().to_string();
    let range = root.map_or(0..0, |root| root.range.clone());
    findings.add(
        trace("compound_file", what, locus(&range))
            .with_some("class", class.map(|class| guid(&class)))
            .with("storages", count(Kind::Storage))
            .with("streams", count(Kind::Stream)),
    );
    for (what, at) in &file.faults {
        findings.add(Finding::malformed(*what).at(locus(at)));
    }
    if file.is_cut {
        findings.add(Finding::limit("the directory has more entries than are read"));
    }
}

/// The times of the root and of storages; streams have none.
fn storages(file: &Compound<'_>, facts: &mut Facts, findings: &mut Findings) {
    let timed: Vec<&Entry> =
        file.entries.iter().filter(|entry| entry.kind != Kind::Stream && entry.times != (0, 0)).collect();
    if timed.len() > STORAGES_MAX {
        findings.add(Finding::limit(format!("of {} storages with times {STORAGES_MAX} are listed", timed.len())));
    }
    for entry in timed.into_iter().take(STORAGES_MAX) {
        let at = entry.range.start;
        for (field, ticks, at) in [("created", entry.times.0, at + 100), ("modified", entry.times.1, at + 108)] {
            let Some(value) = stamp::filetime(ticks) else { continue };
            let range = at..at + 8;
            let field = format!("storage_{field}");
            findings.add(time(&field, &value, "UTC", locus(&range)).with("part", entry.path()));
        }
        if entry.kind == Kind::Root {
            facts.root_changed = stamp::filetime_seconds(entry.times.1).map(|seconds| (seconds, at + 108..at + 116));
        }
    }
}

fn locus(range: &Range<usize>) -> onus_core::Locus {
    onus_core::Locus::bytes(range.start, range.len())
}
