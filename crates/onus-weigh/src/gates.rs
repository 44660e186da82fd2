//! The conditions under which an answer is called supported.

use crate::{Gate, Policy, weighed::mdb_to_decibans};

/// What the gates look at for the leading hypothesis.
pub(crate) struct Supporting {
    /// Conservative weight over the rival nearest by it, and what favours the leader over that rival.
    pub(crate) conservative: Measured<i64>,
    /// The smallest break-even deception prior; none when no prior lets the leader fall.
    pub(crate) break_even: Option<Measured<f64>>,
    pub(crate) single_points: Vec<String>,
    /// Independent roots of what supports the leader, over the rival over whom they are fewest.
    pub(crate) roots: Measured<usize>,
    /// The least weight, in millidecibans, that is left over any rival without what is cheap to forge, and what carries it.
    pub(crate) without_cheap: Measured<i64>,
}

/// A number for the leader against the rival over whom it is least, and the observations that decide it.
pub(crate) struct Measured<T> {
    pub(crate) value: T,
    pub(crate) rival: String,
    pub(crate) observations: Vec<String>,
}

/// Whether a gate is passed, what was found, the number and the one asked for, the observations that decide it.
type Tried = (bool, String, Option<f64>, f64, Vec<String>);

/// Tries every gate. Without a leader all of them fail.
pub(crate) fn gates(supporting: Option<&Supporting>, policy: &Policy) -> Vec<Gate> {
    type Try = fn(&Supporting, &Policy) -> Tried;
    let tries: [(&str, Try); 5] = [
        ("weight", weight),
        ("break-even-delta", break_even),
        ("single-point-of-failure", single_points),
        ("roots", roots),
        ("forge-cost", forge_cost),
    ];
    let gate = |(id, try_it): (&str, Try)| {
        let id = id.to_owned();
        match supporting.map(|supporting| try_it(supporting, policy)) {
            Some((passed, detail, value, level, observations)) => {
                Gate { id, passed, detail, value, level: Some(level), observations }
            }
            None => {
                let detail = "no hypothesis is ahead of every other".to_owned();
                Gate { id, passed: false, detail, value: None, level: None, observations: Vec::new() }
            }
        }
    };
    tries.into_iter().map(gate).collect()
}

/// How firm the conclusion is, from the gates alone: `high` when all are passed, `moderate` when at most two fail, `low`
/// otherwise. It is no probability and is never mixed with one.
pub(crate) fn confidence(gates: &[Gate]) -> &'static str {
    match gates.iter().filter(|gate| !gate.passed).count() {
        0 => "high",
        1 | 2 => "moderate",
        _ => "low",
    }
}

fn weight(supporting: &Supporting, policy: &Policy) -> Tried {
    let Measured { value, rival, observations } = &supporting.conservative;
    let asked = policy.supported_mdb;
    let detail = format!(
        "the conservative weight over `{rival}` is {} dB; {} dB are asked for",
        decibans(*value),
        decibans(asked)
    );
    (*value >= asked, detail, Some(mdb_to_decibans(*value)), mdb_to_decibans(asked), observations.clone())
}

fn break_even(supporting: &Supporting, policy: &Policy) -> Tried {
    let asked = policy.break_even_delta;
    let level = decibans(policy.supported_mdb);
    let Some(Measured { value, rival, observations }) = &supporting.break_even else {
        let detail = "no deception prior alone brings the weight below the level".to_owned();
        return (true, detail, None, asked, Vec::new());
    };
    let detail = if *value <= 0.0 {
        format!("even without deception the weight over `{rival}` is below {level} dB")
    } else {
        format!(
            "a deception prior of {value:.3} brings the weight over `{rival}` below {level} dB; {asked:.2} has to be survived"
        )
    };
    (*value >= asked, detail, Some(*value), asked, observations.clone())
}

fn single_points(supporting: &Supporting, policy: &Policy) -> Tried {
    let level = decibans(policy.single_point_mdb);
    let points = &supporting.single_points;
    let detail = if points.is_empty() {
        format!("whichever one item is forged, {level} dB remain")
    } else {
        let items: Vec<String> = points.iter().map(|item| format!("`{item}`")).collect();
        format!("if {} alone is forged, less than {level} dB or no lead remains", items.join(" or "))
    };
    (points.is_empty(), detail, Some(count(points.len())), 0.0, points.clone())
}

fn roots(supporting: &Supporting, policy: &Policy) -> Tried {
    let Measured { value, observations, .. } = &supporting.roots;
    let detail = format!("independent roots of what supports it: {value}; {} are asked for", policy.roots);
    (*value >= policy.roots, detail, Some(count(*value)), count(policy.roots), observations.clone())
}

fn forge_cost(supporting: &Supporting, policy: &Policy) -> Tried {
    let Measured { value, rival, observations } = &supporting.without_cheap;
    let asked = policy.single_point_mdb;
    let detail = format!(
        "without all that is cheaper to forge than {:?}, {} dB remain over `{rival}`; {} dB are asked for",
        policy.dear,
        decibans(*value),
        decibans(asked)
    );
    (*value >= asked, detail, Some(mdb_to_decibans(*value)), mdb_to_decibans(asked), observations.clone())
}

#[expect(clippy::cast_precision_loss, reason = "a count of items")]
fn count(count: usize) -> f64 {
    count as f64
}

/// Millidecibans as decibans with one decimal, rounded down so that no level looks reached that is not.
fn decibans(mdb: i64) -> String {
    let tenths = mdb.div_euclid(100);
    format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10)
}
