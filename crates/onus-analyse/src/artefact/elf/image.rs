//! The header, the segments and the sections of a file (System V gABI, chapters 4 and 5).

use std::ops::Range;

use crate::artefact::reader::{Reader, offset};

/// Sections, at most.
const SECTIONS_MAX: usize = 20_000;

/// Segments, at most.
const SEGMENTS_MAX: usize = 2_000;

/// `e_type` of an object that is yet to be linked.
pub(crate) const ET_REL: u16 = 1;
/// `p_type` of what is loaded.
pub(crate) const PT_LOAD: u32 = 1;
/// `p_type` of the dynamic section.
pub(crate) const PT_DYNAMIC: u32 = 2;
/// `p_type` of the path of the dynamic linker.
pub(crate) const PT_INTERP: u32 = 3;
/// `p_type` of notes.
pub(crate) const PT_NOTE: u32 = 4;
/// `sh_type` of a table of symbols.
pub(crate) const SHT_SYMTAB: u32 = 2;
/// `sh_type` of notes.
pub(crate) const SHT_NOTE: u32 = 7;
/// `sh_type` of what has no bytes in the file.
pub(crate) const SHT_NOBITS: u32 = 8;
/// `sh_type` of the table of dynamic symbols.
pub(crate) const SHT_DYNSYM: u32 = 11;
/// `sh_flags`: it is in memory when the program runs.
pub(crate) const SHF_ALLOC: u64 = 2;
/// `sh_flags`: instructions.
pub(crate) const SHF_EXECINSTR: u64 = 4;
/// `sh_flags`: equal entries are merged.
pub(crate) const SHF_MERGE: u64 = 0x10;
/// `sh_flags`: entries are texts.
pub(crate) const SHF_STRINGS: u64 = 0x20;
/// `sh_flags`: the bytes are compressed.
pub(crate) const SHF_COMPRESSED: u64 = 0x800;

/// What the tables of a file say.
#[derive(Clone, Debug)]
pub(crate) struct Image<'a> {
    /// The file.
    pub reader: Reader<'a>,
    /// `e_type`.
    pub kind: u16,
    /// `e_machine`.
    pub machine: u16,
    /// `EI_OSABI`.
    pub os_abi: u8,
    /// `e_flags`.
    pub flags: u32,
    /// Bytes of the file header.
    pub header_len: usize,
    /// Where the table of segments lies.
    pub segment_table: Range<usize>,
    /// Where the table of sections lies.
    pub section_table: Range<usize>,
    /// The segments in the order of their table.
    pub segments: Vec<Segment>,
    /// The sections in the order of their table, the first of which is empty.
    pub sections: Vec<Section>,
    /// Which rules of the format the tables break, in words.
    pub faults: Vec<String>,
    /// Which limits were met, in words.
    pub limits: Vec<String>,
}

/// A segment: what is mapped into memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// `PT_…`.
    pub kind: u32,
    /// `PF_…`.
    pub flags: u32,
    /// Where its bytes lie in the file, as far as the file holds them.
    pub range: Range<usize>,
    /// Its offset as written.
    pub offset: u64,
    /// Its bytes in the file as written.
    pub file_size: u64,
    /// Its address in memory.
    pub address: u64,
    /// Its bytes in memory.
    pub memory_size: u64,
    /// Alignment as written.
    pub align: u64,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its name.
    pub name: String,
    /// Offset of its entry in the table.
    pub entry: usize,
    /// `SHT_…`.
    pub kind: u32,
    /// `SHF_…`.
    pub flags: u64,
    /// Its address in memory, zero if it is not there.
    pub address: u64,
    /// Its offset as written.
    pub offset: u64,
    /// Its bytes as written.
    pub size: u64,
    /// Where its bytes lie in the file, as far as the file holds them; empty for `SHT_NOBITS`.
    pub range: Range<usize>,
    /// Number of a section that belongs to it.
    pub link: u32,
    /// Further information.
    pub info: u32,
    /// Alignment as written.
    pub align: u64,
    /// Bytes of one entry, of a table.
    pub entry_size: u64,
}

impl Section {
    /// Returns whether it is in memory when the program runs.
    pub(crate) fn is_loaded(&self) -> bool {
        self.flags & SHF_ALLOC != 0
    }

    /// Returns whether it holds instructions.
    pub(crate) fn is_code(&self) -> bool {
        self.flags & SHF_EXECINSTR != 0
    }
}

impl<'a> Image<'a> {
    /// Reads the tables.
    ///
    /// # Errors
    /// Which rule of the format the file header breaks, in words.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, String> {
        let is_64 = match bytes.get(4) {
            Some(1) => false,
            Some(2) => true,
            Some(other) => return Err(format!("the class of the file is {other}, neither 1 nor 2")),
            None => return Err("the file header breaks off".to_owned()),
        };
        let is_big_endian = match bytes.get(5) {
            Some(1) => false,
            Some(2) => true,
            Some(other) => return Err(format!("the byte order of the file is {other}, neither 1 nor 2")),
            None => return Err("the file header breaks off".to_owned()),
        };
        let reader = Reader { bytes, is_big_endian, is_64 };
        Self::header(reader).ok_or_else(|| "the file header breaks off".to_owned())
    }

    fn header(reader: Reader<'a>) -> Option<Self> {
        let word = reader.word_len();
        let after = 24 + 3 * word;
        let header_len = after + 16;
        let count_at = |at: usize| reader.u16(after + at).map(usize::from);
        let (segment_size, segment_count) = (count_at(6)?, count_at(8)?);
        let (section_size, section_count, names) = (count_at(10)?, count_at(12)?, count_at(14)?);
        let mut image = Self {
            reader,
            kind: reader.u16(16)?,
            machine: reader.u16(18)?,
            os_abi: reader.u8(7)?,
            flags: reader.u32(after)?,
            header_len,
            segment_table: 0..0,
            section_table: 0..0,
            segments: Vec::new(),
            sections: Vec::new(),
            faults: Vec::new(),
            limits: Vec::new(),
        };
        let (segments_at, sections_at) = (offset(reader.word(24 + word)?), offset(reader.word(24 + 2 * word)?));
        image.read_sections(sections_at, section_size, section_count);
        image.read_segments(segments_at, segment_size, segment_count);
        image.name_sections(names);
        Some(image)
    }

    fn read_sections(&mut self, at: usize, size: usize, count: usize) {
        if at == 0 {
            return;
        }
        // More sections than the field can count: the number is in the first, empty section (gABI, "Sections").
        let first = self.section(at);
        let count = match (count, &first) {
            (0, Some(section)) => offset(section.size),
            (count, _) => count,
        };
        if size < self.section_len() {
            self.faults.push(format!("an entry of the section table has {size} bytes"));
            return;
        }
        let room = self.reader.bytes.len().saturating_sub(at) / size;
        if room < count {
            self.faults.push(format!("the section table at {at} has {count} entries, of which the file holds {room}"));
        }
        let kept = count.min(room);
        if kept > SECTIONS_MAX {
            self.limits.push(format!("read are the first {SECTIONS_MAX} of {kept} sections"));
        }
        self.section_table = at..at.saturating_add(kept.saturating_mul(size)).min(self.reader.bytes.len());
        self.sections = (0..kept.min(SECTIONS_MAX)).filter_map(|index| self.section(at + index * size)).collect();
    }

    fn section_len(&self) -> usize {
        if self.reader.is_64 { 64 } else { 40 }
    }

    fn section(&self, at: usize) -> Option<Section> {
        let reader = self.reader;
        let word = reader.word_len();
        reader.slice(at, self.section_len())?;
        let (start, size) = (reader.word(at + 8 + 2 * word)?, reader.word(at + 8 + 3 * word)?);
        let kind = reader.u32(at + 4)?;
        let range = if kind == SHT_NOBITS { 0..0 } else { self.range(start, size) };
        Some(Section {
            name: String::new(),
            entry: at,
            kind,
            flags: reader.word(at + 8)?,
            address: reader.word(at + 8 + word)?,
            offset: start,
            size,
            range,
            link: reader.u32(at + 8 + 4 * word)?,
            info: reader.u32(at + 12 + 4 * word)?,
            align: reader.word(at + 16 + 4 * word)?,
            entry_size: reader.word(at + 16 + 5 * word)?,
        })
    }

    fn read_segments(&mut self, at: usize, size: usize, count: usize) {
        let least = if self.reader.is_64 { 56 } else { 32 };
        if at == 0 || count == 0 {
            return;
        }
        if size < least {
            self.faults.push(format!("an entry of the segment table has {size} bytes"));
            return;
        }
        // The largest number that fits means that the true one is in the first section (gABI, "Program Header").
        let count = match (count, self.sections.first()) {
            (0xffff, Some(first)) => first.info as usize,
            (count, _) => count,
        };
        let room = self.reader.bytes.len().saturating_sub(at) / size;
        if room < count {
            self.faults.push(format!("the segment table at {at} has {count} entries, of which the file holds {room}"));
        }
        let kept = count.min(room);
        if kept > SEGMENTS_MAX {
            self.limits.push(format!("read are the first {SEGMENTS_MAX} of {kept} segments"));
        }
        self.segment_table = at..at.saturating_add(kept.saturating_mul(size)).min(self.reader.bytes.len());
        self.segments = (0..kept.min(SEGMENTS_MAX)).filter_map(|index| self.segment(at + index * size)).collect();
    }

    fn segment(&self, at: usize) -> Option<Segment> {
        let reader = self.reader;
        let word = reader.word_len();
        // In files of 64 bits the flags stand before the offset, in files of 32 bits behind the sizes.
        let (first, flags) = if reader.is_64 { (at + 8, at + 4) } else { (at + 4, at + 24) };
        let (start, size) = (reader.word(first)?, reader.word(first + 3 * word)?);
        Some(Segment {
            kind: reader.u32(at)?,
            flags: reader.u32(flags)?,
            range: self.range(start, size),
            offset: start,
            file_size: size,
            address: reader.word(first + word)?,
            memory_size: reader.word(first + 4 * word)?,
            align: reader.word(if reader.is_64 { at + 48 } else { at + 28 })?,
        })
    }

    fn name_sections(&mut self, names: usize) {
        // The largest number that fits means that the true one is in the first section (gABI, "ELF Header").
        let names = match (names, self.sections.first()) {
            (0xffff, Some(first)) => first.link as usize,
            (names, _) => names,
        };
        let Some(table) = self.sections.get(names).map(|section| section.range.clone()) else { return };
        let reader = self.reader;
        for section in &mut self.sections {
            let Some(at) = reader.u32(section.entry).map(|name| name as usize) else { continue };
            let Some(at) = table.start.checked_add(at).filter(|at| *at < table.end) else { continue };
            section.name = reader.text(at, table.end).map(|text| text.lossy()).unwrap_or_default();
        }
    }

    fn range(&self, start: u64, size: u64) -> Range<usize> {
        let len = self.reader.bytes.len();
        let start = offset(start).min(len);
        start..start.saturating_add(offset(size)).min(len)
    }

    /// Returns the first section of a name.
    pub(crate) fn named(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// Returns the bytes of the first section of a name, unless they are compressed.
    pub(crate) fn bytes_of(&self, name: &str) -> Option<&'a [u8]> {
        let section = self.named(name).filter(|section| section.flags & SHF_COMPRESSED == 0)?;
        Some(self.reader.clamped(section.range.clone()))
    }

    /// Returns the offset in the file of an address, if a loaded segment holds it.
    pub(crate) fn offset(&self, address: u64) -> Option<usize> {
        self.loads().find_map(|segment| {
            let into = offset(address.checked_sub(segment.address)?);
            (into < segment.range.len()).then(|| segment.range.start + into)
        })
    }

    /// Returns the segments that are loaded.
    pub(crate) fn loads(&self) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(|segment| segment.kind == PT_LOAD)
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn a_header_that_breaks_off_anywhere_is_an_error_or_a_file_without_tables() {
        let mut bytes = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0];
        bytes.resize(64, 0xff);
        for len in 0..bytes.len() {
            assert!(Image::of(&bytes[..len]).is_err());
        }
        let image = Image::of(&bytes).unwrap();
        assert!(image.sections.is_empty() && image.segments.is_empty());
        assert!(!image.faults.is_empty());
    }
}
