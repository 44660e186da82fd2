//! Every header before a content is listed in the directory.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    zip::{Zip, ZipFormat, name},
};

pub(super) const ZIP_UNLISTED_ENTRY: ConsistencyTest<ZipFormat> = ConsistencyTest {
    id: "zip-unlisted-entry",
    about: "archive_entry",
    strength: Strength::Soft,
    rationale: "an entry that the directory does not list was deleted, replaced or hidden after packing: programs \
                that read from the front see it, those that read the directory do not",
    benign_causes: &[
        "programs that replace an entry by writing it again at the end",
        "an archive without compression inside a content that is streamed",
        "a program or picture in front of the archive that holds an archive of its own",
    ],
    false_alarm: Rate { hits: 1, files: 3210, hit_projects: 1, projects: 305 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(zip: &Zip<'_>) -> Outcome {
    if zip.end.is_none() || zip.is_cut {
        return Outcome::NotRun("the directory was not read to its end");
    }
    let Some(first) = zip.unlisted.first() else { return Outcome::Consistent };
    let explain = format!(
        "{} entries stand in the file that the directory does not list; the first is `{}`",
        zip.unlisted.len(),
        name(zip.slice(&first.stated.name), &first.stated).text
    );
    Outcome::Inconsistent { loci: zip.unlisted.iter().map(|entry| entry.stated.range.clone()).collect(), explain }
}

#[cfg(test)]
mod tests {
    use super::ZIP_UNLISTED_ENTRY;
    use crate::artefact::zip::tests::made::{archive, entry, explained};

    #[test]
    fn an_entry_that_the_directory_leaves_out_is_found() {
        let hidden = entry("hidden", b"zero", (0, 0), &[]);
        let mut first = entry("a", b"one", (0, 0), &[]);
        assert_eq!(explained(&ZIP_UNLISTED_ENTRY, &archive(&[entry("a", b"one", (0, 0), &[])])), None);
        first.content.extend([hidden.local, hidden.content].concat());
        assert!(explained(&ZIP_UNLISTED_ENTRY, &archive(&[first])).unwrap().contains("`hidden`"));
    }
}
