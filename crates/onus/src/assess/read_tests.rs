//! The consistency tests that analysers made of an exhibit, as tests of what the sheet reads from that exhibit.
//!
//! Weighing knows no analyser and no exhibit: this is where the one is put into the words of the other. A test counts
//! from the day of the entry that holds it, and so never in a replay of an earlier day.

use std::collections::{BTreeMap, BTreeSet};

use onus_core::{Digest, Edtf, Observation, ObservationSet};
use onus_ledger::Entry;
use onus_weigh::{
    Sheet,
    sheet::{PROGRAM, Stated, Test, TestResult},
};

use crate::{Case, Error, Result};

/// By kind of the sheet: the kinds of what analysers read whose tests are tests of it. A kind is also one of its own.
/// Sorted by the kind of the sheet.
const TESTED_BY: &[(&str, &[&str])] = &[
    ("certificate", &["signature"]),
    ("code_overlap", &["code_fingerprints"]),
    ("compile_time", COMPILE_TIMES),
    ("language", &["code_page", "interface_text", "resource_language", "string_language", "version_language"]),
    ("metadata", METADATA),
    ("pdb_path", &["object_path"]),
    ("resource_language", &["version_language"]),
    ("rich_header", &["rich_entry"]),
    ("time_zone", COMPILE_TIMES),
    ("tool_overlap", &["import_hash", "software_name"]),
    ("user_name", &["object_path", "pdb_path"]),
];

/// Kinds that say when a program was built.
const COMPILE_TIMES: &[&str] =
    &["coff_time", "debug_time", "document_time", "export_time", "object_time", "repro_hash", "resource_time"];

/// Kinds that say with what it was built.
const METADATA: &[&str] = &[
    "build_id",
    "build_version",
    "code_page",
    "compiler",
    "document_time",
    "linker_version",
    "object_path",
    "section_names",
    "software_name",
    "uuid",
    "version_language",
];

/// Characters of what a test found that are taken over.
const VALUE_MAX: usize = 1000;

/// Returns the sheet with the tests that were made of the exhibits it cites, and the digest of where they stand;
/// nothing where there are none. A test that the sheet itself states under the same name is not taken twice.
///
/// # Errors
/// A body is damaged.
pub(crate) fn with_read_tests(case: &Case, sheet: &Sheet, entries: &[Entry]) -> Result<(Sheet, Option<Digest>)> {
    let mut sheet = sheet.clone();
    let mut ids: BTreeSet<String> = sheet.tests.iter().map(|test| test.id.clone()).collect();
    let mut used = String::new();
    for (exhibit, run) in newest_runs(entries, &sheet) {
        let body = case.read_body(&run.body)?;
        let set: ObservationSet = serde_json::from_slice(&body)
            .map_err(|_| Error::Damaged { what: "a body is no observation set", path: case.blobs().path(&run.body) })?;
        let cite = sheet.observations.iter().filter(|stated| stated.exhibit == Some(exhibit));
        let tests = cite.flat_map(|stated| set.observations.iter().filter_map(|read| test(stated, read, &run.day)));
        let new: Vec<Test> = tests.filter(|test| ids.insert(test.id.clone())).collect();
        if !new.is_empty() {
            used += &format!("{exhibit} {}\n", run.body);
        }
        sheet.tests.extend(new);
    }
    Ok((sheet, (!used.is_empty()).then(|| Digest::of(used.as_bytes()))))
}

/// A run of the analysers.
struct Run {
    body: Digest,
    day: Edtf,
}

/// The newest run over each exhibit that the sheet cites, by exhibit.
fn newest_runs(entries: &[Entry], sheet: &Sheet) -> BTreeMap<Digest, Run> {
    let cited: BTreeSet<Digest> = sheet.observations.iter().filter_map(|stated| stated.exhibit).collect();
    let mut runs = BTreeMap::new();
    for entry in entries {
        let Entry::AnalysisRun { time, exhibit, body, .. } = entry else { continue };
        // a time is written with its day first, as the profile of dates wants it
        let day = time.to_string().split('T').next().and_then(|day| day.parse::<Edtf>().ok());
        if let (true, Some(day)) = (cited.contains(exhibit), day) {
            runs.insert(*exhibit, Run { body: *body, day });
        }
    }
    runs
}

/// What an analyser tested, as a test of what the sheet states, if it is one.
fn test(stated: &Stated, read: &Observation, day: &Edtf) -> Option<Test> {
    let attribute = |name: &str| read.attributes.get(name).map(String::as_str);
    if read.kind != "consistency_test" || !is_about(&stated.kind, attribute("about")?) {
        return None;
    }
    let result = match attribute("result")? {
        "consistent" => TestResult::Consistent,
        "inconsistent" => TestResult::Inconsistent,
        _ => return None,
    };
    let rate = |name: &str| attribute(name)?.parse().ok().filter(|rate: &f64| *rate > 0.0 && *rate < 1.0);
    Some(Test {
        id: format!("{}/{}", stated.id, read.value),
        observation: stated.id.clone(),
        result,
        seen: day.clone(),
        source: PROGRAM.to_owned(),
        value: attribute("explain").unwrap_or_default().chars().take(VALUE_MAX).collect(),
        false_alarm: rate("false_alarm"),
        detection: rate("detection"),
        is_read: true,
    })
}

/// Whether a test about a kind that analysers read is a test of a kind of the sheet.
fn is_about(stated: &str, about: &str) -> bool {
    let also = TESTED_BY.iter().find(|(kind, _)| *kind == stated).map_or(&[][..], |(_, also)| also);
    stated == about || also.contains(&about)
}

#[cfg(test)]
mod tests {
    use super::{TESTED_BY, is_about};

    #[test]
    fn the_table_is_sorted_and_says_what_a_test_is_about() {
        assert!(TESTED_BY.is_sorted_by(|one, next| one.0 < next.0));
        assert!(TESTED_BY.iter().all(|(_, about)| about.is_sorted()));
        assert!(is_about("rich_header", "rich_header") && is_about("compile_time", "coff_time"));
        assert!(!is_about("rich_header", "coff_time") && !is_about("denial", "coff_time"));
    }
}
