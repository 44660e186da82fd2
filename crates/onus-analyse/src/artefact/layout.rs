//! Which part of a program every byte belongs to, and which bytes the program refers to, in terms of no format.

use std::ops::Range;

/// Name of the region of a record of the debug directory, which holds numbers and one path.
pub(crate) const DEBUG_RECORD: &str = "debug record";

/// The parts of a program file, sorted, without gaps and without overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub regions: Vec<Region>,
}

/// A run of bytes that is treated alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// Where it lies in the file.
    pub range: Range<usize>,
    /// What it is.
    pub place: Place,
    /// Name of the section or of the structure, as far as there is one.
    pub name: String,
    /// Address of its first byte when the program is loaded, if it is loaded.
    pub address: Option<u64>,
}

/// What part of a program bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Headers and what stands between them and the first section.
    Header,
    /// Instructions.
    Code,
    /// Data that instructions or other data may refer to.
    Data,
    /// Data that a structure of the format accounts for: resources, signatures, exports, metadata, symbols.
    Accounted,
    /// Debugging information.
    Debug,
    /// A loaded section that nothing refers to.
    Orphan,
    /// The unused rest of a section.
    Slack,
    /// Between sections.
    Gap,
    /// After the last section.
    Overlay,
}

impl Layout {
    /// Cuts the region that holds an offset in two there, and changes the second.
    pub(crate) fn split(&mut self, offset: usize, change: impl FnOnce(&mut Region)) {
        let Some(index) = self.regions.iter().position(|region| region.range.contains(&offset)) else { return };
        let Some(first) = self.regions.get_mut(index) else { return };
        let into = (offset - first.range.start) as u64;
        let mut second = first.clone();
        first.range.end = offset;
        second.range.start = offset;
        second.address = second.address.map(|address| address.saturating_add(into));
        change(&mut second);
        self.regions.insert(index + 1, second);
        self.regions.retain(|region| !region.range.is_empty());
    }

    /// Returns the region that holds an offset.
    pub(crate) fn at(&self, offset: usize) -> Option<&Region> {
        let after = self.regions.partition_point(|region| region.range.start <= offset);
        self.regions.get(..after)?.last().filter(|region| region.range.contains(&offset))
    }
}
