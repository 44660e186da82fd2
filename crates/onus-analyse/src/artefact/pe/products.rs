//! The programs that the Rich header counts objects by: the upper half of each entry, as a table.
//!
//! The header is undocumented. The names follow the usage of published descriptions of it (Pistelli, "Microsoft's Rich
//! Signature (undocumented)", 2008; the RichPE project, Apache-2.0); `Utc` is the compiler.

/// What a program makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Objects without a mark: of other compilers, assemblers and import libraries.
    Unmarked,
    /// Members of import libraries, one a function.
    Import,
    /// The linker itself; objects of import libraries that linkers before 7 made.
    Linker,
    /// Objects of import libraries: one a library, one for the end of its list, one for the end of all.
    ImportLibrary,
    /// The object of the export directory.
    Export,
    /// The object that resources are converted to.
    ResourceObject,
    /// A file of resources that the linker read itself.
    ResourceFile,
    /// Objects of the assembler.
    Assembler,
    /// Objects that only give a name to a name.
    Alias,
    /// Objects of the C compiler.
    C,
    /// Objects of the C++ compiler.
    Cpp,
    /// Objects that were compiled while linking, or after a profile.
    LinkTime,
    /// Objects converted from intermediate language.
    Converted,
    /// Objects of other compilers.
    Compiler,
    /// Whatever else.
    Other,
}

/// One program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Product {
    /// The upper half of an entry.
    pub id: u16,
    /// Its name.
    pub name: &'static str,
    /// What it makes.
    pub kind: Kind,
    /// Version of the linker that it came with; zero where it belongs to none.
    pub version: (u8, u8),
}

impl Kind {
    /// Returns whether its objects are code of a compiler.
    pub(crate) fn is_compiler(self) -> bool {
        matches!(self, Self::C | Self::Cpp | Self::LinkTime | Self::Converted | Self::Compiler)
    }
}

impl Product {
    /// Returns the program with a number, if it is known.
    pub(crate) fn of(id: u16) -> Option<Self> {
        PRODUCTS.get(usize::from(id)).copied()
    }
}

const fn product(id: u16, name: &'static str, kind: Kind, version: (u8, u8)) -> Product {
    Product { id, name, kind, version }
}

/// Every known program, by number.
const PRODUCTS: &[Product] = &[
    product(0x000, "Unmarked", Kind::Unmarked, (0, 0)),
    product(0x001, "Import0", Kind::Import, (0, 0)),
    product(0x002, "Linker510", Kind::Linker, (5, 10)),
    product(0x003, "Cvtomf510", Kind::Other, (5, 10)),
    product(0x004, "Linker600", Kind::Linker, (6, 0)),
    product(0x005, "Cvtomf600", Kind::Other, (6, 0)),
    product(0x006, "Cvtres500", Kind::ResourceObject, (5, 0)),
    product(0x007, "Utc11_Basic", Kind::Compiler, (5, 0)),
    product(0x008, "Utc11_C", Kind::C, (5, 0)),
    product(0x009, "Utc12_Basic", Kind::Compiler, (6, 0)),
    product(0x00a, "Utc12_C", Kind::C, (6, 0)),
    product(0x00b, "Utc12_CPP", Kind::Cpp, (6, 0)),
    product(0x00c, "AliasObj60", Kind::Alias, (6, 0)),
    product(0x00d, "VisualBasic60", Kind::Other, (6, 0)),
    product(0x00e, "Masm613", Kind::Assembler, (6, 13)),
    product(0x00f, "Masm710", Kind::Assembler, (7, 10)),
    product(0x010, "Linker511", Kind::Linker, (5, 11)),
    product(0x011, "Cvtomf511", Kind::Other, (5, 11)),
    product(0x012, "Masm614", Kind::Assembler, (6, 14)),
    product(0x013, "Linker512", Kind::Linker, (5, 12)),
    product(0x014, "Cvtomf512", Kind::Other, (5, 12)),
    product(0x015, "Utc12_C_Std", Kind::C, (6, 0)),
    product(0x016, "Utc12_CPP_Std", Kind::Cpp, (6, 0)),
    product(0x017, "Utc12_C_Book", Kind::C, (6, 0)),
    product(0x018, "Utc12_CPP_Book", Kind::Cpp, (6, 0)),
    product(0x019, "Implib700", Kind::ImportLibrary, (7, 0)),
    product(0x01a, "Cvtomf700", Kind::Other, (7, 0)),
    product(0x01b, "Utc13_Basic", Kind::Compiler, (7, 0)),
    product(0x01c, "Utc13_C", Kind::C, (7, 0)),
    product(0x01d, "Utc13_CPP", Kind::Cpp, (7, 0)),
    product(0x01e, "Linker610", Kind::Linker, (6, 10)),
    product(0x01f, "Cvtomf610", Kind::Other, (6, 10)),
    product(0x020, "Linker601", Kind::Linker, (6, 1)),
    product(0x021, "Cvtomf601", Kind::Other, (6, 1)),
    product(0x022, "Utc12_1_Basic", Kind::Compiler, (6, 1)),
    product(0x023, "Utc12_1_C", Kind::C, (6, 1)),
    product(0x024, "Utc12_1_CPP", Kind::Cpp, (6, 1)),
    product(0x025, "Linker620", Kind::Linker, (6, 20)),
    product(0x026, "Cvtomf620", Kind::Other, (6, 20)),
    product(0x027, "AliasObj70", Kind::Alias, (7, 0)),
    product(0x028, "Linker621", Kind::Linker, (6, 21)),
    product(0x029, "Cvtomf621", Kind::Other, (6, 21)),
    product(0x02a, "Masm615", Kind::Assembler, (6, 15)),
    product(0x02b, "Utc13_LTCG_C", Kind::LinkTime, (7, 0)),
    product(0x02c, "Utc13_LTCG_CPP", Kind::LinkTime, (7, 0)),
    product(0x02d, "Masm620", Kind::Assembler, (6, 20)),
    product(0x02e, "ILAsm100", Kind::Other, (7, 0)),
    product(0x02f, "Utc12_2_Basic", Kind::Compiler, (6, 22)),
    product(0x030, "Utc12_2_C", Kind::C, (6, 22)),
    product(0x031, "Utc12_2_CPP", Kind::Cpp, (6, 22)),
    product(0x032, "Utc12_2_C_Std", Kind::C, (6, 22)),
    product(0x033, "Utc12_2_CPP_Std", Kind::Cpp, (6, 22)),
    product(0x034, "Utc12_2_C_Book", Kind::C, (6, 22)),
    product(0x035, "Utc12_2_CPP_Book", Kind::Cpp, (6, 22)),
    product(0x036, "Implib622", Kind::ImportLibrary, (6, 22)),
    product(0x037, "Cvtomf622", Kind::Other, (6, 22)),
    product(0x038, "Cvtres501", Kind::ResourceObject, (5, 1)),
    product(0x039, "Utc13_C_Std", Kind::C, (7, 0)),
    product(0x03a, "Utc13_CPP_Std", Kind::Cpp, (7, 0)),
    product(0x03b, "Cvtpgd1300", Kind::Other, (7, 0)),
    product(0x03c, "Linker622", Kind::Linker, (6, 22)),
    product(0x03d, "Linker700", Kind::Linker, (7, 0)),
    product(0x03e, "Export622", Kind::Export, (6, 22)),
    product(0x03f, "Export700", Kind::Export, (7, 0)),
    product(0x040, "Masm700", Kind::Assembler, (7, 0)),
    product(0x041, "Utc13_POGO_I_C", Kind::LinkTime, (7, 0)),
    product(0x042, "Utc13_POGO_I_CPP", Kind::LinkTime, (7, 0)),
    product(0x043, "Utc13_POGO_O_C", Kind::LinkTime, (7, 0)),
    product(0x044, "Utc13_POGO_O_CPP", Kind::LinkTime, (7, 0)),
    product(0x045, "Cvtres700", Kind::ResourceObject, (7, 0)),
    product(0x046, "Cvtres710p", Kind::ResourceObject, (7, 10)),
    product(0x047, "Linker710p", Kind::Linker, (7, 10)),
    product(0x048, "Cvtomf710p", Kind::Other, (7, 10)),
    product(0x049, "Export710p", Kind::Export, (7, 10)),
    product(0x04a, "Implib710p", Kind::ImportLibrary, (7, 10)),
    product(0x04b, "Masm710p", Kind::Assembler, (7, 10)),
    product(0x04c, "Utc1310p_C", Kind::C, (7, 10)),
    product(0x04d, "Utc1310p_CPP", Kind::Cpp, (7, 10)),
    product(0x04e, "Utc1310p_C_Std", Kind::C, (7, 10)),
    product(0x04f, "Utc1310p_CPP_Std", Kind::Cpp, (7, 10)),
    product(0x050, "Utc1310p_LTCG_C", Kind::LinkTime, (7, 10)),
    product(0x051, "Utc1310p_LTCG_CPP", Kind::LinkTime, (7, 10)),
    product(0x052, "Utc1310p_POGO_I_C", Kind::LinkTime, (7, 10)),
    product(0x053, "Utc1310p_POGO_I_CPP", Kind::LinkTime, (7, 10)),
    product(0x054, "Utc1310p_POGO_O_C", Kind::LinkTime, (7, 10)),
    product(0x055, "Utc1310p_POGO_O_CPP", Kind::LinkTime, (7, 10)),
    product(0x056, "Linker624", Kind::Linker, (6, 24)),
    product(0x057, "Cvtomf624", Kind::Other, (6, 24)),
    product(0x058, "Export624", Kind::Export, (6, 24)),
    product(0x059, "Implib624", Kind::ImportLibrary, (6, 24)),
    product(0x05a, "Linker710", Kind::Linker, (7, 10)),
    product(0x05b, "Cvtomf710", Kind::Other, (7, 10)),
    product(0x05c, "Export710", Kind::Export, (7, 10)),
    product(0x05d, "Implib710", Kind::ImportLibrary, (7, 10)),
    product(0x05e, "Cvtres710", Kind::ResourceObject, (7, 10)),
    product(0x05f, "Utc1310_C", Kind::C, (7, 10)),
    product(0x060, "Utc1310_CPP", Kind::Cpp, (7, 10)),
    product(0x061, "Utc1310_C_Std", Kind::C, (7, 10)),
    product(0x062, "Utc1310_CPP_Std", Kind::Cpp, (7, 10)),
    product(0x063, "Utc1310_LTCG_C", Kind::LinkTime, (7, 10)),
    product(0x064, "Utc1310_LTCG_CPP", Kind::LinkTime, (7, 10)),
    product(0x065, "Utc1310_POGO_I_C", Kind::LinkTime, (7, 10)),
    product(0x066, "Utc1310_POGO_I_CPP", Kind::LinkTime, (7, 10)),
    product(0x067, "Utc1310_POGO_O_C", Kind::LinkTime, (7, 10)),
    product(0x068, "Utc1310_POGO_O_CPP", Kind::LinkTime, (7, 10)),
    product(0x069, "AliasObj710", Kind::Alias, (7, 10)),
    product(0x06a, "AliasObj710p", Kind::Alias, (7, 10)),
    product(0x06b, "Cvtpgd1310", Kind::Other, (7, 10)),
    product(0x06c, "Cvtpgd1310p", Kind::Other, (7, 10)),
    product(0x06d, "Utc1400_C", Kind::C, (8, 0)),
    product(0x06e, "Utc1400_CPP", Kind::Cpp, (8, 0)),
    product(0x06f, "Utc1400_C_Std", Kind::C, (8, 0)),
    product(0x070, "Utc1400_CPP_Std", Kind::Cpp, (8, 0)),
    product(0x071, "Utc1400_LTCG_C", Kind::LinkTime, (8, 0)),
    product(0x072, "Utc1400_LTCG_CPP", Kind::LinkTime, (8, 0)),
    product(0x073, "Utc1400_POGO_I_C", Kind::LinkTime, (8, 0)),
    product(0x074, "Utc1400_POGO_I_CPP", Kind::LinkTime, (8, 0)),
    product(0x075, "Utc1400_POGO_O_C", Kind::LinkTime, (8, 0)),
    product(0x076, "Utc1400_POGO_O_CPP", Kind::LinkTime, (8, 0)),
    product(0x077, "Cvtpgd1400", Kind::Other, (8, 0)),
    product(0x078, "Linker800", Kind::Linker, (8, 0)),
    product(0x079, "Cvtomf800", Kind::Other, (8, 0)),
    product(0x07a, "Export800", Kind::Export, (8, 0)),
    product(0x07b, "Implib800", Kind::ImportLibrary, (8, 0)),
    product(0x07c, "Cvtres800", Kind::ResourceObject, (8, 0)),
    product(0x07d, "Masm800", Kind::Assembler, (8, 0)),
    product(0x07e, "AliasObj800", Kind::Alias, (8, 0)),
    product(0x07f, "PhoenixPrerelease", Kind::Compiler, (8, 0)),
    product(0x080, "Utc1400_CVTCIL_C", Kind::Converted, (8, 0)),
    product(0x081, "Utc1400_CVTCIL_CPP", Kind::Converted, (8, 0)),
    product(0x082, "Utc1400_LTCG_MSIL", Kind::LinkTime, (8, 0)),
    product(0x083, "Utc1500_C", Kind::C, (9, 0)),
    product(0x084, "Utc1500_CPP", Kind::Cpp, (9, 0)),
    product(0x085, "Utc1500_C_Std", Kind::C, (9, 0)),
    product(0x086, "Utc1500_CPP_Std", Kind::Cpp, (9, 0)),
    product(0x087, "Utc1500_CVTCIL_C", Kind::Converted, (9, 0)),
    product(0x088, "Utc1500_CVTCIL_CPP", Kind::Converted, (9, 0)),
    product(0x089, "Utc1500_LTCG_C", Kind::LinkTime, (9, 0)),
    product(0x08a, "Utc1500_LTCG_CPP", Kind::LinkTime, (9, 0)),
    product(0x08b, "Utc1500_LTCG_MSIL", Kind::LinkTime, (9, 0)),
    product(0x08c, "Utc1500_POGO_I_C", Kind::LinkTime, (9, 0)),
    product(0x08d, "Utc1500_POGO_I_CPP", Kind::LinkTime, (9, 0)),
    product(0x08e, "Utc1500_POGO_O_C", Kind::LinkTime, (9, 0)),
    product(0x08f, "Utc1500_POGO_O_CPP", Kind::LinkTime, (9, 0)),
    product(0x090, "Cvtpgd1500", Kind::Other, (9, 0)),
    product(0x091, "Linker900", Kind::Linker, (9, 0)),
    product(0x092, "Export900", Kind::Export, (9, 0)),
    product(0x093, "Implib900", Kind::ImportLibrary, (9, 0)),
    product(0x094, "Cvtres900", Kind::ResourceObject, (9, 0)),
    product(0x095, "Masm900", Kind::Assembler, (9, 0)),
    product(0x096, "AliasObj900", Kind::Alias, (9, 0)),
    product(0x097, "Resource", Kind::ResourceFile, (0, 0)),
    product(0x098, "AliasObj1000", Kind::Alias, (10, 0)),
    product(0x099, "Cvtpgd1600", Kind::Other, (10, 0)),
    product(0x09a, "Cvtres1000", Kind::ResourceObject, (10, 0)),
    product(0x09b, "Export1000", Kind::Export, (10, 0)),
    product(0x09c, "Implib1000", Kind::ImportLibrary, (10, 0)),
    product(0x09d, "Linker1000", Kind::Linker, (10, 0)),
    product(0x09e, "Masm1000", Kind::Assembler, (10, 0)),
    product(0x09f, "Phx1600_C", Kind::C, (10, 0)),
    product(0x0a0, "Phx1600_CPP", Kind::Cpp, (10, 0)),
    product(0x0a1, "Phx1600_CVTCIL_C", Kind::Converted, (10, 0)),
    product(0x0a2, "Phx1600_CVTCIL_CPP", Kind::Converted, (10, 0)),
    product(0x0a3, "Phx1600_LTCG_C", Kind::LinkTime, (10, 0)),
    product(0x0a4, "Phx1600_LTCG_CPP", Kind::LinkTime, (10, 0)),
    product(0x0a5, "Phx1600_LTCG_MSIL", Kind::LinkTime, (10, 0)),
    product(0x0a6, "Phx1600_POGO_I_C", Kind::LinkTime, (10, 0)),
    product(0x0a7, "Phx1600_POGO_I_CPP", Kind::LinkTime, (10, 0)),
    product(0x0a8, "Phx1600_POGO_O_C", Kind::LinkTime, (10, 0)),
    product(0x0a9, "Phx1600_POGO_O_CPP", Kind::LinkTime, (10, 0)),
    product(0x0aa, "Utc1600_C", Kind::C, (10, 0)),
    product(0x0ab, "Utc1600_CPP", Kind::Cpp, (10, 0)),
    product(0x0ac, "Utc1600_CVTCIL_C", Kind::Converted, (10, 0)),
    product(0x0ad, "Utc1600_CVTCIL_CPP", Kind::Converted, (10, 0)),
    product(0x0ae, "Utc1600_LTCG_C", Kind::LinkTime, (10, 0)),
    product(0x0af, "Utc1600_LTCG_CPP", Kind::LinkTime, (10, 0)),
    product(0x0b0, "Utc1600_LTCG_MSIL", Kind::LinkTime, (10, 0)),
    product(0x0b1, "Utc1600_POGO_I_C", Kind::LinkTime, (10, 0)),
    product(0x0b2, "Utc1600_POGO_I_CPP", Kind::LinkTime, (10, 0)),
    product(0x0b3, "Utc1600_POGO_O_C", Kind::LinkTime, (10, 0)),
    product(0x0b4, "Utc1600_POGO_O_CPP", Kind::LinkTime, (10, 0)),
    product(0x0b5, "AliasObj1010", Kind::Alias, (10, 10)),
    product(0x0b6, "Cvtpgd1610", Kind::Other, (10, 10)),
    product(0x0b7, "Cvtres1010", Kind::ResourceObject, (10, 10)),
    product(0x0b8, "Export1010", Kind::Export, (10, 10)),
    product(0x0b9, "Implib1010", Kind::ImportLibrary, (10, 10)),
    product(0x0ba, "Linker1010", Kind::Linker, (10, 10)),
    product(0x0bb, "Masm1010", Kind::Assembler, (10, 10)),
    product(0x0bc, "Utc1610_C", Kind::C, (10, 10)),
    product(0x0bd, "Utc1610_CPP", Kind::Cpp, (10, 10)),
    product(0x0be, "Utc1610_CVTCIL_C", Kind::Converted, (10, 10)),
    product(0x0bf, "Utc1610_CVTCIL_CPP", Kind::Converted, (10, 10)),
    product(0x0c0, "Utc1610_LTCG_C", Kind::LinkTime, (10, 10)),
    product(0x0c1, "Utc1610_LTCG_CPP", Kind::LinkTime, (10, 10)),
    product(0x0c2, "Utc1610_LTCG_MSIL", Kind::LinkTime, (10, 10)),
    product(0x0c3, "Utc1610_POGO_I_C", Kind::LinkTime, (10, 10)),
    product(0x0c4, "Utc1610_POGO_I_CPP", Kind::LinkTime, (10, 10)),
    product(0x0c5, "Utc1610_POGO_O_C", Kind::LinkTime, (10, 10)),
    product(0x0c6, "Utc1610_POGO_O_CPP", Kind::LinkTime, (10, 10)),
    product(0x0c7, "AliasObj1100", Kind::Alias, (11, 0)),
    product(0x0c8, "Cvtpgd1700", Kind::Other, (11, 0)),
    product(0x0c9, "Cvtres1100", Kind::ResourceObject, (11, 0)),
    product(0x0ca, "Export1100", Kind::Export, (11, 0)),
    product(0x0cb, "Implib1100", Kind::ImportLibrary, (11, 0)),
    product(0x0cc, "Linker1100", Kind::Linker, (11, 0)),
    product(0x0cd, "Masm1100", Kind::Assembler, (11, 0)),
    product(0x0ce, "Utc1700_C", Kind::C, (11, 0)),
    product(0x0cf, "Utc1700_CPP", Kind::Cpp, (11, 0)),
    product(0x0d0, "Utc1700_CVTCIL_C", Kind::Converted, (11, 0)),
    product(0x0d1, "Utc1700_CVTCIL_CPP", Kind::Converted, (11, 0)),
    product(0x0d2, "Utc1700_LTCG_C", Kind::LinkTime, (11, 0)),
    product(0x0d3, "Utc1700_LTCG_CPP", Kind::LinkTime, (11, 0)),
    product(0x0d4, "Utc1700_LTCG_MSIL", Kind::LinkTime, (11, 0)),
    product(0x0d5, "Utc1700_POGO_I_C", Kind::LinkTime, (11, 0)),
    product(0x0d6, "Utc1700_POGO_I_CPP", Kind::LinkTime, (11, 0)),
    product(0x0d7, "Utc1700_POGO_O_C", Kind::LinkTime, (11, 0)),
    product(0x0d8, "Utc1700_POGO_O_CPP", Kind::LinkTime, (11, 0)),
    product(0x0d9, "AliasObj1200", Kind::Alias, (12, 0)),
    product(0x0da, "Cvtpgd1800", Kind::Other, (12, 0)),
    product(0x0db, "Cvtres1200", Kind::ResourceObject, (12, 0)),
    product(0x0dc, "Export1200", Kind::Export, (12, 0)),
    product(0x0dd, "Implib1200", Kind::ImportLibrary, (12, 0)),
    product(0x0de, "Linker1200", Kind::Linker, (12, 0)),
    product(0x0df, "Masm1200", Kind::Assembler, (12, 0)),
    product(0x0e0, "Utc1800_C", Kind::C, (12, 0)),
    product(0x0e1, "Utc1800_CPP", Kind::Cpp, (12, 0)),
    product(0x0e2, "Utc1800_CVTCIL_C", Kind::Converted, (12, 0)),
    product(0x0e3, "Utc1800_CVTCIL_CPP", Kind::Converted, (12, 0)),
    product(0x0e4, "Utc1800_LTCG_C", Kind::LinkTime, (12, 0)),
    product(0x0e5, "Utc1800_LTCG_CPP", Kind::LinkTime, (12, 0)),
    product(0x0e6, "Utc1800_LTCG_MSIL", Kind::LinkTime, (12, 0)),
    product(0x0e7, "Utc1800_POGO_I_C", Kind::LinkTime, (12, 0)),
    product(0x0e8, "Utc1800_POGO_I_CPP", Kind::LinkTime, (12, 0)),
    product(0x0e9, "Utc1800_POGO_O_C", Kind::LinkTime, (12, 0)),
    product(0x0ea, "Utc1800_POGO_O_CPP", Kind::LinkTime, (12, 0)),
    product(0x0eb, "AliasObj1210", Kind::Alias, (12, 10)),
    product(0x0ec, "Cvtpgd1810", Kind::Other, (12, 10)),
    product(0x0ed, "Cvtres1210", Kind::ResourceObject, (12, 10)),
    product(0x0ee, "Export1210", Kind::Export, (12, 10)),
    product(0x0ef, "Implib1210", Kind::ImportLibrary, (12, 10)),
    product(0x0f0, "Linker1210", Kind::Linker, (12, 10)),
    product(0x0f1, "Masm1210", Kind::Assembler, (12, 10)),
    product(0x0f2, "Utc1810_C", Kind::C, (12, 10)),
    product(0x0f3, "Utc1810_CPP", Kind::Cpp, (12, 10)),
    product(0x0f4, "Utc1810_CVTCIL_C", Kind::Converted, (12, 10)),
    product(0x0f5, "Utc1810_CVTCIL_CPP", Kind::Converted, (12, 10)),
    product(0x0f6, "Utc1810_LTCG_C", Kind::LinkTime, (12, 10)),
    product(0x0f7, "Utc1810_LTCG_CPP", Kind::LinkTime, (12, 10)),
    product(0x0f8, "Utc1810_LTCG_MSIL", Kind::LinkTime, (12, 10)),
    product(0x0f9, "Utc1810_POGO_I_C", Kind::LinkTime, (12, 10)),
    product(0x0fa, "Utc1810_POGO_I_CPP", Kind::LinkTime, (12, 10)),
    product(0x0fb, "Utc1810_POGO_O_C", Kind::LinkTime, (12, 10)),
    product(0x0fc, "Utc1810_POGO_O_CPP", Kind::LinkTime, (12, 10)),
    product(0x0fd, "AliasObj1400", Kind::Alias, (14, 0)),
    product(0x0fe, "Cvtpgd1900", Kind::Other, (14, 0)),
    product(0x0ff, "Cvtres1400", Kind::ResourceObject, (14, 0)),
    product(0x100, "Export1400", Kind::Export, (14, 0)),
    product(0x101, "Implib1400", Kind::ImportLibrary, (14, 0)),
    product(0x102, "Linker1400", Kind::Linker, (14, 0)),
    product(0x103, "Masm1400", Kind::Assembler, (14, 0)),
    product(0x104, "Utc1900_C", Kind::C, (14, 0)),
    product(0x105, "Utc1900_CPP", Kind::Cpp, (14, 0)),
    product(0x106, "Utc1900_CVTCIL_C", Kind::Converted, (14, 0)),
    product(0x107, "Utc1900_CVTCIL_CPP", Kind::Converted, (14, 0)),
    product(0x108, "Utc1900_LTCG_C", Kind::LinkTime, (14, 0)),
    product(0x109, "Utc1900_LTCG_CPP", Kind::LinkTime, (14, 0)),
    product(0x10a, "Utc1900_LTCG_MSIL", Kind::LinkTime, (14, 0)),
    product(0x10b, "Utc1900_POGO_I_C", Kind::LinkTime, (14, 0)),
    product(0x10c, "Utc1900_POGO_I_CPP", Kind::LinkTime, (14, 0)),
    product(0x10d, "Utc1900_POGO_O_C", Kind::LinkTime, (14, 0)),
    product(0x10e, "Utc1900_POGO_O_CPP", Kind::LinkTime, (14, 0)),
];

#[cfg(test)]
mod tests {
    use super::{Kind, PRODUCTS, Product};

    #[test]
    fn the_table_is_sorted_by_number_without_gaps() {
        for (number, product) in PRODUCTS.iter().enumerate() {
            assert_eq!(usize::from(product.id), number, "{}", product.name);
        }
    }

    #[test]
    fn an_unknown_number_is_no_program() {
        assert_eq!(Product::of(0xffff), None);
        assert_eq!(Product::of(0x102).unwrap().kind, Kind::Linker);
    }

    #[test]
    fn each_version_has_one_linker_of_its_own() {
        for version in [(7, 0), (8, 0), (9, 0), (10, 0), (11, 0), (12, 0), (14, 0)] {
            let linkers = PRODUCTS.iter().filter(|p| p.kind == Kind::Linker && p.version == version);
            assert_eq!(linkers.count(), 1, "{version:?}");
        }
    }
}
