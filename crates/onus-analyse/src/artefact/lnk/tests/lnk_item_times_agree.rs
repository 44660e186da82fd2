//! The last item of the list and the header give the target the same times.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    lnk::{Facts, Lnk},
    stamp,
};

/// Times of the list are even in seconds.
const ROUNDING: i64 = 2;

pub(super) const LNK_ITEM_TIMES_AGREE: ConsistencyTest<Lnk> = ConsistencyTest {
    id: "lnk-item-times-agree",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "the shell takes creation and last writing of the target once and writes them into the list of items and, more finely, into the header",
    benign_causes: &[
        "a link that was resolved again after its target was changed",
        "a program that makes links and fills in one of the two",
        "a disk with the FAT file system, whose times are local",
    ],
    false_alarm: Rate { hits: 0, files: 252, hit_projects: 0, projects: 3 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let Some(item) = &facts.last else { return Outcome::NotRun("the list ends in no file or folder") };
    let sides = [("creation", &facts.created, item.created), ("last writing", &facts.written, item.written)];
    let mut compared = 0;
    for (what, header, (date, time)) in sides {
        let Some((ticks, at)) = header else { continue };
        let (Some(fine), Some(coarse)) = (stamp::filetime_seconds(*ticks), stamp::dos(date, time)) else { continue };
        let Some(seconds) = stamp::as_if_utc(coarse) else { continue };
        compared += 1;
        if (fine - seconds).abs() > ROUNDING {
            let fine = stamp::filetime(*ticks).unwrap_or_default();
            let explain = format!("the header dates the {what} of the target {fine}, the list of items {coarse}Z");
            return Outcome::Inconsistent { loci: vec![at.clone(), item.range.clone()], explain };
        }
    }
    if compared == 0 { Outcome::NotRun("there are no times to compare") } else { Outcome::Consistent }
}

#[cfg(test)]
mod tests {
    use super::LNK_ITEM_TIMES_AGREE;
    use crate::artefact::{
        consistency::Outcome,
        lnk::{Facts, items::Item},
    };

    #[test]
    fn another_time_in_the_header_is_found() {
        // 2023-10-01 15:40:56.
        let item = Item { created: (0x5741, 0x7d1c), ..Item::default() };
        let ticks = |seconds: u64| (seconds + 11_644_473_600) * 10_000_000;
        let facts =
            |seconds| Facts { last: Some(item.clone()), created: Some((ticks(seconds), 28..36)), ..Facts::default() };
        let run = LNK_ITEM_TIMES_AGREE.run;
        assert_eq!(run(&facts(1_696_174_857)), Outcome::Consistent);
        assert!(matches!(run(&facts(1_696_174_957)), Outcome::Inconsistent { .. }));
    }
}
