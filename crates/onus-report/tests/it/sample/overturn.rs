//! What would overturn the made-up case, what was looked for in it, and what is missing.

use onus_weigh::{ForgedSet, Missing, SearchedResult};

/// A set that is cheapest and smallest, proved in the full model.
pub(crate) fn set(rival: &str, level_mdb: i64, observations: &[&str], cost: u64) -> ForgedSet {
    ForgedSet {
        rival: rival.to_owned(),
        level_mdb,
        observations: observations.iter().map(|id| (*id).to_owned()).collect(),
        cost,
        size: observations.len(),
        proved_by: "full-model".to_owned(),
        least: vec!["cost".to_owned(), "size".to_owned()],
        left_mdb: level_mdb - 1_900,
        cost_at_least: cost,
        size_at_least: observations.len() as u64,
    }
}

pub(super) fn forged_sets() -> Vec<ForgedSet> {
    let of_block = ForgedSet { size: 1, ..set("b", 10_000, &["shared-code", "file-name"], 10) };
    let cheapest = ForgedSet {
        least: vec!["cost".to_owned()],
        proved_by: "additive".to_owned(),
        cost_at_least: 9,
        ..set("b", 0, &["shared-code", "file-name", "own-number"], 11)
    };
    let smallest = ForgedSet { least: vec!["size".to_owned()], ..set("b", 0, &["control-server"], 30) };
    let unknown =
        ForgedSet { proved_by: "sufficient".to_owned(), ..set("other", 0, &["control-server", "own-number"], 31) };
    vec![of_block, cheapest, smallest, unknown]
}

pub(super) fn searched() -> Vec<SearchedResult> {
    let row = |kind: &str, weights: &[(&str, i64)], remark: Option<&str>| SearchedResult {
        kind: kind.to_owned(),
        detection: 0.6,
        weights_mdb: weights.iter().map(|(id, mdb)| ((*id).to_owned(), *mdb)).collect(),
        counted: remark.is_none(),
        remark: remark.map(str::to_owned),
    };
    vec![
        row("pdb_path", &[("a", -800), ("b", -800), ("other", 0)], None),
        row("no_such_kind", &[], Some("no weight is known for this kind")),
    ]
}

pub(super) fn missing() -> Vec<Missing> {
    let one = |kind: &str, value_bits: f64, cost: &str, per_cost: f64| Missing {
        kind: kind.to_owned(),
        value_bits,
        cost: cost.to_owned(),
        bits_per_cost: per_cost,
        same_decision: None,
    };
    vec![
        Missing { same_decision: Some(0.83), ..one("rich_header", 0.31, "low", 0.31) },
        one("payment_trail", 0.62, "high", 0.062),
        one("no_such_kind", 0.000_2, "unheard-of", 0.0),
    ]
}
