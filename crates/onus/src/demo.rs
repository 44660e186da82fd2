//! The bundled cases: unpacked, taken in, weighed and verified, to show the whole way at once.

mod cases;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    AddOptions, Assessed, Case, Error, Finding, Holds, Result, Settings, VerifyOptions, WorkerCommand, add, assess,
    verify,
};

/// A case that is part of the program.
#[derive(Clone, Copy, Debug)]
pub struct Bundled {
    /// The name of its folder.
    pub id: &'static str,
    /// Its case sheet.
    pub sheet: &'static str,
    sources: &'static str,
    files: &'static [(&'static str, &'static [u8])],
}

/// What the whole way came to for one bundled case.
#[derive(Debug)]
pub struct Shown {
    /// The case, which stays.
    pub case: Case,
    /// The assessment.
    pub assessed: Assessed,
    /// Whether the case holds.
    pub verified: std::result::Result<Holds, Finding>,
}

/// `exhibits.toml` of a bundled case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sources {
    #[serde(default)]
    exhibit: Vec<Supplied>,
}

/// Who supplied one file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Supplied {
    file: String,
    source: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// Returns every bundled case, sorted by id.
#[must_use]
pub fn bundled() -> &'static [Bundled] {
    cases::CASES
}

/// Unpacks a bundled case below a folder, or takes the one that is there, adds its files, weighs and verifies it.
///
/// The files that are handed in lie at `handed-in/<id>` below the folder. A sheet that was edited stays as it is.
///
/// # Errors
/// As for making a case, adding to it, weighing and verifying it.
pub fn show(bundled: &Bundled, folder: &Path, settings: &Settings, worker: &WorkerCommand) -> Result<Shown> {
    let root = folder.join(bundled.id);
    let case = if root.join("case.toml").exists() {
        Case::open(&root)?
    } else {
        Case::create(&root, bundled.sheet, settings)?
    };
    for (source, paths) in unpack(bundled, &folder.join("handed-in").join(bundled.id))? {
        add(&case, settings, &paths, &AddOptions { source, worker: worker.clone() }, &mut |_| {})?;
    }
    let assessed = assess(&case, settings, None)?;
    let verified = verify(&case, &VerifyOptions::default())?;
    Ok(Shown { case, assessed, verified })
}

/// Writes the files of a case and returns them by source.
fn unpack(bundled: &Bundled, folder: &Path) -> Result<BTreeMap<Option<String>, Vec<PathBuf>>> {
    fs::create_dir_all(folder).map_err(Error::io("unpacking the bundled cases", folder))?;
    let mut by_source: BTreeMap<Option<String>, Vec<PathBuf>> = BTreeMap::new();
    let sources = bundled.sources();
    for (name, bytes) in bundled.files {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(Error::io("unpacking the bundled cases", &path))?;
        let source =
            sources.iter().find(|supplied| supplied.file == *name).and_then(|supplied| supplied.source.clone());
        by_source.entry(source).or_default().push(path);
    }
    Ok(by_source)
}

impl Bundled {
    fn sources(&self) -> Vec<Supplied> {
        toml::from_str::<Sources>(self.sources).map(|sources| sources.exhibit).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Sources, bundled};

    #[test]
    fn every_sheet_is_sound_and_every_file_has_a_source_of_it() {
        for case in bundled() {
            let sheet = onus_weigh::Sheet::parse(case.sheet).unwrap();
            let known: BTreeSet<&str> = sheet.sources.iter().map(|source| source.id.as_str()).collect();
            let sources = toml::from_str::<Sources>(case.sources).unwrap().exhibit;
            let named: BTreeSet<&str> = sources.iter().map(|supplied| supplied.file.as_str()).collect();
            let files: BTreeSet<&str> = case.files.iter().map(|(name, _)| *name).collect();
            assert_eq!(named, files, "{}", case.id);
            for supplied in &sources {
                assert!(supplied.source.as_deref().is_none_or(|source| known.contains(source)), "{}", case.id);
            }
        }
    }

    #[test]
    fn every_folder_is_bundled_with_all_its_exhibits() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
        let list = |path: &std::path::Path| -> BTreeSet<String> {
            let entries = std::fs::read_dir(path).unwrap().map(Result::unwrap);
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
        };
        let mut folders = list(&folder);
        folders.remove("README.md");
        assert_eq!(folders, bundled().iter().map(|case| case.id.to_owned()).collect());
        for case in bundled() {
            let files: BTreeSet<String> = case.files.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(list(&folder.join(case.id).join("exhibits")), files);
        }
    }
}
