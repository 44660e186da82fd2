//! HTML and XHTML pages (WHATWG HTML Standard), read without a tree, without scripts and without style sheets.
//!
//! `docs/decisions/0003-own-html-reader.md` says why there is no parser of somebody else's here.

mod entities;
mod entity;
mod page;
mod token;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use page::Statement;

use super::{
    date,
    decoded::Decoded,
    describe::{self, Elsewhere},
    reading::Reading,
};
use crate::{Analyser, FileType, Finding, Findings, Subject};

/// Bytes at the beginning in which the declaration of the encoding is looked for.
const DECLARATION_MAX: usize = 4096;

/// Reads pages.
pub(crate) const HTML: Analyser = Analyser { id: "html", version: 1, reads: FileType::is_html, observe };

fn observe(subject: &Subject<'_>, _: &FileType, findings: &mut Findings) {
    let (encoding, mark_len, from) = encoding(subject.bytes, findings);
    findings.add(Finding::new("encoding", encoding.name()).with("from", from));
    let source = Decoded::of(subject.bytes, mark_len, encoding);
    describe::faults(&source, findings);
    let page = page::read(source.text());
    for limit in page.limits {
        findings.add(Finding::limit(limit));
    }
    let elsewhere = page.statements.into_iter().map(|statement| elsewhere(&source, statement)).collect();
    let reading = Reading::of_markup(source, page.taken, page.paragraphs);
    describe::language(&reading, findings);
    describe::paragraphs(&reading, elsewhere, findings);
}

/// The encoding of a page, the length of its byte order mark, and what tells it (section 13.2.3.2).
fn encoding(bytes: &[u8], findings: &mut Findings) -> (&'static Encoding, usize, &'static str) {
    if let Some((encoding, len)) = Encoding::for_bom(bytes) {
        return (encoding, len, "byte order mark");
    }
    if let Some(declared) = declared_encoding(bytes) {
        // A declaration that can be read as ASCII is no UTF-16, whatever it says.
        let declared = if declared == UTF_16LE || declared == UTF_16BE { UTF_8 } else { declared };
        if declared.is_ascii_compatible() {
            return (declared, 0, "declaration");
        }
        findings.add(Finding::limit(format!("the encoding {} is not read", declared.name())));
    }
    let is_utf8 = std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true);
    (if is_utf8 { UTF_8 } else { WINDOWS_1252 }, 0, "content")
}

/// The encoding that a page declares near its beginning: `charset=…`, in a `meta` element of either form.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(DECLARATION_MAX))?.to_ascii_lowercase();
    let mut rest = head.as_slice();
    while let Some(at) = find(rest, b"<meta") {
        rest = rest.get(at..)?;
        let end = find(rest, b">").unwrap_or(rest.len());
        let (tag, after) = rest.split_at_checked(end)?;
        rest = after;
        let Some(value) = find(tag, b"charset=").and_then(|at| tag.get(at + 8..)) else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let len = value.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte)).count();
        if let Some(encoding) = value.get(..len).and_then(Encoding::for_label) {
            return Some(encoding);
        }
    }
    None
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn elsewhere(source: &Decoded<'_>, statement: Statement) -> Elsewhere {
    let locus = source.locus(statement.source.start, statement.source.end);
    let finding = match statement.kind {
        "published" => match published(&statement.value) {
            Some(date) => {
                Finding::new("date", date).with("role", "publication_stated").with("written", statement.value)
            }
            None => Finding::malformed("a date of publication that is no date").with("written", statement.value),
        },
        kind => Finding::new(kind, statement.value),
    };
    let finding = finding.at(locus).with("from", statement.from).with_some("part", statement.part);
    Elsewhere { offset: locus.offset, finding }
}

/// The day, month or year of a time as pages state it; times of day are left out.
fn published(value: &str) -> Option<String> {
    let day =
        value.get(..10).filter(|_| value.as_bytes().get(10).is_none_or(|next| matches!(next, b'T' | b't' | b' ')));
    let as_edtf = day.unwrap_or(value).parse::<onus_core::Edtf>().ok().filter(|date| !date.as_str().contains('/'));
    as_edtf.or_else(|| date::dates(value).0.into_iter().next().map(|found| found.date)).map(|date| date.to_string())
}
