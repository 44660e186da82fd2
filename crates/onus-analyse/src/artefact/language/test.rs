//! The consistency tests of texts.

use super::{
    super::{
        consistency::{ConsistencyTest, Format, Outcome, Rate, Strength},
        forge_cost::ForgeCost,
        layout::Place,
        placement::{Placed, Why},
    },
    place_name, shown,
    text::Text,
};

/// Texts that an explanation names, at most.
const NAMED_MAX: usize = 3;

/// Texts, as consistency tests know them.
pub(super) struct Texts;

/// What the tests read.
pub(super) struct Facts {
    /// Texts in other languages than English, in their places.
    pub texts: Vec<Placed>,
    /// Prose in any language outside of what was linked; absent where the parts of the file are not known.
    pub prose: Option<Vec<(Text, Place)>>,
}

impl Format for Texts {
    type Facts<'a> = Facts;
}

/// Every test, sorted by identifier.
pub(super) const TESTS: &[ConsistencyTest<Texts>] = &[FOREIGN, UNACCOUNTED];

const FOREIGN: ConsistencyTest<Texts> = ConsistencyTest {
    id: "string-unreferenced-foreign",
    about: "string_language",
    strength: Strength::Soft,
    rationale: "a message that was compiled in is led to by an instruction, a pointer or a table, or lies in a \
                structure that accounts for it; one that was written into the finished file is not",
    benign_causes: &[
        "a resource or string editor, or a translation made by patching",
        "the stub of a packer or of an installer",
        "test data, samples of fonts or lists of languages",
        "a table that is reached by a computed offset",
        "a text that no code uses any more",
    ],
    false_alarm: Rate { hits: 0, files: 152, hit_projects: 0, projects: 69 },
    detection: Some(Rate { hits: 427, files: 440, hit_projects: 19, projects: 19 }),
    forge_cost: ForgeCost::F1,
    run: foreign,
};

const UNACCOUNTED: ConsistencyTest<Texts> = ConsistencyTest {
    id: "text-unaccounted",
    about: "string_language",
    strength: Strength::Soft,
    rationale: "a linker leaves zeros or filling in the unused tails of sections and writes no section that nothing \
                leads into; sentences there were written into the finished file",
    benign_causes: &[
        "a tool that marks files, such as an updater or an installer",
        "a licence or configuration that was appended",
        "memory that an old linker left in the tail of a section",
        "a section that another program looks up by name",
    ],
    false_alarm: Rate { hits: 0, files: 2499, hit_projects: 0, projects: 216 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run: unaccounted,
};

fn foreign(facts: &Facts) -> Outcome {
    if facts.prose.is_none() {
        return Outcome::NotRun("which parts of the file are led to is not known for this format");
    }
    if facts.texts.is_empty() {
        return Outcome::NotRun("no text in another language than English was found");
    }
    let found: Vec<&Placed> = facts.texts.iter().filter(|one| one.why.is_some()).collect();
    if found.is_empty() {
        return Outcome::Consistent;
    }
    let mut explain: Vec<String> = found.iter().take(NAMED_MAX).map(|one| sentence(one)).collect();
    if found.len() > NAMED_MAX {
        explain.push(format!("{} more texts stand out in the same way.", found.len() - NAMED_MAX));
    }
    explain.push(
        "Consistent with insertion after linking; the language says nothing about the author. One forged pointer to \
         a text hides it from this test, and a text that was compiled in on purpose looks like any other."
            .to_owned(),
    );
    Outcome::Inconsistent { loci: found.iter().map(|one| one.text.range.clone()).collect(), explain: explain.join(" ") }
}

fn sentence(one: &Placed) -> String {
    let text = &one.text;
    let place = place_of(one.place, &one.section);
    let reason = match one.why {
        Some(Why::NoPath) => "a record of the linker has a path there, and this is none",
        Some(Why::Alone) => "nothing in the file refers to it and no text of that language is in use",
        _ => "no part of the file accounts for bytes there",
    };
    let misread = if text.is_misread { ", read in a wrong code page" } else { "" };
    format!(
        "Text of {} characters ({}, {}{misread}) at {:#x}, {place}: \u{201c}{}\u{201d}; {reason}.",
        text.characters,
        text.language,
        text.encoding,
        text.range.start,
        shown(&text.text)
    )
}

fn place_of(place: Option<Place>, section: &str) -> String {
    let name = place.map_or("in the file", place_name);
    if section.is_empty() { name.to_owned() } else { format!("{name} ({section})") }
}

fn unaccounted(facts: &Facts) -> Outcome {
    let Some(prose) = &facts.prose else {
        return Outcome::NotRun("which parts of the file are led to is not known for this format");
    };
    if prose.is_empty() {
        return Outcome::Consistent;
    }
    let named = prose.iter().take(NAMED_MAX).map(|(text, place)| {
        format!("Text at {:#x}, {}: \u{201c}{}\u{201d}.", text.range.start, place_name(*place), shown(&text.text))
    });
    let mut explain: Vec<String> = named.collect();
    explain.push(
        "No part of the file accounts for it, whatever its language. Consistent with insertion after linking; a \
         text that something leads to is not seen by this test."
            .to_owned(),
    );
    Outcome::Inconsistent {
        loci: prose.iter().map(|(text, _)| text.range.clone()).collect(),
        explain: explain.join(" "),
    }
}
