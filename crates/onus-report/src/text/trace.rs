//! What one file says of its origin, for a terminal: what it says, what contradicts it, and what that is worth.

use std::collections::BTreeMap;

use onus_core::{Observation, ObservationSet, plain};

use super::{Paint, WIDTH, wrapped};
use crate::{foreign::cut, numbers::thousands};

/// Columns before what belongs to a line.
const INDENT: &str = "      ";

/// Observations of one kind that are shown; programs read the others.
const SHOWN_MAX: usize = 8;

/// Columns of a kind and of a value.
const KIND: usize = 18;
const VALUE: usize = 52;

/// What is said where a test passes. It is never more than this.
const PASSED: &str =
    "No contradiction found. That does not make a trace genuine: whoever pays the cost shown leaves none.";

/// Renders what was read of one file.
///
/// Text of the file is shown through [`onus_core::plain`], so that nothing in it can steer the terminal.
#[must_use]
pub fn trace(path: &str, format: &str, set: &ObservationSet, colour: bool) -> String {
    let paint = Paint(colour);
    let tests = Tests::of(set);
    let mut out = format!("{}\n", paint.strong(&plain(path)));
    out += &format!("  {}, {} bytes, {}\n", plain(format), thousands(set.exhibit.size), set.exhibit.sha256);
    let others: Vec<&Observation> = set.observations.iter().filter(|one| is_shown(one)).collect();
    out += &said(&others, paint);
    out += &contradictions(&tests.inconsistent, paint);
    out += &passed(&tests.consistent, paint);
    out += &not_run(&tests.not_run, paint);
    out += &left_out(set, paint);
    out
}

/// Consistency tests by what came of them.
#[derive(Default)]
struct Tests<'a> {
    inconsistent: Vec<&'a Observation>,
    consistent: Vec<&'a Observation>,
    not_run: Vec<&'a Observation>,
}

impl<'a> Tests<'a> {
    fn of(set: &'a ObservationSet) -> Self {
        let mut tests = Self::default();
        for test in set.observations.iter().filter(|one| one.kind == "consistency_test") {
            match attribute(test, "result") {
                "inconsistent" => tests.inconsistent.push(test),
                "consistent" => tests.consistent.push(test),
                _ => tests.not_run.push(test),
            }
        }
        // what is worth more stands first
        tests.inconsistent.sort_by_key(|test| attribute(test, "strength") != "hard");
        tests
    }
}

fn is_shown(observation: &Observation) -> bool {
    let is_name = matches!(observation.kind.as_str(), "size" | "sha256" | "sha1" | "md5");
    let is_told_elsewhere = matches!(observation.kind.as_str(), "consistency_test" | "limit" | "analysis_failed");
    !(is_told_elsewhere || is_name && observation.analyser == "identity")
}

/// What the file says, a few observations of each kind.
fn said(observations: &[&Observation], paint: Paint) -> String {
    if observations.is_empty() {
        return String::new();
    }
    let mut out = heading("It says", paint);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for observation in observations {
        let count = seen.entry(&observation.kind).or_default();
        *count += 1;
        if *count <= SHOWN_MAX {
            out += &one_said(observation, paint);
        }
    }
    for (kind, count) in seen.iter().filter(|(_, count)| **count > SHOWN_MAX) {
        out += &format!("    {} more of {}\n", count - SHOWN_MAX, cut(kind, KIND));
    }
    out
}

fn one_said(observation: &Observation, paint: Paint) -> String {
    let place = observation.locus.map(|locus| format!("at {:#x}", locus.offset)).unwrap_or_default();
    let (kind, value) = (cut(&observation.kind, KIND), cut(&observation.value, VALUE));
    let pad = |text: &str, wide: usize| " ".repeat(wide.saturating_sub(crate::foreign::columns(text)));
    let line = format!(
        "    {kind}{} {value}{} {place:<12} {}",
        pad(&kind, KIND),
        pad(&value, VALUE),
        paint.soft(&plain(attribute(observation, "forge_cost")))
    );
    format!("{}\n", line.trim_end())
}

/// What contradicts it, with the places, and what may have happened instead of a forgery.
fn contradictions(tests: &[&Observation], paint: Paint) -> String {
    if tests.is_empty() {
        return String::new();
    }
    let mut out = heading("What contradicts it", paint);
    for test in tests {
        let name = cut(&test.value, WIDTH);
        let about = cut(&attribute(test, "about").replace('_', " "), 40);
        let strength = if attribute(test, "strength") == "hard" { "hard" } else { "soft: a lead, no proof" };
        out += &format!("    {} ({strength}), about {about}\n", paint.against(&name));
        out += &paragraph("", attribute(test, "explain"));
        out += &paragraph("where: ", &places(test));
        let causes: Vec<&str> = attribute(test, "benign_causes").lines().collect();
        out += &paragraph("an innocent explanation: ", &causes.join("; "));
        out += &paragraph("files that nobody forged, with this result: ", attribute(test, "false_alarm_measured"));
        out += &paragraph("cost of a forgery that this test does not see: ", attribute(test, "forge_cost"));
    }
    out
}

/// Places as offsets in the file, first and length.
fn places(test: &Observation) -> String {
    let place = |line: &str| {
        let (offset, len) = line.split_once('+')?;
        Some(format!("{:#x} ({} bytes)", offset.parse::<u64>().ok()?, thousands(len.parse().ok()?)))
    };
    attribute(test, "loci").lines().filter_map(place).collect::<Vec<String>>().join(", ")
}

/// Tests that found no contradiction, by what a forgery that passes costs.
fn passed(tests: &[&Observation], paint: Paint) -> String {
    if tests.is_empty() {
        return String::new();
    }
    let mut by_cost: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for test in tests {
        by_cost.entry(attribute(test, "forge_cost")).or_default().push(&test.value);
    }
    let mut out = heading("What does not", paint);
    for (cost, names) in by_cost {
        out += &paragraph(&format!("no contradiction found, forge cost {}: ", plain(cost)), &names.join(", "));
    }
    out += &paragraph("", PASSED);
    out
}

/// Tests that could not run, by the reason.
fn not_run(tests: &[&Observation], paint: Paint) -> String {
    if tests.is_empty() {
        return String::new();
    }
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for test in tests {
        by_reason.entry(attribute(test, "explain")).or_default().push(&test.value);
    }
    let mut out = heading("Not tested", paint);
    for (reason, names) in by_reason {
        out += &paragraph(&format!("{}: ", names.join(", ")), reason);
    }
    out
}

fn left_out(set: &ObservationSet, paint: Paint) -> String {
    let is_limit = |one: &&Observation| matches!(one.kind.as_str(), "limit" | "analysis_failed");
    let limits: Vec<&Observation> = set.observations.iter().filter(is_limit).collect();
    if limits.is_empty() {
        return String::new();
    }
    let mut out = heading("Not read", paint);
    for limit in limits.iter().take(SHOWN_MAX) {
        out += &paragraph("", &limit.value);
    }
    match limits.len().saturating_sub(SHOWN_MAX) {
        0 => out,
        more => out + &format!("{INDENT}and {more} limits more\n"),
    }
}

fn heading(text: &str, paint: Paint) -> String {
    format!("  {}\n", paint.strong(text))
}

/// Words and text of a file on lines that fit; nothing where there is no text.
fn paragraph(words: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = format!("{}{}", plain(words), plain(text));
    format!("{INDENT}{}\n", wrapped(&text, WIDTH - INDENT.len(), INDENT))
}

fn attribute<'a>(observation: &'a Observation, name: &str) -> &'a str {
    observation.attributes.get(name).map(String::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use onus_core::{Digest, Exhibit, Locus};

    use super::*;
    use crate::foreign::columns;

    fn observed(kind: &str, value: &str, attributes: &[(&str, &str)]) -> Observation {
        Observation {
            kind: kind.into(),
            value: value.into(),
            locus: Some(Locus::bytes(0x80, 4)),
            analyser: "pe".into(),
            attributes: attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        }
    }

    fn shown(observations: Vec<Observation>) -> String {
        let exhibit = Exhibit { sha256: Digest::of(b""), sha1: String::new(), md5: String::new(), size: 1000 };
        trace("in/a.exe", "pe", &ObservationSet { exhibit, analysers: Vec::new(), observations }, false)
    }

    #[test]
    fn a_reader_sees_what_contradicts_what_and_what_else_it_can_mean() {
        let test = observed(
            "consistency_test",
            "rich-linker",
            &[
                ("about", "rich_header"),
                ("result", "inconsistent"),
                ("strength", "hard"),
                ("explain", "one says 6.0, the other 14.0"),
                ("loci", "128+8\n264+2"),
                ("benign_causes", "a packer\nanother tool"),
                ("false_alarm_measured", "0 of 631 files, 0 of 29 projects"),
                ("forge_cost", "F0"),
            ],
        );
        let text = shown(vec![observed("pdb_path", "c:\\a.pdb", &[("forge_cost", "F1")]), test]);
        for line in [
            "    pdb_path           c:\\a.pdb                                             at 0x80      F1\n",
            "    rich-linker (hard), about rich header\n      one says 6.0, the other 14.0\n",
            "      where: 0x80 (8 bytes), 0x108 (2 bytes)\n",
            "      an innocent explanation: a packer; another tool\n",
            "0 of 631 files",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_test_that_passes_is_never_called_genuine() {
        let passed = [("result", "consistent"), ("forge_cost", "F2")];
        let text = shown(vec![
            observed("consistency_test", "one", &passed),
            observed("consistency_test", "two", &passed),
            observed("consistency_test", "three", &[("result", "not_run"), ("explain", "there is no Rich header")]),
        ]);
        assert!(text.contains("no contradiction found, forge cost F2: one, two\n"), "{text}");
        assert!(text.contains("three: there is no Rich header\n"), "{text}");
    }

    #[test]
    fn hostile_text_neither_steers_nor_runs_over_the_edge() {
        let hostile = "\u{1b}[31m\u{202e}a\nb".repeat(60);
        let mut all: Vec<Observation> =
            (0..40).map(|_| observed(&hostile, &hostile, &[("forge_cost", &hostile)])).collect();
        for result in ["inconsistent", "consistent", "?"] {
            let attributes = ["about", "explain", "loci", "benign_causes", "forge_cost", "strength"]
                .map(|name| (name, hostile.as_str()));
            all.push(observed("consistency_test", &hostile, &[attributes.as_slice(), &[("result", result)]].concat()));
        }
        all.push(observed("limit", &hostile, &[]));
        let text = shown(all);
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
        let long = text.lines().find(|line| columns(line) > 160);
        assert!(text.lines().count() < 2000, "{}", text.lines().count());
        assert!(
            long.is_none_or(|line| line.contains("u{202e}")),
            "only a cost that is none makes a line long: {long:?}"
        );
    }
}
