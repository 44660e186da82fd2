//! ZIP files as lists of members, and what their headers say together.

use std::collections::BTreeMap;

use super::members::{Inside, Member, Walk, archive, counts, entry};
use crate::{
    Container, Finding,
    artefact::{
        consistency,
        crc32::crc32,
        forge_cost::ForgeCost,
        stamp,
        zip::{self, Content, Entry, STREAMED, Zip, ZipFormat},
    },
};

/// Differences between local time and UTC that are listed, at most.
const ZONES_MAX: usize = 64;

/// Lists a ZIP file.
pub(super) fn list(walk: &mut Walk<'_>, bytes: &[u8], inside: &Inside) {
    let mut zip = Zip::of(bytes);
    walk.add(summary(&zip, inside));
    for (what, at) in &zip.faults {
        walk.add(Finding::malformed(what.as_str()).at(inside.locus(at)));
    }
    if zip.is_cut {
        walk.add(Finding::limit(format!("of the entries the first {} are read", zip::ENTRIES_MAX)));
    }
    zones(&zip, inside, walk);
    for number in 0..zip.entries.len() {
        let Some(read) = list_one(walk, &zip, number, inside) else { continue };
        zip.read.insert(number, read);
    }
    for unlisted in &zip.unlisted {
        let name = zip::name(zip.slice(&unlisted.stated.name), &unlisted.stated);
        walk.add(
            Finding::new("unlisted_entry", inside.name(&name.text))
                .at(inside.locus(&unlisted.span()))
                .with("size", unlisted.stated.size.to_string())
                .with("forge_cost", ForgeCost::F1.name()),
        );
    }
    if inside.is_exhibit() {
        consistency::run::<ZipFormat>(zip::TESTS, &zip, bytes.len(), walk.findings());
    }
}

fn summary(zip: &Zip<'_>, inside: &Inside) -> Finding {
    let stated = || zip.entries.iter().map(|entry| &entry.stated);
    let comment = zip.end.as_ref().map(|end| zip.slice(&end.comment)).unwrap_or_default();
    let after = zip.end.as_ref().map_or(0, |end| end.after.len());
    let shift = zip.end.as_ref().map_or(0, |end| end.shift);
    let count = |count: usize| (count > 0).then(|| count.to_string());
    archive(inside, Container::Zip, zip.entries.len(), &(0..zip.bytes.len()))
        .with("comment", String::from_utf8_lossy(comment))
        .with_list("made_by", counts(stated().filter_map(|header| header.made_by), |made_by| host(*made_by)))
        .with_list("methods", counts(stated().map(|header| header.method), |method| method_name(*method)))
        .with_list(
            "name_encodings",
            counts(stated().map(|header| zip::name(zip.slice(&header.name), header).encoding), |name| {
                (*name).to_owned()
            }),
        )
        .with_some("streamed", count(stated().filter(|header| header.flags & STREAMED != 0).count()))
        .with_some("bytes_before", count(shift))
        .with_some("bytes_after", count(after))
}

/// Host system and version in words (APPNOTE.TXT, 4.4.2).
fn host(made_by: u16) -> String {
    let system = match made_by >> 8 {
        0 => "DOS or Windows",
        1 => "Amiga",
        2 => "OpenVMS",
        3 => "Unix",
        6 => "OS/2",
        7 => "Macintosh",
        10 => "Windows NTFS",
        11 => "MVS or NTFS",
        14 => "VFAT",
        19 => "Darwin",
        _ => "another system",
    };
    format!("{system} ({}), version {}.{}", made_by >> 8, (made_by & 0xff) / 10, (made_by & 0xff) % 10)
}

fn method_name(method: u16) -> String {
    match method {
        0 => "stored".to_owned(),
        8 => "deflate".to_owned(),
        9 => "deflate64".to_owned(),
        12 => "bzip2".to_owned(),
        14 => "lzma".to_owned(),
        93 => "zstd".to_owned(),
        95 => "xz".to_owned(),
        99 => "AES".to_owned(),
        other => format!("method {other}"),
    }
}

/// The time zones that local times and times in UTC stand for, one observation a zone.
fn zones(zip: &Zip<'_>, inside: &Inside, walk: &mut Walk<'_>) {
    let mut found: BTreeMap<i64, Vec<&Entry>> = BTreeMap::new();
    for entry in &zip.entries {
        let zone = zip::difference(zip, entry).and_then(zip::zone);
        if let Some(zone) = zone {
            found.entry(zone).or_default().push(entry);
        }
    }
    for (zone, entries) in found.into_iter().take(ZONES_MAX) {
        let Some(first) = entries.first() else { continue };
        walk.add(
            Finding::new("time_zone_offset", stamp::offset_name(zone))
                .at(inside.locus(&first.stated.range))
                .with("from", "local time of an entry less its time in UTC")
                .with("entries", entries.len().to_string())
                .with("forge_cost", ForgeCost::F0.name()),
        );
    }
}

/// Lists an entry and returns checksum and size of its content, if it was read whole.
fn list_one(walk: &mut Walk<'_>, zip: &Zip<'_>, number: usize, inside: &Inside) -> Option<(u32, u64)> {
    let listed = zip.entries.get(number)?;
    let header = &listed.stated;
    let name = zip::name(zip.slice(&header.name), header);
    let locus = inside.locus(&header.range);
    let mut finding = described(zip, listed, entry(inside, &name.text, locus), name.encoding);
    if header.size == 0 && name.text.ends_with('/') {
        walk.add(finding.with("type", "directory"));
        return None;
    }
    let allowance = walk.allowance();
    if allowance == 0 {
        walk.add(finding);
        return None;
    }
    let content = zip::content(zip, listed, allowance);
    let (bytes, is_whole) = match &content {
        Content::Whole(bytes) => (bytes.as_slice(), true),
        Content::Cut(bytes) => {
            finding = finding.with("content", format!("only the first {} bytes are read", bytes.len()));
            (bytes.as_slice(), false)
        }
        Content::Broken(bytes) => {
            finding = finding.with("content", "damaged");
            (bytes.as_slice(), false)
        }
        Content::Encrypted => {
            walk.add(finding.with("content", "encrypted"));
            return None;
        }
        Content::OtherMethod => {
            walk.add(finding.with("content", "packed by a method that is not read"));
            return None;
        }
    };
    // Packed bytes that unpack to nothing take time too.
    walk.spend(listed.data.len().saturating_sub(bytes.len()));
    let member = Member { bytes, is_whole };
    walk.add_member(finding, &inside.name(&name.text), &member, (inside, inside.locus(&listed.span())));
    is_whole.then(|| (crc32(bytes), bytes.len() as u64))
}

/// What the headers of an entry say.
fn described(zip: &Zip<'_>, listed: &Entry, finding: Finding, encoding: &str) -> Finding {
    let header = &listed.stated;
    let times = zip::times(zip.bytes, listed.local.as_ref().unwrap_or(header));
    let short = zip::times(zip.bytes, header);
    let modified = times.modified.or(short.modified);
    let ntfs = times.ntfs.or(short.ntfs);
    let ticks = |index: usize| ntfs.and_then(|ticks| ticks.get(index).copied()).and_then(stamp::filetime);
    let owner = zip::owner(zip.bytes, header).or_else(|| zip::owner(zip.bytes, listed.local.as_ref()?));
    let is_unix = header.made_by.is_some_and(|made_by| made_by >> 8 == 3);
    let mode = header.attributes >> 16;
    finding
        .with("size", header.size.to_string())
        .with("packed", header.packed.to_string())
        .with("method", method_name(header.method))
        .with_some("time_local", stamp::dos(header.date, header.time).map(|time| time.to_string()))
        .with_some("time_utc", modified.and_then(stamp::unix).or_else(|| ticks(0)))
        .with_some("accessed_utc", times.accessed.and_then(stamp::unix).or_else(|| ticks(1)))
        .with_some("created_utc", times.created.and_then(stamp::unix).or_else(|| ticks(2)))
        .with_some("uid", owner.map(|(uid, _)| uid.to_string()))
        .with_some("gid", owner.map(|(_, gid)| gid.to_string()))
        .with_some("mode", (is_unix && mode != 0).then(|| format!("{mode:o}")))
        .with("name_encoding", if encoding == "ASCII" { "" } else { encoding })
        .with_some("name_bytes", (encoding == "legacy").then(|| hex(zip.slice(&header.name))))
        .with("comment", zip::name(zip.slice(&header.comment), header).text)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
