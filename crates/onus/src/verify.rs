//! Says whether a case holds: its log, every exhibit and body, and the newest assessment.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use onus_core::{Digest, Exhibit};
use onus_ledger::{Entry, Fault, FaultKind, Files as _, Verified, VerifyOptions};
use rayon::prelude::*;

use crate::{
    Case, Error, Result,
    assess::{canonical, exhibits_in, newest_assessment, newest_sheet, weigh, with_read_tests},
    case::SheetText,
    ingest::{Refusal, names_of},
    store::Store,
};

/// A case that holds.
#[derive(Clone, Debug)]
pub struct Holds {
    /// The log, with its entries.
    pub log: Verified,
    /// Exhibits whose bytes were read and have their names.
    pub exhibits: usize,
    /// Exhibits that were taken out and whose entries say so.
    pub redacted: usize,
    /// Bodies whose bytes were read and have their names.
    pub bodies: usize,
    /// Bytes of all of them.
    pub bytes: u64,
    /// What became of the newest assessment.
    pub assessment: Recomputed,
    /// Whether `case.toml` is the recorded sheet.
    pub sheet: Draft,
    /// Whether `out/assessment.json` is the recorded assessment.
    pub out: Draft,
    /// Files that no entry speaks of, such as a crash leaves behind.
    pub leftovers: Vec<String>,
}

/// What became of the newest assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recomputed {
    /// There is none.
    None,
    /// It was computed again from what is recorded, to the same bytes. The number of its entry.
    Same(u64),
    /// It was made by another version of onus, and was not computed again.
    OtherVersion {
        /// The number of its entry.
        entry: u64,
        /// The version, as the entry names it.
        engine: String,
    },
}

/// How a file that people may change compares with what is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draft {
    /// Nothing is recorded to compare it with.
    Unrecorded,
    /// It is what is recorded.
    Same,
    /// It differs.
    Differs,
    /// It is not there.
    Absent,
}

/// The first thing in a case that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What does not hold.
    pub what: String,
    /// What that means, and what to do next.
    pub meaning: String,
    /// Where, from the root of the case.
    pub path: String,
}

/// Verifies a case.
///
/// The order is that of trust: the log with its signatures, then the bytes that its entries name, then what nobody
/// named, then the newest assessment, computed again. The first thing that does not hold is the answer.
///
/// # Errors
/// The case could not be read, so that nothing is known either way.
pub fn verify(case: &Case, options: &VerifyOptions) -> Result<Result<Holds, Finding>> {
    let log = match case.read_ledger(options) {
        Ok(log) => log,
        Err(Error::Ledger(onus_ledger::Error::Broken(fault))) => return from_fault(fault).map(Err),
        Err(other) => return Err(other),
    };
    let named = Named::of(&log.entries);
    let stored = check_order(&log.entries)
        .and_then(|()| Ok((named.check_exhibits(&case.exhibits())?, named.check_bodies(&case.blobs())?)));
    let (exhibits, bodies) = match stored {
        Ok(stored) => stored,
        Err(Unknown::Finding(finding)) => return Ok(Err(finding)),
        Err(Unknown::Error(error)) => return Err(error),
    };
    let mut leftovers = log.leftovers.clone();
    for (folder, used) in [("exhibits", named.exhibit_paths()), ("blobs", named.body_paths())] {
        match strays(case, folder, &used)? {
            Ok(more) => leftovers.extend(more),
            Err(finding) => return Ok(Err(finding)),
        }
    }
    leftovers.extend(case.files().list(".tmp").unwrap_or_default());
    leftovers.sort();
    let assessment = match recompute(case, &log.entries)? {
        Ok(assessment) => assessment,
        Err(finding) => return Ok(Err(finding)),
    };
    Ok(Ok(Holds {
        sheet: sheet_draft(case, &log.entries),
        out: out_draft(case, &log.entries),
        exhibits: exhibits.count,
        redacted: exhibits.absent,
        bodies: bodies.count,
        bytes: exhibits.bytes + bodies.bytes,
        assessment,
        leftovers,
        log,
    }))
}

/// Why a check came to no good end.
enum Unknown {
    Finding(Finding),
    Error(Error),
}

impl From<Finding> for Unknown {
    fn from(finding: Finding) -> Self {
        Self::Finding(finding)
    }
}

fn from_fault(fault: Fault) -> Result<Finding> {
    if fault.kind == FaultKind::Unreadable {
        return Err(onus_ledger::Error::Broken(fault).into());
    }
    Ok(Finding { what: fault.what, meaning: fault.kind.meaning().to_owned(), path: fault.path })
}

fn finding(what: impl Into<String>, kind: FaultKind, path: impl Into<String>) -> Finding {
    let meaning = match kind {
        FaultKind::Missing => "the case is not complete; fetch the file from another copy of the case",
        FaultKind::Unknown => {
            "no entry speaks of it and its bytes are not those of its name; find out who put it there, and move it out"
        }
        FaultKind::Malformed => "the writer never writes this; compare with another copy of the case",
        _ => "the file was changed after it was entered; compare with another copy of the case",
    };
    Finding { what: what.into(), meaning: meaning.to_owned(), path: path.into() }
}

type Facts<'a> = (&'a str, &'a str, u64);

/// What entries name.
struct Named<'a> {
    /// SHA-1, MD5 and size as the entry that added it has them.
    exhibits: BTreeMap<Digest, Option<Facts<'a>>>,
    redacted: BTreeSet<Digest>,
    bodies: BTreeSet<Digest>,
}

/// What was read of a store.
struct Stored {
    count: usize,
    absent: usize,
    bytes: u64,
}

impl<'a> Named<'a> {
    fn of(entries: &'a [Entry]) -> Self {
        let mut named = Self { exhibits: BTreeMap::new(), redacted: BTreeSet::new(), bodies: BTreeSet::new() };
        for entry in entries {
            if let Some(exhibit) = entry.exhibit() {
                named.exhibits.entry(exhibit).or_default();
            }
            match entry {
                Entry::ExhibitAdded { exhibit, sha1, md5, size, .. } => {
                    named.exhibits.insert(*exhibit, Some((sha1, md5, *size)));
                    named.redacted.remove(exhibit);
                }
                Entry::Redaction { exhibit, .. } => drop(named.redacted.insert(*exhibit)),
                _ => {}
            }
            named.bodies.extend(entry.blobs());
        }
        named
    }

    fn exhibit_paths(&self) -> BTreeSet<String> {
        self.exhibits.keys().map(|digest| format!("exhibits/{}", digest.to_path())).collect()
    }

    fn body_paths(&self) -> BTreeSet<String> {
        self.bodies.iter().map(|digest| format!("blobs/{}", digest.to_path())).collect()
    }

    fn check_exhibits(&self, store: &Store) -> Result<Stored, Unknown> {
        let exhibits: Vec<_> = self.exhibits.iter().collect();
        let checked = exhibits.par_iter().map(|(digest, facts)| {
            let path = format!("exhibits/{}", digest.to_path());
            match named_bytes(store, digest, &path)? {
                None if self.redacted.contains(digest) => Ok(None),
                None => Err(finding("an exhibit is missing", FaultKind::Missing, path).into()),
                Some(exhibit) if facts.is_some_and(|facts| facts != facts_of(&exhibit)) => {
                    let what = "the entry of this exhibit names another SHA-1, MD5 or size than it has";
                    Err(finding(what, FaultKind::Malformed, path).into())
                }
                Some(exhibit) => Ok(Some(exhibit.size)),
            }
        });
        gather(checked.collect())
    }

    fn check_bodies(&self, store: &Store) -> Result<Stored, Unknown> {
        let bodies: Vec<_> = self.bodies.iter().collect();
        let checked = bodies.par_iter().map(|digest| {
            let path = format!("blobs/{}", digest.to_path());
            match named_bytes(store, digest, &path)? {
                None => Err(finding("a body that an entry refers to is missing", FaultKind::Missing, path).into()),
                Some(body) => Ok(Some(body.size)),
            }
        });
        gather(checked.collect())
    }
}

fn facts_of(exhibit: &Exhibit) -> Facts<'_> {
    (&exhibit.sha1, &exhibit.md5, exhibit.size)
}

/// The first finding in the order of digests, whatever order the threads took.
fn gather(checked: Vec<Result<Option<u64>, Unknown>>) -> Result<Stored, Unknown> {
    let mut stored = Stored { count: 0, absent: 0, bytes: 0 };
    for size in checked {
        match size? {
            Some(size) => (stored.count, stored.bytes) = (stored.count + 1, stored.bytes + size),
            None => stored.absent += 1,
        }
    }
    Ok(stored)
}

/// Reads a file of a store, whose bytes must be those of its name. Nothing when it is not there.
fn named_bytes(store: &Store, digest: &Digest, path: &str) -> Result<Option<Exhibit>, Unknown> {
    let file = store.path(digest);
    if fs::symlink_metadata(&file).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(finding("it is no regular file", FaultKind::Malformed, path).into());
    }
    match names_of(&file) {
        Ok(exhibit) if exhibit.sha256 == *digest => Ok(Some(exhibit)),
        Ok(_) => Err(finding("its bytes are not those of its name", FaultKind::Altered, path).into()),
        Err(Refusal::Vanished) => Ok(None),
        Err(Refusal::Unreadable(error)) => Err(Unknown::Error(Error::io("reading the case", &file)(error))),
        Err(Refusal::NotRegular(_) | Refusal::Changed) => {
            Err(finding("it is no regular file", FaultKind::Malformed, path).into())
        }
    }
}

/// Nothing is said of an exhibit before it was added, and two entries that add it say the same of it.
fn check_order(entries: &[Entry]) -> Result<(), Unknown> {
    let mut added = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let what = match entry {
            Entry::ExhibitAdded { exhibit, sha1, md5, size, .. } => {
                let facts: Facts<'_> = (sha1, md5, *size);
                if *added.entry(*exhibit).or_insert(facts) == facts {
                    continue;
                }
                "says of an exhibit what an earlier entry contradicts"
            }
            Entry::AnalysisRun { exhibit, .. } | Entry::Redaction { exhibit, .. } if !added.contains_key(exhibit) => {
                "speaks of an exhibit that was not added"
            }
            _ => continue,
        };
        return Err(finding(format!("entry {number} {what}"), FaultKind::Malformed, "log").into());
    }
    Ok(())
}

/// Files that no entry names: leftovers if their bytes are those of their names, else a finding.
fn strays(case: &Case, folder: &str, used: &BTreeSet<String>) -> Result<Result<Vec<String>, Finding>> {
    let root = case.root();
    let mut paths = case.files().list(folder).map_err(Error::io("listing the case", &root.join(folder)))?;
    paths.retain(|path| !used.contains(path));
    paths.sort();
    for path in paths.iter().filter(|path| !path.ends_with(".tmp")) {
        let digest = names_of(&root.join(path)).map(|exhibit| format!("{folder}/{}", exhibit.sha256.to_path()));
        if digest.ok().as_deref() != Some(path) {
            return Ok(Err(finding("the file is not of this case", FaultKind::Unknown, path)));
        }
    }
    Ok(Ok(paths))
}

/// Computes the newest assessment again from what is recorded.
fn recompute(case: &Case, entries: &[Entry]) -> Result<Result<Recomputed, Finding>> {
    let Some((number, Entry::Assessment { body, sheet, as_of, engine, .. })) = newest_assessment(entries) else {
        return Ok(Ok(Recomputed::None));
    };
    if engine != onus_weigh::ENGINE {
        return Ok(Ok(Recomputed::OtherVersion { entry: number, engine: engine.clone() }));
    }
    let path = format!("blobs/{}", body.to_path());
    let refused = |what: &str| Ok(Err(finding(format!("entry {number}: {what}"), FaultKind::Malformed, &path)));
    let Ok(as_of) = as_of.as_deref().map(str::parse).transpose() else {
        return refused("the day of the assessment is none");
    };
    let Ok(text) = SheetText::parse(case.read_body(sheet)?, PathBuf::from("case.toml")) else {
        return refused("the recorded sheet cannot be read");
    };
    let before = entries.get(..usize::try_from(number).unwrap_or_default()).unwrap_or_default();
    let (tested, tests) = with_read_tests(case, &text.sheet, before)?;
    let again = canonical(&weigh(&tested, *sheet, exhibits_in(before), tests, as_of))?;
    if again == case.read_body(body)? {
        return Ok(Ok(Recomputed::Same(number)));
    }
    Ok(Err(Finding {
        what: format!("entry {number}: the recorded assessment does not follow from the recorded sheet and exhibits"),
        meaning: "the same version of onus computes another one; believe the computed one: `onus assess`".to_owned(),
        path,
    }))
}

fn sheet_draft(case: &Case, entries: &[Entry]) -> Draft {
    let Some(recorded) = newest_sheet(entries) else { return Draft::Unrecorded };
    compare(case.sheet_path(), |bytes| Digest::of(bytes) == recorded)
}

fn out_draft(case: &Case, entries: &[Entry]) -> Draft {
    let Some((_, Entry::Assessment { body, .. })) = newest_assessment(entries) else { return Draft::Unrecorded };
    compare(case.out().join("assessment.json"), |bytes| {
        bytes.strip_suffix(b"\n").is_some_and(|bytes| Digest::of(bytes) == *body)
    })
}

fn compare(path: PathBuf, is_recorded: impl FnOnce(&[u8]) -> bool) -> Draft {
    match fs::read(path) {
        Ok(bytes) if is_recorded(&bytes) => Draft::Same,
        Ok(_) => Draft::Differs,
        Err(_) => Draft::Absent,
    }
}
