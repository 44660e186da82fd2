//! Tape archives: members with the names of their owners (POSIX.1-1988 `ustar`, POSIX.1-2001 `pax`, GNU).

use std::{collections::BTreeMap, ops::Range};

use super::members::{Inside, Member, Walk, archive, counts, entry};
use crate::{
    Container, Finding,
    artefact::{forge_cost::ForgeCost, stamp},
};

/// Members that are read, at most.
const ENTRIES_MAX: usize = 10_000;

/// Owners that are listed, at most.
const OWNERS_MAX: usize = 1_000;

/// Bytes of a record of `pax`, or of a long name of GNU, that are read, at most.
const LONG_MAX: usize = 64 << 10;

const BLOCK: usize = 512;

/// A member, with what the records before it say of it.
#[derive(Clone, Debug, Default)]
struct Entry {
    range: Range<usize>,
    data: Range<usize>,
    name: String,
    link: String,
    mode: u64,
    uid: String,
    gid: String,
    user: String,
    group: String,
    size: u64,
    modified: String,
    kind: u8,
    dialect: &'static str,
}

/// Lists a tape archive.
pub(super) fn list(walk: &mut Walk<'_>, bytes: &[u8], inside: &Inside) {
    let (entries, fault, is_cut) = entries(bytes);
    walk.add(
        archive(inside, Container::Tar, entries.len(), &(0..bytes.len()))
            .with_list("dialects", counts(entries.iter().map(|entry| entry.dialect), |dialect| (*dialect).to_owned())),
    );
    if let Some((what, at)) = fault {
        walk.add(Finding::malformed(what).at(inside.locus(&at)));
    }
    if is_cut {
        walk.add(Finding::limit(format!("of the members the first {ENTRIES_MAX} are read")));
    }
    owners(&entries, inside, walk);
    for listed in &entries {
        let finding = described(listed, entry(inside, &listed.name, inside.locus(&listed.range)));
        let is_file = matches!(listed.kind, b'0' | 0 | b'7');
        let allowance = if is_file && !listed.data.is_empty() { walk.allowance() } else { 0 };
        if allowance == 0 {
            walk.add(finding);
            continue;
        }
        let content = bytes.get(listed.data.clone()).unwrap_or_default();
        let content = content.get(..content.len().min(allowance)).unwrap_or_default();
        let member = Member { bytes: content, is_whole: content.len() as u64 == listed.size };
        walk.add_member(finding, &inside.name(&listed.name), &member, (inside, inside.locus(&listed.data)));
    }
}

fn described(listed: &Entry, finding: Finding) -> Finding {
    let kind = match listed.kind {
        b'0' | 0 | b'7' => "",
        b'1' => "hard link",
        b'2' => "symbolic link",
        b'3' | b'4' => "device",
        b'5' => "directory",
        b'6' => "queue",
        _ => "other",
    };
    finding
        .with("size", listed.size.to_string())
        .with("type", kind)
        .with("link", listed.link.as_str())
        .with("time_utc", listed.modified.as_str())
        .with("mode", format!("{:o}", listed.mode))
        .with("uid", listed.uid.as_str())
        .with("gid", listed.gid.as_str())
        .with("user", listed.user.as_str())
        .with("group", listed.group.as_str())
}

/// Every owner once.
fn owners(entries: &[Entry], inside: &Inside, walk: &mut Walk<'_>) {
    let mut found: BTreeMap<(&str, &str, &str, &str), (usize, &Entry)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| !entry.user.is_empty()) {
        let key = (entry.user.as_str(), entry.group.as_str(), entry.uid.as_str(), entry.gid.as_str());
        found.entry(key).or_insert((0, entry)).0 += 1;
    }
    if found.len() > OWNERS_MAX {
        walk.add(Finding::limit(format!("of {} owners {OWNERS_MAX} are listed", found.len())));
    }
    for ((user, group, uid, gid), (count, first)) in found.into_iter().take(OWNERS_MAX) {
        walk.add(
            Finding::new("user_name", user)
                .at(inside.locus(&first.range))
                .with("from", "owner of a member")
                .with("group", group)
                .with("uid", uid)
                .with("gid", gid)
                .with("entries", count.to_string())
                .with("forge_cost", ForgeCost::F0.name()),
        );
    }
}

type Fault = Option<(&'static str, Range<usize>)>;

fn entries(bytes: &[u8]) -> (Vec<Entry>, Fault, bool) {
    let mut entries = Vec::new();
    let mut said = BTreeMap::new();
    let mut at = 0_usize;
    while let Some(header) = bytes.get(at..at.saturating_add(BLOCK)) {
        if header.iter().all(|byte| *byte == 0) {
            return (entries, None, false);
        }
        if entries.len() >= ENTRIES_MAX {
            return (entries, None, true);
        }
        if !has_checksum(header) {
            return (entries, Some(("a header of a member has a wrong checksum", at..at + BLOCK)), false);
        }
        let mut entry = read(header);
        entry.range = at..at + BLOCK;
        let start = at + BLOCK;
        let kind = entry.kind;
        if let Some(size) = said.get("size").and_then(|size: &String| size.parse().ok()).filter(|_| is_member(kind)) {
            entry.size = size;
        }
        let len = usize::try_from(entry.size).unwrap_or(usize::MAX);
        entry.data = start..start.saturating_add(len).min(bytes.len());
        let content = bytes.get(entry.data.clone()).unwrap_or_default();
        let content = content.get(..content.len().min(LONG_MAX)).unwrap_or_default();
        match kind {
            b'x' | b'g' => said.extend(records(content)),
            b'L' => drop(said.insert("path".to_owned(), text(content))),
            b'K' => drop(said.insert("linkpath".to_owned(), text(content))),
            _ => {
                entry.apply(&std::mem::take(&mut said));
                entries.push(entry);
            }
        }
        let Some(next) = start.checked_add(len).and_then(|end| end.checked_next_multiple_of(BLOCK)) else { break };
        if start + len > bytes.len() {
            return (entries, Some(("a member reaches past the end of the file", at..bytes.len())), false);
        }
        at = next;
    }
    (entries, Some(("the archive breaks off before its end mark", at.min(bytes.len())..bytes.len())), false)
}

fn is_member(kind: u8) -> bool {
    !matches!(kind, b'x' | b'g' | b'L' | b'K')
}

impl Entry {
    /// Puts what records say in place of what the header says.
    fn apply(&mut self, said: &BTreeMap<String, String>) {
        let fields = [
            ("path", &mut self.name),
            ("linkpath", &mut self.link),
            ("uname", &mut self.user),
            ("gname", &mut self.group),
            ("uid", &mut self.uid),
            ("gid", &mut self.gid),
        ];
        for (key, field) in fields {
            if let Some(value) = said.get(key) {
                field.clone_from(value);
            }
        }
        let seconds = said.get("mtime").and_then(|time| time.split('.').next()).and_then(|time| time.parse().ok());
        if let Some(time) = seconds.and_then(stamp::unix) {
            self.modified = time;
        }
        if !said.is_empty() {
            self.dialect = "pax or GNU";
        }
    }
}

fn read(header: &[u8]) -> Entry {
    let field = |range: Range<usize>| header.get(range).unwrap_or_default();
    let dialect = match field(257..265) {
        b"ustar\x0000" => "ustar",
        b"ustar  \0" => "GNU",
        _ => "other",
    };
    let mut name = text(field(0..100));
    let prefix = text(field(345..500));
    if dialect == "ustar" && !prefix.is_empty() {
        name = format!("{prefix}/{name}");
    }
    let modified = number(field(136..148)).and_then(|seconds| i64::try_from(seconds).ok()).and_then(stamp::unix);
    Entry {
        name,
        link: text(field(157..257)),
        mode: number(field(100..108)).unwrap_or_default(),
        uid: number(field(108..116)).map(|uid| uid.to_string()).unwrap_or_default(),
        gid: number(field(116..124)).map(|gid| gid.to_string()).unwrap_or_default(),
        user: text(field(265..297)),
        group: text(field(297..329)),
        size: number(field(124..136)).unwrap_or_default(),
        modified: modified.unwrap_or_default(),
        kind: field(156..157).first().copied().unwrap_or_default(),
        dialect,
        ..Entry::default()
    }
}

/// A text up to its first zero byte.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
}

/// A number in octal digits, or, after a byte with the high bit, in big-endian binary (GNU).
fn number(bytes: &[u8]) -> Option<u64> {
    match bytes {
        [0x80, rest @ ..] => {
            rest.iter().try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)))
        }
        _ => {
            let digits: String = bytes
                .iter()
                .map(|byte| char::from(*byte))
                .skip_while(|c| *c == ' ')
                .take_while(char::is_ascii_digit)
                .collect();
            u64::from_str_radix(&digits, 8).ok()
        }
    }
}

/// Whether the sum of the bytes, those of the checksum taken as spaces, is what the header says.
fn has_checksum(header: &[u8]) -> bool {
    let stated = header.get(148..156).and_then(number);
    let sum =
        header.iter().enumerate().map(|(at, byte)| u64::from(if (148..156).contains(&at) { b' ' } else { *byte }));
    stated == Some(sum.sum())
}

/// The records of `pax`: length, space, key, `=`, value, line feed.
fn records(bytes: &[u8]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = bytes;
    while let Some(space) = rest.iter().take(8).position(|byte| *byte == b' ') {
        let digits = rest.get(..space).and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(len) = digits.and_then(|digits| digits.parse::<usize>().ok()).filter(|len| *len > space + 1) else {
            break;
        };
        let Some(record) = rest.get(space + 1..len) else { break };
        let record = String::from_utf8_lossy(record);
        if let Some((key, value)) = record.trim_end_matches('\n').split_once('=') {
            found.push((key.to_owned(), value.to_owned()));
        }
        rest = rest.get(len..).unwrap_or_default();
    }
    found
}
