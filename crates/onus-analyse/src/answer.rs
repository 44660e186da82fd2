//! What must hold for an answer before it is believed to have the form of one.
//!
//! Analysers run in a process of their own that hostile bytes may have taken over. This check bounds what such a
//! process can hand back; it cannot tell whether an observation is true.

use onus_core::{Exhibit, Locus, Observation, ObservationSet};

use crate::{ATTRIBUTES_MAX, NAME_MAX, OBSERVATIONS_MAX, VALUE_MAX, analysers};

/// Checks an answer that came from outside against the exhibit that was asked about.
///
/// # Errors
/// What is wrong, in one line: another exhibit; an analyser that is unknown, of another version or out of order;
/// too many observations or attributes; a name that is not `snake_case` or too long; a text that is too long;
/// a place outside the exhibit; an observation of an analyser that did not run; a size or digest that differs from
/// the exhibit's.
pub fn check_answer(set: &ObservationSet, exhibit: &Exhibit) -> Result<(), String> {
    if set.exhibit != *exhibit {
        return Err("the answer is about another exhibit".to_owned());
    }
    check_runs(set)?;
    if set.observations.len() > OBSERVATIONS_MAX {
        return Err(format!("more than {OBSERVATIONS_MAX} observations"));
    }
    let mut position = 0;
    for (index, observation) in set.observations.iter().enumerate() {
        let run = set.analysers.iter().position(|run| run.id == observation.analyser);
        match run {
            Some(run) if run >= position => position = run,
            Some(_) => return Err(format!("observation {index}: out of the order of the analysers")),
            None => return Err(format!("observation {index}: its analyser did not run")),
        }
        check_observation(observation, exhibit).map_err(|what| format!("observation {index}: {what}"))?;
    }
    Ok(())
}

fn check_runs(set: &ObservationSet) -> Result<(), String> {
    let mut known = analysers().iter();
    for run in &set.analysers {
        let analyser = known.find(|analyser| analyser.id == run.id);
        if analyser.is_none_or(|analyser| analyser.version != run.version) {
            return Err("an analyser is unknown, of another version or out of order".to_owned());
        }
    }
    Ok(())
}

fn check_observation(observation: &Observation, exhibit: &Exhibit) -> Result<(), String> {
    if !is_name(&observation.kind) {
        return Err("its kind is no name in snake_case".to_owned());
    }
    if observation.attributes.len() > ATTRIBUTES_MAX {
        return Err(format!("more than {ATTRIBUTES_MAX} attributes"));
    }
    if !observation.attributes.keys().all(|name| is_name(name)) {
        return Err("the name of an attribute is not in snake_case".to_owned());
    }
    let mut texts = observation.attributes.values().chain([&observation.value]);
    if texts.any(|text| text.len() > VALUE_MAX) {
        return Err(format!("a text of more than {VALUE_MAX} bytes"));
    }
    if observation.locus.is_some_and(|locus| !is_inside(locus, exhibit.size)) {
        return Err("its place lies outside the exhibit".to_owned());
    }
    check_identity(observation, exhibit)
}

/// The names of the exhibit were computed by the asker, so the answer may only repeat them.
fn check_identity(observation: &Observation, exhibit: &Exhibit) -> Result<(), String> {
    let expected = match (observation.analyser.as_str(), observation.kind.as_str()) {
        ("identity", "sha256") => exhibit.sha256.to_hex(),
        ("identity", "sha1") => exhibit.sha1.clone(),
        ("identity", "md5") => exhibit.md5.clone(),
        ("identity", "size") => exhibit.size.to_string(),
        _ => return Ok(()),
    };
    if observation.value == expected { Ok(()) } else { Err("differs from what the exhibit is called".to_owned()) }
}

/// Whether a text is a name in `snake_case`: a lower-case letter, then lower-case letters, digits and single `_`.
fn is_name(text: &str) -> bool {
    text.len() <= NAME_MAX
        && text.starts_with(|character: char| character.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !text.contains("__")
        && !text.ends_with('_')
}

fn is_inside(locus: Locus, size: u64) -> bool {
    let ends_inside = locus.offset.checked_add(locus.len).is_some_and(|end| end <= size);
    ends_inside && locus.line.is_none_or(|line| line >= 1 && line - 1 <= locus.offset)
}

#[cfg(test)]
mod tests {
    use onus_core::{Digest, Exhibit, Locus, Observation, ObservationSet};

    use super::check_answer;
    use crate::{Subject, observe};

    fn check(change: impl FnOnce(&mut ObservationSet), expected: &str) {
        let bytes = b"one\n\ntwo\n";
        let exhibit =
            Exhibit { sha256: Digest::of(bytes), sha1: "1".repeat(40), md5: "5".repeat(32), size: bytes.len() as u64 };
        let mut set = observe(&Subject { exhibit: &exhibit, bytes });
        check_answer(&set, &exhibit).unwrap();
        change(&mut set);
        let said = check_answer(&set, &exhibit).unwrap_err();
        assert!(said.contains(expected), "{said}");
    }

    fn first(set: &mut ObservationSet) -> &mut Observation {
        &mut set.observations[0]
    }

    #[test]
    fn what_no_analyser_says_is_refused() {
        check(|set| set.exhibit.size += 1, "another exhibit");
        check(|set| set.analysers[0].version += 1, "another version");
        check(|set| set.analysers[0].id = "oracle".into(), "unknown");
        check(|set| set.analysers.reverse(), "out of order");
        check(|set| set.analysers.push(set.analysers[0].clone()), "out of order");
        check(|set| set.observations = vec![set.observations[0].clone(); 100_001], "more than 100000");
        check(|set| set.observations.reverse(), "order of the analysers");
        check(|set| first(set).analyser = "stix".into(), "did not run");
        check(|set| first(set).kind = "Media Type".into(), "snake_case");
        check(|set| first(set).kind = "a".repeat(65), "snake_case");
        check(|set| first(set).value = "a".repeat(4097), "more than 4096 bytes");
        check(|set| drop(first(set).attributes.insert("A".into(), String::new())), "snake_case");
        check(|set| first(set).attributes.extend((0..40).map(|n| (format!("a{n}"), String::new()))), "attributes");
        check(|set| first(set).locus = Some(Locus::bytes(5, 5)), "outside");
        check(|set| first(set).locus = Some(Locus { offset: u64::MAX, len: 2, line: None }), "outside");
        check(|set| first(set).locus = Some(Locus { offset: 0, len: 1, line: Some(9) }), "outside");
        check(|set| set.observations.iter_mut().find(|o| o.kind == "md5").unwrap().value = "0".into(), "differs");
    }
}
