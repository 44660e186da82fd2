//! The run-time library of Visual C++: which release of it an image uses, and what start-up code it brings along.
//!
//! The import library of a run-time DLL and the start-up objects that are linked into every program beside it come
//! from one package that one compiler built. What is said of their numbers was read off the Rich headers of programs
//! of many makers.

use super::{facts::Facts, rich::Rich, witness};

/// Machines, as the file header names them.
pub(crate) const X86: u16 = 0x14c;
pub(crate) const X64: u16 = 0x8664;

/// A generation of the run-time library as a DLL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Runtime {
    /// Version of the linker that it comes with.
    pub linker: (u8, u8),
    /// The DLL that every program which uses it imports, without `.dll`.
    pub library: &'static str,
    /// How the names of the DLLs of the same package begin.
    pub package: &'static [&'static str],
    /// Programs that made its import library and its start-up objects: import library, assembler, C, C++.
    pub made_by: [u16; 4],
}

/// How many start-up objects a program has at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Minimum {
    /// Of the assembler.
    pub assembler: u32,
    /// Of the C compiler.
    pub c: u32,
    /// Of the C++ compiler.
    pub cpp: u32,
}

/// Every generation.
#[rustfmt::skip]
const RUNTIMES: [Runtime; 8] = [
    Runtime { linker: (7, 0),  library: "msvcr70",      package: &["msvcr70", "msvcp70"],   made_by: [0x19, 0x40, 0x1c, 0x1d] },
    Runtime { linker: (7, 10), library: "msvcr71",      package: &["msvcr71", "msvcp71"],   made_by: [0x5d, 0x0f, 0x5f, 0x60] },
    Runtime { linker: (8, 0),  library: "msvcr80",      package: &["msvcr80", "msvcp80"],   made_by: [0x7b, 0x7d, 0x6d, 0x6e] },
    Runtime { linker: (9, 0),  library: "msvcr90",      package: &["msvcr90", "msvcp90"],   made_by: [0x93, 0x95, 0x83, 0x84] },
    Runtime { linker: (10, 0), library: "msvcr100",     package: &["msvcr100", "msvcp100"], made_by: [0x9c, 0x9e, 0xaa, 0xab] },
    Runtime { linker: (11, 0), library: "msvcr110",     package: &["msvcr110", "msvcp110"], made_by: [0xcb, 0xcd, 0xce, 0xcf] },
    Runtime { linker: (12, 0), library: "msvcr120",     package: &["msvcr120", "msvcp120"], made_by: [0xdd, 0xdf, 0xe0, 0xe1] },
    Runtime { linker: (14, 0), library: "vcruntime140", package: &["vcruntime140", "msvcp140", "concrt140", "vcomp140", "mfc140", "mfcm140", "vcamp140"], made_by: [0x101, 0x103, 0x104, 0x105] },
];

/// How the names of DLLs begin that come with Windows since generation 14 and hold the C functions.
const UNIVERSAL: [&str; 2] = ["ucrtbase", "api-ms-win-crt-"];

impl Runtime {
    /// Returns the generations whose DLLs an image imports, each once.
    pub(crate) fn imported(facts: &Facts<'_>) -> Vec<Self> {
        let names: Vec<String> = facts.imports.libraries.iter().map(witness::name).collect();
        let is_imported = |runtime: &Self| names.iter().any(|name| is_library(name, runtime.library));
        RUNTIMES.into_iter().filter(is_imported).collect()
    }

    /// Returns the versions of the linker that an image's run-time DLLs came with, those of Windows included.
    pub(crate) fn linkers(facts: &Facts<'_>) -> Vec<(u8, u8)> {
        let mut linkers: Vec<(u8, u8)> = Self::imported(facts).iter().map(|runtime| runtime.linker).collect();
        let is_universal = |name: String| UNIVERSAL.iter().any(|start| name.starts_with(start));
        if facts.imports.libraries.iter().map(witness::name).any(is_universal) {
            linkers.push((14, 0));
        }
        linkers.dedup();
        linkers
    }

    /// Returns whether a DLL belongs to a generation, that of Windows included.
    pub(crate) fn is_of(name: &str, linker: (u8, u8)) -> bool {
        let own = RUNTIMES.iter().filter(|runtime| runtime.linker == linker);
        own.flat_map(|runtime| runtime.package).any(|start| is_library(name, start))
            || (linker == (14, 0) && UNIVERSAL.iter().any(|start| name.starts_with(start)))
    }

    /// Returns how many DLLs of its package an image imports at load.
    pub(crate) fn libraries(&self, facts: &Facts<'_>) -> u64 {
        let of_package = |name: &String| self.package.iter().any(|start| is_library(name, start));
        facts.imports.at_load().map(witness::name).filter(of_package).count() as u64
    }

    /// Returns the builds that made both import libraries and C or C++ objects of this generation.
    pub(crate) fn builds(&self, rich: &Rich) -> Vec<u16> {
        let [library, _, c, cpp] = self.made_by;
        let has =
            |products: &[u16], build| rich.entries.iter().any(|e| e.build == build && products.contains(&e.product));
        let libraries = rich.entries.iter().filter(|entry| entry.product == library).map(|entry| entry.build);
        let mut builds: Vec<u16> = libraries.filter(|build| has(&[c, cpp], *build)).collect();
        builds.sort_unstable();
        builds.dedup();
        builds
    }

    /// Returns how many start-up objects a program for a machine has at least, as far as that is known for a build.
    pub(crate) fn minimum(&self, machine: u16, build: u16) -> Option<Minimum> {
        let minimum = |assembler, c, cpp| Some(Minimum { assembler, c, cpp });
        // The fewest that were seen in programs of 50 makers and more, less a few of slack.
        match (self.linker.0, machine, build) {
            (9, X86, 30729) => minimum(1, 12, 2),
            (9, X64, 30729) => minimum(0, 7, 2),
            (9, X86, _) => minimum(1, 10, 2),
            (9, X64, _) => minimum(0, 5, 2),
            (10, X86, _) => minimum(1, 10, 2),
            (10, X64, _) => minimum(0, 6, 2),
            (14, X86, _) => minimum(0, 7, 6),
            (14, X64, _) => minimum(1, 5, 6),
            _ => None,
        }
    }
}

/// Returns whether the name of a DLL is one of a family: the beginning, perhaps `d` or `_1`, and no other digit.
fn is_library(name: &str, start: &str) -> bool {
    name.strip_prefix(start).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Runtime, is_library};
    use crate::artefact::pe::sample::Sample;

    #[test]
    fn a_name_with_another_number_is_another_library() {
        assert!(is_library("vcruntime140_1.dll", "vcruntime140"));
        assert!(is_library("msvcr90d.dll", "msvcr90"));
        assert!(!is_library("msvcr100.dll", "msvcr10"));
    }

    #[test]
    fn the_functions_of_windows_are_of_generation_14() {
        let sample = Sample::default().importing(&[("api-ms-win-crt-heap-l1-1-0.dll", 2), ("MSVCR90.dll", 1)]);
        sample.with_facts(|facts| assert_eq!(Runtime::linkers(facts), [(9, 0), (14, 0)]));
    }
}
