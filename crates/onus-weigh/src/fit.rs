//! Fits the few numbers of a ranking: conditional logit by Newton's method, and an affine map of log odds.
//!
//! Deterministic: terms are added in the order given, and the same input gives the same bytes on every machine.
//! Nothing of this runs when a case is weighed; it makes the numbers that are then committed as data.

mod affine;
mod choice;
mod mixing;
mod solve;

pub use affine::{Affine, fit_affine};
pub use choice::{Choice, FitProblem, Logit, fit, fit_from, penalties};
pub use mixing::{Mixing, fit_mixing};
