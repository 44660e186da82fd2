//! Weighs evidence for competing answers: the case sheet in, an assessment out.
//!
//! [`Sheet`] is what people wrote about a case, [`assess`] weighs it with the numbers of [`Weights`] and gives an
//! [`Assessment`]. The model, with deception inside, is described in `docs/spec/assessment.md`.
//! Nothing here sees an exhibit, a file or a clock.

#![warn(clippy::indexing_slicing)]

mod assess;
mod assessment;
pub mod benchmark;
pub mod calibration;
mod counted;
mod cover;
mod decibans;
pub mod fit;
mod forged;
mod gates;
mod known;
mod missing;
mod model;
pub mod overlap;
mod overturn;
pub mod rank;
pub mod reference;
mod searched;
pub mod sheet;
mod unit;
mod weighed;
pub mod weights;
pub mod words;

pub use assess::{ENGINE, InputDigests, assess};
pub use assessment::{
    Alternative, Assessment, Basis, CountedResult, CountedShare, DeltaPoint, ForgeCost, ForgedSet, Gate,
    HypothesisResult, Inputs, LikelihoodWords, Missing, NotComputed, ObservationResult, Policy, Posterior, Rates,
    ReadTest, SearchedResult, TestSeen, Verdict,
};
pub use rank::rank;
pub use reference::Reference;
pub use sheet::{Problem, Sheet};
pub use weights::Weights;
