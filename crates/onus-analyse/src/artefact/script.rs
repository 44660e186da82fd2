//! Scripts: language of comments and texts, code pages, paths of users, encoded content.
//!
//! A script is told by several marks that sentences do not have; plain text is never read here.

mod blobs;
mod kind;
mod parts;

use std::ops::Range;

use onus_core::Locus;
use unicode_script::{Script as Letters, UnicodeScript};

use super::{
    office::{path, trace},
    user_path::user_of_path,
};
use crate::{Analyser, FileType, Finding, Findings, Subject, TextEncoding};

pub use kind::Script;

/// Reads scripts.
pub(crate) const SCRIPT: Analyser =
    Analyser { id: "script", version: 1, reads: |file_type| file_type.script.is_some(), observe };

/// Letters of comments or texts, at least, and confidence in the language, as for plain text.
const LETTERS_MIN: usize = 40;
const CONFIDENCE_MIN: f64 = 0.6;

/// Bytes of comments or texts in which the language is looked for.
const SAMPLE_MAX: usize = 2048;

/// Paths that are listed, at most.
const PATHS_MAX: usize = 200;

/// Bytes of a path, at most.
const PATH_MAX: usize = 260;

/// What stands before and in an encoding that a script names, and where that comes from.
const ENCODINGS: [(&str, &str); 6] = [
    ("chcp ", "chcp"),
    ("getencoding(", "GetEncoding"),
    ("coding: ", "coding comment"),
    ("coding=", "coding comment"),
    ("charset=", "charset"),
    ("codepage=", "codepage"),
];

/// A script as text, with a byte for a byte where it is not UTF-16.
struct Source {
    text: String,
    /// Whether an offset in the text is one in the file.
    is_placed: bool,
    len: usize,
    /// Bytes that are not UTF-8.
    unknown: usize,
}

impl Source {
    fn of(bytes: &[u8], encoding: Option<TextEncoding>) -> Self {
        let len = bytes.len();
        match (encoding, std::str::from_utf8(bytes)) {
            (Some(TextEncoding::Utf16Le), _) => {
                Self { text: encoding_rs::UTF_16LE.decode(bytes).0.into_owned(), is_placed: false, len, unknown: 0 }
            }
            (Some(TextEncoding::Utf16Be), _) => {
                Self { text: encoding_rs::UTF_16BE.decode(bytes).0.into_owned(), is_placed: false, len, unknown: 0 }
            }
            (_, Ok(text)) => Self { text: text.to_owned(), is_placed: true, len, unknown: 0 },
            (_, Err(_)) => {
                // Each byte of an encoding that is not told becomes one that is no letter, so that places stay.
                let text: String =
                    bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\u{1a}' }).collect();
                let unknown = bytes.iter().filter(|byte| !byte.is_ascii()).count();
                Self { text, is_placed: true, len, unknown }
            }
        }
    }

    fn locus(&self, range: &Range<usize>) -> Locus {
        if self.is_placed { Locus::bytes(range.start, range.len()) } else { Locus::bytes(0, self.len) }
    }
}

fn observe(subject: &Subject<'_>, file_type: &FileType, findings: &mut Findings) {
    let Some(kind) = file_type.script else { return };
    let source = Source::of(subject.bytes, file_type.encoding);
    let whole = Locus::bytes(0, source.len);
    let encoding = file_type.encoding.map_or("not told", TextEncoding::name);
    findings.add(
        trace("script_type", kind.name(), whole)
            .with("encoding", encoding)
            .with("not_utf_8", if source.unknown == 0 { String::new() } else { source.unknown.to_string() }),
    );
    encodings(&source, findings);
    let parts = parts::parts(&source.text, kind);
    if parts.is_cut {
        findings.add(Finding::limit(format!("of comments and texts the first {} are read", parts::PARTS_MAX)));
    }
    for (name, ranges) in [("comments", &parts.comments), ("texts", &parts.texts)] {
        words(&source, name, ranges, findings);
    }
    paths(&source, findings);
    blobs::read(&source.text, |range| source.locus(range), findings);
}

/// The encodings that the script names, each once.
fn encodings(source: &Source, findings: &mut Findings) {
    let lower = source.text.to_ascii_lowercase();
    for (mark, from) in ENCODINGS {
        let Some(at) = lower.find(mark) else { continue };
        let rest = lower.get(at + mark.len()..).unwrap_or_default();
        let rest = rest.trim_start_matches(['"', '\'']);
        let name: String =
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(32).collect();
        let locus = source.locus(&(at..at + mark.len() + name.len()));
        if name.is_empty() {
            continue;
        }
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            findings.add(trace("code_page", name, locus).with("from", from));
        } else {
            findings.add(trace("declared_encoding", name, locus).with("from", from));
        }
    }
}

/// Scripts of letters and language of a part.
fn words(source: &Source, part: &str, ranges: &[Range<usize>], findings: &mut Findings) {
    let mut sample = String::new();
    let mut letters: Vec<(Letters, u64, Range<usize>)> = Vec::new();
    for range in ranges {
        let text = source.text.get(range.clone()).unwrap_or_default();
        if sample.len() < SAMPLE_MAX {
            sample.push_str(text);
            sample.push('\n');
        }
        for script in text.chars().filter(|c| c.is_alphabetic()).map(|c| c.script()) {
            match letters.iter_mut().find(|(known, ..)| *known == script) {
                Some((_, count, _)) => *count += 1,
                None => letters.push((script, 1, range.clone())),
            }
        }
    }
    letters.sort_by_key(|(script, ..)| script.full_name());
    for (script, count, range) in letters.iter().filter(|(script, ..)| *script != Letters::Common) {
        findings.add(
            trace("letters", script.full_name(), source.locus(range))
                .with("part", part)
                .with("count", count.to_string()),
        );
    }
    language(source, part, &sample, ranges, findings);
}

fn language(source: &Source, part: &str, sample: &str, ranges: &[Range<usize>], findings: &mut Findings) {
    if sample.chars().filter(|c| c.is_alphabetic()).count() < LETTERS_MIN || part == "texts" && is_latin(sample) {
        return;
    }
    let (Some(found), Some(first)) = (whatlang::detect(sample), ranges.first()) else { return };
    if found.confidence() >= CONFIDENCE_MIN {
        findings.add(
            trace("string_language", found.lang().code(), source.locus(first))
                .with("part", part)
                .with("name", found.lang().eng_name())
                .with("confidence", format!("{:.2}", found.confidence())),
        );
    }
}

/// Latin texts of a script are names and commands more often than sentences.
fn is_latin(sample: &str) -> bool {
    sample.chars().filter(|c| c.is_alphabetic()).all(|c| c.script() == Letters::Latin)
}

/// Paths into the folders of users.
fn paths(source: &Source, findings: &mut Findings) {
    let lower = source.text.to_ascii_lowercase();
    let mut starts = Vec::new();
    for mark in [":\\users\\", ":\\documents and settings\\", ":/users/", "/home/", "/users/", ":\\\\users\\\\"] {
        let found =
            lower.match_indices(mark).map(|(at, _)| if mark.starts_with(':') { at.saturating_sub(1) } else { at });
        starts.extend(found.take(PATHS_MAX));
    }
    starts.sort_unstable();
    starts.dedup_by(|next, one| *next <= *one + 2);
    if starts.len() > PATHS_MAX {
        findings.add(Finding::limit(format!("of the paths the first {PATHS_MAX} are listed")));
    }
    for start in starts.into_iter().take(PATHS_MAX) {
        let rest = source.text.get(start..).unwrap_or_default();
        let len: usize = rest
            .chars()
            .take_while(|c| {
                !c.is_control() && !matches!(c, '"' | '\'' | '<' | '>' | '|' | ';' | ',' | '`' | ')' | '*' | '$')
            })
            .take(PATH_MAX)
            .map(char::len_utf8)
            .sum();
        let found = rest.get(..len).unwrap_or_default().trim_end();
        let plain = found.replace("\\\\", "\\");
        if user_of_path(&plain).is_some() {
            path(&plain, "script", source.locus(&(start..start + found.len())), findings);
        }
    }
}
