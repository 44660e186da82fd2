//! The run-time library of Visual C++ where it is linked into the image itself: its traces in data and code.
//!
//! What is said of its texts and numbers was read off programs of many makers. The patterns of code are those of routines
//! that compilers call for what a machine cannot do in one instruction; each is an assembler object of its own.

use std::ops::Range;

use memchr::memmem;

use super::{
    facts::Facts,
    image::{Image, Section},
    runtime::{Runtime, X64, X86},
    witness,
};

/// A text that every program with a linked-in run-time library from 7 on holds, and another that its C++ part adds.
const EXIT: &[u8] = b"CorExitProcess\0";
const LOCATOR: &[u8] = b" Complete Object Locator'";

/// A message of the library up to 9, and up to 12 in UTF-16; and a name that it asks for from 14 on, in UTF-16.
const MESSAGE: &[u8] = b"R6016\r\n";
const WIDE_MESSAGE: &[u8] = b"R\x006\x000\x001\x006\x00\r\x00\n\x00";
const WIDE_NAME: &[u8] =
    b"e\0x\0t\0-\0m\0s\0-\0w\0i\0n\0-\0n\0t\0u\0s\0e\0r\0-\0w\0i\0n\0d\0o\0w\0s\0t\0a\0t\0i\0o\0n\0";

/// What a program says that is embedded in another.
const EMBEDDED: &[u8] = b"This program cannot be run in DOS mode";

/// A linked-in run-time library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StaticRuntime {
    /// The first and the last version of the linker that it can come from.
    pub linkers: Option<((u8, u8), (u8, u8))>,
    /// The texts that tell it.
    pub places: Vec<Range<usize>>,
}

/// A routine that was found in code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Helper {
    /// What it is for.
    pub name: &'static str,
    /// Where it begins.
    pub place: Range<usize>,
}

impl StaticRuntime {
    /// Finds it; absent where the image uses a run-time DLL, or holds another program whose texts these may be.
    pub(crate) fn of(facts: &Facts<'_>) -> Option<Self> {
        let uses_dll = facts.imports.libraries.iter().map(witness::name).any(|name| name.starts_with("msvcrt"));
        if uses_dll || !Runtime::linkers(facts).is_empty() {
            return None;
        }
        let image = &facts.image;
        let data = runs(image, |section| !section.is_code() && section.name != ".rsrc");
        let find = |text: &[u8]| find(image.bytes, &data, text);
        let (exit, locator) = (find(EXIT)?, find(LOCATOR)?);
        if find(EMBEDDED).is_some() {
            return None;
        }
        let told =
            [(MESSAGE, ((7, 0), (9, 255))), (WIDE_MESSAGE, ((10, 0), (12, 255))), (WIDE_NAME, ((14, 0), (255, 255)))];
        let mut told = told.into_iter().filter_map(|(text, linkers)| Some((find(text)?, linkers)));
        let (first, second) = (told.next(), told.next());
        let mut places = vec![exit, locator];
        // Texts of two generations tell none.
        let linkers = first.filter(|_| second.is_none()).map(|(place, linkers)| {
            places.insert(0, place);
            linkers
        });
        Some(Self { linkers, places })
    }
}

/// Returns the bytes of some sections, each once: sections of hostile files lie on top of each other.
fn runs(image: &Image<'_>, matches: impl Fn(&Section) -> bool) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> =
        image.sections.iter().filter(|section| matches(section)).map(|section| section.range.clone()).collect();
    ranges.sort_unstable_by_key(|range| range.start);
    let mut runs: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match runs.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => runs.push(range),
        }
    }
    runs
}

/// Returns the first place of a text in some runs of bytes.
fn find(bytes: &[u8], runs: &[Range<usize>], text: &[u8]) -> Option<Range<usize>> {
    let finder = memmem::Finder::new(text);
    runs.iter().find_map(|run| {
        let at = run.start + finder.find(bytes.get(run.clone())?)?;
        Some(at..at + text.len())
    })
}

impl Helper {
    /// Finds the routines in the code of an image, each kind once.
    pub(crate) fn all(image: &Image<'_>) -> Vec<Self> {
        let patterns: &[(&str, &[u8])] = match image.machine {
            X86 => X86_PATTERNS,
            X64 => X64_PATTERNS,
            _ => &[],
        };
        let code = runs(image, Section::is_code);
        let found = |(name, pattern): &(&'static str, &[u8])| {
            let place = find(image.bytes, &code, pattern)?;
            Some(Self { name, place })
        };
        patterns.iter().filter_map(found).collect()
    }
}

/// The beginnings of routines in code of 32 bits.
const X86_PATTERNS: &[(&str, &[u8])] = &[
    ("stack probe", b"\x51\x8d\x4c\x24\x04\x2b\xc8\x1b\xc0\xf7\xd0\x23\xc8\x8b\xc4\x25\x00\xf0\xff\xff\x3b\xc8"),
    ("aligned stack probe", b"\x51\x8d\x4c\x24\x08\x2b\xc8\x83\xe1\x0f\x03\xc1\x1b\xc9\x0b\xc1\x59\xe9"),
    (
        "signed division",
        b"\x57\x56\x53\x33\xff\x8b\x44\x24\x14\x0b\xc0\x7d\x14\x47\x8b\x54\x24\x10\xf7\xd8\xf7\xda\x83\xd8\x00",
    ),
    ("signed division with remainder", b"\x57\x56\x55\x33\xff\x33\xed\x8b\x44\x24\x14\x0b\xc0\x7d\x15"),
    (
        "multiplication",
        b"\x8b\x44\x24\x08\x8b\x4c\x24\x10\x0b\xc8\x8b\x4c\x24\x0c\x75\x09\x8b\x44\x24\x04\xf7\xe1\xc2\x10\x00",
    ),
    ("signed remainder", b"\x53\x57\x33\xff\x8b\x44\x24\x10\x0b\xc0\x7d\x14"),
    ("shift to the left", b"\x80\xf9\x40\x73\x15\x80\xf9\x20\x73\x06\x0f\xa5\xc2\xd3\xe0\xc3"),
    ("signed shift to the right", b"\x80\xf9\x40\x73\x16\x80\xf9\x20\x73\x06\x0f\xad\xd0\xd3\xfa\xc3"),
    ("division", b"\x53\x56\x8b\x44\x24\x18\x0b\xc0\x75\x18\x8b\x4c\x24\x14\x8b\x44\x24\x10\x33\xd2\xf7\xf1\x8b\xd8"),
    (
        "division with remainder",
        b"\x56\x8b\x44\x24\x14\x0b\xc0\x75\x28\x8b\x4c\x24\x10\x8b\x44\x24\x0c\x33\xd2\xf7\xf1",
    ),
    ("remainder", b"\x53\x8b\x44\x24\x14\x0b\xc0\x75\x18\x8b\x4c\x24\x10\x8b\x44\x24\x0c\x33\xd2\xf7\xf1"),
    ("shift to the right", b"\x80\xf9\x40\x73\x15\x80\xf9\x20\x73\x06\x0f\xad\xd0\xd3\xea\xc3"),
    (
        "conversion of a floating-point number",
        b"\x55\x8b\xec\x83\xec\x20\x83\xe4\xf0\xd9\xc0\xd9\x54\x24\x18\xdf\x7c\x24\x10",
    ),
    (
        "exception prologue",
        b"\x64\xff\x35\x00\x00\x00\x00\x8b\x44\x24\x10\x89\x6c\x24\x10\x8d\x6c\x24\x10\x2b\xe0\x53\x56\x57\xa1",
    ),
];

/// The beginnings of routines in code of 64 bits.
const X64_PATTERNS: &[(&str, &[u8])] = &[(
    "stack probe",
    b"\x48\x83\xec\x10\x4c\x89\x14\x24\x4c\x89\x5c\x24\x08\x4d\x33\xdb\x4c\x8d\x54\x24\x18\x4c\x2b\xd0\x4d\x0f\x42\xd3",
)];

#[cfg(test)]
mod tests {
    use super::{Helper, StaticRuntime, X86_PATTERNS, runs};
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn a_linked_in_library_tells_its_generation_by_its_texts() {
        let with = |texts: &[&[u8]]| {
            let sample = Sample { data: texts.concat(), ..Sample::default() };
            sample.with_facts(|facts| StaticRuntime::of(facts).map(|found| found.linkers))
        };
        let both: &[u8] = b"CorExitProcess\0 Complete Object Locator'\0";
        assert_eq!(with(&[both, super::WIDE_NAME]), Some(Some(((14, 0), (255, 255)))));
        assert_eq!(with(&[both, b"R6016\r\n"]), Some(Some(((7, 0), (9, 255)))));
        assert_eq!(with(&[both, b"R6016\r\n", super::WIDE_NAME]), Some(None));
        assert_eq!(with(&[b"CorExitProcess\0"]), None);
        assert_eq!(with(&[both, super::EMBEDDED]), None);
    }

    #[test]
    fn sections_on_top_of_each_other_are_searched_once() {
        let sections: usize = Sample::default().with_facts(|facts| {
            let mut image = facts.image.clone();
            let section = image.sections[0].clone();
            image.sections.extend(std::iter::repeat_n(section, 1000));
            runs(&image, |_| true).len()
        });
        assert_eq!(sections, 2);
    }

    #[test]
    fn routines_are_found_once_each() {
        let code = [X86_PATTERNS[2].1, b"\x90", X86_PATTERNS[2].1, X86_PATTERNS[4].1].concat();
        let sample = Sample { machine: 0x14c, code, ..Sample::default() };
        let names: Vec<_> =
            sample.with_facts(|facts| Helper::all(&facts.image).iter().map(|found| found.name).collect());
        assert_eq!(names, ["signed division", "multiplication"]);
    }
}
