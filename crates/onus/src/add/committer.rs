//! Puts what the seats hand on into the order of the walk, and stores it in batches.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::mpsc::{self, RecvTimeoutError},
    time::Duration,
};

use jiff::Timestamp;
use onus_core::{Digest, Exhibit};
use onus_ledger::{Entry, Outcome};

use super::{AddEvent, AddSummary, Added, New, Stores, Taken};
use crate::{
    Error, Refusal, Result,
    case::Writer,
    clock::{self, Stopwatch},
    durable::Batch,
    turnstile::Turnstile,
    walk::Found,
};

/// Exhibits that are stored together.
const BATCH: usize = 2048;

/// A batch is stored early when its first exhibit has waited for so long.
const PATIENCE: Duration = Duration::from_secs(1);

/// Puts results in order and stores them.
pub(super) struct Committer<'a> {
    writer: &'a mut Writer,
    stores: &'a Stores,
    source: Option<String>,
    /// Exhibits that the ledger has or is about to have.
    entered: HashSet<Digest>,
    /// Results by digest, until the first file with these bytes has its turn.
    ready: HashMap<Digest, Box<New>>,
    waiting: Batch,
    rows: Vec<Row>,
    /// Since the first of the rows.
    waited: Stopwatch,
    summary: AddSummary,
    tell: &'a mut dyn FnMut(AddEvent<'_>),
}

/// What is entered about one exhibit.
struct Row {
    name: String,
    exhibit: Exhibit,
    body: Digest,
    isolation: String,
    outcome: Outcome,
}

/// A result whose turn has not come, without what `ready` holds.
enum Turned {
    Refused(Refusal),
    Bytes(Digest),
}

impl<'a> Committer<'a> {
    pub(super) fn new(
        writer: &'a mut Writer,
        stores: &'a Stores,
        source: Option<String>,
        entered: HashSet<Digest>,
        summary: AddSummary,
        tell: &'a mut dyn FnMut(AddEvent<'_>),
    ) -> Self {
        let (waited, waiting) = (Stopwatch::start(), Batch::default());
        let (ready, rows) = (HashMap::new(), Vec::new());
        Self { writer, stores, source, entered, ready, waiting, rows, waited, summary, tell }
    }

    /// Returns what adding came to so far.
    pub(super) fn summary(self) -> AddSummary {
        self.summary
    }

    /// Enters one result after the other until every file has had its turn.
    pub(super) fn run(
        &mut self,
        files: &[Found],
        receive: &mpsc::Receiver<(usize, Result<Taken>)>,
        turnstile: &Turnstile,
    ) -> Result<()> {
        let mut arrived = BTreeMap::new();
        let mut next = 0;
        while let Some(file) = files.get(next) {
            match receive.recv_timeout(PATIENCE) {
                Ok((index, taken)) => drop(arrived.insert(index, taken.map(|taken| self.keep(taken)))),
                Err(RecvTimeoutError::Timeout) => self.store()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::WorkerStart { why: "a thread ended early".to_owned() });
                }
            }
            let mut file = Some(file);
            while let Some(found) = file {
                // a failure has its turn too, so that what came before it is entered whatever the threads did
                let turned = match arrived.remove(&next).transpose() {
                    Ok(turned) => turned,
                    Err(error) => return self.store().and(Err(error)),
                };
                match turned {
                    Some(turned) if self.is_ready(&turned) => self.enter(found, turned),
                    // the bytes that it waits for may be those whose seat failed
                    Some(turned) => match arrived.extract_if(.., |_, other| other.is_err()).next() {
                        Some((_, Err(error))) => return self.store().and(Err(error)),
                        _ => {
                            arrived.insert(next, Ok(turned));
                            break;
                        }
                    },
                    None => break,
                }
                next += 1;
                if self.rows.len() >= BATCH || self.waited.elapsed() >= PATIENCE {
                    self.store()?;
                }
                file = files.get(next);
            }
            turnstile.done(next);
        }
        self.store()
    }

    fn keep(&mut self, taken: Taken) -> Turned {
        match taken {
            Taken::Refused(refusal) => Turned::Refused(refusal),
            Taken::Seen(digest) => Turned::Bytes(digest),
            Taken::New(new) => {
                let digest = new.exhibit.sha256;
                self.ready.insert(digest, new);
                Turned::Bytes(digest)
            }
        }
    }

    /// Whether a file can be entered: bytes that another seat has taken may still be with the analysers.
    fn is_ready(&self, turned: &Turned) -> bool {
        match turned {
            Turned::Refused(_) => true,
            Turned::Bytes(digest) => self.entered.contains(digest) || self.ready.contains_key(digest),
        }
    }

    fn enter(&mut self, file: &Found, turned: Turned) {
        let digest = match turned {
            Turned::Refused(why) => {
                self.summary.refused += 1;
                return (self.tell)(AddEvent::Refused { path: &file.path, why: &why });
            }
            Turned::Bytes(digest) => digest,
        };
        match self.ready.remove(&digest).filter(|_| self.entered.insert(digest)) {
            None => {
                self.summary.known += 1;
                (self.tell)(AddEvent::Known { path: &file.path, exhibit: digest });
            }
            Some(new) => {
                let New { exhibit, bytes, body, body_bytes, isolation, outcome } = *new;
                self.waiting.add(bytes, self.stores.exhibits.path(&exhibit.sha256));
                self.waiting.add(body_bytes, self.stores.blobs.path(&body));
                if self.rows.is_empty() {
                    self.waited = Stopwatch::start();
                }
                self.rows.push(Row { name: file.name.clone(), exhibit, body, isolation, outcome });
            }
        }
    }

    /// Stores and enters what waits, and says so.
    fn store(&mut self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let time = clock::now();
        let entries: Vec<Entry> = self.rows.iter().flat_map(|row| row.entries(time, self.source.clone())).collect();
        let first = self.writer.commit(std::mem::take(&mut self.waiting), &entries)?;
        let rows = std::mem::take(&mut self.rows);
        let added: Vec<Added> = (0..).zip(&rows).map(|(index, row)| row.added(first + 2 * index)).collect();
        self.summary.added += added.len();
        self.summary.failed += added.iter().filter(|added| added.outcome == Outcome::Failed).count();
        self.summary.isolation = rows.into_iter().next_back().map(|row| row.isolation);
        (self.tell)(AddEvent::Acknowledged(&added));
        Ok(())
    }
}

impl Row {
    fn entries(&self, time: Timestamp, source: Option<String>) -> [Entry; 2] {
        let Exhibit { sha256, sha1, md5, size } = self.exhibit.clone();
        let name = self.name.clone();
        [
            Entry::ExhibitAdded { time, exhibit: sha256, sha1, md5, size, name, source },
            Entry::AnalysisRun {
                time,
                exhibit: sha256,
                body: self.body,
                isolation: self.isolation.clone(),
                outcome: self.outcome,
            },
        ]
    }

    fn added(&self, entry: u64) -> Added {
        let Exhibit { sha256, size, .. } = self.exhibit;
        Added { entry, exhibit: sha256, name: self.name.clone(), size, outcome: self.outcome }
    }
}
