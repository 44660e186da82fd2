//! What an engine answers to an item, as one line of a file.

use serde::{Deserialize, Serialize};

use super::Setting;

/// The answer to one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The item, or the planted variant of one.
    pub item: String,
    /// What the engine was shown.
    pub evidence: Setting,
    /// Groups, the likeliest first. A group that is not listed has ratio 1 and probability 0.
    pub ranking: Vec<Ranked>,
}

/// One group of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Its id; `none` stands for nobody among the candidates.
    pub group: String,
    /// Decimal logarithm of the likelihood ratio for it against some other candidate.
    pub log10_lr: f64,
    /// Its probability.
    pub posterior: f64,
}
