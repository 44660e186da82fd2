//! A derived index for looking things up, in SQLite. The ledger and the blobs hold everything that is in it.
//!
//! It is brought up to the newest checkpoint whenever it is opened, and built anew when it is not of this log.
//! Building it twice from the same log gives the same bytes. Where it cannot be written it is built in memory.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use onus_core::{Digest, ObservationSet, to_canonical};
use onus_ledger::{Checkpoint, Entry, Files as _, LogPath, Note};
use rusqlite::{Connection, OpenFlags, Row, params};
use serde::Serialize;

use crate::{Case, Error, Result};

/// Number of the layout; another number means another layout, and the index is built anew.
const LAYOUT: i64 = 1;

const TABLES: &str = "
PRAGMA page_size = 4096;
PRAGMA encoding = 'UTF-8';
CREATE TABLE log (layout INTEGER NOT NULL, origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL);
CREATE TABLE entries (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, time TEXT NOT NULL, exhibit TEXT, body TEXT, json TEXT NOT NULL);
CREATE TABLE exhibits (
    exhibit TEXT PRIMARY KEY, entry INTEGER NOT NULL, sha1 TEXT NOT NULL, md5 TEXT NOT NULL, size INTEGER NOT NULL,
    name TEXT NOT NULL, source TEXT, added TEXT NOT NULL, run INTEGER, isolation TEXT, outcome TEXT) WITHOUT ROWID;
CREATE INDEX exhibits_by_entry ON exhibits (entry);
CREATE TABLE observations (
    entry INTEGER NOT NULL, number INTEGER NOT NULL, exhibit TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
    offset INTEGER, len INTEGER, line INTEGER, analyser TEXT NOT NULL, attributes TEXT NOT NULL,
    PRIMARY KEY (entry, number)) WITHOUT ROWID;
CREATE INDEX observations_by_exhibit ON observations (exhibit);
CREATE INDEX observations_by_kind ON observations (kind);
";

/// The index of one case, level with its newest checkpoint.
#[derive(Debug)]
pub struct Index {
    connection: Connection,
    path: PathBuf,
}

/// What is asked for. The fields narrow it down together.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The kind of entry or observation.
    pub kind: Option<String>,
    /// The first digits of an exhibit's digest, with or without `sha256:`.
    pub exhibit: Option<String>,
    /// The most rows.
    pub limit: Option<u32>,
}

/// An exhibit as the index has it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the entries")]
pub struct ExhibitRow {
    pub entry: u64,
    pub exhibit: String,
    pub sha1: String,
    pub md5: String,
    pub size: u64,
    pub name: String,
    pub source: Option<String>,
    pub added: String,
    pub run: Option<u64>,
    pub isolation: Option<String>,
    pub outcome: Option<String>,
}

/// An observation as the index has it, of the newest run over its exhibit.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of `onus_core::Observation`")]
pub struct ObservationRow {
    pub entry: u64,
    pub exhibit: String,
    pub kind: String,
    pub value: String,
    pub offset: Option<u64>,
    pub len: Option<u64>,
    pub line: Option<u64>,
    pub analyser: String,
    pub attributes: serde_json::Value,
}

/// An entry as the index has it.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names are those of the entries")]
pub struct EntryRow {
    pub number: u64,
    pub kind: String,
    pub time: String,
    pub entry: serde_json::Value,
}

/// The newest checkpoint, as far as the index needs it.
struct Head {
    origin: String,
    size: u64,
    root: Digest,
}

impl Index {
    /// Opens the index and brings it up to the newest checkpoint.
    ///
    /// # Errors
    /// The case has no ledger; a file of the log or a body is damaged; SQLite fails.
    pub fn open(case: &Case) -> Result<Self> {
        let head = Head::read(case)?;
        let path = case.root().join("index.sqlite");
        if let Ok(mut index) = Self::existing(&path)
            && let Some(size) = index.size_in_common(case, &head)
            && (size == head.size || index.extend(case, size, &head).is_ok())
        {
            return Ok(index);
        }
        match Self::rebuild(case) {
            Err(Error::Io { source, .. }) if is_read_only(&source) => Self::in_memory(case, &head),
            other => other,
        }
    }

    /// Builds the index anew.
    ///
    /// # Errors
    /// As [`Index::open`]; or the folder cannot be written to.
    pub fn rebuild(case: &Case) -> Result<Self> {
        let head = Head::read(case)?;
        let path = case.root().join("index.sqlite");
        // the new one is made beside the old one, so that readers always find a whole one
        let unfinished = case.root().join(format!(".index-{}.tmp", std::process::id()));
        let failed = |error| Error::io("writing the index", &unfinished)(error);
        fs::File::create(&unfinished).map_err(failed)?;
        let built = Self::build(case, &unfinished, &head);
        if let Err(error) = built {
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        let _ = fs::remove_file(case.root().join("index.sqlite-journal"));
        fs::rename(&unfinished, &path).map_err(failed)?;
        Self::existing(&path).map_err(|source| Error::Index { path, source })
    }

    fn build(case: &Case, path: &Path, head: &Head) -> Result<()> {
        let failed = |source| Error::Index { path: path.to_path_buf(), source };
        let connection = Connection::open(path).map_err(failed)?;
        connection
            .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            .and_then(|()| connection.execute_batch(TABLES))
            .map_err(failed)?;
        let mut index = Self { connection, path: path.to_path_buf() };
        index.extend(case, 0, head)?;
        index.connection.execute_batch("VACUUM").map_err(failed)
    }

    fn in_memory(case: &Case, head: &Head) -> Result<Self> {
        let path = PathBuf::from(":memory:");
        let connection = Connection::open_in_memory().and_then(|connection| {
            connection.execute_batch(TABLES)?;
            Ok(connection)
        });
        let mut index = connection
            .map(|connection| Self { connection, path: path.clone() })
            .map_err(|source| Error::Index { path, source })?;
        index.extend(case, 0, head)?;
        Ok(index)
    }

    fn existing(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection
            .execute_batch("PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
        Ok(Self { connection, path: path.to_path_buf() })
    }

    /// How many entries the index has, if it is of this log and layout.
    ///
    /// The sizes are those of checkpoints, so that the root tells whether the log is still the same up to there.
    fn size_in_common(&self, case: &Case, head: &Head) -> Option<u64> {
        let row = self.connection.query_row("SELECT layout, origin, size, root FROM log", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?, row.get::<_, String>(3)?))
        });
        let (layout, origin, size, root) = row.ok()?;
        let size = u64::try_from(size).ok()?;
        let root_then =
            if size == head.size { head.root } else { checkpoint_of(case, LogPath::Checkpoint(size))?.root };
        (layout == LAYOUT && origin == head.origin && size <= head.size && root == root_then.to_string())
            .then_some(size)
    }

    /// Reads the entries from `size` on, in one transaction.
    fn extend(&mut self, case: &Case, size: u64, head: &Head) -> Result<()> {
        let path = self.path.clone();
        let failed = |source| Error::Index { path: path.clone(), source };
        let entries = onus_ledger::entries(&case.files(), size..head.size)?;
        let change = self.connection.transaction().map_err(failed)?;
        for (number, entry) in (size..).zip(&entries) {
            let set = match entry {
                Entry::AnalysisRun { body, .. } => Some(read_set(case, body)?),
                _ => None,
            };
            insert(&change, number, entry, set.as_ref()).map_err(failed)?;
        }
        change
            .execute("DELETE FROM log", [])
            .and_then(|_| {
                let row = params![LAYOUT, head.origin, head.size.cast_signed(), head.root.to_string()];
                change.execute("INSERT INTO log VALUES (?, ?, ?, ?)", row)
            })
            .and_then(|_| change.commit())
            .map_err(failed)
    }

    /// Hands over exhibits in the order in which they were added.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn exhibits(&self, filter: &Filter, each: &mut dyn FnMut(ExhibitRow)) -> Result<()> {
        self.select(
            "SELECT entry, exhibit, sha1, md5, size, name, source, added, run, isolation, outcome FROM exhibits
             WHERE exhibit >= ?2 AND exhibit < ?3 AND (?1 IS NULL OR outcome = ?1) ORDER BY entry LIMIT ?4",
            filter,
            &mut |row| {
                each(ExhibitRow {
                    entry: whole(row, 0)?,
                    exhibit: row.get(1)?,
                    sha1: row.get(2)?,
                    md5: row.get(3)?,
                    size: whole(row, 4)?,
                    name: row.get(5)?,
                    source: row.get(6)?,
                    added: row.get(7)?,
                    run: maybe_whole(row, 8)?,
                    isolation: row.get(9)?,
                    outcome: row.get(10)?,
                });
                Ok(())
            },
        )
    }

    /// Hands over the observations of the newest run over each exhibit, in the order of the runs.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn observations(&self, filter: &Filter, each: &mut dyn FnMut(ObservationRow)) -> Result<()> {
        self.select(
            "SELECT entry, exhibit, kind, value, offset, len, line, analyser, attributes FROM observations
             WHERE exhibit >= ?2 AND exhibit < ?3 AND (?1 IS NULL OR kind = ?1) ORDER BY entry, number LIMIT ?4",
            filter,
            &mut |row| {
                each(ObservationRow {
                    entry: whole(row, 0)?,
                    exhibit: row.get(1)?,
                    kind: row.get(2)?,
                    value: row.get(3)?,
                    offset: maybe_whole(row, 4)?,
                    len: maybe_whole(row, 5)?,
                    line: maybe_whole(row, 6)?,
                    analyser: row.get(7)?,
                    attributes: json(row, 8)?,
                });
                Ok(())
            },
        )
    }

    /// Hands over entries in their order.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn entries(&self, filter: &Filter, each: &mut dyn FnMut(EntryRow)) -> Result<()> {
        self.select(
            "SELECT number, kind, time, json FROM entries
             WHERE (?2 = '' OR (exhibit >= ?2 AND exhibit < ?3)) AND (?1 IS NULL OR kind = ?1) ORDER BY number LIMIT ?4",
            filter,
            &mut |row| {
                each(EntryRow { number: whole(row, 0)?, kind: row.get(1)?, time: row.get(2)?, entry: json(row, 3)? });
                Ok(())
            },
        )
    }

    fn select(
        &self,
        query: &str,
        filter: &Filter,
        each: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let (from, to) = range(filter.exhibit.as_deref())?;
        let limit = filter.limit.map_or(-1, i64::from);
        let mut run = || {
            let mut statement = self.connection.prepare(query)?;
            let mut rows = statement.query(params![filter.kind, from, to, limit])?;
            while let Some(row) = rows.next()? {
                each(row)?;
            }
            Ok(())
        };
        run().map_err(|source| Error::Index { path: self.path.clone(), source })
    }
}

impl Head {
    fn read(case: &Case) -> Result<Self> {
        if !case.has_ledger() {
            return Err(Error::NoLedger { path: case.root().to_path_buf() });
        }
        let path = case.root().join(LogPath::Newest.to_string());
        let damaged = || Error::Damaged { what: "the newest checkpoint cannot be read", path };
        let Checkpoint { origin, size, root } = checkpoint_of(case, LogPath::Newest).ok_or_else(damaged)?;
        Ok(Self { origin, size, root })
    }
}

fn checkpoint_of(case: &Case, path: LogPath) -> Option<Checkpoint> {
    let bytes = case.files().read(&path.to_string()).ok()??;
    Note::from_bytes(&bytes).ok()?.text.parse().ok()
}

fn read_set(case: &Case, body: &Digest) -> Result<ObservationSet> {
    let bytes = case.read_body(body)?;
    serde_json::from_slice(&bytes)
        .map_err(|_| Error::Damaged { what: "a body is no observation set", path: case.blobs().path(body) })
}

fn is_read_only(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

fn insert(change: &Connection, number: u64, entry: &Entry, set: Option<&ObservationSet>) -> rusqlite::Result<()> {
    let number = number.cast_signed();
    let json = String::from_utf8(entry.to_bytes().unwrap_or_default()).unwrap_or_default();
    let exhibit = entry.exhibit().map(|digest| digest.to_string());
    let body = entry.blobs().next().map(|digest| digest.to_string());
    change.prepare_cached("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)")?.execute(params![
        number,
        entry.kind(),
        entry.time().to_string(),
        exhibit,
        body,
        json
    ])?;
    match entry {
        Entry::ExhibitAdded { time, exhibit, sha1, md5, size, name, source } => {
            let row =
                params![exhibit.to_string(), number, sha1, md5, size.cast_signed(), name, source, time.to_string()];
            // the first entry counts, should somebody have entered the same bytes twice
            change
                .prepare_cached("INSERT OR IGNORE INTO exhibits VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)")?
                .execute(row)?;
        }
        Entry::AnalysisRun { exhibit, isolation, outcome, .. } => {
            let exhibit = exhibit.to_string();
            let outcome = format!("{outcome:?}").to_lowercase();
            change
                .prepare_cached("UPDATE exhibits SET run = ?, isolation = ?, outcome = ? WHERE exhibit = ?")?
                .execute(params![number, isolation, outcome, exhibit])?;
            change.prepare_cached("DELETE FROM observations WHERE exhibit = ?")?.execute([&exhibit])?;
            let mut statement =
                change.prepare_cached("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
            for (index, observation) in (0_i64..).zip(set.iter().flat_map(|set| &set.observations)) {
                let place = observation.locus.as_ref();
                statement.execute(params![
                    number,
                    index,
                    exhibit,
                    observation.kind,
                    observation.value,
                    place.map(|place| place.offset.cast_signed()),
                    place.map(|place| place.len.cast_signed()),
                    place.and_then(|place| place.line).map(u64::cast_signed),
                    observation.analyser,
                    String::from_utf8(to_canonical(&observation.attributes).unwrap_or_default()).unwrap_or_default(),
                ])?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn whole(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}

fn maybe_whole(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(i64::cast_unsigned))
}

fn json(row: &Row<'_>, column: usize) -> rusqlite::Result<serde_json::Value> {
    let text: String = row.get(column)?;
    Ok(serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)))
}

/// The range of digests that begin with some digits. Without digits, everything.
fn range(prefix: Option<&str>) -> Result<(String, String)> {
    let Some(prefix) = prefix else { return Ok((String::new(), "t".to_owned())) };
    let digits = prefix.strip_prefix("sha256:").unwrap_or(prefix).to_lowercase();
    if digits.len() > 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(Error::BadValue {
            what: "is not the beginning of a digest",
            given: prefix.to_owned(),
            remedy: "give the first digits as `onus show exhibits` prints them",
        });
    }
    Ok((format!("sha256:{digits}"), format!("sha256:{digits}g")))
}
