//! Fingerprints of files that a user attributed, and what a file shares with them.
//!
//! They lie in the user's configuration, beside the additions to the reference data, and never enter a case: what is in
//! the ledger depends on the exhibit alone. The form is described in `docs/spec/reference.md`.

mod compare;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use onus_core::{Digest, Observation, ObservationSet};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, Settings, keys};

pub use compare::overlaps;

/// Bytes of the file, at most.
const FILE_MAX: u64 = 64 << 20;

/// Numbers of one sketch, at most.
const SKETCH_MAX: usize = 400;

/// What is kept of one file: nothing of its text but names that its makers chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    /// Identifier of the actor that the user attributed the file to.
    pub actor: String,
    /// The file.
    pub sha256: Digest,
    /// Its name when it was added.
    pub name: String,
    /// `x86` or `x64`; absent without code that is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// How many different runs of instructions it has that are not common.
    #[serde(default)]
    pub runs: u64,
    /// The smallest of their numbers, in rising order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sketch: Vec<u32>,
    /// What is the same or not the same, by kind: `import_hash`, `pdb_name`, `rich_hash`, `section_names`, `tlsh`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<String, String>,
}

impl Fingerprint {
    /// Returns what is kept of a file from what was read of it.
    #[must_use]
    pub fn of(actor: &str, path: &Path, set: &ObservationSet) -> Self {
        let code = set.observations.iter().find(|one| one.kind == "code_fingerprints");
        let attribute = |name: &str| code.and_then(|code| code.attributes.get(name));
        let numbers = attribute("sketch").map(String::as_str).unwrap_or_default().lines();
        Self {
            actor: actor.to_owned(),
            sha256: set.exhibit.sha256,
            name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            architecture: attribute("architecture").cloned(),
            runs: code.and_then(|code| code.value.parse().ok()).unwrap_or_default(),
            sketch: sorted(numbers.filter_map(|digits| u32::from_str_radix(digits, 16).ok()).collect()),
            traits: set.observations.iter().filter_map(trait_of).collect(),
        }
    }
}

/// What of an observation two files can have alike.
fn trait_of(observation: &Observation) -> Option<(String, String)> {
    let value = observation.value.clone();
    let (name, value) = match observation.kind.as_str() {
        "import_hash" => ("import_hash", value),
        "section_names" => ("section_names", value),
        "tlsh" => ("tlsh", value),
        "rich_header" => ("rich_hash", observation.attributes.get("md5")?.clone()),
        "pdb_path" => ("pdb_name", value.rsplit(['\\', '/']).next()?.to_lowercase()),
        _ => return None,
    };
    (!value.is_empty()).then(|| (name.to_owned(), value))
}

/// What compares sketches relies on their order.
fn sorted(mut sketch: Vec<u32>) -> Vec<u32> {
    sketch.sort_unstable();
    sketch.dedup();
    sketch.truncate(SKETCH_MAX);
    sketch
}

/// Returns where the fingerprints of a user lie, `fingerprints.jsonl` in the folder of the configuration.
#[must_use]
pub fn path(settings: &Settings) -> Option<PathBuf> {
    settings.config.as_ref().map(|folder| folder.join("fingerprints.jsonl"))
}

/// Reads fingerprints; where there is no file, there are none.
///
/// # Errors
/// The system refuses; the file is too large, or a line is not of the form.
pub fn read(path: &Path) -> Result<Vec<Fingerprint>> {
    let wrong = |what: String| Error::Reference {
        what,
        path: path.to_path_buf(),
        remedy: "mend the file, or delete it and add the files again; docs/spec/reference.md describes it".to_owned(),
    };
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Ok(metadata) if metadata.len() > FILE_MAX => return Err(wrong("the file is larger than 64 MiB".to_owned())),
        _ => {}
    }
    let text = fs::read_to_string(path).map_err(Error::io("reading fingerprints", path))?;
    let line = |(index, line): (usize, &str)| {
        let read: std::result::Result<Fingerprint, _> = serde_json::from_str(line);
        let read = read.map_err(|error| wrong(format!("line {} is no fingerprint ({error})", index + 1)))?;
        Ok(Fingerprint { sketch: sorted(read.sketch), ..read })
    };
    text.lines().enumerate().map(line).collect()
}

/// Adds fingerprints to those there are and writes them, sorted. Returns how many are new.
///
/// # Errors
/// The system refuses.
pub fn add(path: &Path, new: Vec<Fingerprint>) -> Result<usize> {
    let mut all = read(path)?;
    let before = all.len();
    for one in new {
        // a file that is added again is read again, perhaps by a newer version
        let known = all.iter_mut().find(|known| (known.sha256, &known.actor) == (one.sha256, &one.actor));
        match known {
            Some(known) => *known = one,
            None => all.push(one),
        }
    }
    all.sort_by(|one, other| (&one.actor, one.sha256).cmp(&(&other.actor, other.sha256)));
    let mut text = String::new();
    for one in &all {
        text += &serde_json::to_string(one).expect("texts and numbers have a form in JSON");
        text.push('\n');
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        keys::make_folder(folder)?;
    }
    crate::reference::write_text(path, &text)?;
    Ok(all.len() - before)
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn the_example_of_the_specification_is_read_and_written_alike() {
        let spec = include_str!("../../../docs/spec/reference.md");
        let example =
            spec.split_once("<!-- example: fingerprint -->\n```json\n").unwrap().1.split_once('\n').unwrap().0;
        let read: Fingerprint = serde_json::from_str(example).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), example);
        assert!(read.sketch.is_sorted());
    }
}
