//! Read access to the files of a case.

use std::io;

use crate::{Fault, FaultKind};

/// The files of a case folder, or of whatever holds the same paths.
///
/// Paths are relative to the case's root and separated by `/` on every system.
pub trait Files {
    /// Returns the bytes of a file, `None` when there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is no regular file.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Returns the paths of all files below a folder, recursively, relative to the case's root, in any order.
    ///
    /// Links and other things that are no folders are listed as files. A folder that is not there holds none.
    ///
    /// # Errors
    /// A folder cannot be listed.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;
}

impl Files for std::collections::BTreeMap<String, Vec<u8>> {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.get(path).cloned())
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let below = format!("{folder}/");
        Ok(self.range(below.clone()..).map_while(|(path, _)| path.starts_with(&below).then(|| path.clone())).collect())
    }
}

/// Reads a file that must be there.
pub(crate) fn need(files: &dyn Files, path: &str) -> Result<Vec<u8>, Fault> {
    read(files, path)?.ok_or_else(|| Fault::new(FaultKind::Missing, "file is missing", path))
}

/// Reads a file that may be absent.
pub(crate) fn read(files: &dyn Files, path: &str) -> Result<Option<Vec<u8>>, Fault> {
    files.read(path).map_err(|error| Fault::new(FaultKind::Unreadable, format!("file cannot be read ({error})"), path))
}

/// Lists everything below a folder, sorted.
pub(crate) fn list(files: &dyn Files, folder: &str) -> Result<Vec<String>, Fault> {
    let mut paths = files
        .list(folder)
        .map_err(|error| Fault::new(FaultKind::Unreadable, format!("folder cannot be listed ({error})"), folder))?;
    paths.sort_unstable();
    Ok(paths)
}
