//! The load configuration (Microsoft PE format, "The Load Configuration Structure").

use super::image::Image;
use crate::artefact::little_endian::u32_at;

/// Number of the directory.
const LOAD_CONFIG: usize = 10;

/// The load configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LoadConfig {
    /// Its offset; the time stamp stands 4 bytes behind.
    pub at: usize,
    /// Bytes that it says it has, which grew with every version of the linker.
    pub size: u32,
    /// `TimeDateStamp`.
    pub stamp: u32,
}

impl LoadConfig {
    /// Reads it, if there is one.
    pub(crate) fn of(image: &Image<'_>) -> Option<Self> {
        let at = image.offset(image.directory(LOAD_CONFIG)?.address)?;
        Some(Self { at, size: u32_at(image.bytes, at)?, stamp: u32_at(image.bytes, at + 4)? })
    }
}
