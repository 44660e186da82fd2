//! Formats of programs, told from their first bytes.

/// A format of programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Portable Executable: Windows and EFI (Microsoft PE format, "Signature").
    Pe,
    /// Executable and Linkable Format (gABI, "ELF Identification").
    Elf,
    /// Mach-O, of one architecture or several (Apple, `mach-o/loader.h` and `mach-o/fat.h`).
    MachO,
}

/// Architectures of a fat file, at most; a class file of Java has its version there, which is larger.
const ARCHITECTURES_MAX: u32 = 19;

impl Program {
    /// Returns the format of a file, if it is a program's.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'M', b'Z', ..] => is_pe(bytes).then_some(Self::Pe),
            [0x7f, b'E', b'L', b'F', ..] => Some(Self::Elf),
            [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] | [0xfe, 0xed, 0xfa, 0xcf | 0xce, ..] => Some(Self::MachO),
            [0xca, 0xfe, 0xba, 0xbe | 0xbf, a, b, c, d, ..] => {
                let count = u32::from_be_bytes([*a, *b, *c, *d]);
                (1..=ARCHITECTURES_MAX).contains(&count).then_some(Self::MachO)
            }
            _ => None,
        }
    }

    /// Returns its short name: `pe`, `elf`, `macho`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pe => "pe",
            Self::Elf => "elf",
            Self::MachO => "macho",
        }
    }
}

fn is_pe(bytes: &[u8]) -> bool {
    let header = bytes.get(0x3c..0x40).and_then(|at| at.try_into().ok()).map(u32::from_le_bytes);
    header.and_then(|at| bytes.get(at as usize..)).is_some_and(|header| header.starts_with(b"PE\0\0"))
}

#[cfg(test)]
mod tests {
    use super::Program;

    #[test]
    fn a_class_file_of_java_and_a_program_for_dos_are_neither() {
        assert_eq!(Program::of(&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65]), None);
        assert_eq!(Program::of(&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2]), Some(Program::MachO));
        assert_eq!(Program::of(&[b"MZ".as_slice(), &[0; 100]].concat()), None);
        assert_eq!(Program::of(b"\x7fELF"), Some(Program::Elf));
    }
}
