//! The sections of an image: their names, and how much their bytes look like noise.

use onus_core::Locus;

use super::{facts::Facts, image::Section};
use crate::{Finding, Findings, artefact::forge_cost::ForgeCost};

/// Sections that are named, at most.
const NAMED_MAX: usize = 96;

/// Sections whose entropy is measured, at most.
const MEASURED_MAX: usize = 32;

/// Blocks of a section that entropy is measured on, spread over it, and their size.
const BLOCKS: usize = 16;
const BLOCK_LEN: usize = 4096;

/// Names that packers and protectors give their sections. What is named so need not be packed.
const PACKERS: [(&str, &str); 22] = [
    ("UPX0", "UPX"),
    ("UPX1", "UPX"),
    ("UPX2", "UPX"),
    ("UPX!", "UPX"),
    (".aspack", "ASPack"),
    (".adata", "ASPack"),
    ("ASPack", "ASPack"),
    (".MPRESS1", "MPRESS"),
    (".MPRESS2", "MPRESS"),
    (".nsp0", "NsPack"),
    (".nsp1", "NsPack"),
    (".petite", "Petite"),
    ("pebundle", "PEBundle"),
    ("PEC2", "PECompact"),
    (".perplex", "Perplex"),
    (".vmp0", "VMProtect"),
    (".vmp1", "VMProtect"),
    (".vmp2", "VMProtect"),
    (".themida", "Themida"),
    (".winlice", "WinLicense"),
    (".enigma1", "Enigma"),
    (".enigma2", "Enigma"),
];

/// Adds the names of the sections with size, rights and entropy of each.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let image = &facts.image;
    let names: Vec<&str> = image.sections.iter().take(NAMED_MAX).map(|section| section.name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let lines = image.sections.iter().take(MEASURED_MAX).map(|section| line(image.bytes, section));
    let end = image.section_table.saturating_add(40 * image.section_count).min(image.bytes.len());
    findings.add(
        Finding::new("section_names", names.join(" "))
            .at(Locus::bytes(image.section_table, end.saturating_sub(image.section_table)))
            .with("count", image.section_count.to_string())
            .with_list("sections", lines)
            .with_some("packer_name", packer(facts).map(|(_, packer)| packer))
            .with("forge_cost", ForgeCost::F0.name()),
    );
}

/// Returns the number of the first section that has a packer's name, and the packer.
pub(super) fn packer(facts: &Facts<'_>) -> Option<(usize, &'static str)> {
    let mut sections = facts.image.sections.iter().enumerate();
    sections.find_map(|(number, section)| {
        let known = PACKERS.iter().find(|(name, _)| *name == section.name)?;
        Some((number, known.1))
    })
}

fn line(bytes: &[u8], section: &Section) -> String {
    let flag = |bit: u32, letter: char| if section.characteristics & bit == 0 { '-' } else { letter };
    let rights = [flag(1 << 30, 'r'), flag(1 << 31, 'w'), flag(1 << 29, 'x')];
    let content = bytes.get(section.range.clone()).unwrap_or_default();
    format!(
        "{} offset {} size {} {} entropy {:.2}",
        section.name,
        section.range.start,
        section.range.len(),
        rights.iter().collect::<String>(),
        entropy(content)
    )
}

/// Returns the entropy of the bytes in bits a byte, of the whole where that is small and else of blocks spread over it.
pub(super) fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    let mut count = |block: &[u8]| {
        for byte in block {
            if let Some(count) = counts.get_mut(usize::from(*byte)) {
                *count += 1;
            }
        }
    };
    if bytes.len() <= BLOCKS * BLOCK_LEN {
        count(bytes);
    } else {
        let step = (bytes.len() - BLOCK_LEN) / (BLOCKS - 1);
        (0..BLOCKS).filter_map(|number| bytes.get(number * step..number * step + BLOCK_LEN)).for_each(&mut count);
    }
    let total = f64::from(counts.iter().sum::<u32>());
    let parts = counts.iter().filter(|count| **count > 0).map(|count| {
        let share = f64::from(*count) / total;
        -share * libm::log2(share)
    });
    parts.sum::<f64>().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::{BLOCK_LEN, BLOCKS, entropy};

    #[test]
    fn entropy_runs_from_nothing_to_eight_bits() {
        assert!(entropy(&[]) == 0.0);
        assert!(entropy(&[7; 100]) == 0.0);
        let all: Vec<u8> = (0..=255).collect();
        assert!((entropy(&all) - 8.0).abs() < 1e-9);
        assert!((entropy(&all.repeat(2 * BLOCKS * BLOCK_LEN / 256)) - 8.0).abs() < 1e-9);
    }
}
