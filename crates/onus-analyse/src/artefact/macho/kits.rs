//! Development kits for macOS, and what comes with them.
//!
//! Versions of libraries and linkers lie well between those that kits of two generations carry, so that a point
//! release changes nothing. They were read from files whose linker names its kit, of many projects.

/// A generation of kits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kit(usize);

/// One generation: first version of the kit, and what everything of that kit is at least.
struct Row {
    kit: u32,
    libraries: [u32; 2],
    linker: u32,
}

/// The generations: kit, system library, C++ library, linker.
const ROWS: &[Row] = &[
    row((10, 7), (150, 0), 0, 0),
    row((10, 8), (165, 0), 0, 0),
    row((10, 9), (1100, 0), 0, 0),
    row((10, 10), (1205, 0), 0, 0),
    row((10, 11), (1220, 0), 0, 0),
    row((10, 12), (1230, 0), 0, 0),
    row((10, 13), (1245, 0), 0, 0),
    row((10, 14), (1252, 100), 0, 400),
    row((10, 15), (1260, 0), 700, 500),
    row((11, 0), (1290, 0), 850, 600),
    row((12, 0), (1300, 0), 1000, 705),
    row((13, 0), (1315, 0), 1250, 800),
    row((14, 0), (1320, 0), 1501, 900),
    row((15, 0), (1350, 0), 1750, 1100),
    row((26, 0), (1355, 0), 1950, 1200),
    row((27, 0), (1358, 0), 1950, 20_000),
];

const fn row(kit: (u32, u32), system: (u32, u32), cpp: u32, linker: u32) -> Row {
    Row { kit: kit.0 << 16 | kit.1 << 8, libraries: [system.0 << 16 | system.1 << 8, cpp << 16], linker: linker << 16 }
}

impl Kit {
    /// Returns the generation of a version, unless it is older than all or newer than the newest that is known.
    pub(crate) fn of(version: u32) -> Option<Self> {
        let after = ROWS.partition_point(|row| row.kit <= version);
        let newest = ROWS.last()?.kit >> 16;
        (version >> 16 <= newest).then_some(Self(after.checked_sub(1)?))
    }

    /// Returns the next generation.
    pub(crate) fn next(self) -> Option<Self> {
        (self.0 + 1 < ROWS.len()).then_some(Self(self.0 + 1))
    }

    /// Returns what the version of a library is at least: 0 the system library, 1 the C++ library.
    pub(crate) fn library(self, index: usize) -> u32 {
        ROWS.get(self.0).and_then(|row| row.libraries.get(index)).copied().unwrap_or_default()
    }

    /// Returns what the version of the linker is at least.
    pub(crate) fn linker(self) -> u32 {
        ROWS.get(self.0).map(|row| row.linker).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Kit;

    #[test]
    fn a_version_belongs_to_the_generation_that_began_before_it() {
        assert_eq!(Kit::of(0x000e_0500), Kit::of(0x000e_0000));
        assert_ne!(Kit::of(0x000e_0500), Kit::of(0x000f_0000));
        assert_eq!(Kit::of(0x000a_0500), None);
        assert_eq!(Kit::of(0x0030_0000), None);
        assert_eq!(Kit::of(0x001b_0000).unwrap().next(), None);
    }
}
