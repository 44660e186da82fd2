//! What can be read from an exhibit: bytes in, observations out.
//!
//! [`observe`] runs every analyser that reads the exhibit's kind of file and returns an
//! [`ObservationSet`](onus_core::ObservationSet). It never fails: what is malformed is an observation of kind
//! `malformed`, what was left out because of a limit is an observation of kind `limit`, each with its place.
//! The result is a pure function of the bytes and of the analysers' versions.
//!
//! Analysers know no hypothesis, open no file, ask no network and execute nothing. The form of their answers is
//! described in `docs/spec/observations.md`.
//!
//! # Example
//! ```
//! let bytes = b"Statement of the ministry\n\n25 March 2024\n\nNothing was shown.\n";
//! let exhibit = onus_core::Exhibit {
//!     sha256: onus_core::Digest::of(bytes),
//!     sha1: "0000000000000000000000000000000000000000".into(),
//!     md5: "00000000000000000000000000000000".into(),
//!     size: bytes.len() as u64,
//! };
//! let set = onus_analyse::observe(&onus_analyse::Subject { exhibit: &exhibit, bytes });
//! let date = set.observations.iter().find(|observation| observation.kind == "date").unwrap();
//! assert_eq!(date.value, "2024-03-25");
//! assert_eq!(date.locus.unwrap().line, Some(3));
//! onus_analyse::check_answer(&set, &exhibit).unwrap();
//! ```

#![warn(clippy::indexing_slicing)]

mod analyser;
mod answer;
mod artefact;
mod bundle;
mod document;
mod file_type;
mod findings;
mod identity;
mod lines;
mod tlsh;

pub use analyser::{Analyser, READ_MAX, Subject, analysers, observe};
pub use answer::check_answer;
pub use artefact::{BUILD_RUNS_MIN, BuildHours, Container, HoursFinding, Program, Script, build_hours};
pub use file_type::{FileType, TextEncoding};
pub use findings::{ATTRIBUTES_MAX, Finding, Findings, NAME_MAX, OBSERVATIONS_MAX, TOTAL_MAX, VALUE_MAX};
