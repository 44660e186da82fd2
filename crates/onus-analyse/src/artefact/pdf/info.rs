//! The information dictionary (ISO 32000-1, 14.3.3), texts (7.9.2) and dates (7.9.4).

use jiff::{Timestamp, civil};
use onus_core::Locus;

use super::{Side, file::File, object::Value};
use crate::{
    Finding, Findings,
    artefact::{
        compound::utf_16,
        office::{person, property, software, time},
        stamp,
    },
};

/// Keys that are listed, at most.
const KEYS_MAX: usize = 200;

/// Bytes of a text that are shown as digits where its encoding is not told.
const BYTES_MAX: usize = 64;

/// Reads the dictionary that the last trailer names.
pub(super) fn read(file: &File<'_>, side: &mut Side, findings: &mut Findings) {
    let Some(info) = file.named("Info") else { return };
    let Value::Dictionary(entries) = &info.value else { return };
    for (key, value) in entries.iter().take(KEYS_MAX) {
        let Value::Text(bytes, range) = value else { continue };
        let (text, encoding) = text(bytes);
        if text.trim().is_empty() {
            continue;
        }
        let range = info.place(range);
        let locus = Locus::bytes(range.start, range.len());
        let finding = match key.as_str() {
            "Author" => person("author", &text, locus),
            "Creator" => software("creator", &text, "", locus),
            "Producer" => {
                side.producer = Some((text.clone(), range.clone()));
                software("producer", &text, "", locus)
            }
            "CreationDate" | "ModDate" => {
                let field = if key == "CreationDate" { "created" } else { "modified" };
                let Some(date) = date(&text) else {
                    findings.add(Finding::malformed(format!("`{key}` is no date: {text}")).at(locus));
                    continue;
                };
                let seconds = date.seconds.map(|seconds| (seconds, range));
                *(if field == "created" { &mut side.created } else { &mut side.modified }) = seconds;
                time(field, &date.written, &date.zone, locus)
            }
            _ => property(&key.to_ascii_lowercase(), &text, locus),
        };
        let is_legacy = encoding == "legacy" && !text.is_ascii();
        let digits = bytes.iter().take(BYTES_MAX).map(|byte| format!("{byte:02x}")).collect::<String>();
        findings.add(
            finding
                .with("from", "information dictionary")
                .with("encoding", if text.is_ascii() { "" } else { encoding })
                .with("bytes", if is_legacy { digits.as_str() } else { "" }),
        );
    }
}

/// Decodes a text: UTF-16 or UTF-8 after a mark, else the older encoding, of which the Latin part is taken.
pub(super) fn text(bytes: &[u8]) -> (String, &'static str) {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let turned: Vec<u8> = rest.as_chunks::<2>().0.iter().flat_map(|[high, low]| [*low, *high]).collect();
            (utf_16(&turned), "UTF-16")
        }
        [0xff, 0xfe, rest @ ..] => (utf_16(rest), "UTF-16, little-endian"),
        [0xef, 0xbb, 0xbf, rest @ ..] => (String::from_utf8_lossy(rest).into_owned(), "UTF-8"),
        _ => (encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), "legacy"),
    }
}

/// A date.
pub(super) struct Date {
    /// In the form of ISO 8601.
    pub written: String,
    /// `UTC`, an offset, or nothing.
    pub zone: String,
    /// Seconds since 1970, where the zone is said.
    pub seconds: Option<i64>,
}

/// Reads `D:YYYYMMDDHHmmSSOHH'mm'`, of which all but the year may be missing.
fn date(text: &str) -> Option<Date> {
    let rest = text.trim().strip_prefix("D:").unwrap_or(text.trim());
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = rest.split_at_checked(digits)?;
    let field = |from: usize, len: usize, least: i8| match digits.get(from..from + len) {
        Some(field) => field.parse::<i8>().ok(),
        None => Some(least),
    };
    let year = digits.get(..4)?.parse().ok()?;
    let time = civil::DateTime::new(
        year,
        field(4, 2, 1)?,
        field(6, 2, 1)?,
        field(8, 2, 0)?,
        field(10, 2, 0)?,
        field(12, 2, 0)?,
        0,
    )
    .ok()?;
    let local = stamp::as_if_utc(time)?;
    let offset = offset(zone);
    let (zone, suffix) = match offset {
        Some(0) => ("UTC".to_owned(), "Z".to_owned()),
        Some(offset) => (stamp::offset_name(offset), stamp::offset_name(offset)),
        None => (String::new(), String::new()),
    };
    let seconds = offset.and_then(|offset| local.checked_sub(offset)).filter(|at| Timestamp::from_second(*at).is_ok());
    Some(Date { written: format!("{time}{suffix}"), zone, seconds })
}

/// Reads `Z`, `+HH'mm'` or `-HH'mm'`.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.chars().next()? {
        'Z' | 'z' => return Some(0),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let number = |from: usize| digits.get(from..from + 2).map_or(Some(0), |field| field.parse::<i64>().ok());
    let (hours, minutes) = (number(0)?, number(2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::{date, text};

    #[test]
    fn dates_have_zones() {
        let read = date("D:20240325101530+03'00'").unwrap();
        assert_eq!((read.written.as_str(), read.zone.as_str()), ("2024-03-25T10:15:30+03:00", "+03:00"));
        assert_eq!(read.seconds, Some(1_711_350_930));
        assert_eq!(date("D:2024").unwrap().written, "2024-01-01T00:00:00");
        assert!(date("D:20241399").is_none());
        assert!(date("yesterday").is_none());
    }

    #[test]
    fn texts_are_decoded_by_their_mark() {
        assert_eq!(text(b"\xfe\xff\x04\x16").0, "Ж");
        assert_eq!(text(b"\xef\xbb\xbfa").0, "a");
        assert_eq!(text(b"\xe9"), ("é".to_owned(), "legacy"));
    }
}
