//! The name of an entry and how it is encoded.

use super::Header;

/// The bit that says that name and comment are UTF-8 (APPNOTE.TXT, appendix D).
const UTF_8: u16 = 1 << 11;

/// What the bytes from 0x80 mean in code page 437, which names are in that say nothing else.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name, or a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// As it is shown.
    pub text: String,
    /// `ASCII`, `UTF-8`, `UTF-8 without its mark`, `legacy`.
    pub encoding: &'static str,
}

/// Reads a name with the bits of its header.
pub(crate) fn name(bytes: &[u8], header: &Header) -> Name {
    let is_marked = header.flags & UTF_8 != 0;
    match (std::str::from_utf8(bytes), is_marked) {
        (Ok(text), _) if text.is_ascii() => Name { text: text.to_owned(), encoding: "ASCII" },
        (Ok(text), true) => Name { text: text.to_owned(), encoding: "UTF-8" },
        (Ok(text), false) => Name { text: text.to_owned(), encoding: "UTF-8 without its mark" },
        (Err(_), _) => Name { text: code_page_437(bytes), encoding: "legacy" },
    }
}

fn code_page_437(bytes: &[u8]) -> String {
    let high: Vec<char> = CODE_PAGE_437.chars().collect();
    let character = |byte: &u8| match byte.checked_sub(0x80) {
        Some(index) => high.get(usize::from(index)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        None => char::from(*byte),
    };
    bytes.iter().map(character).collect()
}

#[cfg(test)]
mod tests {
    use super::{CODE_PAGE_437, code_page_437};

    #[test]
    fn the_table_has_a_character_for_every_byte() {
        assert_eq!(CODE_PAGE_437.chars().count(), 128);
        assert_eq!(code_page_437(b"a\x84\xff"), "aä\u{a0}");
    }
}
