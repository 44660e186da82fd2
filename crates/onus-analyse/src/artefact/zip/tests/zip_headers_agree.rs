//! The two headers of an entry say the same of name, method, size and checksum.

use std::ops::Range;

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    zip::{Entry, Header, STREAMED, Zip, ZipFormat, name},
};

/// Entries that the explanation names, at most.
const NAMED_MAX: usize = 8;

pub(super) const ZIP_HEADERS_AGREE: ConsistencyTest<ZipFormat> = ConsistencyTest {
    id: "zip-headers-agree",
    about: "archive_entry",
    strength: Strength::Hard,
    rationale: "the program that packs writes name, method, size and checksum of an entry twice, before the content \
                and in the directory at the end; programs that read look at one of them only",
    benign_causes: &[
        "a program that renames entries in the directory only",
        "a name written with other separators or in another encoding in one of the headers",
        "a file put together by hand to test programs that read archives",
    ],
    false_alarm: Rate { hits: 0, files: 3211, hit_projects: 0, projects: 306 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(zip: &Zip<'_>) -> Outcome {
    if zip.end.is_none() {
        return Outcome::NotRun("there is no directory to compare with");
    }
    let mut loci: Vec<Range<usize>> = Vec::new();
    let mut named = Vec::new();
    for entry in &zip.entries {
        let Some(local) = &entry.local else { continue };
        let differing = differing(zip, entry, local);
        if !differing.is_empty() {
            loci.extend([local.range.clone(), entry.stated.range.clone()]);
            named.push(format!("`{}`: {}", name(zip.slice(&local.name), local).text, differing.join(", ")));
        }
    }
    if loci.is_empty() {
        return Outcome::Consistent;
    }
    let count = named.len();
    named.truncate(NAMED_MAX);
    let explain = format!(
        "the header before the content and the one in the directory contradict each other in {count} entries; {}",
        named.join("; ")
    );
    Outcome::Inconsistent { loci, explain }
}

/// What differs, with both values, the one before the content first.
fn differing(zip: &Zip<'_>, entry: &Entry, local: &Header) -> Vec<String> {
    let stated = &entry.stated;
    let mut found = Vec::new();
    if zip.slice(&local.name) != zip.slice(&stated.name) {
        let other = name(zip.slice(&stated.name), stated).text;
        found.push(format!("the directory calls it `{other}`"));
    }
    let mut compare = |what: &str, one: u64, other: u64| {
        if one != other {
            found.push(format!("{what} {one} and {other}"));
        }
    };
    compare("method", local.method.into(), stated.method.into());
    // Where sizes and checksum follow the content, the header before it has zeros, or what was guessed.
    if local.flags & STREAMED == 0 {
        compare("checksum", local.crc.into(), stated.crc.into());
        compare("packed size", local.packed, stated.packed);
        compare("size", local.size, stated.size);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::ZIP_HEADERS_AGREE;
    use crate::artefact::zip::tests::made::{archive, entry, explained};

    #[test]
    fn an_archive_as_it_was_packed_agrees() {
        let bytes = archive(&[entry("a", b"one", (0, 0), &[]), entry("b", b"two", (0, 0), &[])]);
        assert_eq!(explained(&ZIP_HEADERS_AGREE, &bytes), None);
    }

    #[test]
    fn another_name_in_the_directory_is_found() {
        let mut made = entry("harmless.txt", b"one", (0, 0), &[]);
        made.central = entry("invoice.exe_", b"one", (0, 0), &[]).central;
        let said = explained(&ZIP_HEADERS_AGREE, &archive(&[made])).unwrap();
        assert!(said.contains("`harmless.txt`: the directory calls it `invoice.exe_`"), "{said}");
    }

    #[test]
    fn another_checksum_is_found_unless_it_follows_the_content() {
        let mut made = entry("a", b"one", (0, 0), &[]);
        made.local[14] ^= 1;
        assert!(explained(&ZIP_HEADERS_AGREE, &archive(std::slice::from_ref(&made))).is_some());
        made.local[6] |= 8;
        assert_eq!(explained(&ZIP_HEADERS_AGREE, &archive(&[made])), None);
    }
}
