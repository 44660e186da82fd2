//! The words of a dossier, for somebody who reads one for the first time.

use maud::{Markup, html};

/// Terms and what they mean, in alphabetical order.
const TERMS: [(&str, &str); 20] = [
    (
        "Actor not listed",
        "The answer that none of the named ones is right. It is weighed like every other and can never be left out.",
    ),
    (
        "Admiralty grade",
        "A letter for how reliable a source is (A completely, F cannot be judged) and a number for how credible one item is (1 confirmed, 6 cannot be judged), given independently of each other.",
    ),
    (
        "Bit",
        "The unit of what an answer to a question tells: one bit settles a question of even chances. The expected gain of evidence still missing is given in bits.",
    ),
    (
        "Block",
        "Traits of one origin, such as several that one build machine leaves. However many they are, they count once.",
    ),
    (
        "Break-even deception prior",
        "The prior probability of framing from which on the evidence no longer carries the conclusion. The larger it is, the more suspicion the conclusion survives.",
    ),
    (
        "Confidence",
        "How firm the conclusion is: high, moderate or low by how many conditions of the verdict are met. It is no probability and says nothing of how likely an answer is.",
    ),
    (
        "Conservative weight",
        "A weight lowered to the 5 % quantile of what the numbers behind it are uncertain by. The verdict looks at this one.",
    ),
    (
        "Consistency test",
        "A check whether a trace contradicts the exhibit that it was found in. A passed test never proves that a trace is genuine.",
    ),
    (
        "Credibility",
        "How far one item can be believed apart from who says it: 1 and 2 where others can obtain the evidence, 6 where it is only asserted.",
    ),
    (
        "Deception prior",
        "The probability, before any evidence, that the operation was made to point at somebody else. It is the same for every case and every party.",
    ),
    (
        "Deciban (dB)",
        "The unit of weight of evidence: ten times the decimal logarithm of a likelihood ratio. 10 dB are a factor of 10, 20 dB a factor of 100, 3 dB a factor of about 2.",
    ),
    ("Exhibit", "Bytes that were handed in, named by their SHA-256 digest. They are never changed."),
    (
        "Forge cost",
        "How dear it is to forge a trace so that it passes its tests: F0 minutes, F1 a script and public tools, F2 a rebuild or somebody’s leaked tool, F3 private code or access, F4 a key, a third party’s record, or years.",
    ),
    ("Item", "One observation of the case sheet, numbered in its order, so that it can be cited: item 14."),
    (
        "Minimum forged set",
        "The cheapest or the smallest set of items whose forging would let the weight over a rival fall to a level. Its mirror is what would have to be withdrawn or suppressed.",
    ),
    ("Not determined", "The default. At least one condition of the verdict is not met."),
    (
        "Planted",
        "Put there to be found. The probability given for an item is under the flat prior over the answers and the deception prior of the policy.",
    ),
    (
        "Root",
        "The source that something originally comes from. Twelve reports that repeat one have one root and count once.",
    ),
    ("Single point of failure", "An item that would, if it alone were forged, leave too little of the lead."),
    (
        "Subjective",
        "A number that an analyst wrote into the case sheet instead of the one that is the same for every case. It is marked wherever it is used.",
    ),
];

/// Returns the glossary.
pub(crate) fn section() -> Markup {
    html! {
        section id="glossary" {
            h2 { "Glossary" }
            dl class="glossary" { @for (term, meaning) in TERMS { div { dt { (term) } dd { (meaning) } } } }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn terms_are_in_alphabetical_order() {
        assert!(super::TERMS.is_sorted_by_key(|(term, _)| term.to_lowercase()));
    }
}
