//! The table of analysers and the one way to run them.

use onus_core::{AnalyserRun, Exhibit, ObservationSet};

use crate::{
    FileType, Finding, Findings, OBSERVATIONS_MAX, Program, TOTAL_MAX,
    artefact::{ARCHIVE, CODE, ELF, LANGUAGE, LNK, MACHO, OLE, OOXML, PDF, PE, RTF, SCRIPT},
    bundle::STIX,
    document::{HTML, TEXT},
    identity::IDENTITY,
};

/// The bytes of an exhibit that are handed over at most; what lies behind them is not read, and that is observed.
pub const READ_MAX: usize = 128 << 20;

/// Of what is no program, no more bytes are read: the readers of documents keep some times their size in memory.
const DOCUMENT_MAX: usize = 64 << 20;

/// Observations that are kept free for each analyser that has yet to run.
const RESERVED_OBSERVATIONS: usize = 64;

/// Bytes of answer that are kept free for each analyser that has yet to run.
const RESERVED_BYTES: usize = 64 << 10;

/// What analysers are given.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Names and full size of the exhibit.
    pub exhibit: &'a Exhibit,
    /// The exhibit, or its first [`READ_MAX`] bytes.
    pub bytes: &'a [u8],
}

/// One reader of exhibits.
#[derive(Clone, Copy, Debug)]
pub struct Analyser {
    /// Its name: that of its file, its fixture folder and its fuzz target.
    pub id: &'static str,
    /// Grows with every change of what it reads.
    pub version: u32,
    /// Whether it reads files of a type.
    pub reads: fn(&FileType) -> bool,
    /// Reads; whatever cannot be read is an observation too.
    pub observe: fn(&Subject<'_>, &FileType, &mut Findings),
}

/// Every analyser, sorted by identifier, which is the order in which they run and in which answers list them.
const ANALYSERS: &[Analyser] =
    &[ARCHIVE, CODE, ELF, HTML, IDENTITY, LANGUAGE, LNK, MACHO, OLE, OOXML, PDF, PE, RTF, SCRIPT, STIX, TEXT];

impl Subject<'_> {
    /// Returns whether the bytes are all of the exhibit.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.bytes.len() as u64 == self.exhibit.size
    }
}

/// Returns every analyser, sorted by identifier.
#[must_use]
pub fn analysers() -> &'static [Analyser] {
    ANALYSERS
}

/// Reads an exhibit with every analyser that reads its type of file.
///
/// Never fails and never panics, whatever the bytes. The same bytes give the same answer.
#[must_use]
pub fn observe(subject: &Subject<'_>) -> ObservationSet {
    let given = subject.bytes.len().min(usize::try_from(subject.exhibit.size).unwrap_or(usize::MAX));
    let len = given.min(if Program::of(subject.bytes).is_some() { READ_MAX } else { DOCUMENT_MAX });
    let bytes = subject.bytes.get(..len).unwrap_or_default();
    let subject = Subject { exhibit: subject.exhibit, bytes };
    let file_type = FileType::of(bytes, subject.is_whole());
    let running: Vec<&Analyser> = ANALYSERS.iter().filter(|analyser| (analyser.reads)(&file_type)).collect();
    let mut set = ObservationSet { exhibit: subject.exhibit.clone(), analysers: Vec::new(), observations: Vec::new() };
    let mut bytes_left = TOTAL_MAX;
    for (index, analyser) in running.iter().enumerate() {
        let waiting = running.len() - index - 1;
        let room = OBSERVATIONS_MAX - set.observations.len() - waiting * RESERVED_OBSERVATIONS;
        let mut findings = Findings::new(analyser.id, room, bytes_left.saturating_sub(waiting * RESERVED_BYTES));
        if !subject.is_whole() {
            findings.add(Finding::limit(format!("read are the first {len} of {} bytes", subject.exhibit.size)));
        }
        (analyser.observe)(&subject, &file_type, &mut findings);
        set.analysers.push(AnalyserRun { id: analyser.id.to_owned(), version: analyser.version });
        bytes_left = bytes_left.saturating_sub(findings.close_into(&mut set.observations));
    }
    set
}

#[cfg(test)]
mod tests {
    use super::analysers;

    #[test]
    fn the_table_is_sorted_and_without_doubles() {
        assert!(analysers().is_sorted_by(|one, next| one.id < next.id));
    }
}
