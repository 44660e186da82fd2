//! How probable a text is in a language, and how probable its bytes are when they are no text.
//!
//! Probabilities are negative logarithms in sixteenths of a nat, as whole numbers, so that sums are the same on every
//! machine. Where the tables come from is written in `models/README.md`.

use super::script::{Script, is_kana};

/// Costs of a nat.
pub(crate) const NAT: i32 = 16;

/// What a text in some language costs.
pub(super) struct Best {
    /// ISO 639-3.
    pub language: &'static str,
    /// In sixteenths of a nat.
    pub cost: i32,
    /// Whether its ideographs are rarer than those of messages, or its letters in no order, as in noise and tables.
    pub is_rare: bool,
}

/// Pairs of letters of the languages of one alphabet.
struct Alphabet {
    /// The first character of the 256 that the table knows.
    base: u32,
    /// Symbols: blank, punctuation, digit, Latin letter, rare letter, then the letters.
    symbols: usize,
    /// The symbol of every character, then for each language the cost of every pair.
    table: &'static [u8],
    languages: &'static [&'static str],
    /// The cost of a letter if all are equally frequent.
    uniform: i32,
}

static CYRILLIC: Alphabet = Alphabet {
    base: 0x400,
    symbols: 64,
    table: include_bytes!("../../../models/cyrillic.bin"),
    languages: &["rus", "ukr", "bel", "bul", "srp", "mkd", "kaz", "kir", "tgk"],
    uniform: 55,
};
static GREEK: Alphabet = Alphabet {
    base: 0x370,
    symbols: 48,
    table: include_bytes!("../../../models/greek.bin"),
    languages: &["ell"],
    uniform: 51,
};
static HEBREW: Alphabet = Alphabet {
    base: 0x590,
    symbols: 48,
    table: include_bytes!("../../../models/hebrew.bin"),
    languages: &["heb"],
    uniform: 53,
};
static ARABIC: Alphabet = Alphabet {
    base: 0x600,
    symbols: 72,
    table: include_bytes!("../../../models/arabic.bin"),
    languages: &["ara", "fas", "urd"],
    uniform: 58,
};
static THAI: Alphabet = Alphabet {
    base: 0xe00,
    symbols: 80,
    table: include_bytes!("../../../models/thai.bin"),
    languages: &["tha"],
    uniform: 65,
};
static DEVANAGARI: Alphabet = Alphabet {
    base: 0x900,
    symbols: 88,
    table: include_bytes!("../../../models/devanagari.bin"),
    languages: &["hin"],
    uniform: 65,
};

/// Costs of the ideographs from U+4E00 on.
static HANS: &[u8] = include_bytes!("../../../models/hans.bin");
static HANT: &[u8] = include_bytes!("../../../models/hant.bin");
/// Costs of U+3000 to U+30FF, then of the ideographs.
static JPAN: &[u8] = include_bytes!("../../../models/jpan.bin");
/// Costs of the syllables from U+AC00 on.
static HANG: &[u8] = include_bytes!("../../../models/hang.bin");

/// Costs of a byte behind another, in runs of bytes of programs that are no text, and in what looks like UTF-16.
static NULL_BYTES: &[u8] = include_bytes!("../../../models/null_bytes.bin");
static NULL_UNITS: &[u8] = include_bytes!("../../../models/null_units.bin");

/// How much less probable a letter may be in its order than if all were equally frequent, as a mean over a text.
const ORDER_MEAN_MAX: i32 = NAT / 3;

/// What cannot be said by the tables.
const RARE: i32 = 12 * NAT;

/// A sign within a word: a letter that a code page lacked.
const HOLE: i32 = 9 * NAT / 2;

/// The mean cost of an ideograph or syllable of a message, at most: of 1,000 messages that no table had seen, one in
/// a hundred has more; noise has more than 9 nats.
const CHINESE_MEAN_MAX: i32 = 88 * NAT / 10;
const JAPANESE_MEAN_MAX: i32 = 85 * NAT / 10;
const KOREAN_MEAN_MAX: i32 = 78 * NAT / 10;

/// Returns the language of a script in which a text is the most probable.
pub(super) fn best(text: &[char], script: Script) -> Option<Best> {
    let of = |alphabet: &'static Alphabet| {
        let languages = alphabet.languages.iter().enumerate();
        languages.map(|(index, language)| alphabet.read(text, index, language)).min_by_key(|best| best.cost)
    };
    match script {
        Script::Latin => None,
        Script::Cyrillic => of(&CYRILLIC),
        Script::Greek => of(&GREEK),
        Script::Hebrew => of(&HEBREW),
        Script::Arabic => of(&ARABIC),
        Script::Thai => of(&THAI),
        Script::Devanagari => of(&DEVANAGARI),
        Script::Hangul => Some(large(text, "kor", KOREAN_MEAN_MAX, |c| ideograph(HANG, 0xac00, c))),
        Script::Han => Some(han(text)),
    }
}

fn han(text: &[char]) -> Best {
    let [hans, hant] = [HANS, HANT].map(|table| large(text, "zho", CHINESE_MEAN_MAX, |c| ideograph(table, 0x4e00, c)));
    let chinese = if hans.cost <= hant.cost { hans } else { hant };
    let japanese = large(text, "jpn", JAPANESE_MEAN_MAX, |c| match c as u32 {
        0x3000..=0x30ff => JPAN.get((c as u32 - 0x3000) as usize).map(|cost| i32::from(*cost)),
        _ => ideograph(JPAN.get(0x100..).unwrap_or_default(), 0x4e00, c),
    });
    // Kana are of one language only.
    let has_kana = text.iter().filter(|c| is_kana(**c)).count() * 10 > text.len();
    if has_kana || japanese.cost < chinese.cost { japanese } else { chinese }
}

fn ideograph(table: &[u8], base: u32, character: char) -> Option<i32> {
    let index = (character as u32).checked_sub(base)?;
    table.get(index as usize).map(|cost| i32::from(*cost))
}

/// The cost of a text of ideographs or syllables, one by one.
fn large(text: &[char], language: &'static str, mean_max: i32, cost: impl Fn(char) -> Option<i32>) -> Best {
    let (mut sum, mut own, mut count) = (0, 0, 0);
    for character in text {
        sum += match (Script::of(*character), cost(*character)) {
            (Some(Script::Han | Script::Hangul), Some(cost)) => {
                own += cost;
                count += 1;
                cost + 2
            }
            (Some(Script::Latin), _) => 6 * NAT,
            (Some(_), _) => RARE,
            _ if *character == ' ' => 2 * NAT,
            _ if character.is_ascii_digit() => 5 * NAT,
            _ => 4 * NAT,
        };
    }
    Best { language, cost: sum, is_rare: own > count * mean_max }
}

impl Alphabet {
    fn read(&self, text: &[char], index: usize, language: &'static str) -> Best {
        let pairs = self.symbols * self.symbols;
        let table = self.table.get(256 + index * pairs..).and_then(|rest| rest.get(..pairs)).unwrap_or_default();
        let (mut cost, mut letters, mut count) = (0, 0, 0);
        let mut before = 0;
        for (at, character) in text.iter().enumerate() {
            let (symbol, own) = self.symbol(*character);
            if symbol == 0 && before == 0 {
                continue;
            }
            let is_hole = *character == '?'
                && at.checked_sub(1).and_then(|at| text.get(at)).is_some_and(|c| c.is_alphabetic())
                && text.get(at + 1).is_some_and(|c| c.is_alphabetic());
            let step = if is_hole { HOLE } else { pair(table, self.symbols, before, symbol) + own };
            if symbol >= 4 {
                letters += step - own;
                count += 1;
            }
            cost += step;
            before = symbol;
        }
        // Letters in an order that no word has are a table.
        let is_rare = letters > count * (self.uniform + ORDER_MEAN_MAX);
        Best { language, cost: cost + pair(table, self.symbols, before, 0), is_rare }
    }

    /// The symbol of a character, and what it costs to say which of the characters with that symbol it is.
    fn symbol(&self, character: char) -> (usize, i32) {
        let own = (character as u32).checked_sub(self.base).filter(|index| *index < 256);
        match own.and_then(|index| self.table.get(index as usize)) {
            Some(4) => (4, 6 * NAT),
            Some(symbol @ 5..) => (usize::from(*symbol), if character.is_uppercase() { 2 * NAT } else { 1 }),
            _ if character.is_whitespace() => (0, 0),
            _ if character.is_ascii_digit() => (2, 37),
            _ if character.is_ascii_alphabetic() => (3, 56),
            _ if character.is_ascii() => (1, 48),
            _ if character.is_alphabetic() => (4, 6 * NAT),
            // Signs beyond ASCII are rare, and what makes noise look like text.
            _ => (1, if is_quote(character) { 60 } else { 10 * NAT }),
        }
    }
}

fn is_quote(character: char) -> bool {
    matches!(
        character,
        '«' | '»'
            | '“'
            | '”'
            | '„'
            | '’'
            | '‘'
            | '–'
            | '—'
            | '…'
            | '،'
            | '؟'
            | '؛'
            | '।'
            | '№'
            | '\u{a0}'
            | '\u{200c}'..='\u{200f}'
    )
}

fn pair(table: &[u8], symbols: usize, before: usize, symbol: usize) -> i32 {
    table.get(before * symbols + symbol).map_or(RARE, |cost| i32::from(*cost))
}

/// Returns the cost of bytes as an encoding on top of ASCII, if they are no text.
pub(super) fn null_of_bytes(bytes: &[u8]) -> i32 {
    null(NULL_BYTES, bytes)
}

/// Returns the cost of bytes as UTF-16, if they are no text.
pub(super) fn null_of_units(bytes: &[u8]) -> i32 {
    null(NULL_UNITS, bytes)
}

fn null(table: &[u8], bytes: &[u8]) -> i32 {
    let before = std::iter::once(&0).chain(bytes);
    let costs = before.zip(bytes.iter().chain([&0]));
    costs.map(|(before, byte)| pair(table, 256, usize::from(*before), usize::from(*byte))).sum()
}
