//! Whether characters have the shape of writing, before anything asks for their language.
//!
//! Code, tables of characters and packed data yield the letters of every script. What they lack is the shape: words
//! of ordinary length, case in order, one script a word, letters that go up and down.

use std::collections::BTreeSet;

use super::script::{Script, is_kana};

/// Characters between two blanks, at most, in Latin script.
const TOKEN_MAX: usize = 40;

/// What is counted of a text.
#[derive(Clone, Debug, Default)]
struct Counts {
    blanks: usize,
    letters: usize,
    foreign: usize,
    kana: usize,
    marks: usize,
    symbols: usize,
    rises_in_case: usize,
    capitals: usize,
    points: usize,
    lone: usize,
    words: usize,
    long_words: usize,
    mixed_words: usize,
    longest_word: usize,
    in_words: usize,
}

/// Returns the script of most letters.
pub(super) fn main_script(text: &[char]) -> Option<Script> {
    const ALL: [Script; 9] = [
        Script::Latin,
        Script::Cyrillic,
        Script::Greek,
        Script::Hebrew,
        Script::Arabic,
        Script::Thai,
        Script::Devanagari,
        Script::Han,
        Script::Hangul,
    ];
    let mut counts = [0_usize; ALL.len()];
    for script in text.iter().filter_map(|c| Script::of(*c)) {
        if let Some(count) = counts.get_mut(script as usize) {
            *count += 1;
        }
    }
    // Latin letters stand in texts of every script, so another script wins with fewer.
    let latin = counts.first().copied().unwrap_or_default();
    let (most, count) = ALL.iter().zip(counts).skip(1).max_by_key(|(_, count)| *count)?;
    match (count, latin) {
        (0, 0) => None,
        (count, latin) if count * 2 >= latin => Some(*most),
        _ => Some(Script::Latin),
    }
}

/// Returns whether a text in a script has the shape of writing.
pub(super) fn is_writing(text: &[char], script: Script) -> bool {
    let filled;
    let text = match script {
        Script::Arabic => {
            filled = without_holes(text);
            filled.as_slice()
        }
        _ => text,
    };
    let counts = count(text, script);
    let Counts { letters, foreign, .. } = counts;
    let others = text.len() - counts.blanks;
    let of = |part: usize, whole: usize, percent: usize| part * 100 > whole * percent;
    let is_bare = foreign < 5
        || !of(letters, others, 67)
        || of(counts.symbols, others, 6)
        || !of(foreign, letters, 54)
        || of(counts.points, foreign, 40)
        || (script.is_large() && of(counts.lone, foreign, 20))
        || counts.longest_word < if script.is_large() { 2 } else { 4 };
    if is_bare || (script == Script::Han && foreign >= 10 && counts.kana == 0 && of(counts.marks, foreign, 0)) {
        return false;
    }
    if script == Script::Latin && !is_latin_prose(text, &counts) {
        return false;
    }
    !is_monotonous(text, script) && (!script.has_words() || has_words(&counts, of))
}

/// Puts a letter where one was lost: the Arabic page has no Persian and Urdu forms of yeh, and a text that was forced
/// into it has `?` in their place. A question mark of the script itself is another character.
fn without_holes(text: &[char]) -> Vec<char> {
    const FORM_OF_YEH: char = '\u{6cc}';
    let is_arabic =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| Script::of(*c) == Some(Script::Arabic));
    let letter = |(at, character): (usize, &char)| match character {
        '?' if is_arabic(at.checked_sub(1)) || is_arabic(Some(at + 1)) => FORM_OF_YEH,
        other => *other,
    };
    text.iter().enumerate().map(letter).collect()
}

/// Whether tokens between blanks are words, not names with dots and brackets, and mostly in small letters.
fn is_latin_prose(text: &[char], counts: &Counts) -> bool {
    let tokens = text.split(|c| c.is_whitespace()).filter(|token| !token.is_empty());
    let (mut all, mut plain, mut words, mut longest) = (0, 0, 0, 0);
    for token in tokens {
        all += 1;
        longest = longest.max(token.len());
        let core = core(token);
        let is_plain = !core.is_empty() && core.iter().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-' | '’'));
        plain += usize::from(is_plain);
        words += usize::from(is_plain && core.len() >= 3);
    }
    plain * 2 >= all && words >= 2 && longest <= TOKEN_MAX && counts.capitals * 100 <= counts.letters * 45
}

/// What a word is without the signs around it.
fn core(token: &[char]) -> &[char] {
    let start = token.iter().position(|c| c.is_alphanumeric()).unwrap_or(token.len());
    let end = token.iter().rposition(|c| c.is_alphanumeric()).map_or(start, |last| last + 1);
    token.get(start..end).unwrap_or_default()
}

/// Whether a character is a mark that stands on a letter: tables of them are no text.
fn is_point(character: char) -> bool {
    matches!(character as u32, 0x591..=0x5c7 | 0x64b..=0x65f | 0x900..=0x902 | 0x93c | 0x94d | 0xe47..=0xe4e)
}

fn has_words(counts: &Counts, of: impl Fn(usize, usize, usize) -> bool) -> bool {
    !of(counts.rises_in_case, counts.letters, 3)
        && !of(counts.mixed_words, counts.words, 12)
        && counts.letters * 10 >= counts.words * 26
        && !of(counts.letters - counts.in_words.min(counts.letters), counts.letters, 40)
}

fn count(text: &[char], script: Script) -> Counts {
    let mut counts = Counts::default();
    for word in text.split(|c| !is_letter(*c)) {
        let letters = word.len();
        if letters == 0 {
            continue;
        }
        let own = word.iter().filter(|c| Script::of(**c) == Some(script)).count();
        counts.words += 1;
        counts.letters += letters;
        counts.foreign += own;
        counts.kana += word.iter().filter(|c| is_kana(**c)).count();
        counts.longest_word = counts.longest_word.max(letters);
        counts.mixed_words += usize::from(own > 0 && own < letters && !script.is_large());
        counts.lone += usize::from(own == 0 && letters == 1);
        counts.capitals += word.iter().filter(|c| c.is_uppercase()).count();
        counts.points += word.iter().filter(|c| is_point(**c)).count();
        if letters >= 3 {
            counts.long_words += 1;
            counts.in_words += letters;
        }
        counts.rises_in_case +=
            word.windows(2).filter(|pair| matches!(pair, [a, b] if a.is_lowercase() && b.is_uppercase())).count();
    }
    for character in text {
        counts.blanks += usize::from(character.is_whitespace());
        counts.symbols += usize::from(is_symbol(*character));
        // Private use and half-width kana: a page that was not meant.
        counts.marks += usize::from(matches!(*character as u32, 0xe000..=0xf8ff | 0xff61..=0xff9f));
    }
    counts
}

/// Whether letters only rise or fall, hardly differ, or come again and again: a table, or filling.
fn is_monotonous(text: &[char], script: Script) -> bool {
    let letters: Vec<i64> =
        text.iter().filter(|c| Script::of(**c) == Some(script)).map(|c| i64::from(lower(*c) as u32)).collect();
    let len = letters.len();
    let distinct: BTreeSet<i64> = letters.iter().copied().collect();
    if distinct.len() < if len < 12 { 5 } else { 7 } {
        return true;
    }
    let mut sorted = letters.clone();
    sorted.sort_unstable();
    let most = sorted.chunk_by(|one, next| one == next).map(<[i64]>::len).max().unwrap_or(0);
    if most * 100 > len * if len < 20 { 42 } else { 32 } {
        return true;
    }
    let steps: Vec<i64> = letters.iter().zip(letters.iter().skip(1)).map(|(one, next)| next - one).collect();
    let pairs: BTreeSet<(i64, i64)> = letters.iter().copied().zip(letters.iter().copied().skip(1)).collect();
    // Long texts repeat pairs of letters; only short ones are told by that.
    if pairs.len() * 2 < steps.len().min(120) {
        return true;
    }
    let small = steps.iter().filter(|step| step.abs() == 1).count();
    let up = steps.iter().filter(|step| **step > 0).count();
    let down = steps.iter().filter(|step| **step < 0).count();
    let close = steps.iter().filter(|step| step.abs() <= 40).count();
    let has_kana = text.iter().any(|c| is_kana(*c));
    let limit = if len < 20 { 85 } else { 75 };
    (script != Script::Thai && small * 100 > steps.len() * 35)
        || up.max(down) * 100 >= steps.len() * limit
        || (script.is_large() && !has_kana && close * 100 > steps.len() * 50)
}

fn lower(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

fn is_letter(character: char) -> bool {
    Script::of(character).is_some() || character.is_alphabetic()
}

/// Whether a character is none of those that sentences are made of.
fn is_symbol(character: char) -> bool {
    !(is_letter(character)
        || character.is_ascii_digit()
        || character.is_whitespace()
        || matches!(
            character,
            '.' | ','
                | ':'
                | ';'
                | '!'
                | '?'
                | '\''
                | '"'
                | '('
                | ')'
                | '-'
                | '/'
                | '%'
                | '&'
                | '_'
                | '«'
                | '»'
                | '<'
                | '>'
                | '['
                | ']'
                | '{'
                | '}'
                | '='
                | '*'
                | '+'
                | '#'
                | '@'
                | '$'
                | '\\'
                | '|'
                | '’'
                | '‘'
                | '“'
                | '”'
                | '„'
                | '…'
                | '–'
                | '—'
                | '،'
                | '؟'
                | '؛'
                | '٪'
                | '۔'
                | '।'
                | '¿'
                | '¡'
                | '№'
                | '·'
                | '™'
                | '®'
                | '©'
                | '°'
                | '\u{300}'..='\u{36f}'
        )
        || matches!(character as u32, 0x3000..=0x303f | 0xff01..=0xff5e | 0x30fb | 0x660..=0x669 | 0x6f0..=0x6f9 | 0x966..=0x96f | 0xe50..=0xe59 | 0x200b..=0x200f))
}

#[cfg(test)]
mod tests {
    use super::{is_writing, main_script};
    use crate::artefact::language::script::Script;

    fn check(text: &str, script: Script, expected: bool) {
        let text: Vec<char> = text.chars().collect();
        assert_eq!(main_script(&text), Some(script), "{text:?}");
        assert_eq!(is_writing(&text, script), expected, "{text:?}");
    }

    #[test]
    fn sentences_of_every_script_have_the_shape_of_writing() {
        check("Не удалось открыть файл", Script::Cyrillic, true);
        check("Δεν ήταν δυνατό το άνοιγμα", Script::Greek, true);
        check("לא ניתן לפתוח את הקובץ", Script::Hebrew, true);
        check("باز کردن فایل ممکن نشد", Script::Arabic, true);
        check("فا?ل تنظ?مات را در مس?ر خود بررس? کن?د", Script::Arabic, true);
        check("ไม่สามารถเปิดแฟ้มได้", Script::Thai, true);
        check("फ़ाइल नहीं खोली जा सकी", Script::Devanagari, true);
        check("无法打开配置文件", Script::Han, true);
        check("ファイルを開けません", Script::Han, true);
        check("파일을 열 수 없습니다", Script::Hangul, true);
        check("Die Datei wurde nicht gefunden", Script::Latin, true);
    }

    #[test]
    fn tables_of_letters_have_not() {
        check("абвгдежзийклмнопрстуфхцчшщъыьэюя", Script::Cyrillic, false);
        check("АаБбВвГгДдЕеЖжЗзИиКкЛлМм", Script::Cyrillic, false);
        check("あいうえおかきくけこさしすせそ", Script::Han, false);
        check("一丁七万丈三上下不与丐丑专且", Script::Han, false);
        check("가각간갇갈갉갊감갑값갓갔강", Script::Hangul, false);
    }

    #[test]
    fn noise_has_not() {
        check("РќРµ СѓРґ°Р»ѕСЃСЊ", Script::Cyrillic, false);
        check("аааааааааааабббб", Script::Cyrillic, false);
        check("жЩдЛщФыЯпЖэЦ вЫлД", Script::Cyrillic, false);
    }
}
