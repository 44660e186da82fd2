//! Bytes kept under their own digest: the exhibits, and the bodies that entries point at.
//!
//! A file is first written whole below `.tmp` of the case, on the same file system. A batch (`durable.rs`) then
//! makes its bytes durable and only after that gives it its name. What an entry refers to is never written again.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use onus_core::Digest;

/// The longest body that is read into memory: twice the longest answer of a worker.
const BODY_MAX: u64 = 128 << 20;

/// A folder of files that are named by their SHA-256.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// Where files are written before they get their name.
#[derive(Debug)]
pub(crate) struct Staging {
    folder: PathBuf,
    next: AtomicU64,
}

/// A file that was written and has no name yet. It is removed when nobody gives it one.
#[derive(Debug)]
pub(crate) struct Staged {
    path: PathBuf,
    named: bool,
}

impl Store {
    /// Takes the folder of a store.
    #[must_use]
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns where the bytes of a digest lie, whether they exist or not.
    #[must_use]
    pub fn path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(digest.to_path())
    }

    /// Returns the bytes of a digest, or nothing when they are not there. They are not checked.
    pub(crate) fn read(&self, digest: &Digest) -> io::Result<Option<Vec<u8>>> {
        let path = self.path(digest);
        match fs::metadata(&path) {
            Ok(metadata) if metadata.len() > BODY_MAX => Err(io::Error::other("larger than any body that onus writes")),
            Ok(_) => fs::read(&path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Staging {
    /// Empties and opens the folder. Only who holds the lock of the case may do so.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&folder)?,
        }
        Ok(Self { folder, next: AtomicU64::new(0) })
    }

    /// Returns a new file of mode 0444, open for writing.
    pub(crate) fn create(&self) -> io::Result<(File, Staged)> {
        let path = self.folder.join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o444);
        let file = options.open(&path)?;
        Ok((file, Staged { path, named: false }))
    }

    /// Returns a new file that holds these bytes.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<Staged> {
        let (mut file, staged) = self.create()?;
        file.write_all(bytes)?;
        Ok(staged)
    }
}

impl Staged {
    /// Returns where it lies for now.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name.
    pub(crate) fn name(mut self, name: &Path) -> io::Result<()> {
        match fs::rename(&self.path, name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(name.parent().unwrap_or(name))?;
                fs::rename(&self.path, name)?;
            }
            other => other?,
        }
        self.named = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.named {
            let _ = fs::remove_file(&self.path);
        }
    }
}
