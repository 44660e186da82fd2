//! Scripts that texts are looked for in, as ranges of characters.

/// A script, or a group of scripts that one language mixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Script {
    /// Latin letters, with marks or without.
    Latin,
    /// Cyrillic letters.
    Cyrillic,
    /// Greek letters.
    Greek,
    /// Hebrew letters.
    Hebrew,
    /// Arabic letters, those of Persian and Urdu too.
    Arabic,
    /// Thai letters and marks.
    Thai,
    /// Devanagari letters and marks.
    Devanagari,
    /// Ideographs, with kana or without.
    Han,
    /// Syllables of Korean.
    Hangul,
}

impl Script {
    /// Returns its code of ISO 15924, except where the language decides it.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Latin => "Latn",
            Self::Cyrillic => "Cyrl",
            Self::Greek => "Grek",
            Self::Hebrew => "Hebr",
            Self::Arabic => "Arab",
            Self::Thai => "Thai",
            Self::Devanagari => "Deva",
            Self::Han => "Hani",
            Self::Hangul => "Hang",
        }
    }

    /// Returns the script of a letter or of a mark on one; nothing else has a script.
    pub(super) fn of(character: char) -> Option<Self> {
        Some(match character as u32 {
            0x41..=0x5a | 0x61..=0x7a | 0xaa | 0xba | 0xc0..=0xd6 | 0xd8..=0xf6 | 0xf8..=0x24f | 0x1e00..=0x1eff => {
                Self::Latin
            }
            0x370..=0x373 | 0x376..=0x37d | 0x386 | 0x388..=0x3ff | 0x1f00..=0x1fff => Self::Greek,
            0x400..=0x481 | 0x48a..=0x52f => Self::Cyrillic,
            0x591..=0x5bd | 0x5bf | 0x5c1..=0x5c2 | 0x5d0..=0x5f2 => Self::Hebrew,
            0x620..=0x65f | 0x66e..=0x6d3 | 0x6d5..=0x6dc | 0x6fa..=0x6ff | 0xfb50..=0xfdff | 0x200c => Self::Arabic,
            0x900..=0x963 | 0x971..=0x97f => Self::Devanagari,
            0xe01..=0xe3a | 0xe40..=0xe4e => Self::Thai,
            0x3041..=0x3096 | 0x30a1..=0x30fa | 0x30fc..=0x30fe | 0x4e00..=0x9fff | 0x3005..=0x3006 => Self::Han,
            0xac00..=0xd7a3 => Self::Hangul,
            _ => return None,
        })
    }

    /// Returns whether words are set apart by blanks and letters are few, so that the rules on words hold.
    pub(super) fn has_words(self) -> bool {
        !matches!(self, Self::Han | Self::Hangul | Self::Thai)
    }

    /// Returns whether letters are syllables or ideographs.
    pub(super) fn is_large(self) -> bool {
        matches!(self, Self::Han | Self::Hangul)
    }
}

/// Returns whether a character is kana.
pub(crate) fn is_kana(character: char) -> bool {
    matches!(character as u32, 0x3041..=0x3096 | 0x30a1..=0x30fa | 0x30fc)
}
