//! The text of an exhibit, with a map from the text back to the bytes.

use std::borrow::Cow;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use onus_core::Locus;

use crate::lines::Lines;

/// Bytes that are decoded at most where text has to be made from them; UTF-8 without a fault needs no making.
pub(crate) const DECODE_MAX: usize = 16 << 20;

/// Bytes between two places of which both offsets are kept.
const STEP: usize = 256;

/// Places of undecodable bytes that are kept, at most.
pub(crate) const FAULTS_MAX: usize = 100;

/// Text that was decoded from bytes.
pub(crate) struct Decoded<'a> {
    bytes: &'a [u8],
    base: usize,
    text: Cow<'a, str>,
    /// Absent where text and bytes are the same.
    map: Option<Map>,
    lines: Lines,
    /// Places of what could not be decoded.
    pub(crate) faults: Vec<Locus>,
    /// Whether there were more such places than are kept.
    pub(crate) has_more_faults: bool,
    /// Whether bytes after the first `DECODE_MAX` were left out.
    pub(crate) is_cut: bool,
}

/// Offsets in the text and in the bytes, of places where decoding can begin anew.
struct Map {
    encoding: &'static Encoding,
    places: Vec<(usize, usize)>,
}

impl<'a> Decoded<'a> {
    /// Decodes what follows the first `base` bytes, the byte order mark.
    pub(crate) fn of(bytes: &'a [u8], base: usize, encoding: &'static Encoding) -> Self {
        let rest = bytes.get(base..).unwrap_or_default();
        if encoding == UTF_8
            && let Ok(text) = std::str::from_utf8(rest)
        {
            let lines = Lines::of(rest);
            return Self {
                bytes: rest,
                base,
                text: Cow::Borrowed(text),
                map: None,
                lines,
                faults: Vec::new(),
                has_more_faults: false,
                is_cut: false,
            };
        }
        let is_cut = rest.len() > DECODE_MAX;
        let rest = rest.get(..rest.len().min(DECODE_MAX)).unwrap_or_default();
        let (text, map, spans) = decode(rest, encoding);
        let lines = Lines::of(text.as_bytes());
        let has_more_faults = spans.len() > FAULTS_MAX;
        let mut decoded = Self {
            bytes: rest,
            base,
            text: Cow::Owned(text),
            map: Some(map),
            lines,
            faults: Vec::new(),
            has_more_faults,
            is_cut,
        };
        decoded.faults = spans.iter().take(FAULTS_MAX).map(|(start, end)| decoded.locus(*start, *end)).collect();
        decoded
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the place in the exhibit of a range of the text.
    pub(crate) fn locus(&self, start: usize, end: usize) -> Locus {
        let (first, last) = (self.byte_at(start), self.byte_at(end.max(start)));
        let line = Some(self.lines.number(self.text.as_bytes(), start));
        Locus { line, ..Locus::bytes(self.base + first, last.saturating_sub(first)) }
    }

    /// The offset of the byte that the character at an offset of the text begins with.
    fn byte_at(&self, offset: usize) -> usize {
        let Some(map) = &self.map else { return offset.min(self.bytes.len()) };
        let index = map.places.partition_point(|(text, _)| *text <= offset).saturating_sub(1);
        let (mut text, mut byte) = map.places.get(index).copied().unwrap_or_default();
        let mut decoder = map.encoding.new_decoder_without_bom_handling();
        let mut buffer = String::with_capacity(16);
        while text < offset {
            let Some(next) = self.bytes.get(byte..=byte) else { break };
            buffer.clear();
            feed(&mut decoder, next, &mut buffer, false);
            text += buffer.len();
            byte += 1;
        }
        byte
    }
}

/// Decodes all; returns the text, its map, and the ranges of the text that stand for what could not be decoded.
fn decode(bytes: &[u8], encoding: &'static Encoding) -> (String, Map, Vec<(usize, usize)>) {
    let mut text = String::with_capacity(bytes.len());
    let mut places = Vec::with_capacity(bytes.len() / STEP + 1);
    let mut faults = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let before = text.len();
        places.push((before, start));
        let (end, has_errors) = decode_step(bytes, start, encoding, &mut text);
        if has_errors && faults.len() <= FAULTS_MAX {
            let made = text.get(before..).unwrap_or_default();
            let marks = made.match_indices('\u{fffd}').map(|(at, mark)| (before + at, before + at + mark.len()));
            faults.extend(marks.take(FAULTS_MAX + 1 - faults.len()));
        }
        start = end;
    }
    (text, Map { encoding, places }, faults)
}

/// Decodes about one step, up to a place where decoding can begin anew; returns that place.
fn decode_step(bytes: &[u8], start: usize, encoding: &'static Encoding, text: &mut String) -> (usize, bool) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut end = (start + STEP).min(bytes.len());
    let mut has_errors = feed(&mut decoder, bytes.get(start..end).unwrap_or_default(), text, end == bytes.len());
    // A byte that completes a character and is no fault leaves nothing pending. In a run of faults there may be no
    // such byte, so that a step ends after some bytes in any case.
    let patience = (end + STEP).min(bytes.len());
    while end < patience {
        let before = text.len();
        let next = bytes.get(end..=end).unwrap_or_default();
        end += 1;
        has_errors |= feed(&mut decoder, next, text, end == bytes.len());
        let made = text.get(before..).unwrap_or_default();
        if !made.is_empty() && !made.contains('\u{fffd}') {
            break;
        }
    }
    (end, has_errors)
}

/// Feeds bytes to a decoder and appends what it makes of them; returns whether there was a fault.
fn feed(decoder: &mut Decoder, mut bytes: &[u8], text: &mut String, is_last: bool) -> bool {
    let mut has_errors = false;
    loop {
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(64));
        let (result, read, faults) = decoder.decode_to_string(bytes, text, is_last);
        has_errors |= faults;
        bytes = bytes.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return has_errors;
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

    use super::Decoded;

    /// Every character's place decodes to that character.
    fn check(text: &str, bytes: &[u8], encoding: &'static Encoding) {
        let decoded = Decoded::of(bytes, 0, encoding);
        assert_eq!(decoded.text(), text);
        assert!(decoded.faults.is_empty());
        for (at, character) in text.char_indices() {
            let locus = decoded.locus(at, at + character.len_utf8());
            let slice = &bytes[locus.offset as usize..(locus.offset + locus.len) as usize];
            let (back, _) = encoding.decode_without_bom_handling(slice);
            assert_eq!(back, character.to_string(), "{} {at}", encoding.name());
        }
    }

    #[test]
    fn every_character_leads_back_to_its_bytes() {
        for (text, encoding) in [
            ("外交部发言人2024年3月25日表示。\n".repeat(40), GB18030),
            ("外交部發言人2024年3月25日表示。".repeat(40), BIG5),
            ("外務省は2024年3月25日、声明を出した。".repeat(40), SHIFT_JIS),
            ("МИД: 25 марта 2024 года\r\n".repeat(40), WINDOWS_1251),
        ] {
            check(&text, &encoding.encode(&text).0, encoding);
        }
        let text = "a🙂é中\n".repeat(200);
        let units: Vec<u16> = text.encode_utf16().collect();
        check(&text, &units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>(), UTF_16LE);
        check(&text, &units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>(), UTF_16BE);
        check(&text, text.as_bytes(), UTF_8);
    }

    #[test]
    fn what_cannot_be_decoded_is_placed() {
        let mut bytes = vec![b'a'; 1000];
        bytes[700] = 0xff;
        let decoded = Decoded::of(&bytes, 0, UTF_8);
        assert_eq!((decoded.faults.len(), decoded.faults[0].offset, decoded.faults[0].len), (1, 700, 1));
        let decoded = Decoded::of(&[0xff; 5000], 0, UTF_8);
        assert_eq!((decoded.faults.len(), decoded.has_more_faults), (super::FAULTS_MAX, true));
    }
}
