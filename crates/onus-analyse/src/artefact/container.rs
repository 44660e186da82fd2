//! Formats that hold other files or streams, and documents, told from their first bytes.

use super::little_endian::u32_at;

/// Bytes at the beginning and at the end in which the list of parts of an open package is looked for.
const PARTS_HEAD: usize = 64 << 10;
const PARTS_TAIL: usize = 1 << 20;

/// The name of the part that every open package has (ECMA-376, part 2, "Content Types Stream").
const CONTENT_TYPES: &[u8] = b"[Content_Types].xml";

/// A format that holds other files, or a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// ZIP (APPNOTE.TXT of PKWARE).
    Zip,
    /// A ZIP that follows the Open Packaging Conventions: documents of Office, packages of NuGet.
    OpenPackage,
    /// Tape archive (POSIX.1-1988 and later).
    Tar,
    /// GZIP (RFC 1952).
    Gzip,
    /// Cabinet of Microsoft.
    Cabinet,
    /// 7z.
    SevenZip,
    /// RAR, of any version.
    Rar,
    /// Compound file (MS-CFB): older documents of Office, installers, messages.
    Compound,
    /// Shell link (MS-SHLLINK).
    ShellLink,
    /// Portable Document Format, whose mark may stand behind other bytes.
    Pdf,
    /// Rich Text Format.
    Rtf,
}

/// Bytes at the beginning in which the mark of a PDF may stand (ISO 32000-1, annex H).
const PDF_HEAD: usize = 1024;

impl Container {
    /// Returns the format of a file, if it is one of these.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 6, 6, ..] => {
                Some(if is_open_package(bytes) { Self::OpenPackage } else { Self::Zip })
            }
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'M', b'S', b'C', b'F', 0, 0, 0, 0, ..] => Some(Self::Cabinet),
            [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(Self::SevenZip),
            [b'R', b'a', b'r', b'!', 0x1a, 7, 0 | 1, ..] => Some(Self::Rar),
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Some(Self::Compound),
            [0x4c, 0, 0, 0, ..] if u32_at(bytes, 4) == Some(0x0002_1401) => Some(Self::ShellLink),
            [b'{', b'\\', b'r', b't', ..] => Some(Self::Rtf),
            _ if is_pdf(bytes) => Some(Self::Pdf),
            _ if is_tar(bytes) => Some(Self::Tar),
            _ => None,
        }
    }

    /// Returns its short name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Zip | Self::OpenPackage => "zip",
            Self::Tar => "tar",
            Self::Gzip => "gzip",
            Self::Cabinet => "cab",
            Self::SevenZip => "7z",
            Self::Rar => "rar",
            Self::Compound => "ole",
            Self::ShellLink => "lnk",
            Self::Pdf => "pdf",
            Self::Rtf => "rtf",
        }
    }
}

fn is_open_package(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(PARTS_HEAD)).unwrap_or_default();
    let tail = bytes.get(bytes.len().saturating_sub(PARTS_TAIL)..).unwrap_or_default();
    [head, tail].iter().any(|part| memchr::memmem::find(part, CONTENT_TYPES).is_some())
}

fn is_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(PDF_HEAD)).unwrap_or_default();
    // Text that only speaks of the mark has letters before it; what senders and printers put there has none.
    match head.windows(5).position(|window| window == b"%PDF-") {
        Some(at) => !head.get(..at).unwrap_or_default().iter().any(u8::is_ascii_lowercase),
        None => false,
    }
}

/// Whether the first header has the mark of POSIX or GNU, or the checksum of an older one.
fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

#[cfg(test)]
mod tests {
    use super::Container;

    #[test]
    fn a_document_of_office_is_a_package_and_an_archive_is_none() {
        assert_eq!(Container::of(b"PK\x03\x04 ... [Content_Types].xml"), Some(Container::OpenPackage));
        assert_eq!(Container::of(b"PK\x05\x06"), Some(Container::Zip));
        assert_eq!(Container::of(b"PK is what they call it"), None);
    }

    #[test]
    fn the_mark_of_a_pdf_may_stand_behind_other_bytes_but_not_behind_a_sentence() {
        assert_eq!(Container::of(b"\0\0\r\n%PDF-1.4"), Some(Container::Pdf));
        assert_eq!(Container::of(b"A PDF begins with %PDF-1.4"), None);
    }
}
