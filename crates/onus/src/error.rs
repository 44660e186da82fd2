//! What can go wrong with a case: what, where, and what to do next.

use std::{
    io,
    path::{Path, PathBuf},
};

use onus_weigh::Problem;

/// Why something was not done.
///
/// The message says what and where, with paths last; [`Error::remedy`] says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused to read or write.
    #[error("{doing} failed ({source}): {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk, or what this user may use of it, is full.
    #[error("no room left to write: {}", path.display())]
    DiskFull {
        /// Where.
        path: PathBuf,
    },
    /// A folder holds neither a case sheet nor a ledger.
    #[error("no case here: {}", path.display())]
    NotACase {
        /// The folder.
        path: PathBuf,
    },
    /// A case has a sheet, but no ledger yet.
    #[error("the case has no ledger: {}", path.display())]
    NoLedger {
        /// The folder of the case.
        path: PathBuf,
    },
    /// A folder for a new case already holds something.
    #[error("folder is not empty: {}", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// Another process writes to the case.
    #[error("another process is writing to the case: {}", path.display())]
    Locked {
        /// The folder of the case.
        path: PathBuf,
    },
    /// The environment names no folder for the key.
    #[error("no folder is known for the signing key")]
    NoConfig,
    /// Others than the owner may read or replace the key.
    #[error("the signing key can be read or replaced by others (mode {mode:03o}): {}", path.display())]
    KeyExposed {
        /// The key file or its folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The key file is not 64 hexadecimal digits.
    #[error("the signing key is not 64 hexadecimal digits: {}", path.display())]
    KeyMalformed {
        /// The key file.
        path: PathBuf,
    },
    /// The case is signed by another key than the one of this user.
    #[error("the case is signed with a key that is not here: {}", folder.display())]
    OtherKey {
        /// The folder that was looked in.
        folder: PathBuf,
    },
    /// The sheet has mistakes.
    #[error("{} in the case sheet: {}", count(problems.len(), "mistake"), path.display())]
    Sheet {
        /// The sheet.
        path: PathBuf,
        /// Its text.
        text: String,
        /// Every mistake that was found.
        problems: Vec<Problem>,
    },
    /// The sheet is no UTF-8 text, or too large.
    #[error("the case sheet is not readable text ({why}): {}", path.display())]
    SheetUnreadable {
        /// Why.
        why: &'static str,
        /// The sheet.
        path: PathBuf,
    },
    /// A source is named that the sheet does not have.
    #[error("the case sheet has no source with this id: {}", onus_core::plain(id))]
    UnknownSource {
        /// The id.
        id: String,
        /// The ids that it has.
        known: Vec<String>,
    },
    /// The ledger refused, or does not hold.
    #[error("{0}")]
    Ledger(#[from] onus_ledger::Error),
    /// A file that an entry refers to is missing, or has other bytes than the entry says.
    #[error("{what}: {}", path.display())]
    Damaged {
        /// What does not hold.
        what: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// No process that reads exhibits could be started. They are never read in this process instead.
    #[error("the process that reads exhibits could not be started: {why}")]
    WorkerStart {
        /// Why.
        why: String,
    },
    /// The index could not be used.
    #[error("the index could not be read or written ({source}): {}", path.display())]
    Index {
        /// The index.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// Reference data could not be read or built.
    #[error("{what}: {}", onus_core::plain(&path.to_string_lossy()))]
    Reference {
        /// What is wrong.
        what: String,
        /// The file.
        path: PathBuf,
        /// What to do next.
        remedy: String,
    },
    /// A name that leads to nothing in the reference data, or to several things.
    #[error("{what}: {}", onus_core::plain(given))]
    Name {
        /// What is wrong.
        what: &'static str,
        /// What was given.
        given: String,
        /// What to do next.
        remedy: String,
    },
    /// A text that should name something names nothing, or more than one thing.
    #[error("{what}: {}", onus_core::plain(given))]
    BadValue {
        /// What is wrong.
        what: &'static str,
        /// What was given.
        given: String,
        /// What to do next.
        remedy: &'static str,
    },
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Makes an error of what the system said; a full disk is told from the rest.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| {
            use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
            let path = path.to_path_buf();
            match source.kind() {
                StorageFull | QuotaExceeded | FileTooLarge => Self::DiskFull { path },
                _ => Self::Io { doing, path, source },
            }
        }
    }

    /// Returns what to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Io { .. } => "check that the path exists and that you may use it".to_owned(),
            Self::DiskFull { .. } => "make room and run the command again; what was acknowledged is safe".to_owned(),
            Self::NotACase { .. } => "name the folder that holds case.toml, or make one with `onus new`".to_owned(),
            Self::NoLedger { .. } => "add an exhibit with `onus add`, which begins one".to_owned(),
            Self::NotEmpty { .. } => "name a folder that does not exist yet".to_owned(),
            Self::Locked { .. } => "wait until it has ended; reading the case is possible meanwhile".to_owned(),
            Self::NoConfig => "set HOME, or set ONUS_CONFIG to a folder that only you can read".to_owned(),
            Self::KeyExposed { path, mode } => {
                let mode = if mode & 0o100 == 0 { "600" } else { "700" };
                format!(
                    "run `chmod {mode} {}`; if somebody may have read it, start new cases with a new key",
                    path.display()
                )
            }
            Self::KeyMalformed { .. } => {
                "put the right key back, or move it away to get a new one for new cases".to_owned()
            }
            Self::OtherKey { .. } => "set ONUS_CONFIG to the folder with the key that began the case".to_owned(),
            Self::Sheet { .. } => "mend the sheet and run the command again".to_owned(),
            Self::SheetUnreadable { .. } => "write the sheet as UTF-8 text of at most 4 MiB".to_owned(),
            Self::UnknownSource { known, .. } if known.is_empty() => "add a [[source]] to case.toml first".to_owned(),
            Self::UnknownSource { known, .. } => {
                format!("use one of: {}; or add a [[source]] to case.toml", onus_core::plain(&known.join(", ")))
            }
            Self::Ledger(onus_ledger::Error::Broken(_)) => "run `onus verify` on the case".to_owned(),
            Self::Ledger(_) => "run `onus verify` on the case; if it holds, this is a mistake in onus".to_owned(),
            Self::Damaged { .. } => "run `onus verify` on the case and fetch the file from another copy".to_owned(),
            Self::WorkerStart { .. } => {
                "run `onus worker --self-test` to see what this system allows; exhibits are never read without it"
                    .to_owned()
            }
            Self::Index { .. } => "run `onus reindex` on the case".to_owned(),
            Self::Reference { remedy, .. } | Self::Name { remedy, .. } => remedy.clone(),
            Self::BadValue { remedy, .. } => (*remedy).to_owned(),
        }
    }
}

/// A number and what is counted, in the singular or plural.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
