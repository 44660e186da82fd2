//! The disk did not identify the target long after the newest time that the header has.

use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    lnk::{Facts, Lnk},
    stamp,
};

/// A day: clocks, and the time from the start of the machine on which identifiers count.
const LEEWAY: i64 = 24 * 3600;

pub(super) const LNK_TRACKED_IN_LIFE: ConsistencyTest<Lnk> = ConsistencyTest {
    id: "lnk-tracked-in-life",
    about: "document_time",
    strength: Strength::Soft,
    rationale: "the disk gives the target an identifier, with the time of the clock in it, when a link to it is made; \
                making the link opens the target, so that its times in the header are not much older",
    benign_causes: &[
        "a system that does not write down when a file is opened, as Windows from 2007 on",
        "an identifier that was given when another program linked to the target later",
    ],
    false_alarm: Rate { hits: 38, files: 268, hit_projects: 1, projects: 3 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts) -> Outcome {
    let times = [&facts.created, &facts.accessed, &facts.written];
    let newest = times.into_iter().flatten().max_by_key(|(ticks, _)| *ticks);
    let (Some((tracked, at)), Some((ticks, newest_at))) = (&facts.tracked, newest) else {
        return Outcome::NotRun("there are not both an identifier with a time and times of the target");
    };
    let Some(seconds) = stamp::filetime_seconds(*ticks) else {
        return Outcome::NotRun("the header has no times of the target");
    };
    if *tracked <= seconds.saturating_add(LEEWAY) {
        return Outcome::Consistent;
    }
    let days = tracked.saturating_sub(seconds) / LEEWAY;
    let explain =
        format!("the identifier of the target is {days} days newer than the newest time of the target in the header");
    Outcome::Inconsistent { loci: vec![newest_at.clone(), at.clone()], explain }
}

#[cfg(test)]
mod tests {
    use super::LNK_TRACKED_IN_LIFE;
    use crate::artefact::{consistency::Outcome, lnk::Facts};

    #[test]
    fn an_identifier_much_newer_than_every_time_is_found() {
        let ticks = |seconds: u64| (seconds + 11_644_473_600) * 10_000_000;
        let facts = |tracked| Facts {
            accessed: Some((ticks(1_696_174_857), 36..44)),
            tracked: Some((tracked, 90..106)),
            ..Facts::default()
        };
        let run = LNK_TRACKED_IN_LIFE.run;
        assert_eq!(run(&facts(1_696_174_857)), Outcome::Consistent);
        assert!(matches!(run(&facts(1_696_974_857)), Outcome::Inconsistent { .. }));
    }
}
