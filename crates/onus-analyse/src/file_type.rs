//! What type of file bytes are, told from the bytes alone.
//!
//! Text is looked for first: many signatures of binary formats are two or three letters that ordinary sentences
//! begin with (`BM`, `true`). Signatures come from the crate `file-format`, whose readers of containers look at no
//! more than 64 KiB at the end and 1,024 entries.

use file_format::FileFormat;

use crate::{Container, Program, Script};

/// Bytes at the beginning in which the marks of HTML, JSON and STIX are looked for.
const HEAD_MAX: usize = 4096;

/// Bytes at the beginning in which the marks of scripts are looked for.
const SCRIPT_HEAD_MAX: usize = 64 << 10;

/// One control character among so many bytes is let pass as text.
const CONTROLS_ONE_IN: usize = 64;

/// The type of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileType {
    /// Internet media type: `text/plain`, `application/stix+json`, `application/octet-stream` when nothing fits.
    pub media_type: String,
    /// What the format is called, where a signature tells it.
    pub format: Option<String>,
    /// How text is encoded; absent when it is not text, and for HTML, which says it itself.
    pub encoding: Option<TextEncoding>,
    /// The format of the program that it is, if it is one.
    pub program: Option<Program>,
    /// The format of the archive or document that it is, if it is one that is told from its first bytes.
    pub container: Option<Container>,
    /// The language of the script that it is, if it is text or nearly so and has the marks of one.
    pub script: Option<Script>,
}

/// An encoding of plain text that can be told without guessing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 after a byte order mark.
    Utf8WithMark,
    /// UTF-16, little-endian, after a byte order mark.
    Utf16Le,
    /// UTF-16, big-endian, after a byte order mark.
    Utf16Be,
}

impl TextEncoding {
    /// Returns the name, and after it whether there is a byte order mark.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8WithMark => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    /// Returns the length of the byte order mark.
    #[must_use]
    pub fn mark_len(self) -> usize {
        match self {
            Self::Utf8 => 0,
            Self::Utf8WithMark => 3,
            Self::Utf16Le | Self::Utf16Be => 2,
        }
    }
}

impl FileType {
    /// Returns the type of bytes; `is_whole` says whether they are the whole file.
    #[must_use]
    pub fn of(bytes: &[u8], is_whole: bool) -> Self {
        if bytes.is_empty() {
            let media_type = "application/x-empty".to_owned();
            return Self { media_type, format: None, encoding: None, program: None, container: None, script: None };
        }
        if let Some(program) = Program::of(bytes) {
            return Self::of_program(program, bytes);
        }
        let encoding = text_encoding(bytes, is_whole);
        let head = head(bytes, encoding);
        let container = Container::of(bytes);
        let named = |media_type: &str| Self {
            media_type: media_type.to_owned(),
            format: None,
            encoding,
            program: None,
            container,
            script: None,
        };
        if is_html(&head) {
            return Self { encoding: None, ..named("text/html") };
        }
        if is_xhtml(&head) {
            return Self { encoding: None, ..named("application/xhtml+xml") };
        }
        let is_utf16 = matches!(encoding, Some(TextEncoding::Utf16Le | TextEncoding::Utf16Be));
        if !is_utf16 && is_json(&head) {
            return named(if is_stix(&head) { "application/stix+json" } else { "application/json" });
        }
        let script = if container.is_none() { script(bytes, encoding) } else { None };
        let signature = FileFormat::from_bytes(bytes);
        if encoding.is_some() && !is_textual(signature) {
            return Self { script, ..named("text/plain") };
        }
        let format = (signature != FileFormat::default()).then(|| signature.name().to_owned());
        Self { format, script, ..named(signature.media_type()) }
    }

    fn of_program(program: Program, bytes: &[u8]) -> Self {
        let signature = FileFormat::from_bytes(bytes);
        let media_type = match program {
            Program::Pe => "application/vnd.microsoft.portable-executable",
            Program::Elf => "application/x-executable",
            Program::MachO => "application/x-mach-binary",
        };
        let format = Some(signature.name().to_owned());
        Self {
            media_type: media_type.to_owned(),
            format,
            encoding: None,
            program: Some(program),
            container: None,
            script: None,
        }
    }

    /// Returns whether it is HTML or XHTML.
    #[must_use]
    pub fn is_html(&self) -> bool {
        matches!(self.media_type.as_str(), "text/html" | "application/xhtml+xml")
    }

    /// Returns whether it is JSON of any sort.
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self.media_type.as_str(), "application/json" | "application/stix+json")
    }
}

/// How the bytes are encoded if they are text.
fn text_encoding(bytes: &[u8], is_whole: bool) -> Option<TextEncoding> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => is_utf16(rest, u16::from_le_bytes).then_some(TextEncoding::Utf16Le),
        [0xfe, 0xff, rest @ ..] => is_utf16(rest, u16::from_be_bytes).then_some(TextEncoding::Utf16Be),
        // The mark is a statement of the writer's, so bytes that break it are a defect of a text.
        [0xef, 0xbb, 0xbf, rest @ ..] => has_few_controls(rest).then_some(TextEncoding::Utf8WithMark),
        _ => (is_utf8(bytes, is_whole) && has_few_controls(bytes)).then_some(TextEncoding::Utf8),
    }
}

/// Whether bytes are UTF-8; when more follow that were not handed over, the last character may be incomplete.
fn is_utf8(bytes: &[u8], is_whole: bool) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => !is_whole && error.error_len().is_none(),
    }
}

/// Whether there is no zero byte and hardly any other control character that text does not use.
fn has_few_controls(bytes: &[u8]) -> bool {
    let mut controls = 0;
    for byte in bytes {
        match byte {
            0 => return false,
            b'\t' | b'\n' | b'\r' | 0x0c | 0x1b | 0x20..=0xff => {}
            _ => controls += 1,
        }
    }
    controls * CONTROLS_ONE_IN <= bytes.len()
}

/// Whether what follows a byte order mark of UTF-16 can be text: no zero unit, hardly a control or lone surrogate.
fn is_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let (pairs, _) = bytes.as_chunks::<2>();
    let pairs = pairs.get(..pairs.len().min(HEAD_MAX)).unwrap_or_default();
    let odd = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .filter(|character| match character {
            Ok(character) => character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}'),
            Err(_) => true,
        })
        .count();
    let has_zero = pairs.contains(&[0, 0]);
    !has_zero && odd * CONTROLS_ONE_IN <= pairs.len().max(CONTROLS_ONE_IN)
}

/// The language of a script; its text may be in an encoding that is not told, but has no zero byte.
fn script(bytes: &[u8], encoding: Option<TextEncoding>) -> Option<Script> {
    let head = bytes.get(..bytes.len().min(SCRIPT_HEAD_MAX)).unwrap_or_default();
    let text = match encoding {
        Some(TextEncoding::Utf16Le) => encoding_rs::UTF_16LE.decode(head).0,
        Some(TextEncoding::Utf16Be) => encoding_rs::UTF_16BE.decode(head).0,
        Some(_) => String::from_utf8_lossy(head),
        None if has_few_controls(head) => String::from_utf8_lossy(head),
        None => return None,
    };
    Script::of(&text)
}

/// The beginning of a file as text, without byte order mark and leading white space.
fn head(bytes: &[u8], encoding: Option<TextEncoding>) -> String {
    let bytes = bytes.get(..bytes.len().min(HEAD_MAX)).unwrap_or_default();
    let rest = bytes.get(encoding.map_or(0, TextEncoding::mark_len)..).unwrap_or_default();
    let text = match encoding {
        Some(TextEncoding::Utf16Le) => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        Some(TextEncoding::Utf16Be) => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        _ => String::from_utf8_lossy(rest),
    };
    text.trim_ascii_start().to_owned()
}

/// Whether a beginning is that of HTML: WHATWG MIME Sniffing, section 7.1, with comments and declarations skipped.
fn is_html(head: &str) -> bool {
    const TAGS: [&str; 22] = [
        "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b", "body", "br",
        "p", "meta", "article", "section", "span", "main", "link", "ul",
    ];
    let mut rest = head;
    while let Some((_, after)) = rest.strip_prefix("<!--").and_then(|inner| inner.split_once("-->")) {
        rest = after.trim_ascii_start();
    }
    let Some(tag) = rest.strip_prefix('<') else { return false };
    if let Some(name) = strip_prefix_ignoring_case(tag, "!doctype") {
        return strip_prefix_ignoring_case(name.trim_ascii_start(), "html").is_some();
    }
    TAGS.iter().filter_map(|name| strip_prefix_ignoring_case(tag, name)).any(|after| {
        after.starts_with(|character: char| character.is_ascii_whitespace() || matches!(character, '>' | '/'))
    })
}

/// Whether a beginning is an XML declaration, then a document type or an element `html`.
fn is_xhtml(head: &str) -> bool {
    let after = head.strip_prefix("<?xml").and_then(|declaration| declaration.split_once("?>"));
    after.is_some_and(|(_, rest)| {
        let rest = rest.trim_ascii_start();
        is_html(rest) && ["<!doctype", "<html"].iter().any(|mark| strip_prefix_ignoring_case(rest, mark).is_some())
    })
}

/// Whether a beginning is that of a JSON object or array: the first two tokens fit.
fn is_json(head: &str) -> bool {
    let mut characters = head.chars();
    let first = characters.next();
    let second = characters.find(|character| !character.is_ascii_whitespace());
    match (first, second) {
        (Some('{'), second) => matches!(second, None | Some('"' | '}')),
        (Some('['), second) => matches!(second, None | Some('"' | ']' | '{' | '[' | '-' | '0'..='9' | 't' | 'f' | 'n')),
        _ => false,
    }
}

/// Whether the beginning of a JSON object says that it is a STIX bundle: by its type, or by its identifier.
fn is_stix(head: &str) -> bool {
    if !head.starts_with('{') {
        return false;
    }
    head.contains("\"bundle--")
        || head.match_indices("\"bundle\"").any(|(at, _)| {
            let before = head.get(..at).unwrap_or_default().trim_ascii_end();
            before.strip_suffix(':').is_some_and(|key| key.trim_ascii_end().ends_with("\"type\""))
        })
}

/// Whether a signature is that of a format that is itself text, so that it may win over plain text.
fn is_textual(signature: FileFormat) -> bool {
    let media_type = signature.media_type();
    media_type.ends_with("+xml")
        || matches!(
            media_type,
            "application/pdf"
                | "application/pgp"
                | "application/pgp-keys"
                | "application/pgp-signature"
                | "application/postscript"
                | "application/rtf"
                | "application/x-pem-file"
                | "text/calendar"
                | "text/vcard"
                | "text/vtt"
                | "text/x-perl"
                | "text/x-python"
                | "text/x-ruby"
                | "text/x-shellscript"
                | "text/xml"
        )
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
