//! What it says that two programs share code: a likelihood ratio from measured scores of one origin and of two.

use serde::Deserialize;

use crate::decibans;

/// The table, the highest share first.
const TEXT: &str = include_str!("../weights/overlap.toml");

/// Weights by the share of code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlap {
    /// What it is about.
    pub title: String,
    /// What the numbers rest on.
    pub basis: String,
    /// The rows, the highest share first.
    #[serde(rename = "score")]
    pub rows: Vec<Row>,
}

/// What was measured for shares from some share on.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The share from which on the row holds, up to that of the row before.
    pub at_least: f64,
    /// How often it was so where both programs were of one origin.
    pub same: f64,
    /// How often it was so where they were of two.
    pub other: f64,
    /// 5 % quantile of the weight, in decibans.
    pub low_db: f64,
}

impl Overlap {
    /// Returns the table that the program ships.
    #[must_use]
    pub fn builtin() -> Self {
        toml::from_str(TEXT).expect("a test reads the table")
    }

    /// Returns the row of a share between 0 and 1.
    #[must_use]
    pub fn row(&self, share: f64) -> Option<&Row> {
        self.rows.iter().find(|row| share >= row.at_least)
    }
}

impl Row {
    /// Returns the weight for one origin against two, in millidecibans.
    #[must_use]
    pub fn weight_mdb(&self) -> i64 {
        decibans::millidecibans(decibans::from_ratio(self.same / self.other))
    }

    /// Returns its 5 % quantile, in millidecibans.
    #[must_use]
    pub fn low_mdb(&self) -> i64 {
        decibans::millidecibans(self.low_db)
    }
}

#[cfg(test)]
mod tests {
    use super::Overlap;

    #[test]
    fn more_that_is_shared_never_says_less() {
        let table = Overlap::builtin();
        assert!(table.rows.is_sorted_by(|one, next| one.at_least > next.at_least));
        assert!(table.rows.is_sorted_by(|one, next| one.weight_mdb() > next.weight_mdb()));
        assert!(table.rows.iter().all(|row| row.low_mdb() < row.weight_mdb()));
        let sum = |of: fn(&super::Row) -> f64| table.rows.iter().map(of).sum::<f64>();
        assert!((sum(|row| row.same) - 1.0).abs() < 0.01 && (sum(|row| row.other) - 1.0).abs() < 0.01);
        assert_eq!(table.row(0.7).unwrap().weight_mdb(), 17_563);
        assert!(table.row(0.0).unwrap().weight_mdb() < 0);
    }
}
