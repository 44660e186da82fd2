//! Texts in human languages among the bytes of a program.

use std::ops::Range;

use crate::artefact::layout::{Layout, Place};

use super::{
    latin, models,
    models::NAT,
    pages::{self, Page, Pages, WIDE},
    scan,
    script::Script,
    shape,
};

/// Texts that are kept, at most.
pub(super) const TEXTS_MAX: usize = 20_000;

/// Characters of a text whose letters are no ideographs or syllables, at least.
const CHARACTERS_MIN: usize = 10;

/// Ideographs and syllables, at least.
const LARGE_MIN: usize = 6;

/// Bytes of a run that are judged; the rest of a text follows its beginning.
const JUDGED_MAX: usize = 1200;

/// How much more probable a text has to be as one than as noise, in nats.
const LLR_MIN: i32 = 10 * NAT;
const LATIN_LLR_MIN: i32 = 3 * NAT;

/// The price of having chosen among the pages.
const CHOICE: i32 = 5 * NAT / 2;

/// A text.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// Its bytes.
    pub range: Range<usize>,
    /// Name of the encoding (WHATWG).
    pub encoding: &'static str,
    /// Whether it was read in a wrong page once and stands as UTF-8 now.
    pub is_misread: bool,
    /// What it says, or its beginning.
    pub text: String,
    /// Its characters.
    pub characters: usize,
    /// Its script.
    pub script: Script,
    /// ISO 639-3.
    pub language: &'static str,
    /// The log-likelihood ratio against no text, or for Latin script against English and names, in sixteenths of a nat.
    pub llr: i32,
}

/// What is made of characters.
struct Verdict {
    script: Script,
    language: &'static str,
    llr: i32,
    encoding: &'static str,
    is_misread: bool,
    text: Vec<char>,
}

/// Returns the texts that are in no English, by place; and whether some were left out.
pub(super) fn foreign(bytes: &[u8]) -> (Vec<Text>, bool) {
    let mut texts = Vec::new();
    let pages = Pages::new();
    let mut is_full = false;
    let mut keep = |range: Range<usize>, verdict: Option<Verdict>| {
        let Some(verdict) = verdict else { return };
        if texts.len() < TEXTS_MAX {
            texts.push(text(range, verdict));
        } else {
            is_full = true;
        }
    };
    let judge_run = |run: Range<usize>| {
        let judged = bytes.get(run.start..run.end.min(run.start + JUDGED_MAX)).unwrap_or_default();
        of_bytes(judged, &pages)
    };
    scan::byte_runs(bytes, |run| {
        let verdict = judge_run(run.clone());
        match scan::without_filling(bytes, run.clone()).filter(|_| verdict.is_none()) {
            Some(rest) => keep(rest.clone(), judge_run(rest)),
            None => keep(run, verdict),
        }
    });
    scan::unit_runs(bytes, |run| {
        let judged = bytes.get(run.start..run.end.min(run.start + JUDGED_MAX)).unwrap_or_default();
        keep(run, of_units(judged));
    });
    texts.sort_by_key(|text| text.range.start);
    (texts, is_full)
}

fn text(range: Range<usize>, verdict: Verdict) -> Text {
    let Verdict { script, language, llr, encoding, is_misread, text } = verdict;
    Text {
        range,
        encoding,
        is_misread,
        characters: text.len(),
        text: text.into_iter().collect(),
        script,
        language,
        llr,
    }
}

fn of_units(bytes: &[u8]) -> Option<Verdict> {
    let (units, _) = bytes.as_chunks::<2>();
    let foreign = units.iter().filter(|unit| unit[1] != 0).count();
    if foreign * 3 < units.len() && !units.contains(b" \0") {
        return None;
    }
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
    let text: Option<Vec<char>> = char::decode_utf16(units).map(Result::ok).collect();
    judge(text?, "UTF-16LE", false, || models::null_of_units(bytes))
}

fn of_bytes(bytes: &[u8], pages: &Pages) -> Option<Verdict> {
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    if high == 0 {
        return of_ascii(bytes);
    }
    // The last character may have been cut.
    let (valid, is_utf8) = match std::str::from_utf8(bytes) {
        Ok(valid) => (valid, true),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            (
                std::str::from_utf8(valid).unwrap_or_default(),
                error.error_len().is_none() && valid.len() * 2 > bytes.len(),
            )
        }
    };
    if !is_utf8 {
        return legacy(bytes, high, pages);
    }
    let text: Vec<char> = valid.chars().collect();
    if let Some(misread) = misread(&text) {
        let high = misread.iter().filter(|byte| **byte >= 0x80).count();
        if let Some(verdict) = of_other_pages(&misread, high, pages) {
            return Some(Verdict { is_misread: true, ..verdict });
        }
    }
    judge(text, "UTF-8", false, || models::null_of_bytes(bytes))
}

/// The bytes of a text that was read as Latin-1 or as the Western page of Windows and written as UTF-8.
fn misread(text: &[char]) -> Option<Vec<u8>> {
    text.iter().map(|c| u8::try_from(*c).ok().or_else(|| western(*c))).collect()
}

fn western(character: char) -> Option<u8> {
    let mut buffer = [0; 4];
    match encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut buffer)) {
        (encoded, _, false) => encoded.first().copied(),
        _ => None,
    }
}

fn of_ascii(bytes: &[u8]) -> Option<Verdict> {
    if !bytes.contains(&b' ') {
        return None;
    }
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let blanks = bytes.iter().filter(|byte| **byte == b' ').count();
    if letters < CHARACTERS_MIN || letters * 100 < (bytes.len() - blanks) * 68 {
        return None;
    }
    of_latin(bytes.iter().map(|byte| char::from(*byte)).collect(), "US-ASCII", false)
}

fn legacy(bytes: &[u8], high: usize, pages: &Pages) -> Option<Verdict> {
    if let Some(verdict) = of_other_pages(bytes, high, pages) {
        return Some(verdict);
    }
    if high * 100 > bytes.len() * 34 || !bytes.contains(&b' ') {
        return None;
    }
    let read = |page: &Page| page.may_hold(bytes).then(|| of_latin(page.decode(bytes), page.name, true))?;
    pages.latin.iter().filter_map(read).max_by_key(|verdict| verdict.llr)
}

/// Reads bytes in every page for other scripts than the Latin one.
fn of_other_pages(bytes: &[u8], high: usize, pages: &Pages) -> Option<Verdict> {
    if high < 4 || high * 10 <= bytes.len() * 3 {
        return None;
    }
    let null = std::cell::OnceCell::new();
    let null = || *null.get_or_init(|| models::null_of_bytes(bytes) - CHOICE);
    let has_words = pages::has_high_words(bytes, high);
    let one = pages.others.iter().filter(|page| has_words && page.may_hold(bytes));
    let one = one.filter_map(|page| judge_as(page.decode(bytes), page.script, page.name, true, null));
    let two = WIDE.iter().filter(|wide| high * 2 >= bytes.len() && wide.may_hold(bytes)).filter_map(|wide| {
        // The last character may have been cut.
        let whole = [bytes, bytes.get(..bytes.len() - 1)?];
        let text = whole
            .into_iter()
            .find_map(|bytes| wide.encoding.decode_without_bom_handling_and_without_replacement(bytes))?;
        let text: Vec<char> = text.chars().collect();
        if text.iter().any(|c| c.is_control() && !c.is_whitespace()) {
            return None;
        }
        // Each is for one language.
        let verdict = judge_as(text, wide.script, wide.encoding.name(), true, null)?;
        (verdict.language == wide.language).then_some(verdict)
    });
    one.chain(two).max_by_key(|verdict| verdict.llr)
}

fn judge(text: Vec<char>, encoding: &'static str, is_legacy: bool, null: impl Fn() -> i32) -> Option<Verdict> {
    match shape::main_script(&text)? {
        Script::Latin => of_latin(text, encoding, is_legacy),
        script => judge_as(text, script, encoding, is_legacy, null),
    }
}

fn judge_as(
    text: Vec<char>,
    script: Script,
    encoding: &'static str,
    is_legacy: bool,
    null: impl Fn() -> i32,
) -> Option<Verdict> {
    let letters = text.iter().filter(|c| Script::of(**c) == Some(script)).count();
    let min = if script.is_large() { LARGE_MIN } else { CHARACTERS_MIN * 4 / 5 };
    if letters < min || !shape::is_writing(&text, script) {
        return None;
    }
    // Two-byte pages hold every sort of sign; text is mostly ideographs.
    if is_legacy && script.is_large() && letters * 2 < text.len() {
        return None;
    }
    let best = models::best(&text, script)?;
    if best.is_rare {
        return None;
    }
    let llr = null() - best.cost;
    (llr >= LLR_MIN).then_some(Verdict { script, language: best.language, llr, encoding, is_misread: false, text })
}

fn of_latin(text: Vec<char>, encoding: &'static str, is_legacy: bool) -> Option<Verdict> {
    if text.len() < CHARACTERS_MIN || !has_two_words(&text) {
        return None;
    }
    if is_legacy {
        let marked = text.iter().filter(|c| !c.is_ascii()).count();
        let letters = text.iter().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
        if marked * 100 > text.len() * 25 || marked > letters {
            return None;
        }
    }
    let llr = latin::llr(&text);
    (llr >= LATIN_LLR_MIN && shape::is_writing(&text, Script::Latin)).then(|| Verdict {
        script: Script::Latin,
        language: latin::language(&text),
        llr,
        encoding,
        is_misread: false,
        text,
    })
}

/// Whether at least two words have three letters.
fn has_two_words(text: &[char]) -> bool {
    text.split(|c| !c.is_alphabetic()).filter(|word| word.len() >= 3).nth(1).is_some()
}

impl Text {
    /// Returns the log-likelihood ratio in whole nats.
    pub(crate) fn nats(&self) -> i32 {
        self.llr.div_euclid(NAT)
    }
}

/// Words of prose, at least, and its characters.
const PROSE_WORDS: usize = 3;
const PROSE_CHARACTERS: usize = 14;

/// An overlay that is larger is not searched for prose.
const PROSE_OVERLAY_MAX: usize = 4 << 10;

/// Returns sentences in any language, English too, in the parts that nothing accounts for.
pub(super) fn prose(bytes: &[u8], layout: &Layout, container: Option<usize>) -> Vec<(Text, Place)> {
    let mut found = Vec::new();
    for region in &layout.regions {
        let is_outside = match region.place {
            Place::Slack | Place::Gap | Place::Orphan => true,
            Place::Overlay => container.is_none() && region.range.len() <= PROSE_OVERLAY_MAX,
            _ => false,
        };
        let Some(part) = bytes.get(region.range.clone()).filter(|_| is_outside) else { continue };
        let mut keep = |run: Range<usize>, text: Option<Vec<char>>, encoding: &'static str| {
            let Some(text) = text.filter(|text| found.len() < TEXTS_MAX && is_prose(text)) else { return };
            let range = region.range.start + run.start..region.range.start + run.end;
            let verdict = Verdict { script: Script::Latin, language: "und", llr: 0, encoding, is_misread: false, text };
            found.push((self::text(range, verdict), region.place));
        };
        scan::byte_runs(part, |run| {
            let text = part.get(run.clone()).and_then(|run| std::str::from_utf8(run).ok());
            keep(run, text.map(|text| text.chars().collect()), "UTF-8");
        });
        scan::unit_runs(part, |run| {
            let (units, _) = part.get(run.clone()).unwrap_or_default().as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
            keep(run, char::decode_utf16(units).map(Result::ok).collect(), "UTF-16LE");
        });
    }
    found
}

/// Returns whether bytes hold a sentence in Latin letters.
pub(crate) fn holds_prose(bytes: &[u8]) -> bool {
    let mut holds = false;
    scan::byte_runs(bytes, |run| {
        let text = bytes.get(run).filter(|_| !holds).and_then(|run| std::str::from_utf8(run).ok());
        holds |= text.is_some_and(|text| is_prose(&text.chars().collect::<Vec<_>>()));
    });
    if !holds {
        scan::unit_runs(bytes, |run| {
            let (units, _) = bytes.get(run).filter(|_| !holds).unwrap_or_default().as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
            let text: Option<Vec<char>> = char::decode_utf16(units).map(Result::ok).collect();
            holds |= text.is_some_and(|text| is_prose(&text));
        });
    }
    holds
}

/// Whether a text in Latin letters is a sentence or a part of one, rather than a name or a setting.
fn is_prose(text: &[char]) -> bool {
    let count = |is: fn(&char) -> bool| text.iter().filter(|c| is(c)).count();
    let lower = count(|c| c.is_lowercase());
    let signs = count(|c| c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '\'' | '-' | '!' | '?' | ':'));
    let words = text
        .split(|c| c.is_whitespace())
        .filter(|word| word.len() >= 2 && word.iter().all(|c| c.is_alphanumeric() || c.is_ascii_punctuation()))
        .count();
    text.len() >= PROSE_CHARACTERS
        && words >= PROSE_WORDS
        && lower * 100 >= text.len() * 60
        && signs * 100 <= text.len() * 4
        && has_two_words(text)
        && shape::is_writing(text, Script::Latin)
}

#[cfg(test)]
mod tests {
    use encoding_rs::Encoding;
    use proptest::prelude::*;

    use super::{foreign, holds_prose};

    /// The languages and encodings that are found in bytes between zeros.
    fn found(text: &[u8]) -> Vec<(&'static str, &'static str)> {
        let bytes = [&[0; 6], text, &[0; 6]].concat();
        foreign(&bytes).0.iter().map(|text| (text.language, text.encoding)).collect()
    }

    fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        let (bytes, _, is_wrong) = encoding.encode(text);
        assert!(!is_wrong, "{text}");
        bytes.into_owned()
    }

    fn units(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn a_sentence_is_found_in_every_encoding_of_its_language() {
        const TEXTS: [(&str, &str, &[&Encoding]); 7] = [
            (
                "Не удалось открыть файл настроек",
                "rus",
                &[
                    encoding_rs::WINDOWS_1251,
                    encoding_rs::KOI8_U,
                    encoding_rs::IBM866,
                    encoding_rs::ISO_8859_5,
                    encoding_rs::X_MAC_CYRILLIC,
                ],
            ),
            ("Δεν ήταν δυνατό το άνοιγμα", "ell", &[encoding_rs::WINDOWS_1253]),
            ("לא ניתן לפתוח את הקובץ", "heb", &[encoding_rs::WINDOWS_1255]),
            ("ไม่สามารถเปิดแฟ้มได้", "tha", &[encoding_rs::WINDOWS_874]),
            ("无法打开配置文件，请检查路径后重试", "zho", &[encoding_rs::GBK]),
            ("設定ファイルを開けませんでした", "jpn", &[encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP]),
            ("설정 파일을 열 수 없습니다", "kor", &[encoding_rs::EUC_KR]),
        ];
        for (text, language, encodings) in TEXTS {
            assert_eq!(found(text.as_bytes()), [(language, "UTF-8")], "{text}");
            assert_eq!(found(&units(text)), [(language, "UTF-16LE")], "{text}");
            for encoding in encodings {
                let bytes = encoded(text, encoding);
                assert_eq!(found(&bytes), [(language, encoding.name())], "{text}");
                let misread: String = bytes.iter().map(|byte| char::from(*byte)).collect();
                assert_eq!(found(misread.as_bytes()), [(language, encoding.name())], "{text}");
            }
        }
    }

    #[test]
    fn latin_script_is_told_from_english_and_from_names() {
        assert_eq!(found(b"Die Datei wurde nicht gefunden"), [("deu", "US-ASCII")]);
        assert_eq!(found(&units("No se pudo abrir el archivo")), [("spa", "UTF-16LE")]);
        assert_eq!(found(&encoded("Geçersiz kullanıcı adı", encoding_rs::WINDOWS_1254)), [("tur", "windows-1254")]);
        for innocent in [
            "the file could not be opened, please check the path",
            "Copyright (c) Example Software GmbH",
            "std::basic_string<char>::substr out of range",
            "usage: example [options] file...",
            "%s: error %d in %s line %u",
            "SELECT name FROM sqlite_master WHERE type='table'",
        ] {
            assert_eq!(found(innocent.as_bytes()), [], "{innocent}");
            assert_eq!(found(&units(innocent)), [], "{innocent}");
        }
    }

    #[test]
    fn tables_and_noise_are_no_texts() {
        let letters: String = ('а'..='я').collect();
        let pairs: String = ('а'..='я').flat_map(|c| [c.to_ascii_uppercase(), c]).collect();
        let kana: String = ('\u{3041}'..='\u{3096}').collect();
        let rising: String = (0x3050..0x30f0_u32).step_by(4).filter_map(char::from_u32).collect();
        let ideographs: String = ('\u{4e00}'..='\u{4e60}').collect();
        for table in [letters, pairs, kana, rising, ideographs] {
            assert_eq!(found(table.as_bytes()), [], "{table}");
            assert_eq!(found(&units(&table)), [], "{table}");
        }
        let every: Vec<u8> = (0x80..=0xff).collect();
        assert_eq!(found(&every), []);
    }

    #[test]
    fn prose_is_told_from_settings() {
        assert!(holds_prose(b"\0this program needs a newer system\0"));
        assert!(holds_prose(&[&[0, 0], &units("this program needs a newer system")[..], &[0, 0]].concat()));
        assert!(!holds_prose(b"\0PADDINGXXPADDINGPADDINGXXPADDING\0key=value;other=value\0C:\\a\\b c\\d\0"));
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_every_text_lies_inside(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let (texts, _) = foreign(&bytes);
            prop_assert!(texts.iter().all(|text| text.range.end <= bytes.len() && !text.range.is_empty()));
        }

        #[test]
        fn whatever_the_letters_every_text_lies_inside(
            parts in prop::collection::vec(("[а-яА-Я ,א-ת中-龥ぁ-ん가-힣]{0,30}", any::<bool>(), 0..3_u8), 0..20)
        ) {
            let mut bytes = Vec::new();
            for (text, is_wide, zeros) in parts {
                bytes.extend(if is_wide { units(&text) } else { text.into_bytes() });
                bytes.resize(bytes.len() + usize::from(zeros), 0);
            }
            let (texts, _) = foreign(&bytes);
            prop_assert!(texts.iter().all(|text| text.range.end <= bytes.len() && !text.range.is_empty()));
        }
    }
}
