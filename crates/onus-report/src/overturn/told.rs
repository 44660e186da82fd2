//! A set of items without which the leader falls, told in words.

use onus_core::plain;
use onus_weigh::{Assessment, ForgedSet, Verdict};

use crate::{
    index::Index,
    numbers::{count, distance},
};

/// The most items that a sentence names.
pub(crate) const ITEMS_MAX: usize = 12;

/// What is done to the items of a set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    Forge,
    Withdraw,
}

/// A run of a sentence, so that a page can link what a terminal can only name.
pub(crate) enum Run<'a> {
    Words(String),
    Items(&'a [String]),
    Name(&'a str),
}

/// How far it is known that nothing less does what a set does.
pub(crate) struct Proof {
    /// The name in the assessment.
    pub(crate) name: &'static str,
    /// In a cell of a table.
    pub(crate) short: &'static str,
    /// As a sentence.
    pub(crate) long: &'static str,
}

/// Every proof that an assessment may name.
pub(crate) const PROOFS: [Proof; 3] = [
    Proof {
        name: "full-model",
        short: "proved",
        long: "Nothing less does it: every lesser choice was ruled out in the full model, with the possibility of planting in it.",
    },
    Proof {
        name: "additive",
        short: "proved where weights add",
        long: "Nothing less does it where weights simply add up. In the full model it is certain that this set does it, and not that no lesser one does.",
    },
    Proof {
        name: "sufficient",
        short: "enough, perhaps not the least",
        long: "This set does it in the full model. Whether something less does too is not known; the search ended before all lesser choices were tried.",
    },
];

/// Returns what is known of a proof; none for a name that this version does not know.
pub(crate) fn proof(name: &str) -> Option<&'static Proof> {
    PROOFS.iter().find(|proof| proof.name == name)
}

/// Returns the set that a reader should know first: the smallest, then cheapest, then over the nearest rival, that takes away the
/// level of the verdict or, where the weight is below that anyway, the lead.
pub(crate) fn foremost<'a>(sets: &'a [ForgedSet], assessment: &Assessment) -> Option<&'a ForgedSet> {
    let supported = assessment.policy.supported_mdb;
    let has_supported = sets.iter().any(|set| set.level_mdb == supported);
    let level = if has_supported && assessment.verdict == Verdict::Supported { supported } else { 0 };
    let rivals = rivals(assessment);
    let nearness = |set: &ForgedSet| rivals.iter().position(|rival| *rival == set.rival);
    let at = |level: i64| {
        sets.iter().filter(|set| set.level_mdb == level).min_by_key(|set| (set.size, set.cost, nearness(set)))
    };
    at(level).or_else(|| at(supported))
}

/// Returns one sentence: what would have to be done to which items, and what then becomes of the weight.
pub(crate) fn sentence<'a>(set: &'a ForgedSet, means: Means, index: &'a Index<'_>) -> Vec<Run<'a>> {
    let begins = match means {
        Means::Forge => "Forging ",
        Means::Withdraw => "Withdrawing or suppressing ",
    };
    let price = match means {
        Means::Forge => format!(" (forge cost {}){} would ", set.cost, as_things(set)),
        Means::Withdraw => format!("{} would ", as_things(set)),
    };
    let (does, ends) = match set.level_mdb {
        0 => ("end the lead over ", format!("; {}.", left(set))),
        level => ("bring the weight over ", format!(" below {}; {}.", distance(level), left(set))),
    };
    vec![
        Run::Words(begins.to_owned()),
        Run::Items(&set.observations),
        Run::Words(format!("{price}{does}")),
        Run::Name(index.title(&set.rival)),
        Run::Words(ends),
    ]
}

/// Says how many things the items are, where traits of one origin are one thing.
fn as_things(set: &ForgedSet) -> String {
    match set.size {
        size if size >= set.observations.len() => String::new(),
        1 => ", which count as one thing,".to_owned(),
        size => format!(", which count as {},", count(size, "thing")),
    }
}

/// Returns what remains of the weight, or who would be ahead.
pub(crate) fn left(set: &ForgedSet) -> String {
    match set.left_mdb {
        0 => "the two would be level".to_owned(),
        left if left < 0 => format!("the other would be {} ahead", distance(left)),
        left => format!("{} would be left", distance(left)),
    }
}

/// Returns what is least about a set, as the beginning of a line.
pub(crate) fn least(set: &ForgedSet) -> &'static str {
    let has = |what: &str| set.least.iter().any(|least| least == what);
    match (has("cost"), has("size")) {
        (true, true) => "Cheapest and smallest",
        (true, false) => "Cheapest",
        (false, true) => "Smallest",
        (false, false) => "Enough",
    }
}

/// Returns a sentence for a terminal: items by number, names in quotation marks.
pub(crate) fn plainly(runs: &[Run<'_>], index: &Index<'_>) -> String {
    let run = |run: &Run<'_>| match run {
        Run::Words(words) => words.clone(),
        Run::Items(ids) => {
            numbered(ids, |id| index.item(id).map_or_else(|| plain(id).into_owned(), |number| number.to_string()))
        }
        Run::Name(name) => format!("“{}”", plain(name)),
    };
    runs.iter().map(run).collect()
}

/// Returns items by what `name` makes of their identifiers, as many as a sentence carries: `items 1, 2 and 30 more`.
pub(crate) fn numbered(ids: &[String], name: impl Fn(&str) -> String) -> String {
    let names: Vec<String> = ids.iter().take(ITEMS_MAX).map(|id| name(id)).collect();
    let more = ids.len() - names.len();
    let noun = if ids.len() == 1 { "item" } else { "items" };
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{noun} {}{rest}", names.join(", "))
}

/// Returns the rivals over whom something is known, the one nearest to the leader first.
pub(crate) fn rivals(assessment: &Assessment) -> Vec<&str> {
    let has_sets = |id: &str| {
        let mut sets = assessment.minimum_forged_sets.iter().chain(&assessment.minimum_withdrawn_sets);
        sets.any(|set| set.rival == id)
    };
    let mut rivals: Vec<_> = assessment.hypotheses.iter().filter(|answer| has_sets(&answer.id)).collect();
    rivals.sort_by_key(|answer| std::cmp::Reverse(answer.weight_mdb_over_next));
    rivals.into_iter().map(|answer| answer.id.as_str()).collect()
}
