//! The two headers of an entry say the same time.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    stamp,
    zip::{Header, Zip, ZipFormat, name},
};

pub(super) const ZIP_TIMES_AGREE: ConsistencyTest<ZipFormat> = ConsistencyTest {
    id: "zip-times-agree",
    about: "archive_entry",
    strength: Strength::Soft,
    rationale: "the program that packs writes the time of an entry twice, before the content and in the directory",
    benign_causes: &[
        "programs that write the time of packing in one place and that of the file in the other",
        "programs that leave one of the two empty",
    ],
    false_alarm: Rate { hits: 5, files: 3211, hit_projects: 5, projects: 306 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(zip: &Zip<'_>) -> Outcome {
    if zip.end.is_none() {
        return Outcome::NotRun("there is no directory to compare with");
    }
    let differing: Vec<_> = zip
        .entries
        .iter()
        .filter_map(|entry| Some((entry, entry.local.as_ref()?)))
        .filter(|(entry, local)| (entry.stated.date, entry.stated.time) != (local.date, local.time))
        .collect();
    let Some((first, local)) = differing.first() else { return Outcome::Consistent };
    let explain = format!(
        "{} entries have another time in the directory than before their content; the first is `{}`: {} before the \
         content, {} in the directory",
        differing.len(),
        name(zip.slice(&local.name), local).text,
        written(local),
        written(&first.stated)
    );
    let loci = differing
        .iter()
        .flat_map(|(entry, local)| {
            [
                local.range.start + 10..local.range.start + 14,
                entry.stated.range.start + 12..entry.stated.range.start + 16,
            ]
        })
        .collect();
    Outcome::Inconsistent { loci, explain }
}

fn written(header: &Header) -> String {
    stamp::dos(header.date, header.time).map_or_else(|| "no date".to_owned(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::ZIP_TIMES_AGREE;
    use crate::artefact::zip::tests::made::{archive, entry, explained};

    #[test]
    fn another_time_in_the_directory_is_found() {
        let mut made = entry("a", b"one", (0x5741, 0x7d1c), &[]);
        assert_eq!(explained(&ZIP_TIMES_AGREE, &archive(&[entry("a", b"", (0x5741, 0x7d1c), &[])])), None);
        made.central[12] ^= 1;
        let said = explained(&ZIP_TIMES_AGREE, &archive(&[made])).unwrap();
        assert!(
            said.contains("2023-10-01T15:40:56 before the content, 2023-10-01T15:40:58 in the directory"),
            "{said}"
        );
    }
}
