//! A signature in the form of PKCS #7 (RFC 2315; Microsoft, "Windows Authenticode Portable Executable Signature Format").
//!
//! What it says is read; whether it holds, and whether anybody trusts its certificates, is not tested here, except
//! that the digest can be compared with the file.

use std::ops::Range;

use crate::artefact::{
    der::{INTEGER, OBJECT_ID, OCTETS, SEQUENCE, SET, Value},
    hex::hex,
};

/// Tags of fields that have a number instead of a type.
const FIELD_0: u8 = 0xa0;
const FIELD_1: u8 = 0xa1;

/// Object identifiers, as they are encoded.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
const COUNTERSIGNATURE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x06];
/// A time stamp in the form of RFC 3161, and a further signature.
const TIME_STAMP: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x03, 0x03, 0x01];
const TIME_STAMP_RFC: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0e];
const NESTED: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x04, 0x01];
/// What the signer calls the program.
const PROGRAM: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0c];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const COUNTRY: &[u8] = &[0x55, 0x04, 0x06];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
const UNIT: &[u8] = &[0x55, 0x04, 0x0b];

/// Algorithms of digests.
const DIGESTS: [(&[u8], DigestKind); 3] = [
    (&[0x2b, 0x0e, 0x03, 0x02, 0x1a], DigestKind::Sha1),
    (&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01], DigestKind::Sha256),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05], DigestKind::Md5),
];

/// What a signature says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signature {
    /// The certificate of the signer, if it is enclosed.
    pub signer: Option<Certificate>,
    /// Certificates that are enclosed.
    pub certificates: usize,
    /// The digest of the file.
    pub digest: Option<FileDigest>,
    /// The time that the signer claims, in seconds since 1970, and where it stands.
    pub signing_time: Option<(i64, Range<usize>)>,
    /// The time that a third party attests.
    pub attested_time: Option<(i64, Range<usize>)>,
    /// What the signer calls the program.
    pub program: Option<String>,
    /// Whether a further signature is enclosed.
    pub has_nested: bool,
}

/// The digest of a file that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileDigest {
    /// How it was computed.
    pub kind: DigestKind,
    /// Its bytes in the file.
    pub range: Range<usize>,
}

/// How a digest is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DigestKind {
    Md5,
    Sha1,
    Sha256,
}

/// A certificate (RFC 5280, section 4.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// Where it stands.
    pub range: Range<usize>,
    /// Hexadecimal digits of its number.
    pub serial: String,
    /// Whom it names.
    pub subject: Name,
    /// Who issued it.
    pub issuer: Name,
    /// From when and until when it is valid, in seconds since 1970.
    pub validity: Option<(i64, i64)>,
}

/// Whom a certificate names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    pub common: String,
    pub organisation: String,
    pub unit: String,
    pub country: String,
}

impl DigestKind {
    /// Returns its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
        }
    }
}

impl Name {
    /// Returns what identifies it best.
    pub(crate) fn shortest(&self) -> &str {
        [&self.common, &self.organisation, &self.unit].into_iter().find(|part| !part.is_empty()).map_or("", |part| part)
    }
}

impl Signature {
    /// Reads a signature; `at` is its offset in the file.
    pub(crate) fn of(bytes: &[u8], at: usize) -> Option<Self> {
        let content = Value::first(bytes, at)?.tagged(SEQUENCE)?;
        let signed = signed_data(content)?;
        let certificates: Vec<Certificate> = certificates(signed).collect();
        let mut signature = Self { certificates: certificates.len(), digest: file_digest(signed), ..Self::default() };
        if let Some(signer) = signer_info(signed) {
            signature.read_signer(signer, &certificates);
        }
        Some(signature)
    }

    fn read_signer(&mut self, signer: Value<'_>, certificates: &[Certificate]) {
        let serial = signer.child(1).and_then(|issued| issued.children().find(|value| value.tag == INTEGER));
        let serial = serial.map(|serial| hex(serial.content)).unwrap_or_default();
        self.signer = certificates.iter().find(|certificate| certificate.serial == serial).cloned();
        for (id, value) in attributes(signer, FIELD_0) {
            match id {
                SIGNING_TIME => self.signing_time = value.seconds().map(|time| (time, value.range())),
                PROGRAM => self.program = program(value),
                _ => {}
            }
        }
        for (id, value) in attributes(signer, FIELD_1) {
            match id {
                COUNTERSIGNATURE => {
                    let time = attributes(value, FIELD_0).find(|(id, _)| *id == SIGNING_TIME).map(|(_, time)| time);
                    self.attested_time = time.and_then(|time| Some((time.seconds()?, time.range())));
                }
                TIME_STAMP | TIME_STAMP_RFC => self.attested_time = time_stamp(value),
                NESTED => self.has_nested = true,
                _ => {}
            }
        }
    }
}

/// The signed data inside a content information.
fn signed_data(content: Value<'_>) -> Option<Value<'_>> {
    let mut parts = content.children();
    parts.next()?.tagged(OBJECT_ID).filter(|id| id.content == SIGNED_DATA)?;
    parts.next()?.tagged(FIELD_0)?.child(0)?.tagged(SEQUENCE)
}

fn certificates(signed: Value<'_>) -> impl Iterator<Item = Certificate> {
    let list = signed.children().find(|part| part.tag == FIELD_0);
    list.into_iter().flat_map(Value::children).filter_map(certificate)
}

fn certificate(value: Value<'_>) -> Option<Certificate> {
    let signed = value.tagged(SEQUENCE)?.child(0)?;
    // The version stands first unless it is the first version.
    let mut parts = signed.children().skip_while(|part| part.tag == FIELD_0);
    let serial = hex(parts.next()?.tagged(INTEGER)?.content);
    let issuer = name(parts.nth(1)?);
    let validity = parts.next()?;
    let validity = Some((validity.child(0)?.seconds()?, validity.child(1)?.seconds()?));
    Some(Certificate { range: value.range(), serial, issuer, validity, subject: name(parts.next()?) })
}

fn name(value: Value<'_>) -> Name {
    let mut name = Name::default();
    for part in value.children().flat_map(Value::children) {
        let (Some(id), Some(text)) = (part.child(0), part.child(1)) else { continue };
        match id.content {
            COMMON_NAME => name.common = text.text(),
            ORGANISATION => name.organisation = text.text(),
            UNIT => name.unit = text.text(),
            COUNTRY => name.country = text.text(),
            _ => {}
        }
    }
    name
}

/// The first signer: a sequence in the set that ends the signed data.
fn signer_info(signed: Value<'_>) -> Option<Value<'_>> {
    signed.children().filter(|part| part.tag == SET).last()?.child(0)?.tagged(SEQUENCE)
}

/// The attributes of a signer under a field: identifier and first value of each.
fn attributes(signer: Value<'_>, field: u8) -> impl Iterator<Item = (&[u8], Value<'_>)> {
    let list = signer.children().find(|part| part.tag == field);
    list.into_iter().flat_map(Value::children).filter_map(|attribute| {
        let id = attribute.child(0)?.tagged(OBJECT_ID)?;
        Some((id.content, attribute.child(1)?.tagged(SET)?.child(0)?))
    })
}

/// The digest in the content that is signed: data about the file, then algorithm and digest.
fn file_digest(signed: Value<'_>) -> Option<FileDigest> {
    let content = signed.children().find(|part| part.tag == SEQUENCE)?;
    let indirect = content.child(1)?.tagged(FIELD_0)?.child(0)?;
    let digest = indirect.child(1)?;
    let id = digest.child(0)?.child(0)?.content;
    let kind = DIGESTS.iter().find(|(known, _)| *known == id)?.1;
    Some(FileDigest { kind, range: digest.child(1)?.tagged(OCTETS)?.range() })
}

/// The time of a time stamp, which is a signed content of its own (RFC 3161, section 2.4.2).
fn time_stamp(value: Value<'_>) -> Option<(i64, Range<usize>)> {
    let signed = signed_data(value)?;
    let content = signed.children().find(|part| part.tag == SEQUENCE)?;
    let octets = content.child(1)?.child(0)?.tagged(OCTETS)?;
    let info = Value::first(octets.content, octets.at)?;
    info.children().find_map(|part| Some((part.seconds()?, part.range())))
}

/// The name of the program: a field that holds the text in one of two codes.
fn program(value: Value<'_>) -> Option<String> {
    let text = value.children().find(|part| part.tag == FIELD_0)?.child(0)?;
    // Tag 0 is UTF-16 with the high byte first, tag 1 plain.
    let text = if text.tag == 0x80 { Value { tag: 0x1e, ..text }.text() } else { text.text() };
    Some(text).filter(|text| !text.trim().is_empty())
}
