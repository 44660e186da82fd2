//! What a file shares with files that a user attributed.

use std::collections::BTreeMap;

use onus_core::{Observation, ObservationSet};
use onus_weigh::overlap::Overlap;

use super::{Fingerprint, SKETCH_MAX};

/// Numbers that both sketches can tell of, at least; with fewer the share says nothing.
const COMPARED_MIN: usize = 20;

/// Actors that are named for one file, at most, those of the largest share first.
const SHOWN_MAX: usize = 8;

/// A share below this is not told: two programs of anybody have as much.
const SHARE_MIN: f64 = 0.03;

/// What always stands beside an overlap.
const ALTERNATIVE: &str =
    "code is reused, leaked, sold and stolen, and an attribution can be wrong; this is no verdict";

/// How much of the smaller of two programs the other has, as far as their sketches tell.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Share {
    shared: usize,
    compared: usize,
}

impl Share {
    #[expect(clippy::cast_precision_loss, reason = "a sketch has at most 400 numbers")]
    fn value(self) -> f64 {
        self.shared as f64 / self.compared as f64
    }
}

/// Returns what a file shares with attributed files, one observation for each actor, of the file that shares most.
#[must_use]
pub fn overlaps(known: &[Fingerprint], set: &ObservationSet) -> Vec<Observation> {
    let this = Fingerprint::of("", std::path::Path::new(""), set);
    let mut best: BTreeMap<&str, (Share, &Fingerprint)> = BTreeMap::new();
    for other in known.iter().filter(|other| other.sha256 != this.sha256) {
        let Some(share) = share(&this, other).filter(|share| share.value() >= SHARE_MIN) else { continue };
        let is_more = best.get(other.actor.as_str()).is_none_or(|(most, _)| share.value() > most.value());
        if is_more {
            best.insert(&other.actor, (share, other));
        }
    }
    let mut found: Vec<(Share, &Fingerprint)> = best.into_values().collect();
    found.sort_by(|(one, _), (other, _)| other.value().total_cmp(&one.value()));
    let table = Overlap::builtin();
    found.into_iter().take(SHOWN_MAX).map(|(share, other)| observation(&this, other, share, &table)).collect()
}

/// Compares two sketches. Below the smaller of their largest numbers both are complete, and fair samples of all.
fn share(one: &Fingerprint, other: &Fingerprint) -> Option<Share> {
    if one.architecture != other.architecture {
        return None;
    }
    let end = |of: &Fingerprint| {
        let is_cut = of.sketch.len() >= SKETCH_MAX;
        of.sketch.last().copied().filter(|_| is_cut).unwrap_or(u32::MAX)
    };
    let end = end(one).min(end(other));
    let below = |of: &Fingerprint| of.sketch.partition_point(|number| *number <= end);
    let compared = below(one).min(below(other));
    let numbers = one.sketch.get(..below(one)).unwrap_or_default();
    let shared = numbers.iter().filter(|number| other.sketch.binary_search(number).is_ok()).count();
    (compared >= COMPARED_MIN).then_some(Share { shared, compared })
}

fn observation(this: &Fingerprint, other: &Fingerprint, share: Share, table: &Overlap) -> Observation {
    let mut attributes: BTreeMap<String, String> = BTreeMap::new();
    let mut with = |name: &str, value: String| drop(attributes.insert(name.to_owned(), value));
    with("actor", other.actor.clone());
    with("file", other.sha256.to_hex());
    with("name", other.name.chars().take(200).collect());
    with("shared", share.shared.to_string());
    with("compared", share.compared.to_string());
    with("share", format!("{:.3}", share.value()));
    if let Some(row) = table.row(share.value()) {
        with("weight_mdb", row.weight_mdb().to_string());
        with("weight_low_mdb", row.low_mdb().to_string());
        with("same_origin_rate", row.same.to_string());
        with("other_origin_rate", row.other.to_string());
    }
    let same = |name: &&String| other.traits.get(*name) == this.traits.get(*name);
    let also: Vec<&str> = this.traits.keys().filter(same).map(String::as_str).collect();
    if !also.is_empty() {
        with("also_the_same", also.join("\n"));
    }
    with("alternative", ALTERNATIVE.to_owned());
    with("forge_cost", "F2".to_owned());
    Observation {
        kind: "code_overlap".to_owned(),
        value: format!("shares code with files that the user attributed to {}", other.actor),
        locus: None,
        analyser: "fingerprints".to_owned(),
        attributes,
    }
}

#[cfg(test)]
mod tests {
    use onus_core::{Digest, Exhibit};

    use super::*;

    fn set(name: &[u8], numbers: impl Iterator<Item = u32>) -> ObservationSet {
        let numbers: Vec<String> = numbers.map(|number| format!("{number:08x}")).collect();
        let attributes = [("architecture", "x86".to_owned()), ("sketch", numbers.join("\n"))];
        let code = Observation {
            kind: "code_fingerprints".into(),
            value: numbers.len().to_string(),
            locus: None,
            analyser: "code".into(),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value)).into(),
        };
        let exhibit = Exhibit { sha256: Digest::of(name), sha1: String::new(), md5: String::new(), size: 1 };
        ObservationSet { exhibit, analysers: Vec::new(), observations: vec![code] }
    }

    fn known(actor: &str, numbers: impl Iterator<Item = u32>) -> Fingerprint {
        Fingerprint::of(actor, std::path::Path::new("in/a.exe"), &set(actor.as_bytes(), numbers))
    }

    #[test]
    fn each_actor_is_named_once_with_the_share_and_what_else_it_can_mean() {
        let known = [known("G1", 0..100), known("G1", 50..100), known("G2", 90..190), known("G3", 1000..1100)];
        let found = overlaps(&known, &set(b"this", 0..80));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].value, "shares code with files that the user attributed to G1");
        assert_eq!((found[0].attributes["shared"].as_str(), found[0].attributes["share"].as_str()), ("80", "1.000"));
        assert_eq!(found[0].attributes["weight_mdb"], "17563");
        assert!(found[0].attributes["alternative"].contains("no verdict"));
    }

    #[test]
    fn a_file_is_not_compared_with_itself_nor_where_too_little_is_known() {
        assert!(overlaps(&[known("this", 0..100)], &set(b"this", 0..100)).is_empty());
        assert!(overlaps(&[known("G1", 0..19)], &set(b"this", 0..100)).is_empty());
        let other = Fingerprint { architecture: Some("x64".into()), ..known("G1", 0..100) };
        assert!(overlaps(&[other], &set(b"this", 0..100)).is_empty(), "another processor");
    }

    #[test]
    fn a_small_program_inside_a_large_one_is_found_by_the_part_that_both_sketches_tell_of() {
        // of 4,000 numbers the large one keeps the 400 smallest; of the small one's 400 every tenth lies among them
        let large = known("G1", (0..4000).map(|number| number * 100).take(400));
        let small = set(b"this", (0..400).map(|number| number * 1000));
        let found = overlaps(&[large], &small);
        assert_eq!((found[0].attributes["shared"].as_str(), found[0].attributes["compared"].as_str()), ("40", "40"));
    }
}
