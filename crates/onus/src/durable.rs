//! Makes what was written last: in batches, so that one wait for the disk serves many files.
//!
//! A batch is written in this order, and a crash at any point leaves the old case or the new one:
//! 1. all files whole, without their names, below `.tmp`; wait for the disk;
//! 2. their names; wait for the disk;
//! 3. the checkpoint that covers them, whole, then under its name; wait for the disk.
//!
//! Only then may anybody be told that the batch is stored.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use onus_ledger::{Publication, Write};

use crate::{
    Error, Result,
    store::{Staged, Staging},
};

/// Files that wait for their names.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    files: Vec<(Staged, PathBuf)>,
}

impl Batch {
    /// Adds a file that is to get a name.
    pub(crate) fn add(&mut self, staged: Staged, name: PathBuf) {
        self.files.push((staged, name));
    }

    /// Stores the files and then what the ledger publishes.
    pub(crate) fn store(mut self, root: &Path, staging: &Staging, publication: &Publication) -> Result<()> {
        let failed = |error| Error::io("writing to the case", root)(error);
        // what a crash left beyond the log goes first, or a later, longer log would take it for its own
        for path in &publication.remove {
            remove(&root.join(path))?;
        }
        if !publication.remove.is_empty() {
            sync(root, []).map_err(failed)?;
        }
        for write in &publication.writes {
            self.stage(root, staging, write)?;
        }
        sync(root, self.files.iter().map(|(staged, _)| staged.path())).map_err(failed)?;
        self.name()?;
        replace(root, staging, &publication.checkpoint)?;
        // the copy repeats the checkpoint: a log that lost it holds, and its next publication writes it again
        replace(root, staging, &publication.copy)?;
        for path in &publication.stale {
            remove(&root.join(path))?;
        }
        Ok(())
    }

    fn stage(&mut self, root: &Path, staging: &Staging, write: &Write) -> Result<()> {
        let name = root.join(&write.path);
        let staged = staging.write(&write.bytes).map_err(Error::io("writing to the ledger", &name))?;
        self.add(staged, name);
        Ok(())
    }

    /// Gives all files their names and sees to it that no later step can outlive a name.
    fn name(self) -> Result<()> {
        let mut folders = Vec::new();
        for (staged, name) in self.files {
            staged.name(&name).map_err(Error::io("writing to the case", &name))?;
            folders.extend(name.parent().map(Path::to_path_buf));
        }
        sync_folders(folders)
    }
}

/// Writes one file whole, makes it durable, gives it its name and makes that durable.
fn replace(root: &Path, staging: &Staging, write: &Write) -> Result<()> {
    let name = root.join(&write.path);
    let failed = |error| Error::io("writing to the ledger", &name)(error);
    let staged = staging.write(&write.bytes).map_err(failed)?;
    File::open(staged.path()).and_then(|file| file.sync_all()).map_err(failed)?;
    staged.name(&name).map_err(failed)?;
    sync_folder(name.parent().unwrap_or(root)).map_err(failed)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Folders cannot be opened everywhere.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("removing an unfinished file", path)(error))
        }
        _ => Ok(()),
    }
}

/// Waits until everything on the file system of the case is on the disk.
#[cfg(target_os = "linux")]
fn sync<'a>(root: &Path, _: impl IntoIterator<Item = &'a Path>) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(root)?)?)
}

/// Waits until the files are on the disk, where the system cannot wait for all at once.
#[cfg(not(target_os = "linux"))]
fn sync<'a>(_: &Path, files: impl IntoIterator<Item = &'a Path>) -> io::Result<()> {
    files.into_iter().try_for_each(|file| File::open(file)?.sync_all())
}

#[cfg(target_os = "linux")]
fn sync_folders(folders: Vec<PathBuf>) -> Result<()> {
    match folders.first() {
        Some(folder) => sync(folder, []).map_err(Error::io("writing to the case", folder)),
        None => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn sync_folders(mut folders: Vec<PathBuf>) -> Result<()> {
    folders.sort();
    folders.dedup();
    folders.iter().try_for_each(|folder| sync_folder(folder).map_err(Error::io("writing to the case", folder)))
}
