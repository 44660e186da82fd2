//! What was seen, from the command line and from files: identifiers, names of software, STIX bundles, Navigator layers.

use std::{fs::File, io::Read as _, path::Path};

use onus_analyse::Subject;
use onus_core::{Digest, Exhibit, plain};
use onus_weigh::{
    Reference,
    rank::Seen,
    reference::{State, TraceKind},
};
use serde::Deserialize;

use crate::{Error, Result};

/// The largest file that is read for a ranking, in bytes.
pub const FILE_MAX: u64 = 64 << 20;

/// What was seen, and what a reader should know about how it was understood.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// The traces.
    pub seen: Vec<Seen>,
    /// Remarks for readers.
    pub notes: Vec<String>,
}

/// Gathers traces from words: each is an identifier, a name of software, or a file.
///
/// What the reference data does not know is kept: a name that nobody is known for speaks for "none of them".
///
/// # Errors
/// A word that is neither an identifier, nor a known name, nor a file; a file that cannot be read, is too large, or is
/// neither a STIX bundle nor a layer.
pub fn gather(reference: &Reference, words: &[String]) -> Result<Gathered> {
    let mut gathered = Gathered::default();
    for word in words {
        let path = Path::new(word);
        if let Some(kind) = kind_of_id(word) {
            gathered.add(reference, kind, &word.to_uppercase());
        } else if path.is_file() {
            gathered.read(reference, path)?;
        } else if software_named(reference, word).is_some() {
            gathered.add(reference, TraceKind::Software, word);
        } else {
            return Err(Error::BadValue {
                what: "is no technique, no software of the reference data and no file",
                given: word.clone(),
                remedy: "give identifiers such as T1059.001 or S0154, a name such as \"PlugX\", or a file",
            });
        }
    }
    Ok(gathered)
}

impl Gathered {
    fn read(&mut self, reference: &Reference, path: &Path) -> Result<()> {
        let io = |error| Error::io("reading what was seen", path)(error);
        let mut bytes = Vec::new();
        File::open(path).map_err(io)?.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(io)?;
        if bytes.len() as u64 > FILE_MAX {
            return Err(unreadable("is larger than 64 MiB", path));
        }
        if let Ok(layer) = serde_json::from_slice::<Layer>(&bytes) {
            self.layer(reference, &layer, path);
            return Ok(());
        }
        self.bundle(reference, &bytes, path)
    }

    /// Takes the techniques of a Navigator layer that are switched on and, where any has a score, have one above 0.
    fn layer(&mut self, reference: &Reference, layer: &Layer, path: &Path) {
        let is_scored = layer.techniques.iter().any(|technique| technique.score.is_some());
        let is_marked = |technique: &&LayerTechnique| {
            technique.enabled != Some(false) && (!is_scored || technique.score.is_some_and(|score| score > 0.0))
        };
        let marked: Vec<&LayerTechnique> = layer.techniques.iter().filter(is_marked).collect();
        let (taken, all) = (marked.len(), layer.techniques.len());
        self.notes.push(format!(
            "{}: {taken} of {all} techniques of the layer are marked",
            plain(&path.display().to_string())
        ));
        for technique in marked {
            self.add(reference, TraceKind::Technique, &technique.id);
        }
    }

    /// Takes techniques and software of a STIX bundle, read as an exhibit would be.
    fn bundle(&mut self, reference: &Reference, bytes: &[u8], path: &Path) -> Result<()> {
        let size = bytes.len() as u64;
        let exhibit = Exhibit { sha256: Digest::of(bytes), sha1: String::new(), md5: String::new(), size };
        let set = onus_analyse::observe(&Subject { exhibit: &exhibit, bytes });
        let mut taken = 0;
        for observation in &set.observations {
            let kind = match observation.kind.as_str() {
                "technique" => TraceKind::Technique,
                "software" => TraceKind::Software,
                "malformed" | "limit" => {
                    self.notes.push(format!("{}: {}", plain(&path.display().to_string()), plain(&observation.value)));
                    continue;
                }
                _ => continue,
            };
            taken += 1;
            self.add(reference, kind, &observation.value);
        }
        if taken == 0 {
            return Err(unreadable(
                "holds no technique and no software, or is neither a STIX bundle nor a layer",
                path,
            ));
        }
        Ok(())
    }

    /// Adds one trace by identifier or name. A replaced identifier stands for its successor.
    fn add(&mut self, reference: &Reference, kind: TraceKind, given: &str) {
        let by_name = || software_named(reference, given).filter(|_| kind == TraceKind::Software);
        let found = reference.trace(given).or_else(by_name);
        let trace = found.map(|trace| reference.trace_now(trace));
        let entry = |trace: Option<u16>| trace.and_then(|trace| reference.traces.get(usize::from(trace)));
        if let (Some(was), Some(now)) = (entry(found), entry(trace)) {
            if was.id != now.id {
                self.notes.push(format!("{} was replaced by {}, which is looked for instead", was.id, now.id));
            }
            if now.state == State::Deprecated {
                self.notes.push(format!("{} is deprecated; nobody is said to use it any more", now.id));
            }
        }
        let id = entry(trace).map(|trace| trace.id.clone());
        if id.is_none() {
            self.notes.push(format!("{} is not in the reference data: nobody is known for it", plain(given)));
        }
        self.seen.push(Seen { kind, id: id.unwrap_or_else(|| given.to_owned()), trace });
    }
}

fn unreadable(what: &'static str, path: &Path) -> Error {
    let remedy = "give a STIX 2 bundle or a Navigator layer, as JSON of at most 64 MiB";
    Error::BadValue { what, given: path.display().to_string(), remedy }
}

/// The sort of an identifier of ATT&CK: `T` and four digits, perhaps a point and three more; `S` and four digits.
fn kind_of_id(word: &str) -> Option<TraceKind> {
    let is_number = |text: &str, len: usize| text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, rest) = word.split_at_checked(1)?;
    match first {
        "S" | "s" => is_number(rest, 4).then_some(TraceKind::Software),
        "T" | "t" => {
            let (technique, part) = rest.split_once('.').unwrap_or((rest, "000"));
            (is_number(technique, 4) && is_number(part, 3)).then_some(TraceKind::Technique)
        }
        _ => None,
    }
}

fn software_named(reference: &Reference, name: &str) -> Option<u16> {
    let is_software = |number: &u16| {
        reference.traces.get(usize::from(*number)).is_some_and(|trace| trace.kind == TraceKind::Software)
    };
    reference.traces_named(name).into_iter().find(is_software)
}

/// A layer of the ATT&CK Navigator (layer format 4), as far as it is read.
#[derive(Deserialize)]
struct Layer {
    techniques: Vec<LayerTechnique>,
}

#[derive(Deserialize)]
struct LayerTechnique {
    #[serde(rename = "techniqueID")]
    id: String,
    enabled: Option<bool>,
    score: Option<f64>,
}
