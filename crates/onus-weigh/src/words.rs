//! The words for weights and for probabilities.

/// Returns the verbal equivalent of a weight in millidecibans (ENFSI Guideline for Evaluative Reporting in Forensic
/// Science, 2015): how strongly the findings support one proposition rather than another.
///
/// A likelihood ratio below 2 is printed as no support. Negative weights take the words of the other proposition.
#[must_use]
pub fn support(mdb: i64) -> &'static str {
    match mdb.unsigned_abs() {
        0..3_010 => "no support",
        3_010..10_000 => "weak support",
        10_000..20_000 => "moderate support",
        20_000..30_000 => "moderately strong support",
        30_000..40_000 => "strong support",
        40_000..60_000 => "very strong support",
        _ => "extremely strong support",
    }
}

/// Returns the lower edge of the band of [`support`] that a weight lies in, in millidecibans; 0 below the first band.
pub(crate) fn lower_edge(mdb: i64) -> i64 {
    [60_000, 40_000, 30_000, 20_000, 10_000, 3_010].into_iter().find(|edge| mdb >= *edge).unwrap_or_default()
}

/// Returns the words of ICD 203 (Analytic Standards, 2015) for a probability; the upper end belongs to the higher band.
///
/// Below 1 % and above 99 % the directive has no words: there is always a remainder.
pub fn likelihood(probability: f64) -> &'static str {
    match probability {
        p if p < 0.05 => "almost no chance",
        p if p < 0.20 => "very unlikely",
        p if p < 0.45 => "unlikely",
        p if p < 0.55 => "roughly even chance",
        p if p < 0.80 => "likely",
        p if p < 0.95 => "very likely",
        _ => "almost certain",
    }
}

#[cfg(test)]
mod tests {
    use super::{likelihood, support};

    #[test]
    fn bands_begin_where_the_guidelines_say() {
        for (mdb, words) in [
            (0, "no support"),
            (3_009, "no support"),
            (-3_010, "weak support"),
            (10_000, "moderate support"),
            (20_000, "moderately strong support"),
            (30_000, "strong support"),
            (40_000, "very strong support"),
            (60_000, "extremely strong support"),
        ] {
            assert_eq!(support(mdb), words, "{mdb}");
        }
        for (probability, words) in
            [(0.01, "almost no chance"), (0.5, "roughly even chance"), (0.8, "very likely"), (0.99, "almost certain")]
        {
            assert_eq!(likelihood(probability), words, "{probability}");
        }
    }
}
