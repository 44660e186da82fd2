//! What a worker is handed: bytes in memory, a copy in the case, or a file that is read once and named on the way.

use std::{
    fs::{File, Metadata},
    io::Read,
    path::Path,
};

use onus_analyse::READ_MAX;
use onus_core::{Digest, Exhibit};
use sha2::Digest as _;

use crate::{Refusal, ingest};

/// Bytes that are read, hashed and handed on together: few enough to stay near the processor.
const PIECE: usize = 256 << 10;

/// What there is to hand to a worker: the bytes of an exhibit, and what they are called.
pub(crate) trait Feed {
    /// Hands over the bytes, or the first [`READ_MAX`] of them, with `write`, again from the beginning at each call.
    ///
    /// # Errors
    /// The bytes could not be read.
    fn bytes(&mut self, write: &mut dyn FnMut(&[u8])) -> Result<(), Refusal>;

    /// Returns what the bytes are called, after they were handed over.
    ///
    /// # Errors
    /// They could not be read to the end.
    fn exhibit(&mut self) -> Result<Exhibit, Refusal>;
}

/// An exhibit whose names are known.
#[derive(Debug)]
pub(crate) struct Named<'a> {
    pub exhibit: &'a Exhibit,
    pub input: Input<'a>,
}

/// Where the bytes of an exhibit are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input<'a> {
    Here(&'a [u8]),
    File(&'a Path),
}

/// A file that is read once, and never held: each piece is hashed and handed on. Of its names it gets SHA-256 alone.
pub(crate) struct Streamed<'a> {
    path: &'a Path,
    buffer: &'a mut Vec<u8>,
    reading: Option<Reading>,
}

struct Reading {
    file: File,
    before: Metadata,
    sha256: sha2::Sha256,
    size: u64,
}

impl Feed for Named<'_> {
    fn bytes(&mut self, write: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        match self.input {
            Input::Here(all) => write(all.get(..READ_MAX).unwrap_or(all)),
            Input::File(path) => {
                let (mut file, mut buffer) = (File::open(path)?.take(READ_MAX as u64), vec![0; PIECE]);
                while let piece @ 1.. = file.read(&mut buffer)? {
                    write(buffer.get(..piece).unwrap_or_default());
                }
            }
        }
        Ok(())
    }

    fn exhibit(&mut self) -> Result<Exhibit, Refusal> {
        Ok(self.exhibit.clone())
    }
}

impl<'a> Streamed<'a> {
    /// Takes a path, and memory that is used again from file to file.
    pub(crate) fn new(path: &'a Path, buffer: &'a mut Vec<u8>) -> Self {
        buffer.resize(PIECE, 0);
        Self { path, buffer, reading: None }
    }
}

impl Feed for Streamed<'_> {
    fn bytes(&mut self, write: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        let (file, before) = ingest::open(self.path)?;
        let reading = self.reading.insert(Reading { file, before, sha256: sha2::Sha256::new(), size: 0 });
        let mut left = READ_MAX;
        while left > 0 {
            let piece = reading.piece(self.buffer, left)?;
            if piece.is_empty() {
                break;
            }
            left -= piece.len();
            write(piece);
        }
        Ok(())
    }

    fn exhibit(&mut self) -> Result<Exhibit, Refusal> {
        let Some(mut reading) = self.reading.take() else { return Err(Refusal::Vanished) };
        // a file that grows while it is read is not read for ever
        while reading.size <= reading.before.len() && !reading.piece(self.buffer, PIECE)?.is_empty() {}
        let after = reading.file.metadata()?;
        let is_same = reading.size == reading.before.len()
            && after.len() == reading.before.len()
            && after.modified().ok() == reading.before.modified().ok();
        if !is_same {
            return Err(Refusal::Changed);
        }
        let sha256 = Digest::from_bytes(reading.sha256.finalize().into());
        Ok(Exhibit { sha256, sha1: String::new(), md5: String::new(), size: reading.size })
    }
}

impl Reading {
    /// Reads and hashes the next piece; an empty one is the end.
    fn piece<'b>(&mut self, buffer: &'b mut [u8], max: usize) -> Result<&'b [u8], Refusal> {
        let room = buffer.len().min(max);
        let len = self.file.read(buffer.get_mut(..room).unwrap_or_default())?;
        let piece = buffer.get(..len).unwrap_or_default();
        self.sha256.update(piece);
        self.size += len as u64;
        Ok(piece)
    }
}
