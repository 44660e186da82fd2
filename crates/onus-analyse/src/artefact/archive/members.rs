//! What all archives have in common: the budget, the names of members in members, and what is said of a content.

use std::ops::Range;

use onus_core::{Digest, Locus};

use super::open;
use crate::{Container, FileType, Finding, Findings, artefact::forge_cost::ForgeCost};

/// Archives that lie in one another, at most; the exhibit is the first.
const DEPTH_MAX: usize = 4;

/// Bytes that are unpacked or digested of one exhibit, at most.
const TOTAL_MAX: usize = 160 << 20;

/// Bytes of one member, at most.
const MEMBER_MAX: usize = 64 << 20;

/// Members whose content is read, at most.
const CONTENTS_MAX: usize = 10_000;

/// What goes between the name of an archive and that of a member of it.
const SEPARATOR: &str = "!/";

/// A walk through an archive and those in it.
pub(super) struct Walk<'f> {
    findings: &'f mut Findings,
    bytes_left: usize,
    contents_left: usize,
    unread: u64,
    unopened: u64,
}

/// Where an archive lies: the exhibit, or a member.
#[derive(Clone, Debug)]
pub(super) struct Inside {
    prefix: String,
    locus: Option<Locus>,
    size: usize,
    depth: usize,
}

/// A content, as far as it was read.
pub(super) struct Member<'m> {
    /// Its bytes, or the beginning of them.
    pub bytes: &'m [u8],
    /// Whether they are all.
    pub is_whole: bool,
}

impl Inside {
    /// Returns the exhibit itself, of so many bytes.
    pub(super) fn exhibit(size: usize) -> Self {
        Self { prefix: String::new(), locus: None, size, depth: 1 }
    }

    /// Returns whether it is the exhibit and not a member.
    pub(super) fn is_exhibit(&self) -> bool {
        self.depth == 1
    }

    /// Returns the place in the exhibit; for a member of a member, that of the outermost one.
    pub(super) fn locus(&self, range: &Range<usize>) -> Locus {
        let (start, end) = (range.start.min(self.size), range.end.min(self.size));
        self.locus.unwrap_or_else(|| Locus::bytes(start, end.saturating_sub(start)))
    }

    /// Returns the name of a member, with those of the archives that it lies in.
    pub(super) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

impl<'f> Walk<'f> {
    /// Returns a walk that adds what it sees to a list.
    pub(super) fn new(findings: &'f mut Findings) -> Self {
        Self { findings, bytes_left: TOTAL_MAX, contents_left: CONTENTS_MAX, unread: 0, unopened: 0 }
    }

    /// Adds an observation.
    pub(super) fn add(&mut self, finding: Finding) {
        self.findings.add(finding);
    }

    /// Returns the list, for what writes to it itself.
    pub(super) fn findings(&mut self) -> &mut Findings {
        self.findings
    }

    /// Returns how many bytes of the next content may be read; zero when nothing may.
    pub(super) fn allowance(&mut self) -> usize {
        let allowance = self.bytes_left.min(MEMBER_MAX);
        if self.contents_left == 0 || allowance == 0 || self.findings.is_full() {
            self.unread += 1;
            return 0;
        }
        self.contents_left -= 1;
        allowance
    }

    /// Takes what was unpacked from the budget.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
    }

    /// Adds the observation of a member with what its content is, and opens it if it is an archive.
    pub(super) fn add_member(&mut self, finding: Finding, name: &str, member: &Member<'_>, place: (&Inside, Locus)) {
        let file_type = FileType::of(member.bytes, member.is_whole);
        let digest = member.is_whole.then(|| Digest::of(member.bytes).to_hex());
        let finding = finding
            .with_some("sha256", digest)
            .with("media_type", file_type.media_type.as_str())
            .with_some("program", file_type.program.map(|program| program.name()));
        self.findings.add(finding);
        self.spend(member.bytes.len());
        let container = file_type.container.filter(|container| is_opened(*container));
        if let Some(container) = container {
            self.open_member(name, member, container, place);
        }
    }

    fn open_member(&mut self, name: &str, member: &Member<'_>, container: Container, place: (&Inside, Locus)) {
        let (inside, locus) = place;
        if inside.depth >= DEPTH_MAX {
            self.unopened += 1;
            return;
        }
        let prefix = format!("{name}{SEPARATOR}");
        let inner = Inside { prefix, locus: Some(locus), size: member.bytes.len(), depth: inside.depth + 1 };
        open(self, member.bytes, container, &inner);
    }

    /// Returns what the limits kept from being read, in words.
    pub(super) fn what_was_left_out(&self) -> Option<String> {
        (self.unread + self.unopened > 0).then(|| {
            format!(
                "the contents of {} members are not read and {} archives in archives not opened: at most {} MiB, {} \
                 contents and {DEPTH_MAX} archives in one another",
                self.unread,
                self.unopened,
                TOTAL_MAX >> 20,
                CONTENTS_MAX
            )
        })
    }
}

/// Documents are listed but not opened: they are exhibits of their own.
fn is_opened(container: Container) -> bool {
    matches!(container, Container::Zip | Container::Tar | Container::Gzip | Container::Cabinet)
}

/// Returns the observation of a member.
pub(super) fn entry(inside: &Inside, name: &str, locus: Locus) -> Finding {
    Finding::new("archive_entry", inside.name(name)).at(locus).with("forge_cost", ForgeCost::F1.name())
}

/// Returns the observation of an archive.
pub(super) fn archive(inside: &Inside, container: Container, entries: usize, range: &Range<usize>) -> Finding {
    Finding::new("archive", container.name())
        .at(inside.locus(range))
        .with("name", inside.prefix.trim_end_matches(SEPARATOR))
        .with("entries", entries.to_string())
        .with("forge_cost", ForgeCost::F1.name())
}

/// Returns counts as a list, `what: count`, sorted by what.
pub(super) fn counts<T: Ord>(
    items: impl IntoIterator<Item = T>,
    name: impl Fn(&T) -> String,
) -> impl Iterator<Item = String> {
    let mut counts = std::collections::BTreeMap::new();
    for item in items {
        *counts.entry(item).or_insert(0_u64) += 1;
    }
    counts.into_iter().map(move |(item, count)| format!("{}: {count}", name(&item)))
}
