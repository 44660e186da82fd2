//! The consistency tests of ZIP files, sorted by identifier.

mod zip_checksum;
mod zip_entries_apart;
mod zip_headers_agree;
mod zip_times_agree;
mod zip_unlisted_entry;
mod zip_utc_agrees;

use super::ZipFormat;
use crate::artefact::consistency::ConsistencyTest;

pub(crate) use zip_utc_agrees::{difference, zone};

/// Every test of this format.
pub(crate) const TESTS: &[ConsistencyTest<ZipFormat>] = &[
    zip_checksum::ZIP_CHECKSUM,
    zip_entries_apart::ZIP_ENTRIES_APART,
    zip_headers_agree::ZIP_HEADERS_AGREE,
    zip_times_agree::ZIP_TIMES_AGREE,
    zip_unlisted_entry::ZIP_UNLISTED_ENTRY,
    zip_utc_agrees::ZIP_UTC_AGREES,
];

/// What the unit tests of these tests share: archives made by hand.
#[cfg(test)]
pub(super) mod made {
    use crate::artefact::{crc32::crc32, zip::Zip};

    /// The header before the content, the content, and the header in the directory, of one stored file.
    pub(crate) struct Made {
        pub local: Vec<u8>,
        pub content: Vec<u8>,
        pub central: Vec<u8>,
    }

    /// Returns the parts of an entry, with a time and extra fields.
    pub(crate) fn entry(name: &str, content: &[u8], stamp: (u16, u16), extra: &[u8]) -> Made {
        let len = |bytes: &[u8]| (bytes.len() as u16).to_le_bytes();
        let mut shared = [20_u16, 0, 0, stamp.1, stamp.0].map(u16::to_le_bytes).concat();
        shared.extend(crc32(content).to_le_bytes());
        shared.extend([(content.len() as u32).to_le_bytes(); 2].concat());
        shared.extend([len(name.as_bytes()), len(extra)].concat());
        let local = [b"PK\x03\x04".as_slice(), &shared, name.as_bytes(), extra].concat();
        let central = [b"PK\x01\x02\x14\x03".as_slice(), &shared, &[0; 14], name.as_bytes(), extra].concat();
        Made { local, content: content.to_vec(), central }
    }

    /// Returns an archive of entries, each at the offset where it lies.
    pub(crate) fn archive(entries: &[Made]) -> Vec<u8> {
        let (mut file, mut directory) = (Vec::new(), Vec::new());
        for made in entries {
            let mut central = made.central.clone();
            central[42..46].copy_from_slice(&(file.len() as u32).to_le_bytes());
            file.extend([made.local.clone(), made.content.clone()].concat());
            directory.extend(central);
        }
        let count = (entries.len() as u16).to_le_bytes();
        let sizes = [(directory.len() as u32).to_le_bytes(), (file.len() as u32).to_le_bytes()].concat();
        [file, directory, b"PK\x05\x06\0\0\0\0".to_vec(), [count, count].concat(), sizes, vec![0, 0]].concat()
    }

    /// Runs a test on an archive and returns what its finding explains, if it is inconsistent.
    pub(crate) fn explained(
        test: &crate::artefact::consistency::ConsistencyTest<super::ZipFormat>,
        bytes: &[u8],
    ) -> Option<String> {
        match (test.run)(&Zip::of(bytes)) {
            crate::artefact::consistency::Outcome::Inconsistent { explain, .. } => Some(explain),
            _ => None,
        }
    }
}
