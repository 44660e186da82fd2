//! Consistency tests: does a trace contradict the rest of its own file?

use std::ops::Range;

use onus_core::Locus;

use super::forge_cost::ForgeCost;
use crate::{Finding, Findings};

/// Places that a finding names, at most.
const LOCI_MAX: usize = 32;

/// A format whose files are tested.
pub(crate) trait Format {
    /// What is read of a file before its tests run.
    type Facts<'a>;
}

/// One test of a format.
pub(crate) struct ConsistencyTest<F: Format> {
    /// Its name, in words with hyphens.
    pub id: &'static str,
    /// The kind of observation that it tests.
    pub about: &'static str,
    /// What an inconsistency is worth as evidence of an edit.
    pub strength: Strength,
    /// Why an untouched file passes.
    pub rationale: &'static str,
    /// Harmless ways to an inconsistency.
    pub benign_causes: &'static [&'static str],
    /// How often it was inconsistent on files that nobody forged.
    pub false_alarm: Rate,
    /// How often it found its forgery; absent where that was not measured.
    pub detection: Option<Rate>,
    /// What it costs to forge the trace and pass.
    pub forge_cost: ForgeCost,
    /// Runs it.
    pub run: for<'a> fn(&F::Facts<'a>) -> Outcome,
}

/// What an inconsistency is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    /// One program wrote both sides in one run, so that one of them was changed later; at most 3 in 1,000 benign files.
    Hard,
    /// A lead: there are harmless ways to it that are not rare.
    Soft,
}

/// A measured rate. Files of one project are not independent, so that projects are counted too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    /// Files with the outcome.
    pub hits: u32,
    /// Files on which the test ran.
    pub files: u32,
    /// Projects with a file with the outcome.
    pub hit_projects: u32,
    /// Projects with a file on which the test ran.
    pub projects: u32,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The file lacks what the test compares; why, in words.
    NotRun(&'static str),
    /// No contradiction was found. It does not say that the trace is genuine.
    Consistent,
    /// Two parts of the file contradict each other.
    Inconsistent {
        /// The bytes of both sides, the tested trace first.
        loci: Vec<Range<usize>>,
        /// What contradicts what, with the values, for a reader who knows no file format.
        explain: String,
    },
}

impl Rate {
    /// Returns the expected rate, (hits + 1/2) / (files + 1), which is never zero or one (Jeffreys 1946).
    pub(crate) fn expected(self) -> f64 {
        (f64::from(self.hits) + 0.5) / (f64::from(self.files) + 1.0)
    }

    /// Returns it in words: `0 of 631 files, 0 of 29 projects`.
    pub(crate) fn in_words(self) -> String {
        format!("{} of {} files, {} of {} projects", self.hits, self.files, self.hit_projects, self.projects)
    }
}

/// Runs every test of a table and adds what came of each, one observation a test.
pub(crate) fn run<F: Format>(tests: &[ConsistencyTest<F>], facts: &F::Facts<'_>, size: usize, findings: &mut Findings) {
    for test in tests {
        findings.add(finding(test, (test.run)(facts), size));
    }
}

fn finding<F: Format>(test: &ConsistencyTest<F>, outcome: Outcome, size: usize) -> Finding {
    let finding = Finding::new("consistency_test", test.id)
        .with("about", test.about)
        .with(
            "strength",
            match test.strength {
                Strength::Hard => "hard",
                Strength::Soft => "soft",
            },
        )
        .with("rationale", test.rationale)
        .with("false_alarm", format!("{:.4}", test.false_alarm.expected()))
        .with("false_alarm_measured", test.false_alarm.in_words())
        .with_some("detection", test.detection.map(|rate| format!("{:.4}", rate.expected())))
        .with_some("detection_measured", test.detection.map(Rate::in_words))
        .with("forge_cost", test.forge_cost.name());
    match outcome {
        Outcome::NotRun(why) => finding.with("result", "not_run").with("explain", why),
        Outcome::Consistent => finding
            .with("result", "consistent")
            .with("explain", format!("no contradiction found, forge cost {}", test.forge_cost.name())),
        Outcome::Inconsistent { loci, explain } => {
            let loci: Vec<Range<usize>> =
                loci.into_iter().map(|locus| locus.start.min(size)..locus.end.min(size)).take(LOCI_MAX).collect();
            let finding = finding
                .with("result", "inconsistent")
                .with("explain", explain)
                .with_list("benign_causes", test.benign_causes)
                .with_list("loci", loci.iter().map(|locus| format!("{}+{}", locus.start, locus.len())));
            match loci.first() {
                Some(first) => finding.at(Locus::bytes(first.start, first.len())),
                None => finding,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ConsistencyTest, ForgeCost, Format, Outcome, Rate, Strength, run};
    use crate::Findings;

    struct Number;

    impl Format for Number {
        type Facts<'a> = u32;
    }

    const TEST: ConsistencyTest<Number> = ConsistencyTest {
        id: "even",
        about: "number",
        strength: Strength::Hard,
        rationale: "numbers come in pairs",
        benign_causes: &["an odd day"],
        false_alarm: Rate { hits: 0, files: 99, hit_projects: 0, projects: 9 },
        detection: None,
        forge_cost: ForgeCost::F1,
        run: |number| match number % 2 {
            0 => Outcome::Consistent,
            _ => Outcome::Inconsistent { loci: vec![1..3, 8..90], explain: "it is odd".into() },
        },
    };

    #[test]
    fn an_outcome_becomes_an_observation_with_its_places_inside_the_file() {
        let mut findings = Findings::new("pe", 100, 1 << 20);
        run(&[TEST], &2, 10, &mut findings);
        run(&[TEST], &3, 10, &mut findings);
        let mut observations = Vec::new();
        findings.close_into(&mut observations);
        assert_eq!(observations[0].attributes["explain"], "no contradiction found, forge cost F1");
        assert_eq!(observations[0].attributes["false_alarm"], "0.0050");
        assert_eq!(observations[1].attributes["loci"], "1+2\n8+2");
        assert_eq!(observations[1].attributes["benign_causes"], "an odd day");
        assert_eq!(observations[1].locus.unwrap().offset, 1);
    }
}
