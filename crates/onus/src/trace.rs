//! Reads files for what they say of their origin, without a case: nothing is copied, stored or entered.
//!
//! As when files are added, each seat is a thread with a worker process of its own. A file is read once: every piece
//! is hashed here and handed on, and no more of it is held. What comes of the files is told in the order of the walk.

mod line;

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use onus_core::{Observation, ObservationSet};
use onus_ledger::Outcome;

use crate::{
    Error, Refusal, Result, WorkerCommand,
    fingerprints::{Fingerprint, overlaps},
    turnstile::Turnstile,
    walk::{Found, Skipped, walk},
    worker::{
        feed::Streamed,
        pool::{Analysis, Seat, Watchdog},
    },
};

pub use line::Line;
pub use onus_analyse::{BUILD_RUNS_MIN, BuildHours, HoursFinding, build_hours};

/// How far seats may run ahead of what was told, in files: some hundred small ones are read while another seat has one
/// of a hundred megabytes.
const AHEAD: usize = 1024;

/// Build times that are kept, at most.
const TIMES_MAX: usize = 1 << 20;

/// What happens while files are traced.
#[derive(Debug)]
pub enum TraceEvent<'a, T> {
    /// The paths were walked; so many files were found.
    Walked(usize),
    /// Something was left aside.
    Skipped(&'a Skipped),
    /// A file could not be read.
    Refused {
        /// Where it lies.
        path: &'a Path,
        /// Why.
        why: &'a Refusal,
    },
    /// A file was read; what was made of it.
    Traced(T),
}

/// What was read of one file.
#[derive(Debug)]
pub struct Traced<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// What was read.
    pub set: ObservationSet,
    /// Whether it was read to its end.
    pub outcome: Outcome,
}

/// What tracing came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceSummary {
    /// Files that were read.
    pub traced: usize,
    /// Of them, those in which a consistency test found a contradiction.
    pub contradicted: usize,
    /// Of them, those that the analysers could not read to the end.
    pub failed: usize,
    /// Paths that could not be read.
    pub refused: usize,
    /// Things that were left aside.
    pub skipped: usize,
    /// How far the processes that read were shut off, as far as any ran.
    pub isolation: Option<String>,
    /// When files were built, by their own word, in seconds since 1970: of those that carry a time and no hash.
    pub built: Vec<i64>,
}

/// What a seat hands on about one file.
type Seen<T> = Result<std::result::Result<Made<T>, Refusal>>;

struct Made<T> {
    made: T,
    is_contradicted: bool,
    outcome: Outcome,
    isolation: String,
    built: Option<i64>,
    /// Bytes that it takes, roughly.
    bytes: usize,
}

/// Reads files, makes something of each with `make`, on several threads, and tells it in the order of the walk until
/// `tell` breaks off. What a file shares with `known` ones is an observation beside those of the analysers.
///
/// Files that cannot be read are told and the others go on; the summary counts them.
///
/// # Errors
/// No process that reads exhibits can be started.
pub fn trace<T: Send>(
    paths: &[PathBuf],
    command: &WorkerCommand,
    known: &[Fingerprint],
    make: impl Fn(&Traced<'_>) -> T + Sync,
    mut tell: impl FnMut(TraceEvent<'_, T>) -> ControlFlow<()>,
) -> Result<TraceSummary> {
    let walked = walk(paths, Path::new(""));
    let mut summary = TraceSummary { skipped: walked.skipped.len(), ..TraceSummary::default() };
    let mut flow = tell(TraceEvent::Walked(walked.files.len()));
    for skipped in &walked.skipped {
        flow = if flow.is_continue() { tell(TraceEvent::Skipped(skipped)) } else { flow };
    }
    for (path, error) in walked.refused {
        summary.refused += 1;
        flow = if flow.is_continue() {
            tell(TraceEvent::Refused { path: &path, why: &Refusal::from(error) })
        } else {
            flow
        };
    }
    if flow.is_continue() {
        run(&walked.files, (command, known), &make, &mut |path, seen| summary.take(path, seen, &mut tell))?;
    }
    Ok(summary)
}

impl TraceSummary {
    fn take<T>(
        &mut self,
        path: &Path,
        seen: std::result::Result<Made<T>, Refusal>,
        tell: &mut impl FnMut(TraceEvent<'_, T>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match seen {
            Ok(seen) => {
                self.traced += 1;
                self.contradicted += usize::from(seen.is_contradicted);
                self.failed += usize::from(seen.outcome == Outcome::Failed);
                self.isolation = Some(seen.isolation);
                self.built.extend(seen.built.filter(|_| self.built.len() < TIMES_MAX));
                tell(TraceEvent::Traced(seen.made))
            }
            Err(why) => {
                self.refused += 1;
                tell(TraceEvent::Refused { path, why: &why })
            }
        }
    }
}

fn run<T: Send>(
    files: &[Found],
    (command, known): (&WorkerCommand, &[Fingerprint]),
    make: &(impl Fn(&Traced<'_>) -> T + Sync),
    take: &mut impl FnMut(&Path, std::result::Result<Made<T>, Refusal>) -> ControlFlow<()>,
) -> Result<()> {
    let turnstile = Turnstile::new(files.len(), AHEAD);
    let watchdog = Watchdog::start();
    let (send, receive) = mpsc::sync_channel(AHEAD);
    let seats = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    thread::scope(|scope| {
        for _ in 0..seats {
            let (send, turnstile, watchdog) = (send.clone(), &turnstile, &watchdog);
            scope.spawn(move || {
                let (mut seat, mut buffer) = (Seat::new(command, watchdog), Vec::new());
                while let Some(index) = turnstile.take() {
                    let Some(file) = files.get(index) else { break };
                    let seen = see(&file.path, &mut seat, &mut buffer, known, make);
                    turnstile.hold(bytes_of(&seen));
                    if send.send((index, seen)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let result = in_order(files, &receive, &turnstile, take);
        // whatever happened, seats stop at their next file
        turnstile.stop();
        drop(receive);
        result
    })
}

/// Takes what seats hand on in the order of the files.
fn in_order<T>(
    files: &[Found],
    receive: &mpsc::Receiver<(usize, Seen<T>)>,
    turnstile: &Turnstile,
    take: &mut impl FnMut(&Path, std::result::Result<Made<T>, Refusal>) -> ControlFlow<()>,
) -> Result<()> {
    let mut arrived = BTreeMap::new();
    let mut next = 0;
    while let Some(file) = files.get(next) {
        let Some(seen) = arrived.remove(&next) else {
            let early = || Error::WorkerStart { why: "a thread ended early".to_owned() };
            let (index, seen) = receive.recv().map_err(|_| early())?;
            arrived.insert(index, seen);
            continue;
        };
        let bytes = bytes_of(&seen);
        if take(&file.path, seen?).is_break() {
            break;
        }
        turnstile.release(bytes);
        next += 1;
        turnstile.done(next);
    }
    Ok(())
}

/// One seat's work on one file.
fn see<T>(
    path: &Path,
    seat: &mut Seat<'_>,
    buffer: &mut Vec<u8>,
    known: &[Fingerprint],
    make: &impl Fn(&Traced<'_>) -> T,
) -> Seen<T> {
    let Analysis { mut set, isolation, outcome } = match seat.analyse(&mut Streamed::new(path, buffer))? {
        Ok(analysis) => analysis,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let shared = overlaps(known, &set);
    set.observations.extend(shared);
    let is_contradicted = set.observations.iter().any(Observation::is_contradiction);
    let bytes = set.observations.iter().map(len_of).sum();
    let built = built(&set);
    let made = make(&Traced { path, set, outcome });
    Ok(Ok(Made { made, is_contradicted, outcome, isolation, built, bytes }))
}

/// The time that a file says it was built, unless it is one that every file of a tool has.
fn built(set: &ObservationSet) -> Option<i64> {
    let mut times = set.observations.iter().filter(|observation| observation.kind == "coff_time");
    let time = times.find(|observation| !observation.attributes.contains_key("note"))?;
    time.value.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

fn bytes_of<T>(seen: &Seen<T>) -> usize {
    seen.as_ref().ok().and_then(|read| read.as_ref().ok()).map_or(0, |made| made.bytes)
}

/// Bytes of all texts of an observation, and of the form around them.
fn len_of(observation: &Observation) -> usize {
    const FORM: usize = 100;
    let attributes: usize = observation.attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
    FORM + observation.value.len() + attributes
}
