//! Code pages of one byte a character, as tables, and those of two.

use std::ops::RangeInclusive;

use encoding_rs::Encoding;

use super::script::Script;

/// A code page of one byte a character.
pub(super) struct Page {
    /// Its name (WHATWG).
    pub name: &'static str,
    /// The script whose letters it adds to ASCII.
    pub script: Script,
    /// The upper half; what is not assigned is a replacement character.
    high: [char; 128],
    /// What a byte is: a letter of the script, harmless, or a sign that sentences hardly have.
    classes: [Class; 256],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Ascii,
    Strange,
}

/// Pages for texts whose letters are not Latin.
const OTHERS: [(&Encoding, Script); 10] = [
    (encoding_rs::WINDOWS_1251, Script::Cyrillic),
    (encoding_rs::KOI8_U, Script::Cyrillic),
    (encoding_rs::IBM866, Script::Cyrillic),
    (encoding_rs::ISO_8859_5, Script::Cyrillic),
    (encoding_rs::X_MAC_CYRILLIC, Script::Cyrillic),
    (encoding_rs::WINDOWS_1253, Script::Greek),
    (encoding_rs::WINDOWS_1255, Script::Hebrew),
    (encoding_rs::WINDOWS_1256, Script::Arabic),
    (encoding_rs::ISO_8859_6, Script::Arabic),
    (encoding_rs::WINDOWS_874, Script::Thai),
];

/// Pages for texts in Latin script.
const LATIN: [(&Encoding, Script); 6] = [
    (encoding_rs::WINDOWS_1252, Script::Latin),
    (encoding_rs::WINDOWS_1250, Script::Latin),
    (encoding_rs::ISO_8859_2, Script::Latin),
    (encoding_rs::WINDOWS_1254, Script::Latin),
    (encoding_rs::WINDOWS_1257, Script::Latin),
    (encoding_rs::WINDOWS_1258, Script::Latin),
];

/// An encoding of one or two bytes a character.
pub(super) struct Wide {
    pub encoding: &'static Encoding,
    /// The language that uses it.
    pub language: &'static str,
    pub script: Script,
    /// The first bytes of common characters.
    leads: [RangeInclusive<u8>; 3],
}

/// Encodings of one or two bytes a character.
pub(super) static WIDE: [Wide; 5] = [
    wide(encoding_rs::GBK, "zho", Script::Han, [0xa1..=0xa3, 0xb0..=0xf7, 0xb0..=0xf7]),
    wide(encoding_rs::BIG5, "zho", Script::Han, [0xa1..=0xa3, 0xa4..=0xc6, 0xc9..=0xf9]),
    wide(encoding_rs::SHIFT_JIS, "jpn", Script::Han, [0x81..=0x83, 0x88..=0x9f, 0xe0..=0xea]),
    wide(encoding_rs::EUC_JP, "jpn", Script::Han, [0xa1..=0xa5, 0xb0..=0xf4, 0xb0..=0xf4]),
    wide(encoding_rs::EUC_KR, "kor", Script::Hangul, [0xa1..=0xa3, 0xb0..=0xc8, 0xb0..=0xc8]),
];

const fn wide(
    encoding: &'static Encoding,
    language: &'static str,
    script: Script,
    leads: [RangeInclusive<u8>; 3],
) -> Wide {
    Wide { encoding, language, script, leads }
}

impl Wide {
    /// Returns whether enough of the bytes are common characters, which is worth asking before anything is decoded.
    pub(super) fn may_hold(&self, bytes: &[u8]) -> bool {
        let (mut good, mut bad) = (0, 0);
        let bad_max = bytes.len() / 16;
        let mut rest = bytes.iter();
        while let Some(lead) = rest.next() {
            if *lead < 0x80 {
                continue;
            }
            let is_good = self.leads.iter().any(|leads| leads.contains(lead))
                && rest.as_slice().first().is_some_and(|trail| *trail >= 0x40);
            if is_good {
                good += 1;
                rest.next();
            } else {
                bad += 1;
                if bad > bad_max {
                    return false;
                }
            }
        }
        good >= 6 && bad * 8 <= good
    }
}

/// Returns whether high bytes stand beside each other and beside blanks, rather than beside the letters and digits of
/// ASCII: letters of one byte each make words.
pub(super) fn has_high_words(bytes: &[u8], high: usize) -> bool {
    let is_mixed = |pair: &[u8]| match pair {
        [a, b] => (*a >= 0x80 && b.is_ascii_alphanumeric()) || (*b >= 0x80 && a.is_ascii_alphanumeric()),
        _ => false,
    };
    bytes.windows(2).filter(|pair| is_mixed(pair)).count() * 6 <= high
}

/// Every page, made once for a file.
pub(super) struct Pages {
    /// For other scripts.
    pub others: Vec<Page>,
    /// For Latin script.
    pub latin: Vec<Page>,
}

impl Pages {
    pub(super) fn new() -> Self {
        let pages =
            |list: &[(&'static Encoding, Script)]| list.iter().map(|(one, script)| Page::of(one, *script)).collect();
        Self { others: pages(&OTHERS), latin: pages(&LATIN) }
    }
}

impl Page {
    fn of(encoding: &'static Encoding, script: Script) -> Self {
        let mut high = [char::REPLACEMENT_CHARACTER; 128];
        let mut classes = [Class::Ascii; 256];
        for byte in 0x80..=0xff_u8 {
            let character = encoding.decode_without_bom_handling(&[byte]).0.chars().next();
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            // Unassigned bytes become control characters in some pages.
            let character = if character.is_control() { char::REPLACEMENT_CHARACTER } else { character };
            if let Some(place) = high.get_mut(usize::from(byte - 0x80)) {
                *place = character;
            }
            if let Some(class) = classes.get_mut(usize::from(byte)) {
                *class = if Script::of(character) == Some(script) { Class::Letter } else { Class::Strange };
            }
        }
        Self { name: encoding.name(), script, high, classes }
    }

    /// Returns whether enough of the high bytes are letters, which is worth asking before anything is decoded.
    pub(super) fn may_hold(&self, bytes: &[u8]) -> bool {
        let (mut letters, mut strange) = (0, 0);
        for byte in bytes {
            match self.classes.get(usize::from(*byte)) {
                Some(Class::Letter) => letters += 1,
                Some(Class::Strange) => strange += 1,
                _ => {}
            }
        }
        letters > strange * 8
    }

    pub(super) fn decode(&self, bytes: &[u8]) -> Vec<char> {
        let one = |byte: &u8| match byte.checked_sub(0x80) {
            None => char::from(*byte),
            Some(index) => self.high.get(usize::from(index)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        };
        bytes.iter().map(one).collect()
    }
}
