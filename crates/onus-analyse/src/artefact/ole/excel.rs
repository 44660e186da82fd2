//! Excel 97 to 2003: who opened it last, code page, country, build (`[MS-XLS]`, 2.4).

use crate::{
    Findings,
    artefact::{
        code_page,
        compound::{Compound, Stream, utf_16},
        little_endian::{u8_at, u16_at},
        office::{person, property, trace},
    },
};

/// Records that are read, at most.
const RECORDS_MAX: usize = 100_000;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const CODE_PAGE: u16 = 0x0042;
const COUNTRY: u16 = 0x008c;
const WRITER: u16 = 0x005c;
const ENCRYPTED: u16 = 0x002f;

/// Reads what the first part of a workbook says, which is about all of it.
pub(super) fn read(file: &Compound<'_>, findings: &mut Findings) {
    let book = ["Workbook", "Book"].iter().find_map(|name| file.streams(name).find(|entry| entry.storages.is_empty()));
    let Some(stream) = book.map(|entry| file.read(entry)) else { return };
    let bytes = stream.bytes.as_slice();
    let mut at = 0;
    let mut page = 1252;
    let mut is_old = false;
    for _ in 0..RECORDS_MAX {
        let (Some(kind), Some(len)) = (u16_at(bytes, at), u16_at(bytes, at + 2)) else { return };
        let range = at + 4..at + 4 + usize::from(len);
        let Some(data) = bytes.get(range.clone()) else { return };
        at = range.end;
        match kind {
            END | ENCRYPTED => return,
            BEGIN => {
                is_old = u16_at(data, 0) != Some(0x0600);
                let number = |at| u16_at(data, at).map(|number| number.to_string()).unwrap_or_default();
                findings.add(
                    property("excel_build", &number(4), stream.locus(range))
                        .with("year", number(6))
                        .with("format", number(0)),
                );
            }
            CODE_PAGE => {
                page = u16_at(data, 0).unwrap_or(page);
                findings.add(trace("code_page", page.to_string(), stream.locus(range)).with("from", "workbook"));
            }
            COUNTRY => country(data, &stream, range, findings),
            WRITER => writer(data, page, is_old, &stream, range, findings),
            _ => {}
        }
    }
}

/// The telephone codes of the countries of the program and of the system.
fn country(data: &[u8], stream: &Stream, range: std::ops::Range<usize>, findings: &mut Findings) {
    for (at, role) in [(0, "program"), (2, "system")] {
        if let Some(code) = u16_at(data, at) {
            let locus = stream.locus(range.start + at..range.start + at + 2);
            findings.add(trace("country_code", code.to_string(), locus).with("role", role).with("from", "workbook"));
        }
    }
}

/// The name of the user who opened it for writing.
fn writer(
    data: &[u8],
    page: u16,
    is_old: bool,
    stream: &Stream,
    range: std::ops::Range<usize>,
    findings: &mut Findings,
) {
    let name = if is_old {
        let len = u8_at(data, 0).map_or(0, usize::from);
        code_page::decode(page, data.get(1..(1 + len).min(data.len())).unwrap_or_default())
    } else {
        let len = u16_at(data, 0).map_or(0, usize::from);
        let text = data.get(3..).unwrap_or_default();
        match u8_at(data, 2).unwrap_or_default() & 1 {
            1 => utf_16(text.get(..(2 * len).min(text.len())).unwrap_or_default()),
            _ => text.iter().take(len).take_while(|byte| **byte != 0).map(|byte| char::from(*byte)).collect(),
        }
    };
    let name = name.trim_end();
    if !name.is_empty() {
        findings.add(person("opened_by", name, stream.locus(range)));
    }
}
