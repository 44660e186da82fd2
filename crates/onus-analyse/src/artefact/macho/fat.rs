//! The architectures of a file (Apple, `mach-o/fat.h`).

use std::ops::Range;

use super::image::Image;
use crate::artefact::reader::{Reader, offset};

/// Architectures, at most.
const ARCHITECTURES_MAX: usize = 32;

/// The architectures of a file, one if it is not a fat one.
#[derive(Clone, Debug)]
pub(crate) struct File<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// Where the table of architectures lies, empty if the file is not a fat one.
    pub table: Range<usize>,
    /// The architectures that could be read.
    pub slices: Vec<Image<'a>>,
    /// Which rules of the format the table breaks, in words.
    pub faults: Vec<String>,
}

impl<'a> File<'a> {
    /// Reads the tables of every architecture.
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        let mut file = Self { bytes, table: 0..0, slices: Vec::new(), faults: Vec::new() };
        let is_64 = match bytes.get(..4) {
            Some([0xca, 0xfe, 0xba, 0xbe]) => false,
            Some([0xca, 0xfe, 0xba, 0xbf]) => true,
            _ => {
                file.add(0, bytes);
                return file;
            }
        };
        let reader = Reader { bytes, is_big_endian: true, is_64 };
        let count = reader.u32(4).unwrap_or_default() as usize;
        let size = if is_64 { 32 } else { 20 };
        file.table = 0..(8 + count.min(ARCHITECTURES_MAX) * size).min(bytes.len());
        for index in 0..count.min(ARCHITECTURES_MAX) {
            let at = 8 + index * size;
            let word = reader.word_len();
            let (Some(start), Some(len)) = (reader.word(at + 8), reader.word(at + 8 + word)) else {
                file.faults.push(format!("architecture {index} of {count} is not in the table"));
                break;
            };
            let (start, len) = (offset(start), offset(len));
            if start >= bytes.len() || start.saturating_add(len) > bytes.len() {
                file.faults.push(format!("architecture {index} of {count} ends behind the file"));
            }
            file.add(start, reader.clamped(start..start.saturating_add(len)));
        }
        file
    }

    fn add(&mut self, base: usize, bytes: &'a [u8]) {
        match Image::of(bytes, base) {
            Ok(image) => self.slices.push(image),
            Err(fault) => self.faults.push(fault),
        }
    }
}
