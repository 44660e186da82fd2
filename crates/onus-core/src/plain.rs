//! Text of others made safe to show.

use std::borrow::Cow;

/// Returns text on one line without anything that could steer a terminal or reorder what is read.
///
/// Control characters (C0, C1, DEL), line and paragraph separators, bidirectional controls, zero-width characters,
/// tags and variation selectors become `\u{…}`; everything else stays as it is. Markup is not escaped: that is
/// the work of whoever writes markup.
///
/// # Example
/// ```
/// assert_eq!(onus_core::plain("red \u{1b}[31m"), "red \\u{1b}[31m");
/// assert_eq!(onus_core::plain("Привет"), "Привет");
/// ```
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if steers(character) { out.extend(character.escape_unicode()) } else { out.push(character) }
    }
    Cow::Owned(out)
}

/// Whether a character acts on the display rather than being seen.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_that_steers_passes() {
        for hostile in ["\u{202e}gpj.exe", "a\u{9b}31m", "a\nb", "a\r", "\u{200b}", "\u{e0041}", "\u{feff}x", "a\u{7}"]
        {
            let shown = plain(hostile);
            assert!(!shown.contains(super::steers), "{shown}");
            assert!(shown.contains("\\u{"), "{shown}");
        }
    }

    #[test]
    fn ordinary_text_of_any_script_is_untouched() {
        for text in ["naïve", "中国", "עברית", "日本語 ー", "🙂", "a b"] {
            assert_eq!(plain(text), text);
        }
    }
}
