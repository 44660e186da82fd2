//! The ledger of a case: an append-only log that anyone can verify.
//!
//! Entries are hashed into the Merkle tree of RFC 6962; tiles, checkpoints and signatures have the forms of C2SP
//! tlog-tiles, tlog-checkpoint, signed-note and tlog-cosignature. `docs/spec/ledger.md` holds the whole format.
//!
//! The writer is a [`Ledger`]: it takes an [`Entry`] and gives back the bytes of a [`Publication`].
//! The reader is [`verify()`]: it takes the [`Files`] of a case and says whether they hold, or the first [`Fault`].
//!
//! This crate opens no file, reads no clock and draws no random number: bytes in, values out.
//! It knows nothing of what an exhibit contains.

#![warn(clippy::indexing_slicing)]

mod bundle;
mod checkpoint;
mod encoding;
mod entry;
mod error;
mod files;
mod key;
mod ledger;
mod note;
mod path;
mod tree;
mod verify;

pub use bundle::{entries, split_bundle};
pub use checkpoint::Checkpoint;
pub use entry::{Entry, MAX_ENTRY_LEN, Outcome};
pub use error::{Error, Fault, FaultKind};
pub use files::Files;
pub use key::{KeyKind, Signer, VerifierKey};
pub use ledger::{Ledger, Publication, Step, Write};
pub use note::{Note, SignatureLine};
pub use path::{Level, LogPath, Tile};
pub use verify::{Cosignature, OutsideBounds, TimeStamp, Verified, VerifyOptions, verify, verify_each};

/// The second verifier: one Python file that needs the standard library and the `openssl` command.
///
/// It is copied beside each case, shares no code with this crate, and can be read in one sitting.
pub const VERIFY_PY: &str = include_str!("../verify.py");
