//! The verdict in one sentence, of one of two forms.

use onus_core::plain;
use onus_weigh::{Assessment, ForgedSet, Gate, Policy, Sheet, Verdict};

use crate::{
    index::OTHER_TITLE,
    numbers::{distance, factor, prior},
    overturn::told::numbered,
};

/// The gates in the order in which their failing is shown, worst first.
const WORST_FIRST: [&str; 5] = ["weight", "single-point-of-failure", "forge-cost", "roots", "break-even-delta"];

/// A run of the verdict's words.
pub(crate) enum Words {
    Plain(String),
    /// What a reader with one second should take away.
    Strong(String),
}

/// Returns the verdict in words: "Not determined" with what is missing, or which answer the evidence supports.
///
/// It names no probability, for none means anything without its prior, and it never says that somebody did it.
/// Names are shown through [`onus_core::plain`]; markup is not escaped.
#[must_use]
pub fn verdict_sentence(assessment: &Assessment, sheet: &Sheet) -> String {
    let mut sentence = String::new();
    for words in opening(assessment, sheet) {
        let (Words::Plain(text) | Words::Strong(text)) = words;
        sentence.push_str(&text);
    }
    if assessment.verdict == Verdict::NotDetermined {
        let missing: Vec<String> = failing(assessment).map(|gate| condition(gate, &assessment.policy)).collect();
        if !missing.is_empty() {
            sentence.push_str(&format!(" Missing: {}.", missing.join("; ")));
        }
    }
    sentence
}

/// Returns the verdict without the list of what is missing.
pub(crate) fn opening(assessment: &Assessment, sheet: &Sheet) -> Vec<Words> {
    let leader = assessment.hypotheses.iter().find(|it| Some(&it.id) == assessment.leading.as_ref());
    let (Verdict::Supported, Some(leader)) = (assessment.verdict, leader) else {
        return vec![
            Words::Strong("Not determined.".to_owned()),
            Words::Plain(" The evidence on file does not support any answer.".to_owned()),
        ];
    };
    let title = match sheet.hypotheses.iter().find(|it| it.id == leader.id) {
        Some(hypothesis) => plain(&hypothesis.title).into_owned(),
        None => OTHER_TITLE.to_owned(),
    };
    let weight = leader.weight_mdb_over_next;
    vec![
        Words::Plain("The evidence on file supports ".to_owned()),
        Words::Strong(format!("“{title}”")),
        Words::Plain(format!(
            " over every other answer considered, {} ({}, {}).{}",
            adverb(&leader.words),
            distance(weight),
            factor(weight),
            overturned_by(assessment, sheet)
        )),
    ]
}

/// Returns the gates that fail, worst first.
pub(crate) fn failing(assessment: &Assessment) -> impl Iterator<Item = &Gate> {
    in_order(assessment).into_iter().filter(|gate| !gate.passed)
}

/// Returns the gates that are passed, in the same order.
pub(crate) fn passed(assessment: &Assessment) -> impl Iterator<Item = &Gate> {
    in_order(assessment).into_iter().filter(|gate| gate.passed)
}

fn in_order(assessment: &Assessment) -> Vec<&Gate> {
    let mut gates: Vec<&Gate> = assessment.gates.iter().collect();
    gates.sort_by_key(|gate| WORST_FIRST.iter().position(|id| *id == gate.id).unwrap_or(WORST_FIRST.len()));
    gates
}

/// Returns what a gate asks for.
pub(crate) fn condition(gate: &Gate, policy: &Policy) -> String {
    match gate.id.as_str() {
        "weight" => format!("a conservative weight of at least {} over every rival", distance(policy.supported_mdb)),
        "single-point-of-failure" => {
            format!("at least {} left when any one item is taken to be forged", distance(policy.single_point_mdb))
        }
        "forge-cost" => format!(
            "at least {} left without all that is cheaper to forge than {:?}",
            distance(policy.single_point_mdb),
            policy.dear
        ),
        "roots" => format!("at least {} independent roots of the support", policy.roots),
        "break-even-delta" => {
            format!("a conclusion that holds up to a deception prior of {}", prior(policy.break_even_delta))
        }
        other => plain(other).into_owned(),
    }
}

/// The words of a weight, such as "moderately strong support", as an adverb.
fn adverb(words: &str) -> String {
    let (degree, last) = words
        .strip_suffix(" support")
        .unwrap_or(words)
        .rsplit_once(' ')
        .map_or((String::new(), words.strip_suffix(" support").unwrap_or(words)), |(degree, last)| {
            (format!("{degree} "), last)
        });
    match last {
        "weak" | "moderate" | "strong" => format!("{degree}{last}ly"),
        _ => format!("with {}", plain(words)),
    }
}

/// What would overturn the verdict, where that is known.
///
/// The sets say when the weight falls below the level. The verdict asks for more, a conservative weight, so less may be
/// enough; it is never said that nothing less is.
fn overturned_by(assessment: &Assessment, sheet: &Sheet) -> String {
    let Some(set) = smallest(&assessment.minimum_forged_sets, assessment.policy.supported_mdb) else {
        return String::new();
    };
    let number = |id: &str| sheet.observations.iter().position(|stated| stated.id == id).map(|index| index + 1);
    let items =
        numbered(&set.observations, |id| number(id).map_or_else(|| plain(id).into_owned(), |it| it.to_string()));
    format!(" Forging {items} (forge cost {}) would be enough to overturn this.", set.cost)
}

/// Returns how firm the conclusion is, on a line of its own: it follows from the conditions alone, and no probability
/// stands beside it. None where the assessment does not say.
pub(crate) fn confidence(assessment: &Assessment) -> Option<String> {
    let (met, all) = (passed(assessment).count(), assessment.gates.len());
    let word = plain(&assessment.confidence);
    (!word.is_empty())
        .then(|| format!("Confidence: {word}. {met} of {all} conditions are met; it follows from them alone."))
}

/// Returns the smallest, then cheapest, set of items that brings the leader below a level.
pub(crate) fn smallest(sets: &[ForgedSet], level_mdb: i64) -> Option<&ForgedSet> {
    sets.iter().filter(|set| set.level_mdb == level_mdb).min_by_key(|set| (set.size, set.cost, &set.observations))
}

#[cfg(test)]
mod tests {
    use super::adverb;

    #[test]
    fn words_become_adverbs() {
        for (words, expected) in [
            ("weak support", "weakly"),
            ("moderately strong support", "moderately strongly"),
            ("extremely strong support", "extremely strongly"),
            ("no support", "with no support"),
        ] {
            assert_eq!(adverb(words), expected);
        }
    }
}
