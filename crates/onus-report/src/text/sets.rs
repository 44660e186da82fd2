//! What would have to go for the order to change, what was looked for, and what is worth looking for.

use onus_core::plain;
use onus_weigh::{Assessment, ForgedSet};

use super::{
    WIDTH,
    paint::{Paint, wrapped},
};
use crate::{index::Index, numbers::distance};

/// Lists the sets of items without which the leader loses its lead or the level of the verdict, over every rival.
pub(super) fn sets(assessment: &Assessment, index: &Index<'_>, paint: Paint) -> String {
    let mut out = String::new();
    for (title, verb, sets) in [
        ("What would have to be forged", "forge", &assessment.minimum_forged_sets),
        ("What would have to be withdrawn or suppressed", "withdraw", &assessment.minimum_withdrawn_sets),
    ] {
        let told: Vec<&ForgedSet> = sets.iter().filter(|set| told(set, assessment)).collect();
        if told.is_empty() {
            continue;
        }
        out.push_str(&paint.heading(title));
        for set in told {
            out.push_str(&format!("  - {}\n", wrapped(&line(set, verb, index), WIDTH - 4, "    ")));
        }
    }
    out
}

fn told(set: &ForgedSet, assessment: &Assessment) -> bool {
    set.level_mdb == 0 || set.level_mdb == assessment.policy.supported_mdb
}

fn line(set: &ForgedSet, verb: &str, index: &Index<'_>) -> String {
    let level = match set.level_mdb {
        0 => "level".to_owned(),
        level => format!("below {}", distance(level)),
    };
    let items: Vec<String> =
        set.observations.iter().filter_map(|id| index.item(id)).map(|item| item.to_string()).collect();
    let least = match set.least.as_slice() {
        [one] if one == "cost" => "cheapest",
        [one] if one == "size" => "smallest",
        _ => "cheapest and smallest",
    };
    format!(
        "{} {level}: {verb} {} ({least}; things {}, cost {}; proved: {})",
        plain(index.title(&set.rival)),
        items.join(", "),
        set.size,
        set.cost,
        plain(&set.proved_by)
    )
}

/// Lists what was looked for and not found, and what is worth looking for next.
pub(super) fn searched_and_missing(assessment: &Assessment, paint: Paint) -> String {
    let mut out = String::new();
    if !assessment.searched.is_empty() {
        out.push_str(&paint.heading("Looked for and not found"));
        for row in &assessment.searched {
            let remark = row.remark.as_ref().map_or_else(String::new, |remark| format!("; not counted: {remark}"));
            let line = format!("{}, detection {:.2}{remark}", plain(&row.kind).replace('_', " "), row.detection);
            out.push_str(&format!("  - {}\n", wrapped(&plain(&line), WIDTH - 4, "    ")));
        }
    }
    if !assessment.missing.is_empty() {
        out.push_str(&paint.heading("Worth looking for next"));
        for missing in &assessment.missing {
            let same = missing
                .same_decision
                .map_or_else(String::new, |same| format!("; changes nothing with probability {same:.2}"));
            let kind = plain(&missing.kind).replace('_', " ");
            let line = format!("{kind}: {:.3} bits, cost {}{same}", missing.value_bits, plain(&missing.cost));
            out.push_str(&format!("  - {}\n", wrapped(&line, WIDTH - 4, "    ")));
        }
    }
    out
}
