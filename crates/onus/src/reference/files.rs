//! Reads the files that reference data is built from, and writes what was built.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    path::Path,
};

use onus_weigh::Reference;

use super::{BuildProblem, Origin, Role};
use crate::{Error, Result};

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// The largest text form that is read, in bytes.
const TEXT_BYTES_MAX: u64 = 64 << 20;

/// Reads a file to build from. Without a role, its first bytes say whether it is a bundle or a file of clusters.
///
/// # Errors
/// The system refuses; the file is too large; it is packed.
pub fn read_origin(path: &Path, role: Option<Role>) -> Result<Origin> {
    let bytes = read(path, FILE_BYTES_MAX)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(Error::Reference {
            what: "the file is packed (gzip)".to_owned(),
            path: path.to_path_buf(),
            remedy: "unpack it first, with `gunzip --keep`".to_owned(),
        });
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let role = role.unwrap_or_else(|| if is_bundle(&bytes) { Role::Bundle(None) } else { Role::Galaxy });
    Ok(Origin { name: onus_core::plain(&name).into_owned(), role, bytes })
}

/// Reads reference data in the text form.
///
/// # Errors
/// The system refuses; the file is too large, no UTF-8, or not of the form.
pub fn read_text(path: &Path) -> Result<Reference> {
    let wrong = |what: String| Error::Reference {
        what,
        path: path.to_path_buf(),
        remedy: "build the file anew with `onus reference build`".to_owned(),
    };
    let text = String::from_utf8(read(path, TEXT_BYTES_MAX)?)
        .map_err(|_| wrong("the reference data is no UTF-8 text".to_owned()))?;
    Reference::parse(&text).map_err(|problem| wrong(format!("the reference data cannot be read, {problem}")))
}

/// Writes a file whole or not at all, in place of what was there.
///
/// # Errors
/// The system refuses.
pub fn write_text(path: &Path, text: &str) -> Result<()> {
    let name = path.file_name().ok_or_else(|| Error::BadValue {
        what: "the path names no file",
        given: path.display().to_string(),
        remedy: "name a file",
    })?;
    let mut unfinished = name.to_owned();
    unfinished.push(format!(".{}.tmp", std::process::id()));
    let unfinished = path.with_file_name(unfinished);
    let write = || {
        let mut file = File::create(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, path)
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&unfinished);
        Error::io("writing reference data", path)(error)
    })
}

fn read(path: &Path, max: u64) -> Result<Vec<u8>> {
    let failed = |error| Error::io("reading reference data", path)(error);
    let file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(max)).unwrap_or_default());
    file.take(max + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > max {
        return Err(Error::Reference {
            what: format!("the file is larger than {} MiB", max >> 20),
            path: path.to_path_buf(),
            remedy: "check that it is the file you mean".to_owned(),
        });
    }
    Ok(bytes)
}

/// Whether the first type that a file names is that of a bundle.
fn is_bundle(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        #[serde(default)]
        objects: Option<serde::de::IgnoredAny>,
    }
    // what cannot be read is taken for a bundle, whose reader says what is wrong
    serde_json::from_slice::<Head>(bytes).map_or(true, |head| head.objects.is_some())
}

impl From<BuildProblem> for Error {
    fn from(problem: BuildProblem) -> Self {
        Self::Reference { what: problem.what, path: problem.origin.into(), remedy: problem.remedy.to_owned() }
    }
}
