//! What is signed: origin, size and root of a log (C2SP tlog-checkpoint).

use std::fmt;
use std::str::FromStr;

use onus_core::Digest;

use crate::Error;
use crate::encoding::{from_base64, from_decimal, to_base64};
use crate::key::is_key_name;

/// Most entries that a log can have: the largest integer that every JSON reader keeps exact.
pub(crate) const MAX_SIZE: u64 = (1 << 53) - 1;

/// The state of a log at one size.
///
/// The text has exactly three lines; the extension lines that the format allows are never written and are refused.
///
/// # Example
/// ```
/// let text = "example.org/case\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
/// let checkpoint: onus_ledger::Checkpoint = text.parse()?;
/// assert_eq!(checkpoint.root, onus_core::Digest::of(b""));
/// assert!(text.replace("\n0\n", "\n00\n").parse::<onus_ledger::Checkpoint>().is_err());
/// # Ok::<(), onus_ledger::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root hash of the tree over them.
    pub root: Digest,
}

impl FromStr for Checkpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut lines = text.strip_suffix('\n').ok_or(malformed("it does not end with a line feed"))?.split('\n');
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(malformed("it is not the three lines origin, size and root"));
        };
        if !is_key_name(origin) {
            return Err(malformed("its origin cannot name a key"));
        }
        let size = from_decimal(size).ok_or(malformed("its size is no decimal number"))?;
        if size > MAX_SIZE {
            return Err(malformed("its size is above 2^53-1"));
        }
        let root = from_base64(root).and_then(|root| root.try_into().ok());
        let root = root.map(Digest::from_bytes).ok_or(malformed("its root is not 32 bytes in canonical base64"))?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, to_base64(self.root.as_bytes()))
    }
}

fn malformed(why: &'static str) -> Error {
    Error::Malformed { what: "checkpoint", why }
}
