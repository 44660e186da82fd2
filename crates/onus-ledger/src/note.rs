//! Signed notes (C2SP signed-note) and the cosignatures on them (C2SP tlog-cosignature, `cosignature/v1`).

use crate::encoding::{from_base64, to_base64};
use crate::key::is_key_name;
use crate::{Error, KeyKind, VerifierKey};

/// Longest note that is read, in bytes.
const MAX_NOTE_LEN: usize = 1_000_000;

/// Most signature lines that are read.
const MAX_SIGNATURES: usize = 100;

/// What a signature line begins with: an em dash and a space.
const LINE_MARK: &str = "\u{2014} ";

/// A text and the signatures below it.
///
/// Reading is strict: a note has exactly one byte form, so `to_bytes` gives back what was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text that is signed; ends with a line feed.
    pub text: String,
    /// The signatures, in their order. None of them has been checked.
    pub signatures: Vec<SignatureLine>,
}

/// One signature below a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    /// Name of the key.
    pub name: String,
    /// Key id.
    pub id: [u8; 4],
    /// The signature; for `cosignature/v1`, eight bytes of time before it.
    pub signature: Vec<u8>,
}

impl Note {
    /// Reads a note.
    ///
    /// # Errors
    /// Not UTF-8, a control character other than a line feed, no blank line before the signatures, no signature,
    /// more than 100 of them, two of one key, a line that is not `— name base64`, base64 in another spelling than
    /// the canonical one, more than 1,000,000 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_NOTE_LEN {
            return Err(malformed("it is longer than 1,000,000 bytes"));
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        if whole.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(malformed("it has a control character"));
        }
        let (text, lines) = whole.rsplit_once("\n\n").ok_or(malformed("no blank line before the signatures"))?;
        let lines = lines.strip_suffix('\n').ok_or(malformed("it does not end with a line feed"))?;
        let mut signatures: Vec<SignatureLine> = Vec::new();
        for line in lines.split('\n') {
            let line = SignatureLine::read(line).ok_or(malformed("a signature line is not `— name base64`"))?;
            if signatures.len() == MAX_SIGNATURES {
                return Err(malformed("it has more than 100 signatures"));
            }
            if signatures.iter().any(|other| other.name == line.name && other.id == line.id) {
                return Err(malformed("it has two signatures of one key"));
            }
            signatures.push(line);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// Returns the bytes of the note.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("{}\n", self.text);
        for line in &self.signatures {
            let blob = [line.id.as_slice(), &line.signature].concat();
            out.extend([LINE_MARK, &line.name, " ", &to_base64(&blob), "\n"]);
        }
        out.into_bytes()
    }

    /// Returns the signature of a key, unchecked; `None` when the key did not sign.
    #[must_use]
    pub fn line_of(&self, key: &VerifierKey) -> Option<&SignatureLine> {
        self.signatures.iter().find(|line| line.name == key.name() && line.id == key.id())
    }

    /// Checks the signature of a key and returns the Unix time that a cosignature names.
    ///
    /// Ed25519 by the strict rules: a signature has one form, and keys or commitments of small order are refused.
    ///
    /// # Errors
    /// The key did not sign, or its signature does not hold.
    pub fn verify(&self, key: &VerifierKey) -> Result<Option<u64>, Error> {
        let wrong = |why| Error::Signature { why, name: key.to_string() };
        let line = self.line_of(key).ok_or_else(|| wrong("not signed by the key"))?;
        let (time, signature) = match key.kind() {
            KeyKind::Ed25519 => (None, line.signature.as_slice()),
            KeyKind::Cosignature => line.time_and_signature().ok_or_else(|| wrong("the cosignature is too short"))?,
        };
        let message = match time {
            None => self.text.clone(),
            Some(time) => format!("cosignature/v1\ntime {time}\n{}", self.text),
        };
        if key.holds(message.as_bytes(), signature) { Ok(time) } else { Err(wrong("the signature does not hold")) }
    }
}

impl SignatureLine {
    fn read(line: &str) -> Option<Self> {
        let (name, blob) = line.strip_prefix(LINE_MARK)?.split_once(' ')?;
        let blob = from_base64(blob)?;
        let (id, signature) = blob.split_first_chunk()?;
        let is_read = is_key_name(name) && !signature.is_empty();
        is_read.then(|| Self { name: name.to_owned(), id: *id, signature: signature.to_vec() })
    }

    /// The parts of a `cosignature/v1`: its Unix time and its Ed25519 signature.
    pub(crate) fn time_and_signature(&self) -> Option<(Option<u64>, &[u8])> {
        let (time, signature) = self.signature.split_first_chunk()?;
        Some((Some(u64::from_be_bytes(*time)), signature))
    }
}

fn malformed(why: &'static str) -> Error {
    Error::Malformed { what: "signed note", why }
}
