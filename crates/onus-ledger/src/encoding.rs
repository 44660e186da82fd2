//! Base64 and hexadecimal digits, each in one spelling only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Returns the padded base64 (RFC 4648 section 4) of bytes.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads padded base64; `None` for every spelling but the one that [`to_base64`] writes.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok().filter(|bytes| to_base64(bytes) == text)
}

/// Whether a text is so many lower-case hexadecimal digits.
pub(crate) fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Reads a decimal number without sign and without leading zeros.
pub(crate) fn from_decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}
