//! Values of PDF (ISO 32000-1, 7.3), read at an offset within limits of depth and number.

use std::ops::Range;

/// Values in one another, at most.
const DEPTH_MAX: usize = 24;

/// Values of one object, at most.
const VALUES_MAX: usize = 20_000;

/// Bytes of a value, with all that is in it, at most.
const WINDOW: usize = 1 << 20;

/// Bytes of a text, at most.
const TEXT_MAX: usize = 64 << 10;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A name, without its slash.
    Name(String),
    /// A text, with its place.
    Text(Vec<u8>, Range<usize>),
    /// A whole number.
    Number(i64),
    /// A reference to another object, by number.
    Reference(u32),
    /// A list.
    Array(Vec<Value>),
    /// A dictionary, in order.
    Dictionary(Vec<(String, Value)>),
    /// Anything else: other numbers, `true`, `null`.
    Other,
}

impl Value {
    /// Returns the last value of a key, if this is a dictionary that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Dictionary(entries) => entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Reads the value at an offset; returns it and where it ends.
pub(super) fn value(bytes: &[u8], at: usize) -> Option<(Value, usize)> {
    let bytes = bytes.get(..bytes.len().min(at.saturating_add(WINDOW)))?;
    let mut reader = Reader { bytes, at, left: VALUES_MAX };
    let value = reader.value(0)?;
    Some((value, reader.at))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    left: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn is_next(&self, mark: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(mark))
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'%' => {
                    while self.peek().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {
                        self.at += 1;
                    }
                }
                _ if is_space(byte) => self.at += 1,
                _ => return,
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_space();
        self.left = self.left.checked_sub(1)?;
        if depth > DEPTH_MAX {
            return None;
        }
        match self.peek()? {
            b'<' if self.is_next(b"<<") => self.dictionary(depth),
            b'[' => self.array(depth),
            b'(' => Some(self.literal()),
            b'<' => Some(self.hexadecimal()),
            b'/' => Some(Value::Name(self.name())),
            b'+' | b'-' | b'.' | b'0'..=b'9' => Some(self.number()),
            b')' | b'>' | b']' | b'{' | b'}' => None,
            _ => {
                self.word();
                Some(Value::Other)
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Value> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            self.skip_space();
            if self.is_next(b">>") {
                self.at += 2;
                return Some(Value::Dictionary(entries));
            }
            if self.peek()? != b'/' {
                return None;
            }
            let name = self.name();
            entries.push((name, self.value(depth + 1)?));
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.skip_space();
            if self.peek()? == b']' {
                self.at += 1;
                return Some(Value::Array(values));
            }
            values.push(self.value(depth + 1)?);
        }
    }

    /// A text in parentheses, which may hold balanced ones, with its escapes undone.
    fn literal(&mut self) -> Value {
        let start = self.at;
        let mut text = Vec::new();
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' if open == 0 => open = 1,
                b'(' => (open, _) = (open + 1, text.push(byte)),
                b')' if open <= 1 => break,
                b')' => (open, _) = (open - 1, text.push(byte)),
                b'\\' => self.escape(&mut text),
                _ => text.push(byte),
            }
            if text.len() >= TEXT_MAX {
                break;
            }
        }
        Value::Text(text, start..self.at)
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'0'..=b'7' => {
                let mut number = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    number = number * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                text.push((number & 0xff) as u8);
            }
            other => text.push(other),
        }
    }

    fn hexadecimal(&mut self) -> Value {
        let start = self.at;
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            match char::from(byte).to_digit(16) {
                Some(digit) if digits.len() < 2 * TEXT_MAX => digits.push(digit as u8),
                _ if byte == b'>' => break,
                _ => {}
            }
        }
        let text = digits.chunks(2).map(|pair| match pair {
            [high, low] => high << 4 | low,
            [high] => high << 4,
            _ => 0,
        });
        Value::Text(text.collect(), start..self.at)
    }

    fn name(&mut self) -> String {
        self.at += 1;
        let start = self.at;
        while self.peek().is_some_and(is_regular) && self.at - start < 256 {
            self.at += 1;
        }
        String::from_utf8_lossy(self.bytes.get(start..self.at).unwrap_or_default()).into_owned()
    }

    fn word(&mut self) -> &[u8] {
        let start = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        if self.at == start {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// A number, or the reference that begins with one.
    fn number(&mut self) -> Value {
        let Some(number) = whole(self.word()) else { return Value::Other };
        let after = self.at;
        self.skip_space();
        if let Some(b'0'..=b'9') = self.peek() {
            let is_generation = whole(self.word()).is_some();
            self.skip_space();
            let is_reference = is_generation && self.peek() == Some(b'R') && {
                self.at += 1;
                !self.peek().is_some_and(is_regular)
            };
            if let Some(number) = u32::try_from(number).ok().filter(|_| is_reference) {
                return Value::Reference(number);
            }
        }
        self.at = after;
        Value::Number(number)
    }
}

fn whole(word: &[u8]) -> Option<i64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::{Value, value};

    #[test]
    fn values_are_read() {
        let bytes = b"<< /A (a\\(b\\)\\101(c)) /B [1 2 0 R -3.5 /N] /C <4a4b5> /D true % no\n >> rest";
        let (read, end) = value(bytes, 0).unwrap();
        assert_eq!(read.get("A"), Some(&Value::Text(b"a(b)A(c)".to_vec(), 6..21)));
        let list = vec![Value::Number(1), Value::Reference(2), Value::Other, Value::Name("N".into())];
        assert_eq!(read.get("B"), Some(&Value::Array(list)));
        assert!(matches!(read.get("C"), Some(Value::Text(text, _)) if text == b"JKP"));
        assert_eq!(&bytes[end..], b" rest");
    }

    #[test]
    fn broken_and_deep_values_are_nothing() {
        assert_eq!(value(b"<< /A", 0), None);
        assert_eq!(value(&b"[".repeat(100_000), 0), None);
        assert_eq!(value(&b"<</A".repeat(100_000), 0), None);
    }
}
