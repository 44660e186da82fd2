//! The words of the program's interface are in a script that a language of the document is written in.

use std::collections::BTreeSet;

use unicode_script::{Script, UnicodeScript};

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    ooxml::{Facts, Ooxml},
};

pub(super) const OOXML_INTERFACE_SCRIPT: ConsistencyTest<Ooxml> = ConsistencyTest {
    id: "ooxml-interface-script",
    about: "interface_text",
    strength: Strength::Soft,
    rationale: "Office writes headings of its own interface into the properties, and marks text with the language of \
                the keyboard; an interface in another script than Latin goes with text or settings in a language of it",
    benign_causes: &["a document that was only saved, not written, on the machine with that interface"],
    false_alarm: Rate { hits: 2, files: 29, hit_projects: 1, projects: 4 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let written = facts.interface.iter().find_map(|text| Some((text, script_of(&text.value)?)));
    let Some((text, script)) = written else {
        return Outcome::NotRun("the interface has no words in another script than Latin");
    };
    if facts.languages.is_empty() {
        return Outcome::NotRun("the document declares no language");
    }
    if facts.languages.iter().any(|language| is_written_in(&language.value, script)) {
        return Outcome::Consistent;
    }
    let languages: BTreeSet<&str> = facts.languages.iter().map(|language| language.value.as_str()).take(8).collect();
    let languages: Vec<&str> = languages.into_iter().collect();
    let explain = format!(
        "the interface of the program that saved the document has words in {} script (`{}`), but the document declares \
         only {}",
        script.full_name(),
        text.value,
        languages.join(", ")
    );
    let loci = facts.languages.first().map(|language| language.range.clone());
    Outcome::Inconsistent { loci: [text.range.clone()].into_iter().chain(loci).collect(), explain }
}

/// The first script of a text other than Latin and what is common to all.
fn script_of(text: &str) -> Option<Script> {
    text.chars()
        .map(|character| character.script())
        .find(|script| !matches!(script, Script::Latin | Script::Common | Script::Inherited | Script::Unknown))
}

/// Whether a language is written in a script; unknown languages are taken to be.
fn is_written_in(tag: &str, script: Script) -> bool {
    let scripts: &[Script] = match tag.split('-').next().unwrap_or_default() {
        "ru" | "uk" | "be" | "bg" | "mk" | "kk" | "ky" | "tg" | "mn" | "tt" | "ba" | "sah" => &[Script::Cyrillic],
        "sr" | "uz" | "az" | "bs" => &[Script::Cyrillic, Script::Latin],
        "el" => &[Script::Greek],
        "he" | "yi" => &[Script::Hebrew],
        "ar" | "fa" | "ur" | "ps" | "ug" | "prs" => &[Script::Arabic],
        "zh" => &[Script::Han, Script::Bopomofo],
        "ja" => &[Script::Han, Script::Hiragana, Script::Katakana],
        "ko" => &[Script::Hangul, Script::Han],
        "th" => &[Script::Thai],
        "hy" => &[Script::Armenian],
        "ka" => &[Script::Georgian],
        "en" | "de" | "fr" | "es" | "it" | "pt" | "nl" | "sv" | "da" | "nb" | "nn" | "fi" | "pl" | "cs" | "sk"
        | "hu" | "ro" | "hr" | "sl" | "tr" | "et" | "lv" | "lt" | "vi" | "id" | "ms" | "ca" | "eu" | "gl" | "is"
        | "ga" | "cy" | "sq" | "af" | "x" => &[Script::Latin],
        _ => return true,
    };
    scripts.contains(&script)
}

#[cfg(test)]
mod tests {
    use super::OOXML_INTERFACE_SCRIPT;
    use crate::artefact::{
        consistency::Outcome,
        ooxml::{Facts, package::Placed},
    };

    #[test]
    fn a_cyrillic_interface_without_a_language_of_that_script_is_found() {
        let placed = |value: &str| vec![Placed { value: value.to_owned(), range: 3..9 }];
        let facts = |text, tag| Facts { interface: placed(text), languages: placed(tag), ..Facts::default() };
        let run = OOXML_INTERFACE_SCRIPT.run;
        assert_eq!(run(&facts("Название", "ru-RU")), Outcome::Consistent);
        assert!(matches!(run(&facts("Название", "en-US")), Outcome::Inconsistent { .. }));
        assert!(matches!(run(&facts("Title", "ru-RU")), Outcome::NotRun(_)));
        assert_eq!(run(&facts("Название", "xx-XX")), Outcome::Consistent);
    }
}
