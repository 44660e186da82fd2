//! The content of an entry has the checksum and size that its header says.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    zip::{Zip, ZipFormat, name},
};

pub(super) const ZIP_CHECKSUM: ConsistencyTest<ZipFormat> = ConsistencyTest {
    id: "zip-checksum",
    about: "archive_entry",
    strength: Strength::Soft,
    rationale: "the checksum is computed from the content when it is packed, so that a content that was changed in \
                place afterwards does not fit",
    benign_causes: &["damage in transfer or storage", "programs that write no checksum for empty or signed entries"],
    false_alarm: Rate { hits: 0, files: 3203, hit_projects: 0, projects: 306 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(zip: &Zip<'_>) -> Outcome {
    if zip.end.is_none() || zip.read.is_empty() {
        return Outcome::NotRun("no content of an entry of the directory was read whole");
    }
    let wrong: Vec<_> = zip
        .read
        .iter()
        .filter_map(|(number, (crc, size))| {
            let entry = zip.entries.get(*number)?;
            (*crc != entry.stated.crc || *size != entry.stated.size).then_some(entry)
        })
        .collect();
    let Some(first) = wrong.first() else { return Outcome::Consistent };
    let explain = format!(
        "{} of {} contents do not have the checksum or size of their entry in the directory; the first is `{}`",
        wrong.len(),
        zip.read.len(),
        name(zip.slice(&first.stated.name), &first.stated).text
    );
    let loci = wrong.iter().flat_map(|entry| [entry.data.clone(), entry.stated.range.clone()]).collect();
    Outcome::Inconsistent { loci, explain }
}

#[cfg(test)]
mod tests {
    use super::ZIP_CHECKSUM;
    use crate::artefact::{
        consistency::Outcome,
        crc32::crc32,
        zip::{
            Zip,
            tests::made::{archive, entry},
        },
    };

    #[test]
    fn a_content_that_was_changed_in_place_is_found() {
        let bytes = archive(&[entry("a", b"one", (0, 0), &[])]);
        let mut zip = Zip::of(&bytes);
        zip.read.insert(0, (crc32(b"one"), 3));
        assert_eq!((ZIP_CHECKSUM.run)(&zip), Outcome::Consistent);
        zip.read.insert(0, (crc32(b"two"), 3));
        assert!(matches!((ZIP_CHECKSUM.run)(&zip), Outcome::Inconsistent { .. }));
    }
}
