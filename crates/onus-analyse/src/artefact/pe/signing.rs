//! Whether a file is as it was when it was signed, and what its signatures say of their makers.

use md5::{Digest, Md5};
use onus_core::Locus;
use sha1::Sha1;
use sha2::Sha256;

use super::{
    certificates::Certificates,
    facts::Facts,
    image::Image,
    signature::{DigestKind, FileDigest, Signature},
};
use crate::{Finding, Findings, artefact::forge_cost::ForgeCost};

/// Bytes of the checksum, and of the entry of the directory of certificates.
const CHECKSUM_LEN: usize = 4;
const ENTRY_LEN: usize = 8;

/// What comparing a signed digest with the file gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// There is no signature with a digest that can be computed, or the file was not read whole.
    Unknown,
    /// The file is as it was signed.
    Unchanged,
    /// The file was changed after it was signed.
    Changed,
}

/// Compares the digest of the first signature with the file.
pub(super) fn state(image: &Image<'_>, certificates: Option<&Certificates>, is_whole: bool) -> Signed {
    let Some(table) = certificates.filter(|table| is_whole && !table.is_cut) else { return Signed::Unknown };
    let Some(digest) = table.signatures().find_map(|signature| signature.digest.as_ref()) else {
        return Signed::Unknown;
    };
    let (Some(said), Some(parts)) = (image.bytes.get(digest.range.clone()), parts(image, table)) else {
        return Signed::Unknown;
    };
    if is_digest_of(digest, said, &parts) { Signed::Unchanged } else { Signed::Changed }
}

fn is_digest_of(digest: &FileDigest, said: &[u8], parts: &[&[u8]]) -> bool {
    match digest.kind {
        DigestKind::Md5 => digest_of::<Md5>(parts) == said,
        DigestKind::Sha1 => digest_of::<Sha1>(parts) == said,
        DigestKind::Sha256 => digest_of::<Sha256>(parts) == said,
    }
}

fn digest_of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().to_vec()
}

/// The bytes that are signed: all but the checksum, the entry of the table and the table itself, filled up to a
/// multiple of eight.
fn parts<'a>(image: &Image<'a>, table: &Certificates) -> Option<[&'a [u8]; 5]> {
    let checksum = image.optional_header + 64;
    let entry = image.directory_table + 4 * ENTRY_LEN;
    let bytes = image.bytes;
    let rest = bytes.get(table.range.end..)?;
    let len = table.range.start + rest.len();
    Some([
        bytes.get(..checksum)?,
        bytes.get(checksum + CHECKSUM_LEN..entry)?,
        bytes.get(entry + ENTRY_LEN..table.range.start)?,
        rest,
        [0_u8; 8].get(..len.next_multiple_of(8) - len)?,
    ])
}

/// Adds every signature.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(table) = &facts.certificates else { return };
    if table.is_cut {
        let at = Locus::bytes(facts.image.directory_table + 4 * ENTRY_LEN, ENTRY_LEN);
        findings.add(Finding::malformed("the table of certificates reaches beyond the end of the file").at(at));
    }
    for (range, signature) in &table.entries {
        let at = Locus::bytes(range.start, range.len());
        match signature {
            Some(signature) => observe_signature(facts, signature, at, findings),
            None => {
                let found = Finding::new("signature", "in a form that is not read").at(at);
                findings.add(found.with("forge_cost", ForgeCost::F4.name()));
            }
        }
    }
}

fn observe_signature(facts: &Facts<'_>, signature: &Signature, at: Locus, findings: &mut Findings) {
    let signer = signature.signer.clone().unwrap_or_default();
    let valid = |time: fn(&(i64, i64)) -> i64| signer.validity.as_ref().map(|validity| in_words(time(validity)));
    let of_file = match facts.signed() {
        Signed::Unknown => "",
        Signed::Unchanged => "fits the file",
        Signed::Changed => "does not fit the file",
    };
    let who = match signer.subject.shortest() {
        "" => "a signer whose certificate is not enclosed",
        name => name,
    };
    findings.add(
        Finding::new("signature", who)
            .at(at)
            .with("organisation", signer.subject.organisation.as_str())
            .with("country", signer.subject.country.as_str())
            .with("issuer", signer.issuer.shortest())
            .with("serial", signer.serial.as_str())
            .with_some("valid_from", valid(|validity| validity.0))
            .with_some("valid_until", valid(|validity| validity.1))
            .with("program", signature.program.as_deref().unwrap_or_default())
            .with("certificates", signature.certificates.to_string())
            .with_some("digest_algorithm", signature.digest.as_ref().map(|digest| digest.kind.name()))
            .with("digest", of_file)
            .with("nested", if signature.has_nested { "yes" } else { "" })
            .with("note", "neither the signature nor its certificates were verified")
            .with("forge_cost", ForgeCost::F4.name()),
    );
    for (time, from) in [(&signature.signing_time, "signer"), (&signature.attested_time, "third party")] {
        if let Some((time, range)) = time {
            findings.add(
                Finding::new("signature_time", in_words(*time))
                    .at(Locus::bytes(range.start, range.len()))
                    .with("from", from)
                    .with("forge_cost", ForgeCost::F4.name()),
            );
        }
    }
}

/// Returns seconds since 1970 as a date and time in UTC.
pub(super) fn in_words(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map(|time| time.to_string()).unwrap_or_default()
}
