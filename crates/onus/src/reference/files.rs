//! Reads the files that reference data is built from, and writes what was built.

use std::{
    borrow::Cow,
    fs::{self, File},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use onus_weigh::Reference;

use super::{Additions, BuildProblem, Import, Origin, Role, cases, read_bundle};
use crate::{Error, Result, Settings, keys};

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// The largest file of additions that is read, in bytes.
const ADDITIONS_BYTES_MAX: u64 = 4 << 20;

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

/// Returns reference data as a command is to use it: the given file, else what the program ships, and over it what the
/// user added.
///
/// # Errors
/// A file cannot be read, or is not of its form; an addition does not fit the reference data.
pub fn load(settings: &Settings, path: Option<&Path>) -> Result<Reference> {
    let base = match path {
        Some(path) => Cow::Owned(read_text(path)?),
        None => Cow::Borrowed(Reference::builtin()),
    };
    let Some(own) = additions_path(settings) else { return Ok(base.into_owned()) };
    let additions = read_additions(&own)?;
    if additions.cases.is_empty() {
        return Ok(base.into_owned());
    }
    additions.over(&base).map_err(|error| match error {
        Error::Name { what, given, remedy } => {
            let what = format!("{what}, `{}`", onus_core::plain(&given));
            let remedy = format!("mend or remove the case in that file; {remedy}");
            Error::Reference { what, path: own, remedy }
        }
        other => other,
    })
}

/// Returns where the additions of a user lie, `reference.toml` in the folder of the configuration.
#[must_use]
pub fn additions_path(settings: &Settings) -> Option<PathBuf> {
    settings.config.as_ref().map(|folder| folder.join("reference.toml"))
}

/// Reads additions; where there is no file, there are none.
///
/// # Errors
/// The system refuses; the file is too large, no UTF-8, or not of the form.
pub fn read_additions(path: &Path) -> Result<Additions> {
    if !path.exists() {
        return Ok(Additions::default());
    }
    let wrong = |what: String| Error::Reference {
        what,
        path: path.to_path_buf(),
        remedy: "mend the file; docs/spec/reference.md describes the form of additions".to_owned(),
    };
    let text = String::from_utf8(read(path, ADDITIONS_BYTES_MAX)?)
        .map_err(|_| wrong("the additions are no UTF-8 text".to_owned()))?;
    Additions::parse(&text).map_err(|what| wrong(format!("the additions cannot be read, {what}")))
}

/// Writes additions, and makes the folder for them.
///
/// # Errors
/// The system refuses.
pub fn write_additions(path: &Path, additions: &Additions) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        keys::make_folder(folder)?;
    }
    write_text(path, &additions.to_text())
}

/// Reads cases to add: a file of additions, or a STIX bundle, whose claims that cite nothing are filed under `report`.
///
/// # Errors
/// The system refuses; the file is too large, or neither of the two.
pub fn read_cases(path: &Path, report: &str) -> Result<Import> {
    let bytes = read(path, FILE_BYTES_MAX)?;
    let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if !is_json {
        return Ok(Import { cases: read_additions(path)?.cases, notes: Vec::new() });
    }
    let bundle = read_bundle(&bytes).map_err(|what| Error::Reference {
        what: format!("the cases cannot be read: {what}"),
        path: path.to_path_buf(),
        remedy: "give a STIX bundle, or additions in TOML; docs/spec/reference.md describes both".to_owned(),
    })?;
    Ok(cases(bundle, report))
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
