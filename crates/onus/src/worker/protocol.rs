//! What a worker and its parent say to each other: length-prefixed canonical JSON, and the bytes of the exhibit.
//!
//! A length is 4 bytes, most significant first. The worker begins with a [`Hello`]. A request is the length of a header,
//! the header, and as many bytes as it says; the answer is the length of an observation set, and the set.
//! Each side bounds what it takes from the other before it reserves memory for it.

use std::io::{self, Read, Write};

use onus_core::{Exhibit, to_canonical};
use serde::{Deserialize, Serialize};

/// Longest header, in bytes.
const HEADER_MAX: usize = 4096;

/// The first thing that a worker says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Hello {
    /// It gave up its rights and takes requests.
    Ready {
        /// How far it is shut off.
        isolation: String,
    },
    /// It could not give up its rights and ends.
    Refused {
        /// Why.
        why: String,
    },
}

/// What stands before the bytes of an exhibit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// How many bytes follow: all of the exhibit, or its beginning.
    pub bytes: usize,
    /// The exhibit.
    pub exhibit: Exhibit,
}

/// A request as the worker reads it.
#[derive(Debug)]
pub(crate) struct Request {
    pub exhibit: Exhibit,
    pub bytes: Vec<u8>,
}

/// Writes a value with its length and sends it off.
pub(crate) fn write_json<T: Serialize>(output: &mut impl Write, value: &T) -> io::Result<()> {
    let body = to_canonical(value).map_err(io::Error::other)?;
    let len = u32::try_from(body.len()).map_err(io::Error::other)?;
    let mut message = Vec::with_capacity(body.len() + 4);
    message.extend(len.to_be_bytes());
    message.extend(body);
    output.write_all(&message)?;
    output.flush()
}

/// Reads a message of at most so many bytes.
///
/// # Errors
/// `InvalidData` when it is longer; `UnexpectedEof` when the other side broke off.
pub(crate) fn read_message(input: &mut impl Read, max: usize) -> io::Result<Vec<u8>> {
    let mut len = [0; 4];
    input.read_exact(&mut len)?;
    read_exactly(input, u32::from_be_bytes(len) as usize, max)
}

/// Reads the next request, or nothing when there are no more.
pub(crate) fn read_request(input: &mut impl Read, bytes_max: usize) -> io::Result<Option<Request>> {
    let mut len = [0; 4];
    match input.read_exact(&mut len) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let header = read_exactly(input, u32::from_be_bytes(len) as usize, HEADER_MAX)?;
    let Header { bytes, exhibit } = serde_json::from_slice(&header)?;
    let bytes = read_exactly(input, bytes, bytes_max)?;
    Ok(Some(Request { exhibit, bytes }))
}

/// Reads so many bytes; memory grows with what arrives, not with what was announced.
fn read_exactly(input: &mut impl Read, len: usize, max: usize) -> io::Result<Vec<u8>> {
    if len > max {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::with_capacity(len.min(64 << 10));
    input.take(len as u64).read_to_end(&mut bytes)?;
    if bytes.len() == len { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use onus_core::{Digest, Exhibit};

    use super::{Header, Hello, read_message, read_request, write_json};

    #[test]
    fn a_request_is_read_back() {
        let exhibit = Exhibit { sha256: Digest::of(b"abc"), sha1: "1".repeat(40), md5: "2".repeat(32), size: 3 };
        let mut sent = Vec::new();
        write_json(&mut sent, &Header { bytes: 3, exhibit: exhibit.clone() }).unwrap();
        sent.extend(b"abc");
        let mut input = sent.as_slice();
        let request = read_request(&mut input, 3).unwrap().unwrap();
        assert_eq!((request.exhibit, request.bytes), (exhibit, b"abc".to_vec()));
        assert!(read_request(&mut input, 3).unwrap().is_none());
        assert!(read_request(&mut sent.as_slice(), 2).is_err(), "more bytes than are allowed");
        assert!(read_request(&mut &sent[..sent.len() - 1], 3).is_err(), "fewer bytes than announced");
    }

    #[test]
    fn a_message_is_bounded() {
        let mut sent = Vec::new();
        write_json(&mut sent, &Hello::Ready { isolation: "rlimits".into() }).unwrap();
        assert_eq!(&sent[4..], br#"{"ready":{"isolation":"rlimits"}}"#);
        assert!(read_message(&mut sent.as_slice(), 1000).is_ok());
        assert!(read_message(&mut sent.as_slice(), 8).is_err());
        assert!(read_message(&mut [255; 4].as_slice(), 1000).is_err());
    }
}
