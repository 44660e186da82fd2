//! What an exhibit is called.

use serde::{Deserialize, Serialize};

use crate::Digest;

/// Bytes that were handed in: their name, their size and the names that others may know them by.
///
/// `sha256` is the name that counts. SHA-1 and MD5 are there because reports of others use them;
/// both can be made to collide, so neither proves that two files are the same. They are empty where nobody computed them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exhibit {
    /// The SHA-256 digest of the whole.
    pub sha256: Digest,
    /// The SHA-1 digest (FIPS 180-4), 40 lower-case hexadecimal digits.
    pub sha1: String,
    /// The MD5 digest (RFC 1321), 32 lower-case hexadecimal digits.
    pub md5: String,
    /// Size in bytes.
    pub size: u64,
}
