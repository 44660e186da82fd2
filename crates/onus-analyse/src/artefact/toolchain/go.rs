//! Build information of Go, and the version of its table of functions.

use std::ops::Range;

use super::Version;
use crate::artefact::reader::{Reader, Text, find, offset};

/// The mark at which build information begins (Go, `debug/buildinfo`).
const MARK: &[u8] = b"\xff Go buildinf:";

/// Bytes in which the mark is looked for, at most.
const SEARCHED_MAX: usize = 1 << 20;

/// Dependencies that are listed, at most.
const DEPENDENCIES_MAX: usize = 100;

/// Bytes of the list of modules, at most.
const MODULES_MAX: usize = 1 << 20;

/// What the build information says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GoBuild<'a> {
    /// Where it begins, at its mark.
    pub at: usize,
    /// The version of Go.
    pub version: Text<'a>,
    /// Whether the version is written here, which it is from Go 1.18 on, rather than referred to.
    pub is_inline: bool,
    /// The modules and settings, one a line.
    pub modules: Text<'a>,
}

/// What a table of functions says of the version of Go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableVersion {
    /// The mark of the table.
    pub mark: u32,
    /// The first version that writes it.
    pub from: Version,
    /// The first version that does not write it any more.
    pub before: Version,
}

/// One thing that build information says of the sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GoTrace {
    /// The kind of observation.
    pub kind: &'static str,
    /// What it says.
    pub value: String,
    /// Where it stands.
    pub range: Range<usize>,
    /// The modules that the program depends on.
    pub dependencies: Vec<String>,
}

impl GoBuild<'_> {
    /// Returns what it says of the sources: modules, time and commit.
    pub(crate) fn traces(&self) -> Vec<GoTrace> {
        let mut traces = Vec::new();
        if !self.modules.bytes.is_empty() {
            let dependencies = self.of_kind("dep").into_iter().take(DEPENDENCIES_MAX).collect();
            let value = self.of_kind("path").join(" ");
            traces.push(GoTrace { kind: "go_modules", value, range: self.modules.range(), dependencies });
        }
        for (name, kind) in [("vcs.time", "source_time"), ("vcs.revision", "source_revision")] {
            let setting = self.setting(name);
            traces.extend(setting.map(|(value, range)| GoTrace { kind, value, range, dependencies: Vec::new() }));
        }
        traces
    }

    /// Returns the version of Go as numbers; there are none in a development version.
    pub(crate) fn numbers(&self) -> Option<Version> {
        Version::at_start(std::str::from_utf8(self.version.bytes).ok()?.strip_prefix("go")?)
    }

    /// Returns a setting, as `vcs.time`.
    pub(crate) fn setting(&self, name: &str) -> Option<(String, Range<usize>)> {
        let head = format!("build\t{name}=");
        self.lines().find_map(|line| {
            let value = line.bytes.strip_prefix(head.as_bytes())?;
            let at = line.at + head.len();
            Some((String::from_utf8_lossy(value).trim_matches('"').to_owned(), at..at + value.len()))
        })
    }

    /// Returns the lines of a kind, as `path`, `mod` or `dep`, without the word.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<String> {
        let lines = self.lines().filter_map(|line| line.bytes.strip_prefix(kind.as_bytes())?.strip_prefix(b"\t"));
        lines.map(|line| String::from_utf8_lossy(line).replace('\t', " ").trim().to_owned()).collect()
    }

    fn lines(&self) -> impl Iterator<Item = Text<'_>> {
        let mut at = self.modules.at;
        self.modules.bytes.split(|byte| *byte == b'\n').map(move |bytes| {
            let line = Text { bytes, at };
            at += bytes.len() + 1;
            line
        })
    }
}

/// Reads the build information that begins in a range; `to_offset` finds the place of an address.
pub(crate) fn go_build<'a>(
    reader: Reader<'a>,
    range: Range<usize>,
    to_offset: &dyn Fn(u64) -> Option<usize>,
) -> Option<GoBuild<'a>> {
    let end = range.end.min(range.start.saturating_add(SEARCHED_MAX));
    let at = range.start + find(reader.clamped(range.start..end), MARK)?;
    let (word, flags) = (reader.u8(at + 14)?, reader.u8(at + 15)?);
    if flags & 2 != 0 {
        let version = inline(reader, at + 32)?;
        let modules = inline(reader, version.range().end).unwrap_or(Text { bytes: &[], at: version.range().end });
        return Some(GoBuild { at, version, is_inline: true, modules: without_frame(modules) });
    }
    let reader = Reader { is_64: word == 8, is_big_endian: flags & 1 != 0, ..reader };
    let referred = |index: usize| {
        let header = to_offset(reader.word(at + 16 + index * reader.word_len())?)?;
        let start = to_offset(reader.word(header)?)?;
        let len = offset(reader.word(header + reader.word_len())?);
        Some(Text { bytes: reader.slice(start, (len <= MODULES_MAX).then_some(len)?)?, at: start })
    };
    let version = referred(0)?;
    let modules = referred(1).unwrap_or(Text { bytes: &[], at: version.at });
    Some(GoBuild { at, version, is_inline: false, modules: without_frame(modules) })
}

fn inline<'a>(reader: Reader<'a>, at: usize) -> Option<Text<'a>> {
    let (len, at) = reader.uleb(at, reader.bytes.len())?;
    let len = offset(len);
    Some(Text { bytes: reader.slice(at, (len <= MODULES_MAX).then_some(len)?)?, at })
}

/// Sixteen bytes before and behind the list are a mark for other tools.
fn without_frame(text: Text<'_>) -> Text<'_> {
    let len = text.bytes.len();
    match text.bytes.get(16..len.saturating_sub(16)) {
        Some(bytes) if len >= 33 && bytes.last() == Some(&b'\n') => Text { bytes, at: text.at + 16 },
        _ => text,
    }
}

/// Reads the mark of a table of functions (Go, `runtime.pcHeader`).
pub(crate) fn table_version(reader: Reader<'_>, at: usize) -> Option<TableVersion> {
    let mark = reader.u32(at)?;
    let (from, before) = match mark {
        0xffff_fffb => (Version(1, 2, 0), Version(1, 16, 0)),
        0xffff_fffa => (Version(1, 16, 0), Version(1, 18, 0)),
        0xffff_fff0 => (Version(1, 18, 0), Version(1, 20, 0)),
        0xffff_fff1 => (Version(1, 20, 0), Version(u32::MAX, 0, 0)),
        _ => return None,
    };
    Some(TableVersion { mark, from, before })
}

/// Returns whether a range names a version of Go, outside another range.
pub(crate) fn names_version(bytes: &[u8], range: Range<usize>, version: &[u8], outside: &Range<usize>) -> bool {
    let end = range.end.min(bytes.len());
    let mut from = range.start.min(end);
    while let Some(next) = bytes.get(from..end).and_then(|rest| find(rest, version)) {
        let at = from + next;
        // `go1.2` is not named by `go1.21`.
        let after = bytes.get(at + version.len()).copied().unwrap_or_default();
        if !outside.contains(&at) && !after.is_ascii_digit() {
            return true;
        }
        from = at + 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Reader, Version, go_build};

    #[test]
    fn build_information_that_is_written_in_place_is_read() {
        let mut bytes = vec![0; 16];
        bytes.extend(b"\xff Go buildinf:\x08\x02");
        bytes.resize(48, 0);
        bytes.extend(b"\x08go1.21.3\x3a");
        bytes.extend([1; 16]);
        bytes.extend(b"path\tx/y\nbuild\tvcs.time=2\n");
        bytes.extend([2; 16]);
        let reader = Reader { bytes: &bytes, is_big_endian: false, is_64: true };
        let build = go_build(reader, 0..bytes.len(), &|_| None).unwrap();
        assert_eq!(build.numbers(), Some(Version(1, 21, 3)));
        assert_eq!(build.of_kind("path"), ["x/y"]);
        assert_eq!(build.setting("vcs.time").unwrap().0, "2");
        for len in 0..bytes.len() {
            go_build(Reader { bytes: &bytes[..len], ..reader }, 0..len, &|_| None);
        }
    }
}
