//! What a ledger records.

use std::collections::BTreeMap;

use jiff::Timestamp;
use onus_core::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checkpoint::MAX_SIZE;
use crate::encoding::is_hex;
use crate::{Error, VerifierKey};

/// Longest entry, in bytes: an entry bundle counts in 16 bits (C2SP tlog-tiles, "Log entries").
pub const MAX_ENTRY_LEN: usize = 65_535;

/// The last second of 9998, as Unix time: the calendar that is used here ends within 9999.
const LAST_SECOND: i64 = 253_370_764_799;

/// One record of a ledger, written as canonical JSON (RFC 8785) with its `kind` as a member.
///
/// Every entry has the UTC time at which its writer says it was made: nobody else vouches for it.
/// `exhibit` names a file below `exhibits/`, `body` and `sheet` a file below `blobs/`.
///
/// # Example
/// ```
/// let entry = onus_ledger::Entry::Note { time: jiff::Timestamp::UNIX_EPOCH, text: "sealed bag opened".into() };
/// let bytes = entry.to_bytes()?;
/// assert_eq!(bytes, br#"{"kind":"note","text":"sealed bag opened","time":"1970-01-01T00:00:00Z"}"#);
/// assert_eq!(onus_ledger::Entry::from_bytes(&bytes)?, entry);
/// assert!(onus_ledger::Entry::from_bytes(br#"{"kind":"note", "text":"","time":"1970-01-01T00:00:00Z"}"#).is_err());
/// # Ok::<(), onus_ledger::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", deny_unknown_fields)]
pub enum Entry {
    /// Bytes were handed in.
    #[serde(rename = "exhibit.added")]
    ExhibitAdded {
        /// When the writer says it was entered.
        time: Timestamp,
        /// The exhibit.
        exhibit: Digest,
        /// Its SHA-1 digest, 40 lower-case hexadecimal digits.
        sha1: String,
        /// Its MD5 digest, 32 lower-case hexadecimal digits.
        md5: String,
        /// Its size in bytes.
        size: u64,
        /// The file name that it was handed in under; hostile text.
        name: String,
        /// Id of the source on the case sheet; absent when none was named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<String>,
    },
    /// The analysers read an exhibit.
    #[serde(rename = "analysis.run")]
    AnalysisRun {
        /// When the writer says it was entered.
        time: Timestamp,
        /// The exhibit.
        exhibit: Digest,
        /// The observation set.
        body: Digest,
        /// How the analysers were kept away from the rest of the machine.
        isolation: String,
        /// Whether all of them came to an end.
        outcome: Outcome,
    },
    /// A case sheet came into force.
    #[serde(rename = "sheet.set")]
    SheetSet {
        /// When the writer says it was entered.
        time: Timestamp,
        /// The sheet.
        body: Digest,
    },
    /// The case was assessed.
    #[serde(rename = "assessment")]
    Assessment {
        /// When the writer says it was entered.
        time: Timestamp,
        /// The assessment.
        body: Digest,
        /// The case sheet that it rests on.
        sheet: Digest,
        /// The day as of which the case was replayed (EDTF); absent when all that is known counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        as_of: Option<String>,
        /// Name and version of the program that computed it.
        engine: String,
    },
    /// An exhibit, or the whole case, went from one keeper to another.
    #[serde(rename = "custody.transfer")]
    CustodyTransfer {
        /// When the writer says it was entered.
        time: Timestamp,
        /// The exhibit; absent when it is the whole case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exhibit: Option<Digest>,
        /// Who gave it.
        from: String,
        /// Who took it.
        to: String,
        /// Why.
        reason: String,
    },
    /// Somebody objects.
    #[serde(rename = "challenge")]
    Challenge {
        /// When the writer says it was entered.
        time: Timestamp,
        /// What it is against: id of an observation, test, source or hypothesis, or `verdict`.
        against: String,
        /// The objection.
        text: String,
        /// Who objects.
        by: String,
        /// What the objection rests on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exhibit: Option<Digest>,
    },
    /// Somebody takes an observation back.
    #[serde(rename = "retraction")]
    Retraction {
        /// When the writer says it was entered.
        time: Timestamp,
        /// Id of the observation.
        observation: String,
        /// Why.
        text: String,
        /// Who takes it back.
        by: String,
    },
    /// An exhibit's bytes were taken out of the folder; its entries stay.
    #[serde(rename = "redaction")]
    Redaction {
        /// When the writer says it was entered.
        time: Timestamp,
        /// The exhibit.
        exhibit: Digest,
        /// Why.
        reason: String,
    },
    /// A key comes into force: the first entry of every log, and each change of key after it.
    ///
    /// A change is published by a checkpoint of exactly that size under the old key; the next one is under the new.
    #[serde(rename = "key.rotated")]
    KeyRotated {
        /// When the writer says it was entered.
        time: Timestamp,
        /// The log's origin; the key's name as well.
        origin: String,
        /// The key.
        vkey: VerifierKey,
    },
    /// Anything else that the keeper of the case wants on record.
    #[serde(rename = "note")]
    Note {
        /// When the writer says it was entered.
        time: Timestamp,
        /// What.
        text: String,
    },
}

/// How a run of the analysers ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All came to an end; what they could not read is among the observations.
    Complete,
    /// At least one was stopped, by a limit of time or memory, or broke.
    Failed,
}

impl Entry {
    /// Returns the canonical form.
    ///
    /// # Errors
    /// More than 65,535 bytes; a time before 1970 or after 9998; a `sha1` or `md5` that is no such digest; a size
    /// above 2^53-1; a `key.rotated` whose origin is not its key's name or whose key is a witness's.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        let bytes = self.to_canonical().ok_or(malformed("it has no canonical form"))?;
        if bytes.len() > MAX_ENTRY_LEN { Err(Error::TooLong { len: bytes.len() }) } else { Ok(bytes) }
    }

    /// Reads an entry in its canonical form.
    ///
    /// # Errors
    /// No JSON, an unknown kind, an unknown or absent member, any spelling that [`Entry::to_bytes`] does not write.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let entry: Self = serde_json::from_slice(bytes)
            .map_err(|_| malformed("it is no JSON object of a known kind with exactly that kind's members"))?;
        if entry.to_bytes()? == bytes { Ok(entry) } else { Err(malformed("it is not in canonical form (RFC 8785)")) }
    }

    /// Returns the kind, as it is written.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ExhibitAdded { .. } => "exhibit.added",
            Self::AnalysisRun { .. } => "analysis.run",
            Self::SheetSet { .. } => "sheet.set",
            Self::Assessment { .. } => "assessment",
            Self::CustodyTransfer { .. } => "custody.transfer",
            Self::Challenge { .. } => "challenge",
            Self::Retraction { .. } => "retraction",
            Self::Redaction { .. } => "redaction",
            Self::KeyRotated { .. } => "key.rotated",
            Self::Note { .. } => "note",
        }
    }

    /// Returns when the writer says it was entered.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        match self {
            Self::ExhibitAdded { time, .. }
            | Self::AnalysisRun { time, .. }
            | Self::SheetSet { time, .. }
            | Self::Assessment { time, .. }
            | Self::CustodyTransfer { time, .. }
            | Self::Challenge { time, .. }
            | Self::Retraction { time, .. }
            | Self::Redaction { time, .. }
            | Self::KeyRotated { time, .. }
            | Self::Note { time, .. } => *time,
        }
    }

    /// Returns the exhibit that it names, which lies at `exhibits/` and [`Digest::to_path`].
    #[must_use]
    pub fn exhibit(&self) -> Option<Digest> {
        match self {
            Self::ExhibitAdded { exhibit, .. }
            | Self::AnalysisRun { exhibit, .. }
            | Self::Redaction { exhibit, .. } => Some(*exhibit),
            Self::CustodyTransfer { exhibit, .. } | Self::Challenge { exhibit, .. } => *exhibit,
            Self::SheetSet { .. }
            | Self::Assessment { .. }
            | Self::Retraction { .. }
            | Self::KeyRotated { .. }
            | Self::Note { .. } => None,
        }
    }

    /// Returns the blobs that it names, which lie at `blobs/` and [`Digest::to_path`].
    pub fn blobs(&self) -> impl Iterator<Item = Digest> + use<> {
        let (body, sheet) = match self {
            Self::AnalysisRun { body, .. } | Self::SheetSet { body, .. } => (Some(*body), None),
            Self::Assessment { body, sheet, .. } => (Some(*body), Some(*sheet)),
            _ => (None, None),
        };
        body.into_iter().chain(sheet)
    }

    /// The form of RFC 8785, three times as fast as `onus_core::to_canonical` because an entry is flat: member names
    /// are ASCII, so that their order by bytes is the one by UTF-16, and numbers are whole and below 2^53.
    fn to_canonical(&self) -> Option<Vec<u8>> {
        let Ok(Value::Object(members)) = serde_json::to_value(self) else { return None };
        // A map of this crate's choosing: that of `serde_json` may keep another order in some builds.
        let members: BTreeMap<String, Value> = members.into_iter().collect();
        serde_json::to_vec(&members).ok()
    }

    /// What the types do not say.
    fn check(&self) -> Result<(), Error> {
        if !(0..=LAST_SECOND).contains(&self.time().as_second()) {
            return Err(malformed("its time is before 1970 or after 9998"));
        }
        match self {
            Self::ExhibitAdded { sha1, md5, size, .. } => {
                if !is_hex(sha1, 40) || !is_hex(md5, 32) {
                    return Err(malformed("its sha1 or md5 is not in lower-case hexadecimal digits"));
                }
                if *size > MAX_SIZE {
                    return Err(malformed("its size is above 2^53-1"));
                }
            }
            Self::KeyRotated { origin, vkey, .. }
                if origin != vkey.name() || vkey.kind() != crate::KeyKind::Ed25519 =>
            {
                return Err(malformed("its key is not an Ed25519 key named after its origin"));
            }
            _ => {}
        }
        Ok(())
    }
}

fn malformed(why: &'static str) -> Error {
    Error::Malformed { what: "entry", why }
}
