//! The header, the load commands and the segments of one architecture (Apple, `mach-o/loader.h`).

use std::ops::Range;

use crate::artefact::reader::{Reader, Text, offset};

/// Load commands, at most.
const COMMANDS_MAX: usize = 10_000;

/// Sections, at most.
const SECTIONS_MAX: usize = 10_000;

/// `LC_REQ_DYLD`, which is left out of the numbers of commands here.
const REQUIRED_BY_DYLD: u32 = 0x8000_0000;

/// `LC_SYMTAB`.
pub(crate) const SYMTAB: u32 = 0x02;
/// `LC_DYSYMTAB`.
pub(crate) const DYSYMTAB: u32 = 0x0b;
/// `LC_LOAD_DYLIB`.
pub(crate) const LOAD_DYLIB: u32 = 0x0c;
/// `LC_ID_DYLIB`.
pub(crate) const ID_DYLIB: u32 = 0x0d;
/// `LC_UUID`.
pub(crate) const UUID: u32 = 0x1b;
/// `LC_RPATH`.
pub(crate) const RPATH: u32 = 0x1c;
/// `LC_CODE_SIGNATURE`.
pub(crate) const CODE_SIGNATURE: u32 = 0x1d;
/// `LC_DYLD_INFO` and `LC_DYLD_INFO_ONLY`.
pub(crate) const DYLD_INFO: u32 = 0x22;
/// `LC_SOURCE_VERSION`.
pub(crate) const SOURCE_VERSION: u32 = 0x2a;
/// `LC_NOTE`.
pub(crate) const NOTE: u32 = 0x31;
/// `LC_BUILD_VERSION`.
pub(crate) const BUILD_VERSION: u32 = 0x32;
/// `LC_DYLD_EXPORTS_TRIE`.
pub(crate) const EXPORTS_TRIE: u32 = 0x33;
/// `LC_DYLD_CHAINED_FIXUPS`.
pub(crate) const CHAINED_FIXUPS: u32 = 0x34;

/// What the tables of one architecture say. Offsets count from the beginning of the architecture.
#[derive(Clone, Debug)]
pub(crate) struct Image<'a> {
    /// The bytes of this architecture.
    pub reader: Reader<'a>,
    /// Where it begins in the file.
    pub base: usize,
    /// `CPU_TYPE_…`.
    pub cpu: u32,
    /// `CPU_SUBTYPE_…`, with its flags.
    pub subtype: u32,
    /// `MH_…`, the type of file.
    pub kind: u32,
    /// `MH_…`, the flags.
    pub flags: u32,
    /// Where the load commands lie.
    pub command_table: Range<usize>,
    /// The load commands in their order.
    pub commands: Vec<Command>,
    /// The segments in their order.
    pub segments: Vec<Segment>,
    /// Which rules of the format the tables break, in words.
    pub faults: Vec<String>,
    /// Which limits were met, in words.
    pub limits: Vec<String>,
}

/// A load command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// `LC_…` without `LC_REQ_DYLD`.
    pub kind: u32,
    /// Where it lies, as far as the bytes hold it.
    pub range: Range<usize>,
}

/// A segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Its name.
    pub name: String,
    /// Its address in memory.
    pub address: u64,
    /// Its bytes in memory.
    pub memory_size: u64,
    /// Where its bytes lie.
    pub range: Range<usize>,
    /// Protection at the beginning: 1 read, 2 write, 4 execute.
    pub protection: u32,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its name.
    pub name: String,
    /// The name of its segment.
    pub segment: String,
    /// Its address in memory.
    pub address: u64,
    /// Where its bytes lie; empty if it is filled with zeros.
    pub range: Range<usize>,
    /// Type and attributes.
    pub flags: u32,
}

impl Section {
    /// Returns whether it holds instructions (`S_ATTR_PURE_INSTRUCTIONS`, `S_ATTR_SOME_INSTRUCTIONS`).
    pub(crate) fn is_code(&self) -> bool {
        self.flags & 0x8000_0400 != 0
    }

    /// Returns whether its bytes are zeros that the file does not hold.
    pub(crate) fn is_zeros(&self) -> bool {
        matches!(self.flags & 0xff, 1 | 0xc | 0x12)
    }
}

impl<'a> Image<'a> {
    /// Reads the tables of the architecture that begins at `base` of a file.
    ///
    /// # Errors
    /// Which rule of the format the header breaks, in words.
    pub(crate) fn of(bytes: &'a [u8], base: usize) -> Result<Self, String> {
        let (is_big_endian, is_64) = match bytes.get(..4) {
            Some([0xcf, 0xfa, 0xed, 0xfe]) => (false, true),
            Some([0xce, 0xfa, 0xed, 0xfe]) => (false, false),
            Some([0xfe, 0xed, 0xfa, 0xcf]) => (true, true),
            Some([0xfe, 0xed, 0xfa, 0xce]) => (true, false),
            _ => return Err(format!("the architecture at {base} does not begin with the mark of a Mach-O header")),
        };
        let reader = Reader { bytes, is_big_endian, is_64 };
        Self::header(reader, base).ok_or_else(|| format!("the header at {base} breaks off"))
    }

    fn header(reader: Reader<'a>, base: usize) -> Option<Self> {
        let header_len = if reader.is_64 { 32 } else { 28 };
        reader.slice(0, header_len)?;
        let mut image = Self {
            reader,
            base,
            cpu: reader.u32(4)?,
            subtype: reader.u32(8)?,
            kind: reader.u32(12)?,
            flags: reader.u32(24)?,
            command_table: header_len..header_len.saturating_add(reader.u32(20)? as usize).min(reader.bytes.len()),
            commands: Vec::new(),
            segments: Vec::new(),
            faults: Vec::new(),
            limits: Vec::new(),
        };
        image.read_commands(reader.u32(16)? as usize);
        image.read_segments();
        Some(image)
    }

    fn read_commands(&mut self, count: usize) {
        let mut at = self.command_table.start;
        for number in 0..count {
            if number == COMMANDS_MAX {
                self.limits.push(format!("read are the first {COMMANDS_MAX} of {count} load commands"));
                return;
            }
            let (Some(kind), Some(size)) = (self.reader.u32(at), self.reader.u32(at + 4)) else {
                self.faults.push(format!("load command {number} of {count} breaks off"));
                return;
            };
            let end = at.saturating_add(size as usize);
            if size < 8 || end > self.reader.bytes.len() {
                self.faults.push(format!("load command {number} of {count} has a size of {size} bytes"));
                return;
            }
            if end > self.command_table.end {
                self.faults.push(format!("load command {number} of {count} ends behind the table of load commands"));
                return;
            }
            self.commands.push(Command { kind: kind & !REQUIRED_BY_DYLD, range: at..end });
            at = end;
        }
    }

    fn read_segments(&mut self) {
        let mut sections = 0;
        for command in self.commands.clone() {
            if let Some(segment) = self.segment(&command, &mut sections) {
                self.segments.push(segment);
            }
        }
        if sections >= SECTIONS_MAX {
            self.limits.push(format!("read are the first {SECTIONS_MAX} sections"));
        }
    }

    fn segment(&self, command: &Command, sections: &mut usize) -> Option<Segment> {
        let is_64 = match command.kind {
            1 => false,
            0x19 => true,
            _ => return None,
        };
        let at = command.range.start;
        let reader = Reader { is_64, ..self.reader };
        let word = reader.word_len();
        let after = at + 24 + 4 * word;
        let name = self.name(at + 8)?;
        let count = reader.u32(after + 8)? as usize;
        let size = if is_64 { 80 } else { 68 };
        let room = command.range.end.saturating_sub(after + 16) / size;
        let kept = count.min(room).min(SECTIONS_MAX.saturating_sub(*sections));
        *sections += kept;
        Some(Segment {
            name: name.clone(),
            address: reader.word(at + 24)?,
            memory_size: reader.word(at + 24 + word)?,
            range: self.range(reader.word(at + 24 + 2 * word)?, reader.word(at + 24 + 3 * word)?),
            protection: reader.u32(after + 4)?,
            sections: (0..kept).filter_map(|index| self.section(reader, after + 16 + index * size)).collect(),
        })
    }

    fn section(&self, reader: Reader<'a>, at: usize) -> Option<Section> {
        let word = reader.word_len();
        let after = at + 32 + 2 * word;
        let flags = reader.u32(after + 16)?;
        let mut section = Section {
            name: self.name(at)?,
            segment: self.name(at + 16)?,
            address: reader.word(at + 32)?,
            range: 0..0,
            flags,
        };
        if !section.is_zeros() {
            section.range = self.range(u64::from(reader.u32(after)?), reader.word(at + 32 + word)?);
        }
        Some(section)
    }

    fn name(&self, at: usize) -> Option<String> {
        Some(self.reader.text(at, at.checked_add(16)?)?.lossy())
    }

    /// Returns a range of so many bytes, as far as this architecture holds them.
    pub(crate) fn range(&self, start: u64, size: u64) -> Range<usize> {
        let len = self.reader.bytes.len();
        let start = offset(start).min(len);
        start..start.saturating_add(offset(size)).min(len)
    }

    /// Returns the load commands of a kind.
    pub(crate) fn of_kind(&self, kind: u32) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter(move |command| command.kind == kind)
    }

    /// Returns the first load command of a kind.
    pub(crate) fn first(&self, kind: u32) -> Option<&Command> {
        self.of_kind(kind).next()
    }

    /// Returns the number of four bytes at an offset of a command, if the command is that long.
    pub(crate) fn field(&self, command: &Command, at: usize) -> Option<u32> {
        (at + 4 <= command.range.len()).then(|| self.reader.u32(command.range.start + at))?
    }

    /// Returns the text whose offset in a command stands at `at` of the command.
    pub(crate) fn text(&self, command: &Command, at: usize) -> Option<Text<'a>> {
        let start = command.range.start.checked_add(self.field(command, at)? as usize)?;
        self.reader.text(start, command.range.end)
    }

    /// Returns where the data of a `linkedit_data_command` lie.
    pub(crate) fn linkedit(&self, command: &Command) -> Option<Range<usize>> {
        Some(self.range(u64::from(self.field(command, 8)?), u64::from(self.field(command, 12)?)))
    }

    /// Returns a range of this architecture as a range of the file.
    pub(crate) fn in_file(&self, range: Range<usize>) -> Range<usize> {
        self.base + range.start..self.base + range.end
    }

    /// Returns every section.
    pub(crate) fn sections(&self) -> impl Iterator<Item = &Section> {
        self.segments.iter().flat_map(|segment| &segment.sections)
    }

    /// Returns the first section of a name, in whichever segment.
    pub(crate) fn named(&self, name: &str) -> Option<&Section> {
        self.sections().find(|section| section.name == name)
    }

    /// Returns the offset of an address, if a segment holds it.
    pub(crate) fn offset(&self, address: u64) -> Option<usize> {
        self.segments.iter().find_map(|segment| {
            let into = offset(address.checked_sub(segment.address)?);
            (into < segment.range.len()).then(|| segment.range.start + into)
        })
    }

    /// Returns the name of the architecture.
    pub(crate) fn cpu_name(&self) -> String {
        let subtype = self.subtype & 0x00ff_ffff;
        match (self.cpu, subtype) {
            (7, _) => "i386".to_owned(),
            (0x0100_0007, 8) => "x86_64h".to_owned(),
            (0x0100_0007, _) => "x86_64".to_owned(),
            (12, _) => "arm".to_owned(),
            (0x0100_000c, 2) => "arm64e".to_owned(),
            (0x0100_000c, _) => "arm64".to_owned(),
            (0x0200_000c, _) => "arm64_32".to_owned(),
            (18, _) => "ppc".to_owned(),
            (0x0100_0012, _) => "ppc64".to_owned(),
            (cpu, _) => format!("cpu {cpu:#x}"),
        }
    }
}
