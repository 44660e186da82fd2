//! Takes files into a case: walked, read, analysed, stored and entered.
//!
//! Each seat is a thread with a worker process of its own: it reads a file, copies it, has it analysed and hands on
//! the result. One committer puts the results in the order of the walk and stores them in batches, so that the order
//! of entries does not depend on which file was ready first. All that is waiting is bounded.

mod committer;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use onus_core::{Digest, Exhibit, to_canonical};
use onus_ledger::{Entry, Outcome};

use crate::{
    Case, Error, Result, Settings, WorkerCommand,
    ingest::{Bytes, Failed, Refusal, ingest},
    store::{Staged, Staging, Store},
    turnstile::Turnstile,
    walk::{Found, Skipped, walk},
    worker::{
        feed::{Input, Named},
        pool::{Analysis, Seat, Watchdog},
    },
};
use committer::Committer;

/// How far seats may run ahead of the committer, in files.
const AHEAD: usize = 4096;

/// How files are added.
#[derive(Clone, Debug)]
pub struct AddOptions {
    /// Id of the source on the case sheet that supplied them.
    pub source: Option<String>,
    /// How the processes that read exhibits are started.
    pub worker: WorkerCommand,
}

/// What happens while files are added.
#[derive(Debug)]
pub enum AddEvent<'a> {
    /// The paths were walked; so many files were found.
    Walked(usize),
    /// Something was left aside.
    Skipped(&'a Skipped),
    /// A file was not taken.
    Refused {
        /// Where it lies.
        path: &'a Path,
        /// Why.
        why: &'a Refusal,
    },
    /// The bytes are in the case already, and were not added again.
    Known {
        /// Where they lie.
        path: &'a Path,
        /// Their name.
        exhibit: Digest,
    },
    /// These exhibits are stored and entered; from now on a crash cannot take them away.
    Acknowledged(&'a [Added]),
}

/// An exhibit that was added.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Added {
    /// Number of its entry.
    pub entry: u64,
    /// Its digest.
    pub exhibit: Digest,
    /// Its name when it was handed in.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// How the run of the analysers ended.
    pub outcome: Outcome,
}

/// What adding came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AddSummary {
    /// Exhibits that were added.
    pub added: usize,
    /// Of them, those that the analysers could not read to the end.
    pub failed: usize,
    /// Files whose bytes were there already.
    pub known: usize,
    /// Paths that could not be taken.
    pub refused: usize,
    /// Things that were left aside.
    pub skipped: usize,
    /// How far the processes that read exhibits were shut off, as far as any ran.
    pub isolation: Option<String>,
}

/// Adds files to a case.
///
/// Files that cannot be taken are reported and the others go on; the summary counts them.
///
/// # Errors
/// The source is not on the sheet; another process writes to the case; the disk is full; no process that reads
/// exhibits can be started. What was acknowledged before stays.
pub fn add(
    case: &Case,
    settings: &Settings,
    paths: &[PathBuf],
    options: &AddOptions,
    tell: &mut dyn FnMut(AddEvent<'_>),
) -> Result<AddSummary> {
    if let Some(source) = &options.source {
        check_source(case, source)?;
    }
    let mut writer = case.writer(settings)?;
    let known = known_exhibits(case)?;
    let walked = walk(paths, case.root());
    tell(AddEvent::Walked(walked.files.len()));
    let mut summary = AddSummary { skipped: walked.skipped.len(), ..AddSummary::default() };
    walked.skipped.iter().for_each(|skipped| tell(AddEvent::Skipped(skipped)));
    for (path, error) in walked.refused {
        summary.refused += 1;
        tell(AddEvent::Refused { path: &path, why: &Refusal::from(error) });
    }
    let stores = Stores { exhibits: case.exhibits(), blobs: case.blobs() };
    let staging = Arc::clone(&writer.staging);
    let mut committer = Committer::new(&mut writer, &stores, options.source.clone(), known.clone(), summary, tell);
    run(&walked.files, &known, &staging, &options.worker, &mut committer)?;
    Ok(committer.summary())
}

fn check_source(case: &Case, source: &str) -> Result<()> {
    let sheet = case.read_sheet()?.sheet;
    if sheet.sources.iter().any(|known| known.id == source) {
        return Ok(());
    }
    let known = sheet.sources.into_iter().map(|source| source.id).collect();
    Err(Error::UnknownSource { id: source.to_owned(), known })
}

/// The exhibits that the ledger has and that were not taken out. Both entries of an exhibit are in one batch, and a
/// batch is stored whole or not at all, so that what was added was also analysed.
fn known_exhibits(case: &Case) -> Result<HashSet<Digest>> {
    let mut known = HashSet::new();
    for entry in onus_ledger::entries(&case.files(), 0..u64::MAX)? {
        match entry {
            Entry::ExhibitAdded { exhibit, .. } => drop(known.insert(exhibit)),
            Entry::Redaction { exhibit, .. } => drop(known.remove(&exhibit)),
            _ => {}
        }
    }
    Ok(known)
}

struct Stores {
    exhibits: Store,
    blobs: Store,
}

/// What a seat hands on about one file.
enum Taken {
    Refused(Refusal),
    /// The bytes are in the case, or another seat has taken them.
    Seen(Digest),
    New(Box<New>),
}

struct New {
    exhibit: Exhibit,
    bytes: Staged,
    body: Digest,
    body_bytes: Staged,
    isolation: String,
    outcome: Outcome,
}

fn run(
    files: &[Found],
    known: &HashSet<Digest>,
    staging: &Staging,
    command: &WorkerCommand,
    committer: &mut Committer<'_>,
) -> Result<()> {
    let turnstile = Turnstile::new(files.len(), AHEAD);
    let claimed = Mutex::new(HashSet::new());
    let watchdog = Watchdog::start();
    let (send, receive) = mpsc::sync_channel(AHEAD);
    let seats = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    thread::scope(|scope| {
        for _ in 0..seats {
            let (send, turnstile, claimed, watchdog) = (send.clone(), &turnstile, &claimed, &watchdog);
            scope.spawn(move || {
                let mut seat = Seat::new(command, watchdog);
                while let Some(index) = turnstile.take() {
                    let Some(file) = files.get(index) else { break };
                    if send.send((index, take(&file.path, known, claimed, staging, &mut seat))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let result = committer.run(files, &receive, &turnstile);
        // whatever happened, seats stop at their next file
        turnstile.stop();
        drop(receive);
        result
    })
}

/// One seat's work on one file.
fn take(
    path: &Path,
    known: &HashSet<Digest>,
    claimed: &Mutex<HashSet<Digest>>,
    staging: &Staging,
    seat: &mut Seat<'_>,
) -> Result<Taken> {
    let ingested = match ingest(path, staging) {
        Ok(ingested) => ingested,
        Err(Failed::Refused(refusal)) => return Ok(Taken::Refused(refusal)),
        Err(Failed::Write(error)) => return Err(Error::io("copying a file into the case", path)(error)),
    };
    let exhibit = ingested.exhibit;
    let claim = || claimed.lock().unwrap_or_else(PoisonError::into_inner).insert(exhibit.sha256);
    if known.contains(&exhibit.sha256) || !claim() {
        return Ok(Taken::Seen(exhibit.sha256));
    }
    let failed = Error::io("copying a file into the case", path);
    let input = match &ingested.bytes {
        Bytes::Here(bytes) => Input::Here(bytes),
        Bytes::Copied(staged) => Input::File(staged.path()),
    };
    let analysis = match seat.analyse(&mut Named { exhibit: &exhibit, input })? {
        Ok(analysis) => analysis,
        Err(refusal) => return Ok(Taken::Refused(refusal)),
    };
    let bytes = match ingested.bytes {
        Bytes::Here(bytes) => staging.write(&bytes).map_err(failed)?,
        Bytes::Copied(staged) => staged,
    };
    let Analysis { set, isolation, outcome } = analysis;
    let body = to_canonical(&set).expect("an observation set has no numbers that are not finite");
    let body_bytes = staging.write(&body).map_err(Error::io("writing observations into the case", path))?;
    Ok(Taken::New(Box::new(New { exhibit, bytes, body: Digest::of(&body), body_bytes, isolation, outcome })))
}
