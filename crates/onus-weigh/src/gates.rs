//! The conditions under which an answer is called supported.

use crate::{Gate, Policy};

/// What the gates look at for the leading hypothesis.
pub(crate) struct Supporting {
    /// Conservative weight over the rival nearest by it.
    pub(crate) conservative_mdb: i64,
    pub(crate) rival: String,
    /// The smallest break-even deception prior and its rival; none when no prior lets the leader fall.
    pub(crate) break_even: Option<(f64, String)>,
    pub(crate) single_points: Vec<String>,
    /// Independent roots of what supports the leader.
    pub(crate) roots: usize,
    /// The least weight, in millidecibans, that is left over any rival without what is cheap to forge, and that rival.
    pub(crate) without_cheap: (i64, String),
}

/// Tries every gate. Without a leader all of them fail.
pub(crate) fn gates(supporting: Option<&Supporting>, policy: &Policy) -> Vec<Gate> {
    let gate = |id: &str, result: Option<(bool, String)>| {
        let (passed, detail) = result.unwrap_or((false, "no hypothesis is ahead of every other".to_owned()));
        Gate { id: id.to_owned(), passed, detail }
    };
    vec![
        gate("weight", supporting.map(|supporting| weight(supporting, policy))),
        gate("break-even-delta", supporting.map(|supporting| break_even(supporting, policy))),
        gate("single-point-of-failure", supporting.map(|supporting| single_points(supporting, policy))),
        gate("roots", supporting.map(|supporting| roots(supporting, policy))),
        gate("forge-cost", supporting.map(|supporting| forge_cost(supporting, policy))),
    ]
}

fn weight(supporting: &Supporting, policy: &Policy) -> (bool, String) {
    let (weight, rival) = (supporting.conservative_mdb, &supporting.rival);
    let asked = policy.supported_mdb;
    (
        weight >= asked,
        format!(
            "the conservative weight over `{rival}` is {} dB; {} dB are asked for",
            decibans(weight),
            decibans(asked)
        ),
    )
}

fn break_even(supporting: &Supporting, policy: &Policy) -> (bool, String) {
    let asked = policy.break_even_delta;
    match &supporting.break_even {
        None => (true, "no deception prior alone brings the weight below the level".to_owned()),
        Some((delta, rival)) if *delta <= 0.0 => (
            false,
            format!("even without deception the weight over `{rival}` is below {} dB", decibans(policy.supported_mdb)),
        ),
        Some((delta, rival)) => (
            *delta >= asked,
            format!(
                "a deception prior of {delta:.3} brings the weight over `{rival}` below {} dB; {asked:.2} has to be survived",
                decibans(policy.supported_mdb)
            ),
        ),
    }
}

fn single_points(supporting: &Supporting, policy: &Policy) -> (bool, String) {
    let level = decibans(policy.single_point_mdb);
    match supporting.single_points.as_slice() {
        [] => (true, format!("whichever one item is forged, {level} dB remain")),
        items => {
            let items: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
            (false, format!("if {} alone is forged, less than {level} dB or no lead remains", items.join(" or ")))
        }
    }
}

fn roots(supporting: &Supporting, policy: &Policy) -> (bool, String) {
    let found = supporting.roots;
    (found >= policy.roots, format!("independent roots of what supports it: {found}; {} are asked for", policy.roots))
}

fn forge_cost(supporting: &Supporting, policy: &Policy) -> (bool, String) {
    let (left, rival) = &supporting.without_cheap;
    let asked = policy.single_point_mdb;
    (
        *left >= asked,
        format!(
            "without all that is cheaper to forge than {:?}, {} dB remain over `{rival}`; {} dB are asked for",
            policy.dear,
            decibans(*left),
            decibans(asked)
        ),
    )
}

/// Millidecibans as decibans with one decimal, rounded down so that no level looks reached that is not.
fn decibans(mdb: i64) -> String {
    let tenths = mdb.div_euclid(100);
    format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10)
}
