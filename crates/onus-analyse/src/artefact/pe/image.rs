//! The headers of an image, and the way from an address in memory to an offset in the file.

use std::ops::Range;

use object::{
    LittleEndian as LE, ReadRef,
    pe::{ImageDosHeader, ImageNtHeaders32, ImageNtHeaders64, ImageSectionHeader},
    read::pe::{ImageNtHeaders, ImageOptionalHeader, optional_header_magic},
};

use crate::artefact::little_endian::{clamped, u32_at};

/// Sections that are read, at most; Windows loads no more than 96 before Vista, and linkers write fewer.
const SECTIONS_MAX: usize = 1024;

/// Bytes of a COFF symbol.
const SYMBOL_LEN: usize = 18;

/// What the headers of an image say.
#[derive(Clone, Debug)]
pub(crate) struct Image<'a> {
    /// The file, or the beginning of it.
    pub bytes: &'a [u8],
    /// Offset of the PE signature (`e_lfanew`).
    pub header: usize,
    /// Offset of the optional header.
    pub optional_header: usize,
    /// Offset of the section table.
    pub section_table: usize,
    /// Offset of the first directory entry of the optional header.
    pub directory_table: usize,
    /// `IMAGE_FILE_MACHINE_…`.
    pub machine: u16,
    /// Whether addresses have 64 bits.
    pub is_64: bool,
    /// `TimeDateStamp` of the file header, which stands at `header + 8`.
    pub coff_time: u32,
    /// Characteristics of the file header.
    pub characteristics: u16,
    /// Linker version of the optional header, which stands at `optional_header + 2`.
    pub linker: (u8, u8),
    /// Version of the operating system that is asked for.
    pub os_version: (u16, u16),
    /// Version of the subsystem that is asked for.
    pub subsystem_version: (u16, u16),
    /// `IMAGE_SUBSYSTEM_…`.
    pub subsystem: u16,
    /// `IMAGE_DLLCHARACTERISTICS_…`.
    pub dll_characteristics: u16,
    /// Checksum of the file, which stands at `optional_header + 64`; zero when the linker wrote none.
    pub checksum: u32,
    /// Preferred address.
    pub image_base: u64,
    /// Address of the first instruction, relative to the image.
    pub entry_point: u32,
    /// Bytes of all headers.
    pub size_of_headers: u32,
    /// Alignment of sections in memory and in the file.
    pub alignment: (u32, u32),
    /// The data directories, by number.
    pub directories: Vec<Directory>,
    /// The sections in the order of their table.
    pub sections: Vec<Section>,
    /// How many sections the file header promises.
    pub section_count: usize,
    /// Offset and number of the COFF symbols, which finished images seldom have.
    pub symbols: (usize, u32),
}

/// An entry of the table of directories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directory {
    /// Address relative to the image; for the certificate table, the offset in the file.
    pub address: u32,
    /// Size in bytes.
    pub size: u32,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its name in the table, up to the first zero byte.
    pub name: String,
    /// Address relative to the image.
    pub address: u32,
    /// Size in memory.
    pub virtual_size: u32,
    /// Where its bytes lie in the file, as far as the file holds them.
    pub range: Range<usize>,
    /// Whether the table promises bytes that the file does not hold.
    pub is_cut: bool,
    /// `IMAGE_SCN_…`.
    pub characteristics: u32,
}

impl Section {
    /// Returns whether it is executed.
    pub(crate) fn is_code(&self) -> bool {
        self.characteristics & (object::pe::IMAGE_SCN_MEM_EXECUTE.0 | object::pe::IMAGE_SCN_CNT_CODE.0) != 0
    }
}

impl<'a> Image<'a> {
    /// Reads the headers.
    ///
    /// # Errors
    /// Which rule of the format the headers break, in words.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, String> {
        match optional_header_magic(bytes) {
            Ok(object::pe::IMAGE_NT_OPTIONAL_HDR32_MAGIC) => Self::read::<ImageNtHeaders32>(bytes),
            Ok(object::pe::IMAGE_NT_OPTIONAL_HDR64_MAGIC) => Self::read::<ImageNtHeaders64>(bytes),
            Ok(other) => Err(format!("the optional header begins with {other:#x}, which is no format of images")),
            Err(error) => Err(error.to_string()),
        }
    }

    fn read<Header: ImageNtHeaders>(bytes: &'a [u8]) -> Result<Self, String> {
        let in_words = |error: object::Error| error.to_string();
        let dos = ImageDosHeader::parse(bytes).map_err(in_words)?;
        let header = dos.nt_headers_offset() as usize;
        let mut after = u64::from(dos.nt_headers_offset());
        let (headers, directories) = Header::parse(bytes, &mut after).map_err(in_words)?;
        let section_table = after as usize;
        let optional = headers.optional_header();
        let file = headers.file_header();
        // Of a table that is cut off the beginning is read.
        let room = bytes.len().saturating_sub(section_table) / size_of::<ImageSectionHeader>();
        let count = usize::from(file.number_of_sections.get(LE)).min(room).min(SECTIONS_MAX);
        let sections: &[ImageSectionHeader] = bytes.read_slice_at(after, count).unwrap_or_default();
        let optional_header = header + 24;
        Ok(Self {
            bytes,
            header,
            optional_header,
            section_table,
            directory_table: optional_header + if headers.is_type_64() { 112 } else { 96 },
            machine: file.machine.get(LE).0,
            is_64: headers.is_type_64(),
            coff_time: file.time_date_stamp.get(LE),
            characteristics: file.characteristics.get(LE).0,
            linker: (optional.major_linker_version(), optional.minor_linker_version()),
            os_version: (optional.major_operating_system_version(), optional.minor_operating_system_version()),
            subsystem_version: (optional.major_subsystem_version(), optional.minor_subsystem_version()),
            subsystem: optional.subsystem().0,
            dll_characteristics: optional.dll_characteristics().0,
            checksum: optional.check_sum(),
            image_base: optional.image_base(),
            entry_point: optional.address_of_entry_point(),
            size_of_headers: optional.size_of_headers(),
            alignment: (optional.section_alignment(), optional.file_alignment()),
            directories: directories
                .iter()
                .map(|entry| Directory { address: entry.virtual_address.get(LE), size: entry.size.get(LE) })
                .collect(),
            section_count: usize::from(file.number_of_sections.get(LE)),
            symbols: (file.pointer_to_symbol_table.get(LE) as usize, file.number_of_symbols.get(LE)),
            sections: sections
                .iter()
                .map(|section| {
                    let len = section.size_of_raw_data.get(LE) as usize;
                    let range = clamped(section.pointer_to_raw_data.get(LE) as usize, len, bytes.len());
                    let name = section.name.split(|byte| *byte == 0).next().unwrap_or_default();
                    Section {
                        name: String::from_utf8_lossy(name).into_owned(),
                        address: section.virtual_address.get(LE),
                        virtual_size: section.virtual_size.get(LE),
                        is_cut: range.len() < len,
                        range,
                        characteristics: section.characteristics.get(LE).0,
                    }
                })
                .collect(),
        })
    }

    /// Returns the bytes of the COFF symbols and of their names, empty where there are none.
    pub(crate) fn symbols_range(&self) -> Range<usize> {
        let (at, count) = self.symbols;
        let table = clamped(at, (count as usize).saturating_mul(SYMBOL_LEN), self.bytes.len());
        if at == 0 || table.is_empty() {
            return 0..0;
        }
        // The names follow and begin with their length.
        let names = u32_at(self.bytes, table.end).unwrap_or_default() as usize;
        clamped(at, table.len().saturating_add(names), self.bytes.len())
    }

    /// Returns a directory that is there and not empty.
    pub(crate) fn directory(&self, number: usize) -> Option<Directory> {
        self.directories.get(number).copied().filter(|directory| directory.address != 0)
    }

    /// Returns the offset in the file of an address relative to the image, if a section of the file holds it.
    pub(crate) fn offset(&self, address: u32) -> Option<usize> {
        let in_section = self.sections.iter().find_map(|section| {
            let into = address.checked_sub(section.address)? as usize;
            (into < section.range.len()).then(|| section.range.start + into)
        });
        // The headers are loaded as they are.
        in_section.or_else(|| {
            let at = address as usize;
            (address < self.size_of_headers && at < self.bytes.len()).then_some(at)
        })
    }

    /// Returns the address relative to the image of an offset in the file.
    pub(crate) fn address(&self, offset: usize) -> Option<u32> {
        self.sections.iter().find_map(|section| {
            section.range.contains(&offset).then_some(())?;
            section.address.checked_add(u32::try_from(offset - section.range.start).ok()?)
        })
    }
}
