//! Code pages by number: what they decode to, and which languages they belong to.

use std::ops::Range;

use encoding_rs::Encoding;

use super::{consistency::Outcome, language_id};

/// Returns the code page that Windows takes for text of a language, where it takes an older one.
pub(crate) fn of_language(lcid: u32) -> Option<u16> {
    let page = match (lcid & 0x3ff, lcid & 0xffff) {
        (0x1e, _) => 874,
        (0x11, _) => 932,
        (0x12, _) => 949,
        (_, 0x0804 | 0x1004) => 936,
        (_, 0x0404 | 0x0c04 | 0x1404) => 950,
        (_, 0x081a | 0x241a | 0x101a | 0x041a) => 1250,
        (0x05 | 0x0e | 0x15 | 0x18 | 0x1b | 0x1c | 0x24, _) => 1250,
        (_, 0x0c1a | 0x281a | 0x0843 | 0x082c) => 1251,
        (0x02 | 0x19 | 0x22 | 0x23 | 0x2f | 0x3f | 0x40 | 0x44, _) => 1251,
        (0x08, _) => 1253,
        (0x1f, _) | (_, 0x042c | 0x0443) => 1254,
        (0x0d, _) => 1255,
        (0x01 | 0x29 | 0x20, _) => 1256,
        (0x25..=0x27, _) => 1257,
        (0x2a, _) => 1258,
        (
            0x03 | 0x06 | 0x07 | 0x09 | 0x0a | 0x0b | 0x0c | 0x0f | 0x10 | 0x13 | 0x14 | 0x16 | 0x1d | 0x21 | 0x2d
            | 0x36 | 0x38 | 0x3e,
            _,
        ) => 1252,
        _ => return None,
    };
    Some(page)
}

/// Returns the encoding of a number (Windows, "Code Page Identifiers"), where it is one that can be decoded.
pub(crate) fn encoding(number: u16) -> Option<&'static Encoding> {
    Some(match number {
        866 => encoding_rs::IBM866,
        874 => encoding_rs::WINDOWS_874,
        932 => encoding_rs::SHIFT_JIS,
        936 | 54936 => encoding_rs::GB18030,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1200 => encoding_rs::UTF_16LE,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1252 => encoding_rs::WINDOWS_1252,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        1257 => encoding_rs::WINDOWS_1257,
        1258 => encoding_rs::WINDOWS_1258,
        10000 => encoding_rs::MACINTOSH,
        10007 => encoding_rs::X_MAC_CYRILLIC,
        20866 => encoding_rs::KOI8_R,
        21866 => encoding_rs::KOI8_U,
        65001 => encoding_rs::UTF_8,
        _ => return None,
    })
}

/// Returns a text in a code page; in one that is not known, bytes that are not ASCII become replacement characters.
pub(crate) fn decode(number: u16, bytes: &[u8]) -> String {
    let encoding = encoding(number).unwrap_or(encoding_rs::UTF_8);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Compares a code page that names a region with the page of a language; both come with their places.
///
/// `explain` words a contradiction from the page, the tag of the language and the page of that language.
pub(crate) fn fits_language(
    page: Option<&(u16, Range<usize>)>,
    language: Option<&(u16, Range<usize>)>,
    is_regional: impl Fn(u16) -> bool,
    explain: impl Fn(u16, &str, u16) -> String,
) -> Outcome {
    let (Some((page, at)), Some((language, language_at))) = (page, language) else {
        return Outcome::NotRun("the document does not say both code page and language");
    };
    let Some(expected) = of_language(u32::from(*language)).filter(|_| is_regional(*page)) else {
        return Outcome::NotRun("the code page or the language says nothing of a region");
    };
    if expected == *page {
        return Outcome::Consistent;
    }
    let explain = explain(*page, &language_id::tag(*language), expected);
    Outcome::Inconsistent { loci: vec![at.clone(), language_at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::{decode, of_language};

    #[test]
    fn languages_have_code_pages_and_some_have_none() {
        assert_eq!(of_language(0x0419), Some(1251));
        assert_eq!(of_language(0x0804), Some(936));
        assert_eq!(of_language(0x0439), None);
    }

    #[test]
    fn texts_are_decoded() {
        assert_eq!(decode(1251, b"\xcf\xf0"), "Пр");
        assert_eq!(decode(9999, b"a\xff"), "a\u{fffd}");
    }
}
