//! The numbers that counted weights rest on, `weights/reference.toml`.

use std::collections::BTreeMap;

use onus_core::Digest;
use serde::Deserialize;

use super::TraceKind;

/// The text of the shipped file.
const TEXT: &str = include_str!("../../weights/reference.toml");

/// Numbers for weights from counts, the same for every actor.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// Share of claims that are filed under the wrong actor (eta).
    pub label_noise: Number,
    /// Imagined claims, spread evenly over all traces of a sort (beta).
    pub background_prior: Number,
    /// By sort of trace: the share of a weight that is taken.
    pub exponent: BTreeMap<String, Number>,
}

/// One number, why it is there, and what it rests on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// What it is for.
    pub why: String,
    /// What it rests on.
    pub basis: String,
}

impl Numbers {
    /// Returns the numbers that the program ships.
    #[must_use]
    pub fn builtin() -> Self {
        toml::from_str(TEXT).expect("a test reads the shipped file")
    }

    /// Returns the digest of the shipped file.
    #[must_use]
    pub fn builtin_digest() -> Digest {
        Digest::of(TEXT.as_bytes())
    }

    /// Returns the share of a weight that is taken for a sort of trace; all of it where no number is given.
    #[must_use]
    pub fn exponent(&self, kind: TraceKind) -> f64 {
        self.exponent.get(kind.name()).map_or(1.0, |number| number.value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, TraceKind};

    #[test]
    fn the_shipped_numbers_are_sound() {
        let numbers = Numbers::builtin();
        assert!((0.0..0.5).contains(&numbers.label_noise.value));
        assert!(numbers.background_prior.value > 0.0);
        let mut kinds: Vec<&str> = TraceKind::ALL.iter().map(|kind| kind.name()).collect();
        kinds.sort_unstable();
        assert!(numbers.exponent.keys().eq(kinds), "one exponent a sort of trace");
        assert!(numbers.exponent.values().all(|number| (0.0..=1.0).contains(&number.value)));
        let all = numbers.exponent.values().chain([&numbers.label_noise, &numbers.background_prior]);
        assert!(all.into_iter().all(|number| !number.why.is_empty() && !number.basis.is_empty()));
    }
}
