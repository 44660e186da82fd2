//! What a program reads of one file: one JSON object, described in `docs/spec/trace.md`.

use std::collections::BTreeMap;

use onus_core::{Locus, Observation, ObservationSet};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::Traced;

/// Attributes of a consistency test that the line has as members, or that say what its `about` kind says anyway.
const TEST_MEMBERS: [&str; 12] = [
    "about",
    "benign_causes",
    "detection",
    "detection_measured",
    "explain",
    "false_alarm",
    "false_alarm_measured",
    "forge_cost",
    "loci",
    "rationale",
    "result",
    "strength",
];

/// What was read of one file.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    /// Where it lies, as it was walked.
    pub path: String,
    /// Its SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Short name of its format: `pe`, `elf`, `macho`, `html`, …
    pub format: &'a str,
    /// What it says.
    pub observations: Vec<Said<'a>>,
    /// What came of each consistency test.
    pub tests: Vec<Test<'a>>,
    /// What was left out, and why.
    pub limits: Vec<&'a str>,
}

/// One thing that a file says.
#[derive(Debug, Serialize)]
pub struct Said<'a> {
    kind: &'a str,
    value: &'a str,
    locus: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    forge_cost: Option<&'a str>,
    #[serde(skip_serializing_if = "Others::is_empty")]
    attributes: Others<'a>,
}

/// What came of one consistency test.
#[derive(Debug, Serialize)]
pub struct Test<'a> {
    id: &'a str,
    about: &'a str,
    result: &'a str,
    strength: &'a str,
    loci: Vec<Place>,
    explain: &'a str,
    benign_causes: Vec<&'a str>,
    false_alarm: Option<f64>,
    false_alarm_measured: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detection: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detection_measured: Option<&'a str>,
    forge_cost: &'a str,
    #[serde(skip_serializing_if = "Others::is_empty")]
    attributes: Others<'a>,
}

/// A run of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    offset: u64,
    len: u64,
}

/// Attributes that are no members.
#[derive(Debug)]
struct Others<'a> {
    all: &'a BTreeMap<String, String>,
    members: &'static [&'static str],
}

impl<'a> Line<'a> {
    /// Returns what the line of a file says.
    #[must_use]
    pub fn of(traced: &'a Traced<'_>) -> Self {
        let set = &traced.set;
        let whole = Place { offset: 0, len: set.exhibit.size };
        let (mut observations, mut tests, mut limits) = (Vec::new(), Vec::new(), Vec::new());
        for observation in &set.observations {
            match (observation.analyser.as_str(), observation.kind.as_str()) {
                // they are members of the line
                ("identity", "size" | "sha256" | "sha1" | "md5") => {}
                (_, "consistency_test") => tests.push(Test::of(observation, whole)),
                (_, "limit" | "analysis_failed") => limits.push(observation.value.as_str()),
                _ => observations.push(Said::of(observation, whole)),
            }
        }
        Self {
            path: traced.path.display().to_string(),
            sha256: set.exhibit.sha256.to_hex(),
            size: set.exhibit.size,
            format: format(set),
            observations,
            tests,
            limits,
        }
    }

    /// Returns the line as JSON with a line feed at the end.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = Vec::with_capacity(16 << 10);
        serde_json::to_writer(&mut json, self)
            .expect("a line has text keys and finite numbers, and memory is written to");
        json.push(b'\n');
        json
    }
}

impl<'a> Said<'a> {
    fn of(observation: &'a Observation, whole: Place) -> Self {
        let is_tlsh = observation.analyser == "identity" && observation.kind == "tlsh";
        Self {
            kind: if is_tlsh { "similarity_tlsh" } else { &observation.kind },
            value: &observation.value,
            locus: observation.locus.map_or(whole, Place::from),
            forge_cost: observation.attributes.get("forge_cost").map(String::as_str),
            attributes: Others { all: &observation.attributes, members: &["forge_cost"] },
        }
    }
}

impl<'a> Test<'a> {
    fn of(observation: &'a Observation, whole: Place) -> Self {
        let attribute = |name: &str| observation.attributes.get(name).map(String::as_str);
        let text = |name: &str| attribute(name).unwrap_or_default();
        // a worker's answer is hostile, and JSON has no infinity
        let rate = |name: &str| attribute(name)?.parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate));
        Self {
            id: &observation.value,
            about: text("about"),
            result: text("result"),
            strength: text("strength"),
            loci: loci(observation, whole),
            explain: text("explain"),
            benign_causes: text("benign_causes").lines().collect(),
            false_alarm: rate("false_alarm"),
            false_alarm_measured: text("false_alarm_measured"),
            detection: rate("detection"),
            detection_measured: attribute("detection_measured"),
            forge_cost: text("forge_cost"),
            attributes: Others { all: &observation.attributes, members: &TEST_MEMBERS },
        }
    }
}

impl From<Locus> for Place {
    fn from(locus: Locus) -> Self {
        Self { offset: locus.offset, len: locus.len }
    }
}

impl Others<'_> {
    fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.all.iter().filter(|(name, _)| !self.members.contains(&name.as_str()))
    }

    fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl Serialize for Others<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The places of both sides of a contradiction: `offset+len`, one a line. What lies outside the file is no place.
fn loci(observation: &Observation, whole: Place) -> Vec<Place> {
    let list = observation.attributes.get("loci").map(String::as_str).unwrap_or_default();
    let place = |line: &str| {
        let (offset, len) = line.split_once('+')?;
        Some(Place { offset: offset.parse().ok()?, len: len.parse().ok()? })
    };
    let is_inside = |place: &Place| place.offset.checked_add(place.len).is_some_and(|end| end <= whole.len);
    list.lines().filter_map(place).filter(is_inside).collect()
}

/// Short name of the format of a file, from its media type.
fn format(set: &ObservationSet) -> &str {
    let is_type = |observation: &&Observation| observation.analyser == "identity" && observation.kind == "media_type";
    let Some(media_type) = set.observations.iter().find(is_type) else { return "unknown" };
    match media_type.value.as_str() {
        "application/vnd.microsoft.portable-executable" => "pe",
        "application/x-executable" => "elf",
        "application/x-mach-binary" => "macho",
        "application/octet-stream" => "unknown",
        other => {
            let short = other.split_once('/').map_or(other, |(_, short)| short);
            short.strip_prefix("x-").unwrap_or(short)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use onus_core::{Digest, Exhibit};
    use onus_ledger::Outcome;

    use super::*;

    fn observed(analyser: &str, kind: &str, value: &str, attributes: &[(&str, &str)]) -> Observation {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Observation { kind: kind.into(), value: value.into(), locus: None, analyser: analyser.into(), attributes }
    }

    fn json(observations: Vec<Observation>) -> serde_json::Value {
        let exhibit = Exhibit { sha256: Digest::of(b"x"), sha1: String::new(), md5: String::new(), size: 9 };
        let set = ObservationSet { exhibit, analysers: Vec::new(), observations };
        let traced = Traced { path: Path::new("a\nb"), set, outcome: Outcome::Complete };
        let line = Line::of(&traced).to_json();
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1, "one line, whatever the path");
        serde_json::from_slice(&line).unwrap()
    }

    #[test]
    fn what_has_no_place_stands_for_the_whole_file() {
        let line = json(vec![
            observed("identity", "media_type", "application/x-mach-binary", &[]),
            observed("identity", "sha256", "00", &[]),
            observed("identity", "tlsh", "T1", &[]),
            observed("macho", "build", "x", &[("forge_cost", "F1"), ("tool", "ld")]),
            observed("macho", "limit", "enough", &[]),
        ]);
        assert_eq!((line["format"].as_str(), line["limits"][0].as_str()), (Some("macho"), Some("enough")));
        assert_eq!(line["observations"][1]["kind"], "similarity_tlsh");
        let build = serde_json::json!({"kind": "build", "value": "x", "locus": {"offset": 0, "len": 9},
            "forge_cost": "F1", "attributes": {"tool": "ld"}});
        assert_eq!(line["observations"][2], build);
        assert_eq!(line["observations"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn a_test_has_the_numbers_of_its_attributes_and_nothing_that_is_no_number() {
        let line = json(vec![
            observed("pe", "consistency_test", "one", &[("false_alarm", "0.0050"), ("loci", "1+2\n8+1\nx\n8+2")]),
            observed("pe", "consistency_test", "two", &[("false_alarm", "inf"), ("result", "not_run"), ("z", "y")]),
        ]);
        assert_eq!(line["tests"][0]["false_alarm"], 0.005);
        assert_eq!(line["tests"][0]["loci"], serde_json::json!([{"offset": 1, "len": 2}, {"offset": 8, "len": 1}]));
        assert!(line["tests"][1]["false_alarm"].is_null());
        assert_eq!(line["tests"][1]["attributes"], serde_json::json!({"z": "y"}));
    }
}
