//! Which texts of a program nothing in it accounts for.
//!
//! A text that was compiled in is led to, lies in a structure of the format, or has company of its language. One
//! that was put in afterwards lies where nothing is expected, or where something else was and nothing leads to.

use std::ops::Range;

use super::{
    language::{Script, Text, is_kana},
    layout::{DEBUG_RECORD, Layout, Place},
};

/// Texts in other languages within so many bytes are a table, not a message.
const TABLE_BYTES: usize = 32 << 10;

/// Languages of a table, at least.
const TABLE_LANGUAGES: usize = 3;

/// Least log-likelihood ratios, in nats: outside of the linked data, in the headers, in data, in code.
const OUTSIDE_MIN: i32 = 10;
const OUTSIDE_LATIN_MIN: i32 = 3;
const HEADER_MIN: i32 = 30;
const DATA_LEGACY_MIN: i32 = 20;
const DATA_UNICODE_MIN: i32 = 12;
const DATA_LATIN_MIN: i32 = 7;
const DATA_MARKED_MIN: i32 = 5;
const CODE_MIN: i32 = 25;
const CODE_LATIN_MIN: i32 = 10;

/// Ideographs and syllables of a message, at least, and characters of a message of one word.
const LARGE_MIN: usize = 10;
const WORD_MIN: usize = 12;

/// What the tables of Unicode hold as the long form of one character (U+FDFA).
const UNICODE: &[&str] = &["صلى الله عليه وسلم"];

/// What excuses another text has to be certain itself.
const COMPANY_LATIN_MIN: i32 = 8;

/// An overlay that is larger is somebody's container, known or not.
const OVERLAY_MAX: usize = 64 << 10;

/// Languages that are taken for each other in short texts.
const FAMILIES: &[&[&str]] = &[
    &["swe", "dan", "nob"],
    &["ces", "slk", "slv", "hrv", "pol"],
    &["spa", "por", "cat", "ita", "ron"],
    &["deu", "nld"],
    &["fin", "est"],
    &["lav", "lit"],
    &["tur", "aze"],
];

/// A text with what is known of its place.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// The text.
    pub text: Text,
    /// What part of the program it lies in; absent where the parts are not known.
    pub place: Option<Place>,
    /// Name of the section or structure.
    pub section: String,
    /// Whether something leads to it; absent where that was not looked for.
    pub is_referenced: Option<bool>,
    /// Why it stands out, if it does.
    pub why: Option<Why>,
}

/// Why nothing accounts for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It lies outside of what was linked.
    Outside,
    /// It lies where a debug record has a path, and is none.
    NoPath,
    /// It lies in data, nothing leads to it, and it is the only text of its language.
    Alone,
}

/// Puts texts into their places and says which stand out.
pub(crate) fn place(
    texts: Vec<Text>,
    layout: Option<&Layout>,
    referenced: &[Option<bool>],
    container: Option<usize>,
) -> Vec<Placed> {
    let mut placed: Vec<Placed> = texts
        .into_iter()
        .enumerate()
        .map(|(index, text)| {
            let region = layout.and_then(|layout| layout.at(text.range.start));
            Placed {
                place: region.map(|region| region.place),
                section: region.map(|region| region.name.clone()).unwrap_or_default(),
                is_referenced: referenced.get(index).copied().flatten(),
                why: None,
                text,
            }
        })
        .collect();
    let overlay = layout.map_or(0, overlay_len);
    let why: Vec<Option<Why>> = placed
        .iter()
        .map(|one| match one.place? {
            Place::Overlay if container.map_or(overlay > OVERLAY_MAX, |end| one.text.range.start < end) => None,
            Place::Overlay | Place::Slack | Place::Gap | Place::Orphan => {
                is_at_least(&one.text, OUTSIDE_MIN, OUTSIDE_MIN, OUTSIDE_LATIN_MIN).then_some(Why::Outside)
            }
            // A Rich header, whose words are encrypted with each other.
            Place::Header if one.text.text.contains("Rich") => None,
            Place::Header => is_at_least(&one.text, HEADER_MIN, HEADER_MIN, HEADER_MIN).then_some(Why::Outside),
            Place::Data | Place::Code => stands_alone(one, &placed).then_some(Why::Alone),
            Place::Debug if one.section == DEBUG_RECORD => {
                let is_path = one.text.text.contains(['\\', '/']) || one.text.text.to_lowercase().ends_with(".pdb");
                (!is_path && is_certain(&one.text)).then_some(Why::NoPath)
            }
            Place::Accounted | Place::Debug => None,
        })
        .collect();
    for (one, why) in placed.iter_mut().zip(why) {
        one.why = why;
    }
    placed
}

fn overlay_len(layout: &Layout) -> usize {
    layout.regions.iter().filter(|region| region.place == Place::Overlay).map(|region| region.range.len()).sum()
}

/// Whether a text in data is certainly in another language than English; letters with marks leave less doubt.
pub(crate) fn is_certain(text: &Text) -> bool {
    let latin = if text.text.is_ascii() { DATA_LATIN_MIN } else { DATA_MARKED_MIN };
    is_at_least(text, DATA_LEGACY_MIN, DATA_UNICODE_MIN, latin)
}

fn is_at_least(text: &Text, legacy: i32, unicode: i32, latin: i32) -> bool {
    let nats = match (text.script, text.encoding.starts_with("UTF")) {
        (Script::Latin, _) => latin,
        (_, true) if !text.is_misread => unicode,
        _ => legacy,
    };
    text.nats() >= nats
}

/// Whether a text is a message rather than one word or a name: short words turn up in tables of all sorts.
fn is_message(text: &Text) -> bool {
    let words = || text.text.split_whitespace();
    let is_long = match text.script {
        // Names are capitalised throughout.
        Script::Latin => words().any(|word| word.chars().count() >= 3 && word.starts_with(char::is_lowercase)),
        // Tables of kana, and of bytes that read as some page, are shorter.
        Script::Han | Script::Hangul => {
            let is_sure = text.encoding.starts_with("UTF") && text.text.chars().any(|c| !is_kana(c));
            text.characters >= if is_sure { LARGE_MIN } else { WORD_MIN }
        }
        _ => text.characters >= WORD_MIN || words().nth(1).is_some(),
    };
    is_long && !UNICODE.contains(&text.text.as_str())
}

/// Whether nothing leads to a text in data and no other text keeps it company.
fn stands_alone(one: &Placed, all: &[Placed]) -> bool {
    let may_be_meant = match one.place {
        Some(Place::Code) => is_at_least(&one.text, CODE_MIN, CODE_MIN, CODE_LATIN_MIN),
        _ => is_certain(&one.text),
    };
    if one.is_referenced != Some(false) || !may_be_meant || !is_message(&one.text) {
        return false;
    }
    let has_company = all.iter().any(|other| {
        let counts = other.is_referenced == Some(true) || other.place == Some(Place::Accounted);
        counts && is_company(&one.text, &other.text)
    });
    !has_company && !is_in_a_table(&one.text.range, all)
}

/// Whether a text shows that the program speaks the language of another.
fn is_company(one: &Text, other: &Text) -> bool {
    if one.script != other.script {
        return false;
    }
    match one.script {
        Script::Latin => {
            let family = |language| FAMILIES.iter().position(|family| family.contains(&language));
            let is_alike = one.language == other.language
                || family(one.language).is_some_and(|number| family(other.language) == Some(number));
            is_alike && other.nats() >= COMPANY_LATIN_MIN
        }
        _ => true,
    }
}

/// Whether unreferenced texts of several languages lie together, as in a list of languages or of samples.
fn is_in_a_table(range: &Range<usize>, all: &[Placed]) -> bool {
    let near = all.iter().filter(|other| {
        other.is_referenced == Some(false)
            && other.text.range.start.abs_diff(range.start) <= TABLE_BYTES
            && is_certain(&other.text)
    });
    let languages: std::collections::BTreeSet<&str> = near.map(|other| other.text.language).collect();
    languages.len() >= TABLE_LANGUAGES
}

#[cfg(test)]
mod tests {
    use super::{Layout, Place, Why, place};
    use crate::artefact::{
        language::{Script, Text},
        layout::{DEBUG_RECORD, Region},
    };

    const RUSSIAN: &str = "Не удалось открыть файл";

    fn text(at: usize, script: Script, language: &'static str, text: &str) -> Text {
        Text {
            range: at..at + text.len(),
            encoding: "UTF-8",
            is_misread: false,
            text: text.to_owned(),
            characters: text.chars().count(),
            script,
            language,
            llr: 60 * 16,
        }
    }

    fn layout() -> Layout {
        let region = |range, place, name: &str| Region { range, place, name: name.to_owned(), address: None };
        let regions = vec![
            region(0..1000, Place::Data, ".rdata"),
            region(1000..2000, Place::Slack, ".rdata"),
            region(2000..3000, Place::Debug, DEBUG_RECORD),
            region(3000..4000, Place::Overlay, ""),
        ];
        Layout { regions }
    }

    #[track_caller]
    fn check(texts: Vec<(Text, bool)>, container: Option<usize>, expected: &[Option<Why>]) {
        let (texts, referenced): (Vec<Text>, Vec<bool>) = texts.into_iter().unzip();
        let referenced: Vec<Option<bool>> = referenced.into_iter().map(Some).collect();
        let placed = place(texts, Some(&layout()), &referenced, container);
        assert_eq!(placed.iter().map(|one| one.why).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_message_stands_out_that_nothing_leads_to_and_no_other_keeps_company() {
        let russian = |at| text(at, Script::Cyrillic, "rus", RUSSIAN);
        check(vec![(russian(10), false)], None, &[Some(Why::Alone)]);
        check(vec![(russian(10), true)], None, &[None]);
        check(vec![(russian(10), false), (russian(100), true)], None, &[None, None]);
        check(vec![(russian(10), false), (russian(100), false)], None, &[Some(Why::Alone), Some(Why::Alone)]);
    }

    #[test]
    fn one_word_and_names_are_no_messages() {
        check(vec![(text(10, Script::Cyrillic, "rus", "Мир"), false)], None, &[None]);
        check(vec![(text(10, Script::Latin, "pol", "Wilk Elektronik"), false)], None, &[None]);
        check(vec![(text(10, Script::Latin, "deu", "Die Datei fehlt"), false)], None, &[Some(Why::Alone)]);
    }

    #[test]
    fn several_languages_side_by_side_are_a_table() {
        let texts = vec![
            (text(10, Script::Cyrillic, "rus", RUSSIAN), false),
            (text(100, Script::Latin, "deu", "Die Datei fehlt"), false),
            (text(200, Script::Greek, "ell", "Δεν ήταν δυνατό"), false),
        ];
        check(texts, None, &[None, None, None]);
    }

    #[test]
    fn company_excuses_no_text_outside_of_what_was_linked() {
        let russian = |at| text(at, Script::Cyrillic, "rus", RUSSIAN);
        check(vec![(russian(10), true), (russian(1100), false)], None, &[None, Some(Why::Outside)]);
        check(vec![(russian(3100), false)], None, &[Some(Why::Outside)]);
        check(vec![(russian(3100), false)], Some(4000), &[None]);
        check(vec![(russian(3100), false)], Some(3050), &[Some(Why::Outside)]);
    }

    #[test]
    fn a_debug_record_has_a_path() {
        check(vec![(text(2100, Script::Cyrillic, "rus", RUSSIAN), false)], None, &[Some(Why::NoPath)]);
        check(vec![(text(2100, Script::Cyrillic, "rus", "C:\\проекты\\пример\\x.pdb"), false)], None, &[None]);
    }
}
