//! Where in an exhibit a fact was read.

use serde::{Deserialize, Serialize};

/// A place in an exhibit: a run of bytes, and the line it begins on where the exhibit is text.
///
/// Offsets count from 0, lines from 1. An absent locus means the exhibit as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locus {
    /// Offset of the first byte.
    pub offset: u64,
    /// Length in bytes.
    pub len: u64,
    /// Number of the line, from 1, of the first byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl Locus {
    /// Returns the place of `len` bytes at `offset`.
    #[must_use]
    pub fn bytes(offset: usize, len: usize) -> Self {
        Self { offset: offset as u64, len: len as u64, line: None }
    }
}

impl std::fmt::Display for Locus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        write!(f, "offset {}, {} bytes", self.offset, self.len)
    }
}
