//! What of an image breaks its own format, and what was left out because of a limit.

use onus_core::Locus;

use super::facts::Facts;
use crate::{Finding, Findings};

/// Adds every fault and every limit.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let image = &facts.image;
    let read = image.sections.len();
    if read < image.section_count {
        let table_end = image.section_table.saturating_add(40 * image.section_count);
        let what = format!("read are {read} of {} sections", image.section_count);
        findings.add(if table_end > image.bytes.len() && facts.is_whole {
            let at = Locus::bytes(image.header + 6, 2);
            Finding::malformed(format!("the table of sections reaches beyond the end of the file; {what}")).at(at)
        } else {
            Finding::limit(what)
        });
    }
    let outside = image.sections.iter().filter(|section| section.is_cut).count();
    if outside > 0 && facts.is_whole {
        let at = Locus::bytes(image.section_table.min(image.bytes.len()), 0);
        findings.add(Finding::malformed(format!("{outside} sections reach beyond the end of the file")).at(at));
    }
    let resources = &facts.resources;
    if let Some(at) = resources.circle_at {
        findings.add(
            Finding::malformed("an entry of the resources leads back to a table above it or beside it").at(at4(at)),
        );
    }
    if let Some(at) = resources.broken_at {
        findings.add(Finding::malformed("an entry of the resources leads out of the file").at(at4(at)));
    }
    let cut = [
        (resources.is_cut, "the tree of resources is larger or deeper than what is read"),
        (facts.imports.is_cut, "more functions are imported than are read"),
        (facts.debug.is_cut, "the debug directory has more entries than are read"),
    ];
    cut.iter().filter(|(is_cut, _)| *is_cut).for_each(|(_, what)| findings.add(Finding::limit(*what)));
}

fn at4(at: usize) -> Locus {
    Locus::bytes(at, 4)
}
