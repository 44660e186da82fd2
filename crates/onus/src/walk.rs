//! Which files a list of paths means.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// The files that a list of paths means, and what was left aside.
#[derive(Debug, Default)]
pub struct Walk {
    /// The files, sorted by name.
    pub files: Vec<Found>,
    /// Symbolic links inside folders, which are not followed, and the case itself.
    pub skipped: Vec<Skipped>,
    /// What could not be read.
    pub refused: Vec<(PathBuf, io::Error)>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The name that the ledger will bear: from the last part of the path that was given downwards, with `/`.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// Something that was met and not taken.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// Where it lies.
    pub path: PathBuf,
    /// Why it was not taken, in words.
    pub why: &'static str,
}

/// Lists the files below paths, in an order that does not depend on the disk.
///
/// A path that is named is followed when it is a symbolic link; links inside folders are not, so that no loop can
/// exist and nothing outside the folder gets in. What is neither a file nor a folder is listed as a file and refused
/// when it is read. The folder of the case itself is left aside.
#[must_use]
pub fn walk(paths: &[PathBuf], case: &Path) -> Walk {
    let mut walk = Walk::default();
    let mut files = BTreeMap::new();
    let case = fs::canonicalize(case).ok();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk.folder(path, case.as_deref(), &mut files),
            Ok(_) => {
                files.insert(path.clone(), last_part(path));
            }
            Err(error) => walk.refused.push((path.clone(), error)),
        }
    }
    walk.files = files.into_iter().map(|(path, name)| Found { name, path }).collect();
    walk.files.sort();
    walk.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    walk.refused.sort_by(|a, b| a.0.cmp(&b.0));
    walk
}

impl Walk {
    fn folder(&mut self, top: &Path, case: Option<&Path>, files: &mut BTreeMap<PathBuf, String>) {
        let mut folders = vec![(top.to_path_buf(), last_part(top))];
        while let Some((folder, name)) = folders.pop() {
            if case.is_some() && fs::canonicalize(&folder).ok().as_deref() == case {
                self.skipped.push(Skipped { path: folder, why: "is the case itself" });
                continue;
            }
            let listed = fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
            let listed = match listed {
                Ok(listed) => listed,
                Err(error) => {
                    self.refused.push((folder, error));
                    continue;
                }
            };
            for entry in listed {
                let below = joined(&name, &entry.file_name().to_string_lossy());
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push((entry.path(), below)),
                    Ok(kind) if kind.is_symlink() => self.skipped.push(Skipped {
                        path: entry.path(),
                        why: "is a symbolic link inside a folder, which is not followed",
                    }),
                    Ok(_) => {
                        files.insert(entry.path(), below);
                    }
                    Err(error) => self.refused.push((entry.path(), error)),
                }
            }
        }
    }
}

/// The last part of a path, or nothing for one such as `.` that has none.
fn last_part(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
