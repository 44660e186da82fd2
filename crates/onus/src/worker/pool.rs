//! The parent's side: starts workers, hands them exhibits, believes nothing, and replaces those that break.

use std::{
    collections::BTreeMap,
    io::{self, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use onus_analyse::check_answer;
use onus_core::{Exhibit, Observation, ObservationSet};
use onus_ledger::Outcome;

use super::{
    WorkerCommand,
    attempt::ended,
    feed::Feed,
    protocol::{Hello, read_message, write_discard, write_exhibit, write_piece},
};
use crate::{Error, Refusal, Result, clock};

/// Longest answer that is taken: above what the analysers' own limits let them say.
const ANSWER_MAX: usize = 64 << 20;

/// Bytes of an exhibit that may be on their way to a worker.
#[cfg(target_os = "linux")]
const PIPE: usize = 1 << 20;

/// Longest greeting.
const HELLO_MAX: usize = 4096;

/// How long the watchdog sleeps when there is nothing to watch.
const IDLE: Duration = Duration::from_secs(60);

/// Time for a process to be gone after its output has ended.
const GRACE: Duration = Duration::from_secs(2);

/// A worker is replaced after so many exhibits, or so many bytes, so that the limit on its processor time,
/// which counts its whole life, never meets a harmless exhibit.
const EXHIBITS_PER_WORKER: u32 = 512;
const BYTES_PER_WORKER: u64 = 64 << 20;

/// What reading one exhibit gave.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// What was read.
    pub set: ObservationSet,
    /// How far the worker was shut off.
    pub isolation: String,
    /// Whether it came to an end.
    pub outcome: Outcome,
}

/// Ends workers that take too long.
pub(crate) struct Watchdog {
    watched: Arc<Watched>,
}

#[derive(Default)]
struct Watched {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    next: u64,
    closed: bool,
    /// When the watchdog looks next.
    wakes: Option<Instant>,
    workers: BTreeMap<u64, (Instant, Arc<Process>)>,
}

struct Process {
    child: Mutex<Child>,
    timed_out: AtomicBool,
}

/// One seat for a worker: at most one process at a time.
pub(crate) struct Seat<'a> {
    command: &'a WorkerCommand,
    watchdog: &'a Watchdog,
    worker: Option<Worker>,
}

struct Worker {
    process: Arc<Process>,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    isolation: String,
    deadline: Duration,
    exhibits: u32,
    bytes: u64,
}

/// What an exhibit is called, and what a worker said of it.
type Asked = (Exhibit, std::result::Result<ObservationSet, Broken>);

/// Why a worker gave no answer that can be used, in words that do not depend on the machine's load.
struct Broken(String);

/// A process is never left behind, however its seat is left.
impl Drop for Worker {
    fn drop(&mut self) {
        self.process.end();
    }
}

impl Process {
    /// Ends the process and returns how it had ended.
    fn end(&self) -> String {
        let mut child = lock(&self.child);
        let _ = child.kill();
        child.wait().map_or_else(|error| error.to_string(), ended)
    }

    /// Returns how a process whose output has ended came to its end; one that lives on is not waited for long.
    fn wait(&self) -> String {
        let deadline = clock::deadline(GRACE);
        while !clock::until(deadline).is_zero() {
            if let Ok(Some(status)) = lock(&self.child).try_wait() {
                return ended(status);
            }
            thread::sleep(Duration::from_millis(1));
        }
        self.end();
        "closed its output".to_owned()
    }
}

/// A poisoned lock guards nothing that a panic could have left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watchdog {
    pub(crate) fn start() -> Self {
        let watched = Arc::new(Watched::default());
        let seen = Arc::clone(&watched);
        thread::spawn(move || seen.run());
        Self { watched }
    }

    /// Runs something that must end in time, or the process is ended.
    fn guard<T>(&self, process: &Arc<Process>, time: Duration, work: impl FnOnce() -> T) -> T {
        let deadline = clock::deadline(time);
        let mut state = lock(&self.watched.state);
        let id = state.next;
        state.next += 1;
        state.workers.insert(id, (deadline, Arc::clone(process)));
        // while exhibits follow each other the watchdog sleeps through: it looks before this deadline anyway
        let is_early = state.wakes.is_none_or(|wakes| deadline < wakes);
        drop(state);
        if is_early {
            self.watched.changed.notify_one();
        }
        let result = work();
        lock(&self.watched.state).workers.remove(&id);
        result
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        lock(&self.watched.state).closed = true;
        self.watched.changed.notify_one();
    }
}

impl Watched {
    fn run(&self) {
        let mut state = lock(&self.state);
        while !state.closed {
            state.workers.retain(|_, (deadline, process)| {
                let late = clock::until(*deadline).is_zero();
                if late {
                    process.timed_out.store(true, Ordering::SeqCst);
                    let _ = lock(&process.child).kill();
                }
                !late
            });
            let next = state.workers.values().map(|(deadline, _)| *deadline).min();
            let wakes = next.unwrap_or_else(|| clock::deadline(IDLE));
            state.wakes = Some(wakes);
            let (woken, _) =
                self.changed.wait_timeout(state, clock::until(wakes)).unwrap_or_else(PoisonError::into_inner);
            state = woken;
        }
    }
}

impl<'a> Seat<'a> {
    pub(crate) fn new(command: &'a WorkerCommand, watchdog: &'a Watchdog) -> Self {
        Self { command, watchdog, worker: None }
    }

    /// Reads an exhibit.
    ///
    /// A worker that breaks is replaced and the exhibit is tried once more, alone in a fresh one: what an earlier
    /// exhibit left behind is then not blamed on this one. If that breaks too, the way it broke is the observation.
    ///
    /// # Errors
    /// No worker could be started. Nothing is ever read in this process instead.
    pub(crate) fn analyse(&mut self, feed: &mut impl Feed) -> Result<std::result::Result<Analysis, Refusal>> {
        let mut fresh = self.worker.is_none();
        loop {
            let worker = match &mut self.worker {
                Some(worker) => worker,
                none => none.insert(Worker::start(self.command, self.watchdog)?),
            };
            let isolation = worker.isolation.clone();
            let (exhibit, answer) = match worker.ask(self.watchdog, feed) {
                Ok(asked) => asked,
                Err(refusal) => {
                    // it may have broken too; the next exhibit will find out
                    return Ok(Err(refusal));
                }
            };
            match answer {
                Ok(set) => {
                    if worker.is_worn() {
                        self.worker = None;
                    }
                    return Ok(Ok(Analysis { set, isolation, outcome: Outcome::Complete }));
                }
                Err(Broken(how)) => {
                    self.worker = None;
                    if fresh {
                        return Ok(Ok(Analysis { set: failed(exhibit, how), isolation, outcome: Outcome::Failed }));
                    }
                    fresh = true;
                }
            }
        }
    }
}

impl Worker {
    fn start(command: &WorkerCommand, watchdog: &Watchdog) -> Result<Self> {
        let refused = |why: String| Error::WorkerStart { why };
        let mut child = Command::new(&command.program)
            .args(&command.args)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| refused(format!("{error}: {}", command.program.display())))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(refused("it has no pipes".to_owned()));
        };
        #[cfg(target_os = "linux")]
        // fewer switches between the two; where it is refused, all goes on
        let _ = rustix::pipe::fcntl_setpipe_size(&to, PIPE);
        let process = Arc::new(Process { child: Mutex::new(child), timed_out: AtomicBool::new(false) });
        let mut from = BufReader::with_capacity(64 << 10, from);
        let hello = watchdog.guard(&process, command.deadline, || read_message(&mut from, HELLO_MAX));
        let deadline = command.deadline;
        let worker =
            |isolation| Self { process: Arc::clone(&process), to, from, isolation, deadline, exhibits: 0, bytes: 0 };
        match hello.and_then(|hello| Ok(serde_json::from_slice(&hello)?)) {
            Ok(Hello::Ready { isolation }) => Ok(worker(isolation)),
            Ok(Hello::Refused { why }) => {
                process.end();
                Err(refused(why))
            }
            Err(_) => Err(refused(format!("it said nothing and {}", process.end()))),
        }
    }

    fn is_worn(&self) -> bool {
        self.exhibits >= EXHIBITS_PER_WORKER || self.bytes >= BYTES_PER_WORKER
    }

    /// Hands over an exhibit and checks the answer. Returns what the exhibit is called, and the answer.
    fn ask(&mut self, watchdog: &Watchdog, feed: &mut impl Feed) -> std::result::Result<Asked, Refusal> {
        let process = Arc::clone(&self.process);
        let (to, bytes) = (&mut self.to, &mut self.bytes);
        let mut sent = Ok(());
        let fed = watchdog.guard(&process, self.deadline, || {
            feed.bytes(&mut |piece| {
                if sent.is_ok() {
                    *bytes += piece.len() as u64;
                    sent = write_piece(to, piece);
                }
            })
        });
        // finding out what a long exhibit is called may take longer than a worker has
        let exhibit = match fed.and_then(|()| feed.exhibit()) {
            Ok(exhibit) => exhibit,
            Err(refusal) => {
                let _ = write_discard(&mut self.to);
                return Err(refusal);
            }
        };
        self.exhibits += 1;
        let answer = watchdog.guard(&process, self.deadline, || {
            sent?;
            write_exhibit(&mut self.to, &exhibit)?;
            read_message(&mut self.from, ANSWER_MAX)
        });
        let answer = answer.map_err(|error| self.broken(&error)).and_then(|answer| checked(&answer, &exhibit));
        Ok((exhibit, answer))
    }

    fn broken(&self, error: &io::Error) -> Broken {
        if error.kind() == io::ErrorKind::InvalidData {
            return Broken(format!("gave an answer of more than {ANSWER_MAX} bytes"));
        }
        // whatever broke off the talk, the process has ended or must; how it ended by itself is known only if it did
        let ended = match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => self.process.wait(),
            _ => self.process.end(),
        };
        if self.process.timed_out.load(Ordering::SeqCst) {
            return Broken(format!("gave no answer within {:?}", self.deadline));
        }
        Broken(ended)
    }
}

/// Believes an answer as far as its form goes.
fn checked(answer: &[u8], exhibit: &Exhibit) -> std::result::Result<ObservationSet, Broken> {
    let set: ObservationSet =
        serde_json::from_slice(answer).map_err(|_| Broken("gave an answer that is malformed".to_owned()))?;
    check_answer(&set, exhibit).map_err(|what| Broken(format!("gave an answer that cannot be true: {what}")))?;
    Ok(set)
}

/// The observation set of an exhibit whose reading failed.
fn failed(exhibit: Exhibit, how: String) -> ObservationSet {
    let observation = Observation {
        kind: "analysis_failed".to_owned(),
        value: format!("the process that read this exhibit {how}"),
        locus: None,
        analyser: "worker".to_owned(),
        attributes: BTreeMap::new(),
    };
    ObservationSet { exhibit, analysers: Vec::new(), observations: vec![observation] }
}
