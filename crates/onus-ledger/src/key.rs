//! Keys that sign a log and keys of witnesses (C2SP signed-note, "Verifier keys"; tlog-cosignature).

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::encoding::{from_base64, to_base64};
use crate::note::{Note, SignatureLine};
use crate::{Error, encoding::is_hex};

/// What a key's signatures mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Ed25519 over the text of a note (signature type 0x01): a log's own key.
    Ed25519,
    /// Ed25519 over the time and the text, `cosignature/v1` (signature type 0x04): a witness.
    Cosignature,
}

impl KeyKind {
    fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Cosignature => 4,
        }
    }
}

/// The public half of a key with its name, written `<name>+<key id in hex>+<base64 of type and key>`.
///
/// # Example
/// ```
/// let key = onus_ledger::Signer::new("example.org/case", &[7; 32])?.vkey();
/// assert_eq!(key.to_string().parse::<onus_ledger::VerifierKey>()?, key);
/// assert!("example.org/case+00000000+AAAA".parse::<onus_ledger::VerifierKey>().is_err());
/// # Ok::<(), onus_ledger::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    public: [u8; 32],
    id: [u8; 4],
}

impl VerifierKey {
    /// Takes a name and the 32 bytes of an Ed25519 public key.
    ///
    /// # Errors
    /// The name is empty, or has a space, a `+` or a control character; the bytes are no point of the curve, or one
    /// under which anybody can sign.
    pub fn new(name: &str, kind: KeyKind, public: [u8; 32]) -> Result<Self, Error> {
        if !is_key_name(name) {
            return Err(malformed("its name is empty or has a space, a plus sign or a control character"));
        }
        let point = VerifyingKey::from_bytes(&public).map_err(|_| malformed("its bytes are no Ed25519 public key"))?;
        if point.is_weak() {
            return Err(malformed("anybody can sign under this key"));
        }
        let digest: [u8; 32] =
            Sha256::new().chain_update(name).chain_update([b'\n', kind.byte()]).chain_update(public).finalize().into();
        let [a, b, c, d, ..] = digest;
        Ok(Self { name: name.to_owned(), kind, public, id: [a, b, c, d] })
    }

    /// Returns the name; for a log's own key, the log's origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what its signatures mean.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Returns the key id: the first four bytes of the digest over name, type and key.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Returns the 32 bytes of the public key.
    #[must_use]
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Whether a signature over a message holds, by the strict rules: canonical, and no point of small order.
    pub(crate) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        let (Ok(point), Ok(signature)) = (VerifyingKey::from_bytes(&self.public), Signature::from_slice(signature))
        else {
            return false;
        };
        point.verify_strict(message, &signature).is_ok()
    }
}

/// Whether a text may name a key (C2SP signed-note): not empty, no space, no plus sign; and no control character.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c == '+' || c.is_whitespace() || c.is_control())
}

fn malformed(why: &'static str) -> Error {
    Error::Malformed { what: "verifier key", why }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![self.kind.byte()];
        typed.extend(self.public);
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id), to_base64(&typed))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(typed)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("it is not name, key id and key joined by plus signs"));
        };
        let typed = from_base64(typed).ok_or(malformed("the key is not in canonical base64"))?;
        let (kind, public) = match typed.split_first() {
            Some((1, public)) => (KeyKind::Ed25519, public),
            Some((4, public)) => (KeyKind::Cosignature, public),
            _ => return Err(malformed("its type is neither Ed25519 nor cosignature/v1")),
        };
        let public = public.try_into().map_err(|_| malformed("the key is not 32 bytes long"))?;
        let key = Self::new(name, kind, public)?;
        if !is_hex(id, 8) || key.to_string() != text {
            return Err(malformed("its key id does not follow from name and key"));
        }
        Ok(key)
    }
}

impl Serialize for VerifierKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VerifierKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The key that signs a log's checkpoints.
///
/// Whoever holds the seed can sign any log of this origin; the seed never leaves this value.
pub struct Signer {
    secret: SigningKey,
    vkey: VerifierKey,
}

impl Signer {
    /// Takes the log's origin, which is also the key's name, and the 32 bytes of an Ed25519 seed (RFC 8032).
    ///
    /// # Errors
    /// The origin cannot name a key: see [`VerifierKey::new`].
    pub fn new(origin: &str, seed: &[u8; 32]) -> Result<Self, Error> {
        let secret = SigningKey::from_bytes(seed);
        let vkey = VerifierKey::new(origin, KeyKind::Ed25519, secret.verifying_key().to_bytes())?;
        Ok(Self { secret, vkey })
    }

    /// Returns the public half.
    #[must_use]
    pub fn vkey(&self) -> VerifierKey {
        self.vkey.clone()
    }

    /// Signs a text that ends with a line feed.
    pub(crate) fn sign(&self, text: String) -> Note {
        let signature = self.secret.sign(text.as_bytes()).to_bytes().to_vec();
        let line = SignatureLine { name: self.vkey.name.clone(), id: self.vkey.id, signature };
        Note { text, signatures: vec![line] }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.vkey)
    }
}
