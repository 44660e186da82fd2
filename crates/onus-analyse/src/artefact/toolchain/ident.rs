//! The line by which a compiler names itself, as in the section `.comment`.

use std::ops::Range;

use crate::artefact::reader::Reader;

/// Lines of one section, at most.
const IDENTS_MAX: usize = 256;

/// A program that makes programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tool {
    /// The GNU compilers.
    Gcc,
    /// Clang, and what is made from it.
    Clang,
    /// The compiler of Rust.
    Rustc,
    /// The compiler of Go.
    Go,
    /// The linker of LLVM.
    Lld,
    /// Another one.
    Other,
}

/// A version of three numbers; those that are not said are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub u32, pub u32, pub u32);

/// How a tool names itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ident {
    /// The line as written.
    pub text: String,
    /// Where it stands.
    pub range: Range<usize>,
    /// Which tool it is.
    pub tool: Tool,
    /// Its version, if one can be read.
    pub version: Option<Version>,
    /// The version that the name of the package begins with: `12.2.0` of `(Debian 12.2.0-14)`.
    pub package: Option<Version>,
    /// The day that the line names, as a number: 20150623.
    pub day: Option<u32>,
    /// The first digits of the commit that the line names.
    pub commit: Option<String>,
}

impl Tool {
    /// Returns its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Gcc => "GCC",
            Self::Clang => "Clang",
            Self::Rustc => "rustc",
            Self::Go => "Go",
            Self::Lld => "LLD",
            Self::Other => "other",
        }
    }
}

impl Version {
    /// Returns the version that a text begins with; at least two numbers are asked for.
    pub(crate) fn at_start(text: &str) -> Option<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let mut numbers = text.get(..end)?.split('.').filter(|number| !number.is_empty());
        let first = numbers.next()?.parse().ok()?;
        let second = numbers.next()?.parse().ok()?;
        let third = numbers.next().map_or(Ok(0), str::parse).ok()?;
        Some(Self(first, second, third))
    }

    /// Returns the first version in a text.
    pub(crate) fn within(text: &str) -> Option<Self> {
        let starts = text.char_indices().filter(|(at, c)| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            c.is_ascii_digit() && !before.is_some_and(|before| before.is_ascii_alphanumeric() || before == '.')
        });
        starts.take(64).find_map(|(at, _)| Self::at_start(text.get(at..)?))
    }

    /// Returns it in the usual form.
    pub(crate) fn in_words(self) -> String {
        format!("{}.{}.{}", self.0, self.1, self.2)
    }
}

/// Reads the lines of a section: texts that end with zero bytes.
pub(crate) fn idents(reader: Reader<'_>, range: Range<usize>) -> Vec<Ident> {
    let mut idents = Vec::new();
    let mut at = range.start;
    while let Some(text) = reader.text(at, range.end) {
        if !text.bytes.is_empty() {
            idents.push(ident(&text.lossy(), text.range()));
        }
        if idents.len() == IDENTS_MAX {
            break;
        }
        at += text.bytes.len() + 1;
    }
    idents
}

/// Reads one line.
pub(crate) fn ident(text: &str, range: Range<usize>) -> Ident {
    let (tool, rest) = tool(text);
    let (inside, outside) = parenthesis(rest);
    let package = inside.and_then(Version::within);
    let named = if tool == Tool::Gcc { outside } else { rest };
    Ident {
        text: text.to_owned(),
        range,
        tool,
        version: Version::within(named),
        package: package.filter(|_| tool == Tool::Gcc),
        day: if tool == Tool::Rustc { inside.and_then(iso_day) } else { day(outside) },
        commit: inside.filter(|_| tool == Tool::Rustc).and_then(commit),
    }
}

fn tool(text: &str) -> (Tool, &str) {
    const MARKS: &[(&str, Tool)] = &[
        ("GCC: ", Tool::Gcc),
        ("rustc version ", Tool::Rustc),
        ("clang version ", Tool::Clang),
        ("LLD ", Tool::Lld),
        ("GNU GIMPLE ", Tool::Other),
        ("GNU C", Tool::Gcc),
    ];
    let found = MARKS.iter().filter_map(|(mark, tool)| Some((text.find(mark)? + mark.len(), *tool)));
    match found.min_by_key(|(at, _)| *at) {
        Some((at, tool)) => (tool, text.get(at..).unwrap_or_default()),
        None => (Tool::Other, text),
    }
}

/// Splits what stands in the first parenthesis from the rest, which is what stands behind it if anything does.
fn parenthesis(text: &str) -> (Option<&str>, &str) {
    let Some((before, after)) = text.split_once('(') else { return (None, text) };
    // The name of a package may hold a parenthesis of its own.
    let mut depth = 1;
    let end = after.char_indices().find_map(|(at, c)| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    });
    let Some(end) = end else { return (Some(after), before) };
    let (inside, rest) = (after.get(..end), after.get(end + 1..).unwrap_or_default());
    (inside, if rest.trim().is_empty() { before } else { rest })
}

/// The day of eight digits that a text names.
fn day(text: &str) -> Option<u32> {
    let words = text.split(|c: char| !c.is_ascii_digit());
    words.filter(|word| word.len() == 8).filter_map(|word| word.parse().ok()).find(|day| is_day(*day))
}

/// The day in the form `2023-12-21` that a text names.
fn iso_day(text: &str) -> Option<u32> {
    let word = text.split(' ').find(|word| word.len() == 10 && word.as_bytes().get(4) == Some(&b'-'))?;
    word.replace('-', "").parse().ok().filter(|day| is_day(*day))
}

fn is_day(day: u32) -> bool {
    (19_800_101..=20_991_231).contains(&day) && (1..=12).contains(&(day / 100 % 100)) && (1..=31).contains(&(day % 100))
}

fn commit(text: &str) -> Option<String> {
    let word = text.split(' ').next()?;
    (word.len() >= 9 && word.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| word.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{Ident, Tool, Version, ident};

    fn check(text: &str, tool: Tool, version: Option<Version>, package: Option<Version>, day: Option<u32>) -> Ident {
        let found = ident(text, 0..text.len());
        assert_eq!((found.tool, found.version, found.package, found.day), (tool, version, package, day), "{text}");
        found
    }

    #[test]
    fn the_lines_of_common_tools_are_read() {
        let version = |a, b, c| Some(Version(a, b, c));
        check("GCC: (Debian 12.2.0-14) 12.2.0", Tool::Gcc, version(12, 2, 0), version(12, 2, 0), None);
        check("GCC: (GNU) 4.8.5 20150623 (Red Hat 4.8.5-44)", Tool::Gcc, version(4, 8, 5), None, Some(20_150_623));
        check("GCC: (crosstool-NG 1.24.0) 6.5.0", Tool::Gcc, version(6, 5, 0), version(1, 24, 0), None);
        check("Ubuntu clang version 14.0.0-1ubuntu1.1", Tool::Clang, version(14, 0, 0), None, None);
        check("Linker: LLD 15.0.7", Tool::Lld, version(15, 0, 7), None, None);
        check("an unknown tool", Tool::Other, None, None, None);
        let rustc = check(
            "rustc version 1.75.0 (82e1608df 2023-12-21)",
            Tool::Rustc,
            version(1, 75, 0),
            None,
            Some(20_231_221),
        );
        assert_eq!(rustc.commit.unwrap(), "82e1608df");
    }
}
