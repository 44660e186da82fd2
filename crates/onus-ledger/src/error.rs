//! What can go wrong: a call that is refused, and the first thing in a log that does not hold.

use std::fmt;

/// Why bytes were not read, an entry not taken, or a log not opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Bytes that are not what they should be.
    #[error("{what} is malformed: {why}")]
    Malformed {
        /// The format that was expected, such as `signed note`.
        what: &'static str,
        /// The rule that does not hold.
        why: &'static str,
    },
    /// An entry above the limit of an entry bundle.
    #[error("entry has {len} bytes and may have 65,535; put the long part into a blob and name its digest")]
    TooLong {
        /// Length in bytes of the canonical form.
        len: usize,
    },
    /// A call that would make a log that does not verify.
    #[error("{0}")]
    Refused(&'static str),
    /// A signature that is absent or does not verify.
    #[error("{why}: {name}")]
    Signature {
        /// What is wrong with it.
        why: &'static str,
        /// Name of the key.
        name: String,
    },
    /// The log on disk does not hold.
    #[error(transparent)]
    Broken(#[from] Fault),
}

/// The first thing in a log that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    /// Which sort of thing it is.
    pub kind: FaultKind,
    /// What does not hold, as a sentence without full stop.
    pub what: String,
    /// Path from the case's root, or the name of what was handed over.
    pub path: String,
}

/// Sorts of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A file could not be read; nothing is known about the log.
    Unreadable,
    /// A file that must be there is not.
    Missing,
    /// A file that has no place in a log.
    Unknown,
    /// Bytes that are not in the one form that is written.
    Malformed,
    /// Bytes that differ from what the entries or the checkpoints say.
    Altered,
    /// A signature that is absent or wrong.
    Unsigned,
    /// A signed checkpoint is longer than the log: entries were taken away.
    CutBack,
}

impl FaultKind {
    /// Returns what the fault means and what to do next.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Unreadable => "nothing is proved either way; make the folder readable and verify again",
            Self::Missing => "the log is not complete; fetch the file from another copy of the case",
            Self::Unknown => "the writer never puts a file there; find out who did, and move it out of the log",
            Self::Malformed => "the writer never writes this; compare with another copy of the case",
            Self::Altered => "the log was changed after it was signed; compare with another copy of the case",
            Self::Unsigned => "the holder of the key did not sign this; compare with another copy of the case",
            Self::CutBack => "entries were published and then taken away; ask the owner for the longer log",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}: {}", self.what, self.kind.meaning(), self.path)
    }
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, what: impl Into<String>, path: impl fmt::Display) -> Self {
        Self { kind, what: what.into(), path: path.to_string() }
    }

    /// The fault that an error of a parser or of a signature is, at its place.
    pub(crate) fn at(error: Error, path: impl fmt::Display) -> Self {
        match error {
            Error::Broken(fault) => fault,
            Error::Signature { .. } => Self::new(FaultKind::Unsigned, error.to_string(), path),
            Error::Malformed { .. } | Error::TooLong { .. } | Error::Refused(_) => {
                Self::new(FaultKind::Malformed, error.to_string(), path)
            }
        }
    }
}
