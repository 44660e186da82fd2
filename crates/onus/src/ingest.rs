//! Reads a file once: its three digests and a copy, while nothing of it is believed.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    sync::{Arc, mpsc},
    thread,
};

use onus_core::{Digest, Exhibit};
use sha2::Digest as _;

use crate::store::{Staged, Staging};

/// Files up to this size are read in one piece and handed on from memory.
const SMALL: u64 = 1 << 20;

/// Larger files are read in pieces of this size.
const PIECE: usize = 1 << 20;

/// Runs of zero bytes of this size become holes in the copy.
const BLOCK: usize = 64 << 10;

static ZEROS: [u8; PIECE] = [0; PIECE];

/// What one reading of a file gave.
#[derive(Debug)]
pub(crate) struct Ingested {
    /// Its digests and size.
    pub exhibit: Exhibit,
    /// Its bytes: in memory, or in a copy below `.tmp`.
    pub bytes: Bytes,
}

/// The bytes of a file that was read.
#[derive(Debug)]
pub(crate) enum Bytes {
    Here(Vec<u8>),
    Copied(Staged),
}

/// Why a file was not taken. It concerns this file alone; others go on.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is neither a regular file nor a folder.
    #[error("is {0}, not a regular file")]
    NotRegular(&'static str),
    /// It is not there: it never was, or it was gone when its turn came.
    #[error("is not there, or no longer")]
    Vanished,
    /// Its size or time of change differed before and after.
    #[error("changed while it was read")]
    Changed,
    /// The system said no.
    #[error("could not be read: {0}")]
    Unreadable(io::Error),
}

/// Why a reading ended without result.
#[derive(Debug)]
pub(crate) enum Failed {
    /// This file was not taken.
    Refused(Refusal),
    /// The copy could not be written: no further file can be taken.
    Write(io::Error),
}

/// Reads a file from the beginning to the end, once.
pub(crate) fn ingest(path: &Path, staging: &Staging) -> Result<Ingested, Failed> {
    let (mut file, before) = open(path).map_err(Failed::Refused)?;
    let ingested = if before.len() <= SMALL { small(&mut file, &before)? } else { copied(&mut file, staging)? };
    let after = file.metadata().map_err(|error| Failed::Refused(error.into()))?;
    let same_size = after.len() == before.len() && ingested.exhibit.size == before.len();
    if same_size && after.modified().ok() == before.modified().ok() {
        Ok(ingested)
    } else {
        Err(Failed::Refused(Refusal::Changed))
    }
}

/// Returns the digests and the size of a regular file.
pub(crate) fn names_of(path: &Path) -> Result<Exhibit, Refusal> {
    let (mut file, metadata) = open(path)?;
    let named = if metadata.len() <= SMALL {
        small(&mut file, &metadata).map(|ingested| ingested.exhibit)
    } else {
        large(&mut file, |_| Ok(()))
    };
    named.map_err(|failed| match failed {
        Failed::Refused(refusal) => refusal,
        Failed::Write(error) => Refusal::Unreadable(error),
    })
}

/// Opens a regular file. A pipe or device is not opened at all, and cannot make us wait when it takes the place
/// of the file in between.
pub(crate) fn open(path: &Path) -> Result<(File, Metadata), Refusal> {
    check(&std::fs::metadata(path).map_err(Refusal::from)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits().cast_signed(),
    );
    let file = options.open(path).map_err(Refusal::from)?;
    let metadata = file.metadata().map_err(Refusal::from)?;
    check(&metadata)?;
    Ok((file, metadata))
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Vanished } else { Self::Unreadable(error) }
    }
}

fn check(metadata: &Metadata) -> Result<(), Refusal> {
    if metadata.is_file() { Ok(()) } else { Err(Refusal::NotRegular(kind(metadata))) }
}

#[cfg(unix)]
fn kind(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    let kind = metadata.file_type();
    match () {
        () if kind.is_fifo() => "a named pipe",
        () if kind.is_socket() => "a socket",
        () if kind.is_block_device() || kind.is_char_device() => "a device",
        () if kind.is_dir() => "a folder",
        () => "something else",
    }
}

#[cfg(not(unix))]
fn kind(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "a folder" } else { "something else" }
}

fn small(file: &mut File, before: &Metadata) -> Result<Ingested, Failed> {
    let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or_default() + 1);
    // one byte more than is expected, so that a file that grew is noticed and one that never ends is not read for ever
    file.take(before.len() + 1).read_to_end(&mut bytes).map_err(|error| Failed::Refused(error.into()))?;
    let exhibit = Exhibit {
        sha256: Digest::of(&bytes),
        sha1: hex(&sha1::Sha1::digest(&bytes)),
        md5: hex(&md5::Md5::digest(&bytes)),
        size: bytes.len() as u64,
    };
    Ok(Ingested { exhibit, bytes: Bytes::Here(bytes) })
}

/// A piece on its way to the hashing threads.
#[derive(Clone)]
enum Piece {
    Read(Arc<Vec<u8>>),
    Zeros(usize),
}

impl Piece {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Read(bytes) => bytes,
            Self::Zeros(len) => ZEROS.get(..*len).unwrap_or_default(),
        }
    }
}

fn copied(file: &mut File, staging: &Staging) -> Result<Ingested, Failed> {
    let (mut copy, staged) = staging.create().map_err(Failed::Write)?;
    let exhibit = large(file, |bytes| write_sparse(&mut copy, bytes))?;
    copy.set_len(exhibit.size).map_err(Failed::Write)?;
    Ok(Ingested { exhibit, bytes: Bytes::Copied(staged) })
}

/// Hashes on two further threads, because MD5 alone takes longer than reading, SHA-256 and SHA-1 together.
fn large(file: &mut File, mut copy: impl FnMut(&[u8]) -> io::Result<()>) -> Result<Exhibit, Failed> {
    thread::scope(|scope| {
        let (to_sha, from_reader) = mpsc::sync_channel::<Piece>(4);
        let sha = scope.spawn(move || {
            let (mut sha256, mut sha1) = (sha2::Sha256::new(), sha1::Sha1::new());
            for piece in from_reader {
                sha256.update(piece.bytes());
                sha1.update(piece.bytes());
            }
            (sha256.finalize(), sha1.finalize())
        });
        let (to_md5, from_reader) = mpsc::sync_channel::<Piece>(4);
        let md5 = scope.spawn(move || {
            let mut md5 = md5::Md5::new();
            for piece in from_reader {
                md5.update(piece.bytes());
            }
            md5.finalize()
        });
        let read = pieces(file, |piece| {
            // the threads end only when the channels close, so that sending cannot fail
            let _ = to_sha.send(piece.clone());
            let _ = to_md5.send(piece.clone());
            copy(piece.bytes()).map_err(Failed::Write)
        });
        drop((to_sha, to_md5));
        let (sha256, sha1) = sha.join().expect("hashing does not panic");
        let md5 = md5.join().expect("hashing does not panic");
        Ok(Exhibit { sha256: Digest::from_bytes(sha256.into()), sha1: hex(&sha1), md5: hex(&md5), size: read? })
    })
}

/// Hands every piece of a file to `take`, holes as zeros that were never read. Returns the size.
fn pieces(file: &mut File, mut take: impl FnMut(&Piece) -> Result<(), Failed>) -> Result<u64, Failed> {
    let unreadable = |error: io::Error| Failed::Refused(error.into());
    let end = file.metadata().map_err(unreadable)?.len();
    let mut at = 0;
    while at < end {
        let data = next_data(file, at, end).map_err(unreadable)?;
        while at < data {
            let len = usize::try_from(data - at).unwrap_or(PIECE).min(PIECE);
            take(&Piece::Zeros(len))?;
            at += len as u64;
        }
        if at == end {
            break;
        }
        file.seek(SeekFrom::Start(at)).map_err(unreadable)?;
        let mut bytes = Vec::with_capacity(PIECE);
        let len = file.take(PIECE as u64).read_to_end(&mut bytes).map_err(unreadable)?;
        if len == 0 {
            break;
        }
        at += len as u64;
        take(&Piece::Read(Arc::new(bytes)))?;
    }
    Ok(at)
}

/// Where data begins at or after an offset, as far as the file system tells; the end when all the rest is a hole.
#[cfg(target_os = "linux")]
fn next_data(file: &File, at: u64, end: u64) -> io::Result<u64> {
    match rustix::fs::seek(file, rustix::fs::SeekFrom::Data(at)) {
        Ok(data) => Ok(data.min(end)),
        Err(rustix::io::Errno::NXIO) => Ok(end),
        Err(_) => Ok(at),
    }
}

#[cfg(not(target_os = "linux"))]
fn next_data(_: &File, at: u64, _: u64) -> io::Result<u64> {
    Ok(at)
}

/// Writes bytes, leaving holes where they are zero.
fn write_sparse(copy: &mut File, bytes: &[u8]) -> io::Result<()> {
    for block in bytes.chunks(BLOCK) {
        if ZEROS.get(..block.len()) == Some(block) {
            copy.seek_relative(block.len().cast_signed() as i64)?;
        } else {
            copy.write_all(block)?;
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
