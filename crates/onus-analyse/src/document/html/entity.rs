//! Characters that are written as `&…;` (WHATWG HTML Standard, section 13.2.5.72).
//!
//! An entity stands for one character and never for another entity, so that nothing can grow.

use super::entities::ENTITIES;

/// Letters of a name, or digits of a number, at most.
const LEN_MAX: usize = 32;

/// What `&#128;` to `&#159;` stand for: not control characters, but those of windows-1252.
const WINDOWS_1252: [u16; 32] = [
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d,
    0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
    0x017e, 0x0178,
];

/// Reads an entity at the beginning of a text: its character and its length; `None` when `&` is only `&`.
pub(crate) fn entity(text: &str) -> Option<(char, usize)> {
    let inner = text.strip_prefix('&')?;
    if let Some(digits) = inner.strip_prefix('#') {
        let (digits, prefix, radix) = match digits.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 3, 16),
            None => (digits, 2, 10),
        };
        let len = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).take(LEN_MAX).count();
        let number = digits.get(..len).filter(|digits| !digits.is_empty())?;
        let number = u32::from_str_radix(number.trim_start_matches('0'), radix);
        let end = prefix + len;
        let has_end = text.as_bytes().get(end) == Some(&b';');
        // A number without digits other than zero does not parse, and stands for the replacement character too.
        return Some((number.map_or('\u{fffd}', character), end + usize::from(has_end)));
    }
    let len = inner.bytes().take(LEN_MAX).take_while(u8::is_ascii_alphanumeric).count();
    let name = inner.get(..len)?;
    if inner.as_bytes().get(len) != Some(&b';') {
        return None;
    }
    let index = ENTITIES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    ENTITIES.get(index).map(|(_, character)| (*character, len + 2))
}

fn character(number: u32) -> char {
    let number = match number {
        0 => return '\u{fffd}',
        0x80..=0x9f => WINDOWS_1252.get(number as usize - 0x80).map_or(number, |mapped| u32::from(*mapped)),
        _ => number,
    };
    char::from_u32(number).unwrap_or('\u{fffd}')
}

/// Decodes all entities of a text.
pub(crate) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let (character, len) = entity(rest).unwrap_or(('&', 1));
        out.push(character);
        rest = rest.get(len..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn entities_are_decoded_once() {
        for (text, expected) in [
            ("a &amp; b &lt;p&gt; &quot;x&quot; &apos;", "a & b <p> \"x\" '"),
            ("&#65;&#x42;&#X43;&#68", "ABCD"),
            ("&#147;q&#148; &#8212; &nbsp;", "“q” — \u{a0}"),
            ("&amp;lt;", "&lt;"),
            ("&unknown; & &; &# &#x; &amp", "&unknown; & &; &# &#x; &amp"),
            ("&#0;&#xd800;&#99999999999;&#x110000;", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("&lol9;&lol8;", "&lol9;&lol8;"),
            ("&é;", "&é;"),
        ] {
            assert_eq!(decode(text), expected);
        }
    }
}
