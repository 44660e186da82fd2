//! No two entries share bytes of the file.

use std::ops::Range;

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    zip::{Zip, ZipFormat, name},
};

pub(super) const ZIP_ENTRIES_APART: ConsistencyTest<ZipFormat> = ConsistencyTest {
    id: "zip-entries-apart",
    about: "archive_entry",
    strength: Strength::Hard,
    rationale: "a program that packs writes one entry behind the other; entries that share bytes are how a small \
                archive is made to unpack to a huge one, or one content to appear under two names",
    benign_causes: &["a program that stores files of equal content once", "a damaged directory"],
    false_alarm: Rate { hits: 0, files: 3193, hit_projects: 0, projects: 305 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(zip: &Zip<'_>) -> Outcome {
    let mut spans: Vec<(Range<usize>, &crate::artefact::zip::Entry)> =
        zip.entries.iter().filter(|entry| entry.local.is_some()).map(|entry| (entry.span(), entry)).collect();
    if zip.end.is_none() || spans.len() < 2 {
        return Outcome::NotRun("there are no two entries in a directory");
    }
    spans.sort_by_key(|(span, _)| (span.start, span.end));
    let pairs = spans.iter().zip(spans.iter().skip(1));
    let shared: Vec<_> = pairs.filter(|((one, _), (next, _))| next.start < one.end).collect();
    let Some(((_, one), (_, next))) = shared.first() else { return Outcome::Consistent };
    let called = |entry: &crate::artefact::zip::Entry| name(zip.slice(&entry.stated.name), &entry.stated).text;
    let explain = format!(
        "{} entries begin before the one in front of them ends; the first are `{}` and `{}`",
        shared.len(),
        called(one),
        called(next)
    );
    Outcome::Inconsistent { loci: shared.iter().map(|(_, (next, _))| next.clone()).collect(), explain }
}

#[cfg(test)]
mod tests {
    use super::ZIP_ENTRIES_APART;
    use crate::artefact::zip::tests::made::{archive, entry, explained};

    #[test]
    fn entries_one_behind_the_other_are_apart() {
        let bytes = archive(&[entry("a", b"one", (0, 0), &[]), entry("b", b"two", (0, 0), &[])]);
        assert_eq!(explained(&ZIP_ENTRIES_APART, &bytes), None);
    }

    #[test]
    fn two_names_for_one_content_are_found() {
        let mut second = entry("b", b"one", (0, 0), &[]);
        second.local.clear();
        second.content.clear();
        let mut bytes = archive(&[entry("a", b"one", (0, 0), &[]), second]);
        let directory = bytes.len() - 22 - 2 * 47;
        bytes[directory + 47 + 42..directory + 47 + 46].fill(0);
        assert!(explained(&ZIP_ENTRIES_APART, &bytes).unwrap().contains("the first are `a` and `b`"));
    }
}
