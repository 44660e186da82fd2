//! Values in the distinguished encoding rules of ASN.1 (X.690), as far as certificates and signatures use them.

use std::ops::Range;

use jiff::{civil::DateTime, tz::TimeZone};

/// Values of one list that are read, at most.
const VALUES_MAX: usize = 4096;

/// Tags.
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OBJECT_ID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const BMP_STRING: u8 = 0x1e;

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value<'a> {
    /// Its tag, which is one byte in the structures that are read here.
    pub tag: u8,
    /// Its content.
    pub content: &'a [u8],
    /// Offset of its content.
    pub at: usize,
}

impl<'a> Value<'a> {
    /// Reads the value that bytes begin with; `at` is their offset.
    pub(crate) fn first(bytes: &'a [u8], at: usize) -> Option<Self> {
        split(bytes, at).map(|(value, _)| value)
    }

    /// Returns the values that this one consists of.
    pub(crate) fn children(self) -> impl Iterator<Item = Value<'a>> {
        let (mut rest, mut at) = (self.content, self.at);
        let values = std::iter::from_fn(move || {
            let (value, after) = split(rest, at)?;
            at += rest.len() - after.len();
            rest = after;
            Some(value)
        });
        values.take(VALUES_MAX)
    }

    /// Returns the n-th value of this one, from 0.
    pub(crate) fn child(self, number: usize) -> Option<Value<'a>> {
        self.children().nth(number)
    }

    /// Returns itself if it has a tag.
    pub(crate) fn tagged(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }

    /// Returns the bytes of its content.
    pub(crate) fn range(self) -> Range<usize> {
        self.at..self.at + self.content.len()
    }

    /// Returns it as text.
    pub(crate) fn text(self) -> String {
        if self.tag == BMP_STRING {
            let units = self.content.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
            return char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        }
        String::from_utf8_lossy(self.content).into_owned()
    }

    /// Returns it as seconds since 1970, if it is a time.
    pub(crate) fn seconds(self) -> Option<i64> {
        let (century, digits) = match self.tag {
            // Years of two digits are those from 1950 to 2049 (RFC 5280, section 4.1.2.5.1).
            UTC_TIME => (if *self.content.first()? >= b'5' { 1900 } else { 2000 }, self.content),
            GENERALIZED_TIME => (100 * i16::from(pair(self.content, 0)?), self.content.get(2..)?),
            _ => return None,
        };
        let part = |number: usize| pair(digits, number);
        let year = century + i16::from(part(0)?);
        // Certificates may leave the seconds out.
        let second = part(5).unwrap_or(0).min(59);
        let time = DateTime::new(year, part(1)?, part(2)?, part(3)?, part(4)?, second, 0).ok()?;
        Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
    }
}

/// Returns two decimal digits as a number.
fn pair(digits: &[u8], number: usize) -> Option<i8> {
    let [tens, ones] = digits.get(2 * number..)?.first_chunk::<2>()?;
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| (byte - b'0').cast_signed());
    Some(10 * digit(tens)? + digit(ones)?)
}

/// Splits bytes into the first value and the rest.
fn split(bytes: &[u8], at: usize) -> Option<(Value<'_>, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    // Tags of more than one byte, and lengths that are not said, are no part of these structures.
    (tag & 0x1f != 0x1f).then_some(())?;
    let (first, rest) = rest.split_first()?;
    let (len, rest) = match *first {
        len @ 0..=0x7f => (usize::from(len), rest),
        long @ 0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (digits.iter().fold(0, |len, digit| len << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(len)?;
    Some((Value { tag: *tag, content, at: at + bytes.len() - rest.len() }, after))
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn values_stand_in_values() {
        let bytes = [0x30, 0x08, 0x02, 0x01, 0x07, 0x0c, 0x03, b'a', 0xd0, 0xb6, 0xff];
        let value = Value::first(&bytes, 100).unwrap();
        assert_eq!(value.range(), 102..110);
        assert_eq!(value.child(0).unwrap().content, [7]);
        assert_eq!(value.child(1).unwrap().text(), "aж");
        assert_eq!(value.child(1).unwrap().at, 107);
        assert_eq!(value.child(2), None);
        for len in 0..10 {
            assert_eq!(Value::first(&bytes[..len], 0), None);
        }
        assert_eq!(Value::first(&[0x30, 0x80, 0, 0], 0), None);
        assert_eq!(Value::first(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], 0), None);
    }

    #[test]
    fn times_are_seconds() {
        let seconds = |tag, text: &str| Value { tag, content: text.as_bytes(), at: 0 }.seconds();
        assert_eq!(seconds(0x17, "700101000000Z"), Some(0));
        assert_eq!(seconds(0x17, "200517134558Z"), Some(1_589_723_158));
        assert_eq!(seconds(0x18, "20200517134558.25Z"), Some(1_589_723_158));
        assert_eq!(seconds(0x18, "20201317134558Z"), None);
        assert_eq!(seconds(0x17, "2"), None);
        assert_eq!(seconds(0x02, "200517134558Z"), None);
    }
}
