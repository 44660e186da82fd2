//! A case on disk: the one library that opens files, reads the clock and the environment, and starts processes.
//!
//! [`Case`] is the folder, [`add`] takes files into it, [`assess`](fn@assess) weighs it, [`verify`](fn@verify) says
//! whether it holds, [`Index`] looks things up in it. Exhibits are read by [`worker`] processes alone.
//! The bytes that matter are those of the ledger and of the two stores; all else is derived from them.

mod add;
mod assess;
mod case;
mod clock;
pub mod demo;
mod durable;
mod error;
mod files;
pub mod fingerprints;
mod index;
mod ingest;
mod keys;
pub mod rank;
pub mod reference;
mod settings;
mod store;
pub mod trace;
mod turnstile;
mod verify;
mod walk;
pub mod worker;

pub use add::{AddEvent, AddOptions, AddSummary, Added, add};
pub use assess::{Assessed, Recorded, assess, bounds_in_words};
pub use case::{Case, SheetText, TEMPLATE};
pub use clock::{Stopwatch, now};
pub use error::{Error, Result};
pub use files::Folder;
pub use index::{EntryRow, ExhibitRow, Filter, Index, ObservationRow};
pub use ingest::Refusal;
pub use settings::Settings;
pub use store::Store;
pub use verify::{Draft, Finding, Holds, Recomputed, verify};
pub use walk::{Found, Skipped, Walk, walk};
pub use worker::WorkerCommand;

// what a caller of this crate meets in its results
pub use onus_core::{Digest, plain};
pub use onus_ledger::{Outcome, Verified, VerifierKey, VerifyOptions};
pub use onus_report::{brief, html, text, trace_text, verdict_sentence};
pub use onus_weigh::{Problem, Reference};
