//! The checksum of ZIP and GZIP (CRC-32, polynomial 0xEDB88320).

/// What each byte adds, computed when the program is built.
const TABLE: [u32; 256] = table();

#[expect(clippy::indexing_slicing, reason = "the index counts to the length of the table")]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
}

/// Returns the checksum of bytes.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        let index = usize::from((sum as u8) ^ byte);
        (sum >> 8) ^ TABLE.get(index).copied().unwrap_or_default()
    });
    !sum
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn the_check_value_of_the_catalogue() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
