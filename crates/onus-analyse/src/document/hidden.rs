//! Characters that a reader does not see, or takes for others.
//!
//! What scripts need is let pass: joiners between letters of scripts that join, marks of direction where there are
//! letters written from right to left, one variation selector after a character, flags.

use std::ops::Range;

/// Places of one text that are listed, at most.
pub(crate) const HIDDEN_MAX: usize = 1000;

/// A run of hidden characters, or a word of letters of two scripts.
#[derive(Debug)]
pub(crate) struct Hidden {
    /// Its range of the text.
    pub(crate) range: Range<usize>,
    /// What it is.
    pub(crate) class: &'static str,
}

/// Returns the hidden characters of a text, in order, and whether there were more than are listed.
pub(crate) fn hidden(text: &str) -> (Vec<Hidden>, bool) {
    let mut found = runs(text);
    let mut words = mixed_words(text);
    let is_cut = found.len() > HIDDEN_MAX || words.len() > HIDDEN_MAX;
    found.append(&mut words);
    found.sort_by_key(|hidden| hidden.range.start);
    let is_cut = is_cut || found.len() > HIDDEN_MAX;
    found.truncate(HIDDEN_MAX);
    (found, is_cut)
}

fn runs(text: &str) -> Vec<Hidden> {
    // Most texts hold nothing but printable ASCII and line ends, which can be told faster.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r' | 0x0c)) {
        return Vec::new();
    }
    let has_right_to_left = text.chars().any(is_right_to_left);
    let mut found: Vec<Hidden> = Vec::new();
    let mut before = '\n';
    let mut is_in_flag = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = characters.peek().map_or('\n', |(_, next)| *next);
        // The flag of a region is a black flag and tags that name the region.
        is_in_flag = character == '\u{1f3f4}' || is_in_flag && matches!(character, '\u{e0000}'..='\u{e007f}');
        if let Some(class) = class(before, character, after, has_right_to_left).filter(|_| !is_in_flag) {
            let mut end = at + character.len_utf8();
            if class == "escape_sequence" {
                end += sequence_len(text.get(end..).unwrap_or_default());
            }
            match found.last_mut() {
                Some(last) if last.range.end >= at && (last.class == class || last.range.end > at) => {
                    last.range.end = last.range.end.max(end);
                }
                _ => found.push(Hidden { range: at..end, class }),
            }
            if found.len() > HIDDEN_MAX {
                break;
            }
        }
        before = character;
    }
    found
}

/// What a character is that cannot be seen; `None` for all that can, and for what the script around it needs.
fn class(before: char, character: char, after: char, has_right_to_left: bool) -> Option<&'static str> {
    match character {
        ' '..='~' | '\t' | '\n' | '\r' | '\u{c}' => None,
        '\u{1b}' | '\u{9b}' => Some("escape_sequence"),
        '\u{202a}'..='\u{202e}' => Some("bidi_control"),
        '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => (!has_right_to_left).then_some("bidi_control"),
        '\u{200c}' | '\u{200d}' => (!(joins(before) && joins(after))).then_some("zero_width"),
        '\u{200b}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{180e}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{3164}'
        | '\u{ffa0}' => Some("zero_width"),
        '\u{e0000}'..='\u{e007f}' => Some("tag_characters"),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            is_variation_selector(before).then_some("variation_selectors")
        }
        _ => character.is_control().then_some("control"),
    }
}

/// Length of the rest of an escape sequence (ECMA-48, section 5.4): parameters, intermediate bytes, one final byte.
fn sequence_len(rest: &str) -> usize {
    let Some(inner) = rest.strip_prefix('[') else { return 0 };
    let parameters = inner.bytes().take(64).take_while(|byte| (0x20..0x40).contains(byte)).count();
    let has_final = inner.as_bytes().get(parameters).is_some_and(|byte| (0x40..0x7f).contains(byte));
    1 + parameters + usize::from(has_final)
}

fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{60f}' | '\u{61d}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Whether joiners next to a character have a purpose: letters of Arabic to Sinhala and onwards, and pictures.
fn joins(character: char) -> bool {
    matches!(character, '\u{600}'..='\u{1fff}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe0f}' | '\u{fe70}'..='\u{fefc}')
        || matches!(character, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Words in which letters of Cyrillic or Greek stand for Latin ones that look the same, or the other way round.
fn mixed_words(text: &str) -> Vec<Hidden> {
    // Letters of Greek and Cyrillic begin with these bytes in UTF-8; without one there is nothing to mix.
    if !text.bytes().any(|byte| (0xcd..=0xd4).contains(&byte)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut word = Word::default();
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        if character.is_alphanumeric() {
            word.add(at, character);
            continue;
        }
        if word.is_disguised() {
            found.push(Hidden { range: word.start..at, class: "mixed_scripts" });
            if found.len() > HIDDEN_MAX {
                break;
            }
        }
        word = Word::default();
    }
    found
}

/// Letters of one word, counted by script.
#[derive(Default)]
struct Word {
    start: usize,
    len: usize,
    latin: usize,
    latin_lookalikes: usize,
    foreign: usize,
    foreign_lookalikes: usize,
}

impl Word {
    fn add(&mut self, at: usize, character: char) {
        if self.len == 0 {
            self.start = at;
        }
        self.len += 1;
        match character {
            'a'..='z' | 'A'..='Z' => {
                self.latin += 1;
                self.latin_lookalikes += usize::from("aceopxyijsABEKMHOPCTYXIJS".contains(character));
            }
            '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' => {
                self.foreign += 1;
                let lookalikes = "асеорхуіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοναιρυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
                self.foreign_lookalikes += usize::from(lookalikes.contains(character));
            }
            _ => {}
        }
    }

    fn is_disguised(&self) -> bool {
        let is_mixed = self.len >= 3 && self.latin > 0 && self.foreign > 0;
        is_mixed && (self.foreign == self.foreign_lookalikes || self.latin == self.latin_lookalikes)
    }
}

#[cfg(test)]
mod tests {
    use super::hidden;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> =
            hidden(text).0.iter().map(|one| format!("{} {:?}", one.class, &text[one.range.clone()])).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn what_is_not_seen_is_found() {
        check("a\u{202e}fdp.exe", &[r#"bidi_control "\u{202e}""#]);
        check("in\u{200b}\u{200b}visible", &[r#"zero_width "\u{200b}\u{200b}""#]);
        check("x\u{1b}[31;1mred\u{1b}[0m", &[r#"escape_sequence "\u{1b}[31;1m""#, r#"escape_sequence "\u{1b}[0m""#]);
        check("a\u{8}b", &[r#"control "\u{8}""#]);
        check("hi\u{e0068}\u{e0069}", &[r#"tag_characters "\u{e0068}\u{e0069}""#]);
        check("Microsоft Pоссия", &[r#"mixed_scripts "Microsоft""#, r#"mixed_scripts "Pоссия""#]);
        check("a\u{fe00}\u{fe01}\u{fe02}", &[r#"variation_selectors "\u{fe01}\u{fe02}""#]);
    }

    #[test]
    fn what_scripts_need_is_let_pass() {
        for text in [
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "👩\u{200d}💻",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
            "❤\u{fe0f}",
            "שלום\u{200f}!",
            "Россия and Russia",
            "kΩ and Δt",
            "PDFы",
            "naïve",
            "µm",
            "中国",
            "\ta\r\n",
        ] {
            check(text, &[]);
        }
    }
}
