//! Canonical JSON (RFC 8785): the one byte form in which values are hashed and compared.

use serde::Serialize;

/// A value that has no canonical form: a number that is not finite, or a map whose keys are no strings.
#[derive(Debug, thiserror::Error)]
#[error("value has no canonical JSON form: {0}")]
pub struct NotCanonical(#[from] serde_json::Error);

/// Returns the RFC 8785 form of a value: sorted keys, shortest numbers, no white space, UTF-8.
///
/// # Errors
/// A float that is not finite, or a map key that is not a string.
///
/// # Example
/// ```
/// let bytes = onus_core::to_canonical(&serde_json::json!({"b": 1.0, "a": "é"})).unwrap();
/// assert_eq!(bytes, "{\"a\":\"é\",\"b\":1}".as_bytes());
/// ```
pub fn to_canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    Ok(serde_json_canonicalizer::to_vec(value)?)
}

/// Returns whether bytes are exactly the canonical form of the JSON that they hold.
///
/// A record that is JSON but not canonical was not written by onus.
#[must_use]
pub fn is_canonical(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(bytes)
        .ok()
        .and_then(|value| to_canonical(&value).ok())
        .is_some_and(|canonical| canonical == bytes)
}

#[cfg(test)]
mod tests {
    use super::{is_canonical, to_canonical};

    /// RFC 8785 appendix B, a selection: IEEE 754 bits and their canonical form.
    #[test]
    fn numbers_follow_the_rfc() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000_u64, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
        ] {
            let written = to_canonical(&f64::from_bits(bits)).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(to_canonical(&number).is_err(), "{number}");
        }
    }

    #[test]
    fn any_other_spelling_is_not_canonical() {
        assert!(is_canonical(br#"{"a":1,"b":[true,null]}"#));
        for other in [r#"{"b":1,"a":1}"#, r#"{"a": 1}"#, r#"{"a":1.0}"#, r#"{"a":"\u0041"}"#, "{"] {
            assert!(!is_canonical(other.as_bytes()), "{other}");
        }
    }
}
