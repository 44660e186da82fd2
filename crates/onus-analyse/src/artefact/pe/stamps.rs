//! The stamps of an image: which are times, which are hashes, and which are fixed.
//!
//! A reproducible build writes a hash where a time is expected. Without looking for its mark first, a quarter of
//! ordinary images would get a false date.

use std::collections::BTreeMap;

use onus_core::Locus;

use super::facts::Facts;
use crate::{
    Finding, Findings,
    artefact::{
        build_time::{from_dos, is_plausible, utc},
        forge_cost::ForgeCost,
        hex::hex,
    },
};

/// The stamp that Delphi and C++Builder wrote into every image until 2009, 19 June 1992, 22:22:17.
pub(super) const DELPHI: u32 = 0x2a42_5e19;

/// Stamps that mean that there is none.
const NONE: [u32; 2] = [0, u32::MAX];

/// Seconds between the stamps of one run of a linker, at most.
pub(super) const TOLERANCE: u32 = 2;

/// Seconds between a local time and UTC, at most, with a quarter of an hour for the run itself.
const ZONE_MAX: i64 = 14 * 3600 + 900;

/// Returns the stamp of the file header if it is a time: not a hash, not fixed, not absurd.
pub(super) fn coff_time(facts: &Facts<'_>) -> Option<u32> {
    let stamp = facts.image.coff_time;
    (facts.debug.repro.is_none() && stamp != DELPHI && is_plausible(stamp)).then_some(stamp)
}

/// Returns whether a stamp says that there is none.
pub(super) fn is_none(stamp: u32) -> bool {
    NONE.contains(&stamp)
}

/// Returns the difference between UTC and the local time that a stamp of MS-DOS was written in, to a quarter of an
/// hour, if it fits the time of the file header.
pub(super) fn dos_offset(stamp: u32, coff_time: Option<u32>) -> Option<i64> {
    let difference = from_dos(stamp)? - i64::from(coff_time?);
    let quarters = (difference + if difference < 0 { -450 } else { 450 }) / 900;
    (difference.abs() <= ZONE_MAX && (difference - 900 * quarters).abs() <= 120).then_some(900 * quarters)
}

/// Adds every stamp.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let image = &facts.image;
    if facts.debug.repro.is_some() {
        observe_hash(facts, findings);
    } else if !is_none(image.coff_time) {
        let note = (image.coff_time == DELPHI).then_some("the same in every image of Delphi before 2010");
        findings.add(time("coff_time", image.coff_time, image.header + 8).with_some("note", note));
    }
    if facts.debug.repro.is_none() {
        let entries = facts.debug.entries.iter().map(|entry| (entry.stamp, entry.at + 4));
        each("debug_time", entries, findings);
    }
    if let Some(exports) = &facts.exports
        && !is_none(exports.stamp)
        && facts.debug.repro.is_none()
    {
        findings.add(time("export_time", exports.stamp, exports.at + 4));
    }
    if let Some(config) = facts.load_config
        && facts.debug.repro.is_none()
    {
        each("load_config_time", [(config.stamp, config.at + 4)].into_iter(), findings);
    }
    observe_resource_times(facts, findings);
    let libraries = facts.imports.libraries.iter().filter(|library| is_plausible(library.stamp));
    each("bound_import_time", libraries.map(|library| (library.stamp, library.at + 4)), findings);
}

fn observe_hash(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(repro) = &facts.debug.repro else { return };
    let hash = facts.image.bytes.get(repro.hash.clone()).filter(|hash| !hash.is_empty());
    let (value, locus) = match hash {
        Some(hash) => (hex(hash), Locus::bytes(repro.hash.start, repro.hash.len())),
        None => (format!("{:08x}", facts.image.coff_time), Locus::bytes(facts.image.header + 8, 4)),
    };
    findings.add(
        Finding::new("repro_hash", value)
            .at(locus)
            .with("from", if hash.is_some() { "debug record" } else { "file header" })
            .with("note", "the stamps of this image are parts of a hash, not times")
            .with("forge_cost", ForgeCost::F1.name()),
    );
}

/// Tables of resources carry zero, except those of some linkers and of tools that write resources.
fn observe_resource_times(facts: &Facts<'_>, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for table in facts.resources.tables.iter().filter(|table| !is_none(table.stamp)) {
        seen.entry(table.stamp).or_insert((table.at + 4, 0)).1 += 1;
    }
    for (stamp, (at, tables)) in seen {
        let offset = dos_offset(stamp, coff_time(facts));
        let local = offset.and_then(|_| from_dos(stamp)).and_then(|seconds| u32::try_from(seconds).ok());
        let found = time("resource_time", local.unwrap_or(stamp), at).with("tables", tables.to_string());
        findings.add(match offset {
            Some(offset) => found
                .with("clock", "local")
                .with("utc_offset", format!("{:+03}:{:02}", offset / 3600, offset.abs() % 3600 / 60)),
            None => found,
        });
    }
}

/// Adds each different stamp that is one, at the first place where it stands.
fn each(kind: &'static str, stamps: impl Iterator<Item = (u32, usize)>, findings: &mut Findings) {
    let mut seen: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (stamp, at) in stamps.filter(|(stamp, _)| !is_none(*stamp)) {
        seen.entry(stamp).or_insert((at, 0)).1 += 1;
    }
    for (stamp, (at, count)) in seen {
        findings.add(time(kind, stamp, at).with_some("count", (count > 1).then(|| count.to_string())));
    }
}

fn time(kind: &'static str, stamp: u32, at: usize) -> Finding {
    Finding::new(kind, utc(stamp))
        .at(Locus::bytes(at, 4))
        .with("stamp", format!("{stamp:08x}"))
        .with("plausible", if is_plausible(stamp) { "" } else { "no" })
        .with("forge_cost", ForgeCost::F0.name())
}

#[cfg(test)]
mod tests {
    use super::dos_offset;

    #[test]
    fn a_local_time_tells_the_zone_only_near_the_time_of_the_header() {
        // 2020-05-17 13:45:58 in a zone two hours east of UTC.
        let stamp = 40 << 25 | 5 << 21 | 17 << 16 | 13 << 11 | 45 << 5 | 29;
        assert_eq!(dos_offset(stamp, Some(1_589_723_158 - 7200)), Some(7200));
        assert_eq!(dos_offset(stamp, Some(1_589_723_158 + 9000 + 10)), Some(-9000));
        assert_eq!(dos_offset(stamp, Some(1_589_723_158 - 500)), None);
        assert_eq!(dos_offset(stamp, Some(1_500_000_000)), None);
        assert_eq!(dos_offset(stamp, None), None);
    }
}
