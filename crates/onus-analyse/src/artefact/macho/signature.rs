//! The code signature (Apple, `Security/CSCommon.h` and `cs_blobs.h`).

use std::ops::Range;

use onus_core::Digest;
use sha1::Digest as _;

use super::image::{CODE_SIGNATURE, Image};
use crate::artefact::reader::{Reader, Text, find};

/// Parts of a signature, at most.
const PARTS_MAX: usize = 64;

/// Pages, at most.
const PAGES_MAX: usize = 1 << 20;

/// What the signature says. Places count from the beginning of the architecture.
#[derive(Clone, Debug)]
pub(crate) struct Signature<'a> {
    /// The tables of hashes.
    pub directories: Vec<Directory<'a>>,
    /// Where the cryptographic part lies; absent in a signature without a certificate.
    pub message: Option<Range<usize>>,
}

/// A table of hashes of pages.
#[derive(Clone, Debug)]
pub(crate) struct Directory<'a> {
    /// Where it lies.
    pub range: Range<usize>,
    /// Its flags; 2 is a signature without a certificate, 0x20000 one that the linker made.
    pub flags: u32,
    /// The name that was signed.
    pub identifier: Option<Text<'a>>,
    /// The team of the developer.
    pub team: Option<Text<'a>>,
    /// 1 SHA-1, 2 SHA-256, 3 SHA-256 cut to 20 bytes, 4 SHA-384.
    pub hash: u8,
    /// Bytes of one hash.
    pub hash_len: usize,
    /// Where the hashes of the pages begin.
    pub hashes: usize,
    /// Number of pages.
    pub pages: usize,
    /// Bytes of a page.
    pub page_len: usize,
    /// Bytes that are covered.
    pub limit: usize,
}

impl<'a> Signature<'a> {
    /// Reads the signature, if there is one.
    pub(crate) fn of(image: &Image<'a>) -> Option<Self> {
        let range = image.linkedit(image.first(CODE_SIGNATURE)?)?;
        let reader = Reader { is_big_endian: true, ..image.reader };
        (reader.u32(range.start)? == 0xfade_0cc0).then_some(())?;
        let mut signature = Self { directories: Vec::new(), message: None };
        for index in 0..(reader.u32(range.start + 8)? as usize).min(PARTS_MAX) {
            let Some(at) = reader.u32(range.start + 16 + 8 * index) else { break };
            let at = range.start.saturating_add(at as usize);
            let (Some(mark), Some(len)) = (reader.u32(at), reader.u32(at.saturating_add(4))) else { continue };
            let end = at.saturating_add(len as usize).min(range.end);
            match mark {
                0xfade_0c02 => signature.directories.extend(directory(reader, at..end)),
                0xfade_0b01 if len > 8 => signature.message = Some(at + 8..end),
                _ => {}
            }
        }
        Some(signature)
    }

    /// Returns the time at which it was signed, as the signer says: `UTCTime` behind the identifier of that attribute.
    pub(crate) fn time(&self, image: &Image<'_>) -> Option<(String, Range<usize>)> {
        // 1.2.840.113549.1.9.5, a set, a time of 13 characters (RFC 5652, section 11.3).
        const MARK: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05, 0x31, 0x0f, 0x17, 0x0d];
        let message = self.message.clone()?;
        let start = message.start + find(image.reader.clamped(message), MARK)? + MARK.len();
        let text = std::str::from_utf8(image.reader.slice(start, 13)?).ok()?;
        let part = |at: usize| text.get(at..at + 2).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        let century = if part(0)? < "50" { "20" } else { "19" };
        let (day, hour) =
            (format!("{}-{}-{}", part(0)?, part(2)?, part(4)?), format!("{}:{}:{}", part(6)?, part(8)?, part(10)?));
        Some((format!("{century}{day}T{hour}Z"), start..start + 13))
    }
}

fn directory<'a>(reader: Reader<'a>, range: Range<usize>) -> Option<Directory<'a>> {
    let field = |at: usize| (at + 4 <= range.len()).then(|| reader.u32(range.start + at))?;
    let version = field(8)?;
    let text = |at: u32| reader.text(range.start.checked_add(at as usize)?, range.end);
    let team = if version >= 0x2_0200 { field(48).filter(|at| *at != 0) } else { None };
    let long = if version >= 0x2_0300 { reader.u64(range.start + 56).filter(|limit| *limit != 0) } else { None };
    let shift = reader.u8(range.start + 39)?;
    Some(Directory {
        flags: field(12)?,
        identifier: text(field(20)?),
        team: team.and_then(text),
        hash: reader.u8(range.start + 37)?,
        hash_len: usize::from(reader.u8(range.start + 36)?),
        hashes: range.start.saturating_add(field(16)? as usize),
        pages: (field(28)? as usize).min(PAGES_MAX),
        page_len: if (1..=24).contains(&shift) { 1 << shift } else { usize::MAX },
        limit: long.map_or(field(32)? as usize, crate::artefact::reader::offset),
        range,
    })
}

impl Directory<'_> {
    /// Returns the pages whose hash is another one; absent where the hash is of a kind that is not computed here.
    pub(crate) fn changed_pages(&self, image: &Image<'_>) -> Option<Vec<Range<usize>>> {
        let mut changed = Vec::new();
        for page in 0..self.pages {
            let start = page.checked_mul(self.page_len)?;
            let range = start..start.saturating_add(self.page_len).min(self.limit);
            if range.start >= range.end || range.end > image.reader.bytes.len() {
                break;
            }
            let written = image.reader.slice(self.hashes.checked_add(page * self.hash_len)?, self.hash_len)?;
            if !self.is_hash_of(image.reader.clamped(range.clone()), written)? {
                changed.push(range);
            }
        }
        Some(changed)
    }

    fn is_hash_of(&self, page: &[u8], written: &[u8]) -> Option<bool> {
        match self.hash {
            1 => Some(sha1::Sha1::digest(page)[..] == *written),
            2 | 3 => Some(Digest::of(page).as_bytes().get(..self.hash_len)? == written),
            _ => None,
        }
    }
}
