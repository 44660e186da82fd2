//! Text of others: shown as it is, never steering, never markup.

use maud::{Markup, html};
use onus_core::plain;

use crate::{anchor::Place, index::Index};

/// Returns text isolated from the direction of what surrounds it.
pub(crate) fn foreign(text: &str) -> Markup {
    html! { bdi { (plain(text)) } }
}

/// Returns text in which names of the sheet in backticks stand as what they name: answers by title, items as links.
pub(crate) fn named(text: &str, index: &Index<'_>) -> Markup {
    html! {
        @for (position, part) in text.split('`').enumerate() {
            @match (position % 2 == 1, index.item(part)) {
                (true, Some(number)) => a href=(Place::Item(number).href()) { "item\u{a0}" (number) },
                (true, None) => em { (foreign(index.title(part))) },
                _ => (foreign(part)),
            }
        }
    }
}

/// Returns text in which names of the sheet in backticks stand as what they name.
pub(crate) fn named_plain(text: &str, index: &Index<'_>) -> String {
    let part = |(position, part): (usize, &str)| match (position % 2 == 1, index.item(part)) {
        (true, Some(number)) => format!("item {number}"),
        (true, None) => plain(index.title(part)).into_owned(),
        _ => plain(part).into_owned(),
    };
    text.split('`').enumerate().map(part).collect()
}

/// Returns text on one line of at most so many columns, with an ellipsis where something was left out.
pub(crate) fn cut(text: &str, columns_max: usize) -> String {
    let shown = plain(text);
    if columns(&shown) <= columns_max {
        return shown.into_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for character in shown.chars() {
        used += width(character);
        if used >= columns_max {
            break;
        }
        out.push(character);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Returns how many columns of a terminal a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Columns of one character: two for the wide scripts (Unicode UAX 11), none for common combining marks.
fn width(character: char) -> usize {
    match character {
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{64b}'..='\u{65f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Returns an address as text, and as a link where it leads to the web and nowhere else.
pub(crate) fn address(url: &str) -> Markup {
    html! {
        @if is_web(url) {
            a class="url" href=(url) rel="noopener noreferrer nofollow" { bdi { (cut(url, 120)) } }
        } @else {
            span class="url" { bdi { (cut(url, 120)) } }
        }
    }
}

/// Whether a text is an `http` or `https` address of printable ASCII without spaces.
fn is_web(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '['))
        && url.bytes().all(|byte| byte.is_ascii_graphic())
        && !url.contains(['<', '>', '"', '\\', '`'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_become_links() {
        for good in ["https://example.org/a?b=c&d#e", "HTTP://example.org", "http://[::1]/"] {
            assert!(address(good).into_string().contains("href"), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https:",
            "https:///x",
            " https://a",
            "https://a b",
            "https://a\u{202e}b",
            "https://a\"b",
            "file:///etc/passwd",
            "//example.org",
        ] {
            assert!(!address(bad).into_string().contains("href"), "{bad}");
        }
    }

    #[test]
    fn a_cut_text_fits() {
        assert_eq!(cut("four", 4), "four");
        assert_eq!(cut("fives", 4), "fiv…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("", 0), "");
        assert!(columns(&cut(&"漢".repeat(50), 11)) <= 11);
    }
}
