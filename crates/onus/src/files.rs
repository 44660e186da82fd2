//! The folder of a case as the ledger reads it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use onus_ledger::Files;

/// Largest file below `log/` that is read: far above any bundle (256 entries of 64 KiB).
const FILE_MAX: u64 = 64 << 20;

/// The files below one folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Takes the root of a case.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self(root.to_path_buf())
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let path = self.0.join(path);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if !metadata.is_file() => Err(io::Error::other("no regular file")),
            Ok(metadata) if metadata.len() > FILE_MAX => Err(io::Error::other("larger than any file of a log")),
            Ok(_) => fs::read(&path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let listed = match fs::read_dir(self.0.join(&folder)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other?,
            };
            for entry in listed {
                let entry = entry?;
                // a name that is not UTF-8 has no place in a case; its lossy form is listed, and has none either
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                if entry.file_type()?.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        Ok(files)
    }
}
