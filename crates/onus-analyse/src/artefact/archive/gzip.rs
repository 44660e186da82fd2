//! GZIP: one stream, with the name, time and system of the file that it was made from (RFC 1952).

use super::members::{Inside, Member, Walk, archive, entry};
use crate::{
    Container, Finding,
    artefact::{
        inflate::{End, inflate},
        little_endian::{u8_at, u16_at, u32_at, zero_ended},
        stamp,
    },
};

/// Bytes of a name or comment, at most.
const TEXT_MAX: usize = 1024;

const HAS_CHECKSUM: u8 = 2;
const HAS_EXTRA: u8 = 4;
const HAS_NAME: u8 = 8;
const HAS_COMMENT: u8 = 16;

/// The fixed part of the header, and what stands behind the stream.
const HEADER_LEN: usize = 10;
const TRAILER_LEN: usize = 8;

/// What the header says.
struct Header {
    len: usize,
    name: Option<String>,
    comment: Option<String>,
    time: u32,
    level: u8,
    system: u8,
}

/// Lists what a stream was made from.
pub(super) fn list(walk: &mut Walk<'_>, bytes: &[u8], inside: &Inside) {
    let Some(header) = header(bytes) else {
        walk.add(Finding::malformed("the header of the GZIP stream breaks off").at(inside.locus(&(0..bytes.len()))));
        return;
    };
    let range = 0..header.len;
    walk.add(
        archive(inside, Container::Gzip, 1, &range)
            .with("made_by", system(header.system))
            .with("level", level(header.level))
            .with_some("time_utc", stamp::unix(header.time.into()))
            .with_some("comment", header.comment.as_deref()),
    );
    let name = header.name.clone().unwrap_or_else(|| "content".to_owned());
    let finding =
        entry(inside, &name, inside.locus(&range)).with("named", if header.name.is_some() { "" } else { "no" });
    let allowance = walk.allowance();
    if allowance == 0 {
        walk.add(finding);
        return;
    }
    let inflated = inflate(bytes.get(header.len..).unwrap_or_default(), allowance);
    let end = header.len + inflated.consumed;
    let is_whole = inflated.end == End::Whole;
    walk.spend(inflated.consumed.saturating_sub(inflated.bytes.len()));
    let finding = match inflated.end {
        End::Whole => finding.with("size", inflated.bytes.len().to_string()),
        End::Cut => finding.with("content", format!("only the first {} bytes are read", inflated.bytes.len())),
        End::Broken => finding.with("content", "damaged"),
    };
    let member = Member { bytes: &inflated.bytes, is_whole };
    walk.add_member(finding, &inside.name(&name), &member, (inside, inside.locus(&(0..end))));
    if is_whole && bytes.len() > end + TRAILER_LEN {
        let rest = end + TRAILER_LEN..bytes.len();
        walk.add(Finding::limit("what follows the first stream is not read").at(inside.locus(&rest)));
    }
}

fn header(bytes: &[u8]) -> Option<Header> {
    let flags = u8_at(bytes, 3)?;
    let mut at = HEADER_LEN;
    if flags & HAS_EXTRA != 0 {
        at += 2 + usize::from(u16_at(bytes, at)?);
    }
    let mut text = |is_there: bool| -> Option<Option<String>> {
        if !is_there {
            return Some(None);
        }
        let text = zero_ended(bytes, at, TEXT_MAX)?;
        at += text.len() + 1;
        // The format says ISO 8859-1; what is written in practice is the encoding of the system.
        let text = match std::str::from_utf8(text) {
            Ok(text) => text.to_owned(),
            Err(_) => text.iter().copied().map(char::from).collect(),
        };
        Some(Some(text))
    };
    let name = text(flags & HAS_NAME != 0)?;
    let comment = text(flags & HAS_COMMENT != 0)?;
    if flags & HAS_CHECKSUM != 0 {
        at += 2;
    }
    Some(Header { len: at, name, comment, time: u32_at(bytes, 4)?, level: u8_at(bytes, 8)?, system: u8_at(bytes, 9)? })
}

fn system(number: u8) -> String {
    let name = match number {
        0 => "FAT",
        1 => "Amiga",
        2 => "VMS",
        3 => "Unix",
        6 => "HPFS",
        7 => "Macintosh",
        10 => "TOPS-20",
        11 => "NTFS",
        13 => "Acorn RISC OS",
        255 => "unknown",
        _ => "another system",
    };
    format!("{name} ({number})")
}

fn level(flags: u8) -> &'static str {
    match flags {
        2 => "best compression",
        4 => "fastest",
        _ => "",
    }
}
