//! The numbers that counted weights rest on, `weights/reference.toml`.

use std::collections::BTreeMap;

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
    /// By sort of trace: how far traces of one case depend on each other (rho).
    pub correlation: BTreeMap<String, Number>,
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

    /// Returns the share of its weight that each of so many traces of a sort carries: 1 / (1 + (n - 1) rho).
    ///
    /// The design effect of correlated samples (Kish 1965): n of them carry as much as n / (1 + (n - 1) rho) independent ones.
    #[must_use]
    pub fn share(&self, kind: TraceKind, traces: usize) -> f64 {
        let correlation = self.correlation.get(kind.name()).map_or(0.0, |number| number.value);
        let others = u32::try_from(traces.saturating_sub(1)).map_or(f64::MAX, f64::from);
        1.0 / (1.0 + others * correlation)
    }

    /// Returns the text of the shipped file, for the digest of all weights.
    pub(crate) fn text() -> &'static str {
        TEXT
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
        assert!(numbers.correlation.keys().eq(kinds), "one correlation a sort of trace");
        assert!(numbers.correlation.values().all(|number| (0.0..=1.0).contains(&number.value)));
        assert_eq!(numbers.share(TraceKind::Technique, 1).to_bits(), 1.0_f64.to_bits());
        assert!((numbers.share(TraceKind::Technique, 26) - 0.5).abs() < 1e-12);
        let all = numbers.correlation.values().chain([&numbers.label_noise, &numbers.background_prior]);
        assert!(all.into_iter().all(|number| !number.why.is_empty() && !number.basis.is_empty()));
    }
}
