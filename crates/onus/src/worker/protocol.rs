//! What a worker and its parent say to each other: length-prefixed JSON, and the bytes of the exhibit.
//!
//! A length is 4 bytes, most significant first. The worker begins with a [`Hello`]. A request is the bytes in pieces,
//! each after its length, then a length of 0, then the exhibit, which is what the bytes are called and may only be
//! known once they are read; the answer is an observation set. In place of a piece, [`DISCARD`] takes the request back.
//! Each side bounds what it takes from the other before it reserves memory for it.

use std::io::{self, Read, Write};

use onus_core::Exhibit;
use serde::{Deserialize, Serialize};

/// Longest exhibit as JSON, in bytes.
const EXHIBIT_MAX: usize = 4096;

/// The length that takes a request back: the file could not be read to its end.
const DISCARD: u32 = u32::MAX;

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

/// Writes a value with its length and sends it off.
pub(crate) fn write_json<T: Serialize>(output: &mut impl Write, value: &T) -> io::Result<()> {
    let mut message = vec![0; 4];
    serde_json::to_writer(&mut message, value)?;
    let len = u32::try_from(message.len() - 4).map_err(io::Error::other)?;
    if let Some(first) = message.first_chunk_mut() {
        *first = len.to_be_bytes();
    }
    output.write_all(&message)?;
    output.flush()
}

/// Sends one piece of an exhibit; an empty one is none.
pub(crate) fn write_piece(output: &mut impl Write, piece: &[u8]) -> io::Result<()> {
    if piece.is_empty() {
        return Ok(());
    }
    let len = u32::try_from(piece.len()).ok().filter(|len| *len != DISCARD).ok_or(io::ErrorKind::InvalidInput)?;
    output.write_all(&len.to_be_bytes())?;
    output.write_all(piece)
}

/// Says what the pieces are called, after which they are read.
pub(crate) fn write_exhibit(output: &mut impl Write, exhibit: &Exhibit) -> io::Result<()> {
    output.write_all(&0_u32.to_be_bytes())?;
    write_json(output, exhibit)
}

/// Takes the request back.
pub(crate) fn write_discard(output: &mut impl Write) -> io::Result<()> {
    output.write_all(&DISCARD.to_be_bytes())?;
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

/// Reads the next request, whose bytes are put into `bytes`. Returns what they are called, or nothing when there are
/// no more requests.
pub(crate) fn read_request(
    input: &mut impl Read,
    bytes: &mut Vec<u8>,
    bytes_max: usize,
) -> io::Result<Option<Exhibit>> {
    bytes.clear();
    loop {
        let mut len = [0; 4];
        match input.read_exact(&mut len) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && bytes.is_empty() => return Ok(None),
            other => other?,
        }
        match u32::from_be_bytes(len) {
            0 => return Ok(Some(serde_json::from_slice(&read_message(input, EXHIBIT_MAX)?)?)),
            DISCARD => bytes.clear(),
            len => append(input, bytes, len as usize, bytes_max)?,
        }
    }
}

/// Reads so many bytes.
fn read_exactly(input: &mut impl Read, len: usize, max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    append(input, &mut bytes, len, max)?;
    Ok(bytes)
}

/// Reads so many bytes behind others; memory grows with what arrives, not with what was announced.
fn append(input: &mut impl Read, bytes: &mut Vec<u8>, len: usize, max: usize) -> io::Result<()> {
    let end = bytes.len().checked_add(len).filter(|end| *end <= max).ok_or(io::ErrorKind::InvalidData)?;
    bytes.reserve(len.min(64 << 10));
    input.take(len as u64).read_to_end(bytes)?;
    if bytes.len() == end { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use onus_core::{Digest, Exhibit};

    use super::{Hello, read_message, read_request, write_discard, write_exhibit, write_json, write_piece};

    fn read(mut sent: &[u8], max: usize) -> std::io::Result<Vec<(Exhibit, Vec<u8>)>> {
        let (mut requests, mut bytes) = (Vec::new(), Vec::new());
        while let Some(exhibit) = read_request(&mut sent, &mut bytes, max)? {
            requests.push((exhibit, bytes.clone()));
        }
        Ok(requests)
    }

    #[test]
    fn a_request_is_read_back() {
        let exhibit = Exhibit { sha256: Digest::of(b"abc"), sha1: "1".repeat(40), md5: "2".repeat(32), size: 3 };
        let mut sent = Vec::new();
        for piece in [b"ab".as_slice(), b"", b"c"] {
            write_piece(&mut sent, piece).unwrap();
        }
        write_exhibit(&mut sent, &exhibit).unwrap();
        let request = (exhibit.clone(), b"abc".to_vec());
        assert_eq!(read(&sent, 3).unwrap(), vec![request.clone()]);
        assert!(read(&sent, 2).is_err(), "more bytes than are allowed");
        assert!(read(&sent[..sent.len() - 1], 3).is_err(), "fewer bytes than announced");
        let mut twice = Vec::new();
        write_piece(&mut twice, b"xyz").unwrap();
        write_discard(&mut twice).unwrap();
        twice.extend(&sent);
        twice.extend(&sent);
        assert_eq!(read(&twice, 3).unwrap(), [request.clone(), request], "what was taken back is gone");
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
