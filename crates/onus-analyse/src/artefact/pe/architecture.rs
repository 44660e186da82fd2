//! What an image is made for: machine, kind, system; and what it offers.

use onus_core::Locus;

use super::{exports::Exports, facts::Facts, image::Image};
use crate::{Finding, Findings, artefact::forge_cost::ForgeCost};

/// Machines by number.
const MACHINES: [(u16, &str); 8] = [
    (0x014c, "x86"),
    (0x0200, "Itanium"),
    (0x01c0, "ARM"),
    (0x01c4, "ARM Thumb-2"),
    (0x0ebc, "EFI byte code"),
    (0x5064, "RISC-V"),
    (0x8664, "x86-64"),
    (0xaa64, "AArch64"),
];

/// Subsystems by number.
const SUBSYSTEMS: [(u16, &str); 8] = [
    (1, "driver"),
    (2, "windows"),
    (3, "console"),
    (7, "POSIX"),
    (9, "Windows CE"),
    (10, "EFI application"),
    (11, "EFI boot service driver"),
    (12, "EFI runtime driver"),
];

/// The bit of the characteristics that says that the image is a library.
const LIBRARY: u16 = 0x2000;

/// Adds what an image is made for and what it offers.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    findings.add(architecture(&facts.image));
    if let Some(exports) = &facts.exports {
        findings.add(exported(exports));
    }
}

fn architecture(image: &Image<'_>) -> Finding {
    let named = |names: &[(u16, &'static str)], number: u16| {
        let known = names.iter().find(|(known, _)| *known == number);
        known.map_or_else(|| format!("number {number}"), |(_, name)| (*name).to_owned())
    };
    let version = |(major, minor): (u16, u16)| format!("{major}.{minor}");
    let end = image.section_table.min(image.bytes.len());
    Finding::new("architecture", named(&MACHINES, image.machine))
        .at(Locus::bytes(image.header, end.saturating_sub(image.header)))
        .with("class", if image.is_64 { "64 bits" } else { "32 bits" })
        .with("type", if image.characteristics & LIBRARY != 0 { "library" } else { "program" })
        .with("subsystem", named(&SUBSYSTEMS, image.subsystem))
        .with("subsystem_version", version(image.subsystem_version))
        .with("system_version", version(image.os_version))
        .with("characteristics", format!("{:#06x}", image.characteristics))
        .with("library_characteristics", format!("{:#06x}", image.dll_characteristics))
        .with("alignment", format!("{} {}", image.alignment.0, image.alignment.1))
        .with("forge_cost", ForgeCost::F2.name())
}

fn exported(exports: &Exports<'_>) -> Finding {
    let name = exports.name.map(String::from_utf8_lossy).unwrap_or_default();
    Finding::new("exported_name", name)
        .at(Locus::bytes(exports.range.start, exports.range.len()))
        .with("functions", exports.functions.to_string())
        .with("names", exports.names.to_string())
        .with("forge_cost", ForgeCost::F1.name())
}
