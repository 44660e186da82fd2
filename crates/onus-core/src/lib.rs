//! The words that every part of onus shares: values without I/O.
//!
//! An [`Exhibit`] is named by its [`Digest`]; an [`Observation`] is one fact read from it, at a [`Locus`];
//! a source has a [`Reliability`] and what it says a [`Credibility`]; dates keep their precision ([`Edtf`]);
//! whatever is hashed is [`canonical`] JSON first; whatever is shown to a person went through [`plain`].

#![warn(clippy::indexing_slicing)]

pub mod canonical;
mod date;
mod digest;
mod exhibit;
mod grade;
mod locus;
mod observation;
mod plain;

pub use canonical::to_canonical;
pub use date::{Edtf, NotADate};
pub use digest::{Digest, NotADigest};
pub use exhibit::Exhibit;
pub use grade::{Credibility, NotAGrade, Reliability};
pub use locus::Locus;
pub use observation::{AnalyserRun, Observation, ObservationSet};
pub use plain::plain;
