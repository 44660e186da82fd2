//! What the Rich header says, as observations.

use md5::{Digest as _, Md5};
use onus_core::Locus;

use super::{Entry, Reading, Rich};
use crate::{
    Finding, Findings,
    artefact::{
        forge_cost::ForgeCost,
        pe::{builds::Release, facts::Facts},
    },
};

/// Entries that become observations, at most.
const ENTRIES_MAX: usize = 256;

/// Adds the observations of the Rich header, and the version of the linker that the optional header names.
pub(crate) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let image = &facts.image;
    let (major, minor) = image.linker;
    findings.add(
        Finding::new("linker_version", format!("{major}.{minor}"))
            .with("forge_cost", ForgeCost::F0.name())
            .at(Locus::bytes(image.optional_header + 2, 2)),
    );
    match &facts.rich {
        Reading::Absent => {}
        Reading::Broken(what, place) => {
            findings.add(Finding::malformed(*what).at(Locus::bytes(place.start, place.len())));
        }
        Reading::Cut => {
            findings.add(Finding::limit("the bytes before the PE signature are not all searched for a Rich header"))
        }
        Reading::Read(rich) => {
            findings.add(header(rich));
            for entry in rich.entries.iter().take(ENTRIES_MAX) {
                findings.add(finding(*entry));
            }
            if rich.entries.len() > ENTRIES_MAX {
                let left = rich.entries.len() - ENTRIES_MAX;
                findings.add(Finding::limit(format!("{left} entries of the Rich header are not listed")));
            }
        }
    }
}

fn header(rich: &Rich) -> Finding {
    let linker = rich.linker().map_or_else(|| "no linker named".to_owned(), in_words);
    Finding::new("rich_header", linker)
        .with("key", format!("{:08x}", rich.key))
        .with("entries", rich.entries.len().to_string())
        .with("checksum_ok", if rich.checksum == rich.key { "true" } else { "false" })
        .with("md5", hex(&Md5::digest(rich.clear())))
        .with("forge_cost", ForgeCost::F1.name())
        .at(Locus::bytes(rich.range.start, rich.range.len()))
}

fn finding(entry: Entry) -> Finding {
    let release = Release::of_family(entry.version(), entry.build);
    Finding::new("rich_entry", format!("{}.{}", in_words_short(entry), entry.build))
        .with("product", format!("{:#06x}", entry.product))
        .with("build", entry.build.to_string())
        .with("count", entry.count.to_string())
        .with_some("release", release.map(|release| release.name))
        .with_some("released", release.map(|release| release.day))
        .with("forge_cost", ForgeCost::F1.name())
        .at(Locus::bytes(entry.at, super::ENTRY_LEN))
}

/// Returns a linker with its release: `Linker1400 build 35228, Visual Studio 2022 17.14`.
fn in_words(entry: Entry) -> String {
    let name = in_words_short(entry);
    match Release::of_family(entry.version(), entry.build) {
        Some(release) => format!("{name} build {}, {}", entry.build, release.name),
        None => format!("{name} build {}", entry.build),
    }
}

/// Returns the name of its program.
fn in_words_short(entry: Entry) -> String {
    entry.known().map_or_else(|| format!("product {:#06x}", entry.product), |product| product.name.to_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
