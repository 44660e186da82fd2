//! The header and the metadata of .NET assemblies (ECMA-335, partitions II.24 and II.25.3.3).

use std::ops::Range;

use super::image::Image;
use crate::artefact::little_endian::{clamped, u8_at, u16_at, u32_at, u64_at, zero_ended};

/// Number of the directory.
const RUNTIME_HEADER: usize = 14;

/// Streams of the metadata that are read, at most.
const STREAMS_MAX: u16 = 16;

/// Bytes of the version of the metadata, at most.
const VERSION_MAX: usize = 255;

/// The first word of the metadata.
const METADATA_SIGNATURE: u32 = 0x424a_5342;

/// What a .NET assembly says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dotnet<'a> {
    /// The metadata.
    pub metadata: Range<usize>,
    /// Resources of the assembly.
    pub resources: Range<usize>,
    /// The strong name signature.
    pub strong_name: Range<usize>,
    /// The version of the runtime that the compiler aimed at, as the metadata writes it, and its offset.
    pub version: Option<(&'a [u8], usize)>,
    /// The identifier of the module and its offset; new with every build unless builds are reproducible.
    pub module_id: Option<([u8; 16], usize)>,
}

impl<'a> Dotnet<'a> {
    /// Reads the headers, if the image is an assembly.
    pub(crate) fn of(image: &Image<'a>) -> Option<Self> {
        let at = image.offset(image.directory(RUNTIME_HEADER)?.address)?;
        let run = |offset: usize| {
            let address = u32_at(image.bytes, at + offset).filter(|address| *address != 0);
            let start = address.and_then(|address| image.offset(address));
            let len = u32_at(image.bytes, at + offset + 4).unwrap_or_default() as usize;
            start.map_or(0..0, |start| clamped(start, len, image.bytes.len()))
        };
        let (metadata, resources, strong_name) = (run(8), run(24), run(32));
        let mut dotnet = Self { metadata, resources, strong_name, ..Self::default() };
        dotnet.read_metadata(image.bytes);
        Some(dotnet)
    }

    fn read_metadata(&mut self, bytes: &'a [u8]) -> Option<()> {
        let root = self.metadata.start;
        u32_at(bytes, root).filter(|signature| *signature == METADATA_SIGNATURE)?;
        let version_len = (u32_at(bytes, root + 12)? as usize).min(VERSION_MAX + 1);
        self.version = zero_ended(bytes, root + 16, VERSION_MAX + 1).map(|version| (version, root + 16));
        let mut at = root + 16 + version_len.next_multiple_of(4);
        let streams = u16_at(bytes, at + 2)?;
        at += 4;
        let (mut tables, mut guids) = (None, None);
        for _ in 0..streams.min(STREAMS_MAX) {
            let start = root.checked_add(u32_at(bytes, at)? as usize)?;
            let name = zero_ended(bytes, at + 8, 32)?;
            match name {
                b"#~" | b"#-" => tables = Some(start),
                b"#GUID" => guids = Some(start),
                _ => {}
            }
            at += 8 + (name.len() + 1).next_multiple_of(4);
        }
        self.module_id = module_id(bytes, tables?, guids?);
        Some(())
    }
}

/// Returns the identifier that the only row of the module table refers to.
fn module_id(bytes: &[u8], tables: usize, guids: usize) -> Option<([u8; 16], usize)> {
    let heaps = u8_at(bytes, tables.checked_add(6)?)?;
    let present = u64_at(bytes, tables + 8)?;
    // The module table has number 0 and comes first.
    (present & 1 == 1).then_some(())?;
    let row = tables + 24 + 4 * present.count_ones() as usize;
    let index_at = row + 2 + if heaps & 1 == 0 { 2 } else { 4 };
    let index = if heaps & 2 == 0 { u32::from(u16_at(bytes, index_at)?) } else { u32_at(bytes, index_at)? };
    // Identifiers are counted from 1.
    let at = guids.checked_add((index.checked_sub(1)? as usize).checked_mul(16)?)?;
    Some((*bytes.get(at..)?.first_chunk::<16>()?, at))
}
