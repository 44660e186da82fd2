//! What must not move: the same evidence gives the same numbers whatever things are called, whoever repeats or denies it.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use onus_core::{Digest, Reliability};
use onus_weigh::{
    Assessment, InputDigests, Weights, assess,
    sheet::{Head, Hypothesis, Level, Likeness, Retraction, Searched, Sheet, Source, Stated, Test, TestResult},
};
use proptest::{prelude::*, sample::subsequence};

const KINDS: [&str; 9] = [
    "rich_header",
    "code_overlap",
    "file_name",
    "ttp",
    "infrastructure",
    "victimology",
    "gov_statement",
    "denial",
    "unheard_of",
];
const DAYS: [&str; 4] = ["2018-02-09", "2018-02", "2018-03-08", "2019"];

fn weigh(sheet: &Sheet) -> Assessment {
    let nothing = Digest::of(b"");
    let day = "2019-06-30".parse().unwrap();
    let digests = InputDigests { sheet: nothing, exhibits: nothing, tests: None };
    // Half of the sheets are replayed as of a day on which some of their items were not known.
    let as_of = sheet.case.title.len().is_multiple_of(2).then_some(day);
    assess(sheet, &Weights::builtin(), digests, as_of)
}

prop_compose! {
    fn observations(hypotheses: usize, sources: usize)(
        rows in prop::collection::vec(
            (0..KINDS.len(), 0..sources, 0..DAYS.len(), 1..=6_u8, 0..4_usize, 0..3_usize,
             subsequence((0..hypotheses).collect::<Vec<_>>(), 0..=hypotheses.min(2)), any::<bool>(), 0..3_u8),
            0..10),
    ) -> Vec<Stated> {
        rows.into_iter().enumerate().map(|(index, (kind, source, day, credibility, block, likeness, hypotheses, towards, numbers))| {
            let names: Vec<String> = hypotheses.iter().map(|index| format!("h{index}")).collect();
            let (points_at, points_away) = if towards { (names, vec![]) } else { (vec![], names) };
            Stated {
                id: format!("o{index}"),
                seen: DAYS[day].parse().unwrap(),
                source: format!("s{source}"),
                root: None,
                relies_on: if index > 2 && block == 3 { vec![format!("o{}", index - 2)] } else { vec![] },
                exhibit: None,
                kind: KINDS[kind].to_owned(),
                value: format!("value {index}"),
                points_at,
                points_away,
                likeness: [Likeness::Exact, Likeness::Close, Likeness::Partial][likeness],
                credibility: credibility.try_into().unwrap(),
                block: (block == 1).then(|| "one-origin".to_owned()),
                likelihood: (numbers == 0).then(|| {
                    let numbers = (0..hypotheses.len()).map(|index| (format!("h{index}"), 0.1 + f64::from(credibility) / 10.0));
                    numbers.chain([("other".to_owned(), 0.05)]).collect()
                }),
            }
        }).collect()
    }
}

prop_compose! {
    fn sheets()(hypotheses in 1..5_usize, sources in 1..5_usize)(
        observations in observations(hypotheses, sources),
        grades in prop::collection::vec(0..Reliability::ALL.len(), sources),
        cites in prop::collection::vec(subsequence((0..sources).collect::<Vec<_>>(), 0..=sources.min(1)), sources),
        tests in prop::collection::vec((0..10_usize, 0..sources, 0..3_usize, any::<bool>()), 0..4),
        retracted in prop::collection::vec(0..20_usize, 0..2),
        titles in 0..2_usize,
        searched in prop::collection::vec((0..KINDS.len(), 0.1..0.9_f64), 0..3),
        hypotheses in Just(hypotheses),
    ) -> Sheet {
        let exists = |index: &usize| *index < observations.len();
        Sheet {
            case: Head { title: "x".repeat(titles + 1), question: "who?".to_owned(), happened: None, tlp: None, campaigns: vec![] },
            hypotheses: (0..hypotheses).map(|index| Hypothesis {
                id: format!("h{index}"), title: format!("Group {index}"), level: Level::Group, actor: None,
            }).collect(),
            sources: grades.iter().zip(cites).enumerate().map(|(index, (grade, cites))| Source {
                id: format!("s{index}"), title: format!("Source {index}"), reliability: Reliability::ALL[*grade],
                cites: cites.into_iter().filter(|other| *other != index).map(|other| format!("s{other}")).collect(), url: None,
        reports: vec![],
            }).collect(),
            tests: tests.into_iter().enumerate().filter(|(_, (item, ..))| exists(item)).map(|(index, (item, source, result, own))| Test {
                id: format!("t{index}"), observation: format!("o{item}"),
                result: [TestResult::Consistent, TestResult::Inconsistent, TestResult::Borrowed][result],
                seen: "2018-03-08".parse().unwrap(), source: format!("s{source}"), value: "said".to_owned(),
                false_alarm: own.then_some(0.01), detection: own.then_some(0.6), is_read: false,
            }).collect(),
            retractions: retracted.into_iter().filter(exists).map(|item| Retraction {
                observation: format!("o{item}"), seen: "2018-04-01".parse().unwrap(), source: "s0".to_owned(), value: "no".to_owned(),
            }).collect(),
            observations, challenges: vec![], prior: None,
            searched: searched.into_iter().map(|(kind, detection)| Searched { kind: KINDS[kind].to_owned(), detection }).collect(),
        }
    }
}

/// Every number of an assessment under the original names: verdict and leader, then by hypothesis, then by observation.
fn numbers(assessment: &Assessment, back: &dyn Fn(&str) -> String) -> (String, BTreeMap<String, String>) {
    let leading = assessment.leading.as_deref().map(back);
    let mut numbers = BTreeMap::new();
    for hypothesis in &assessment.hypotheses {
        let weights = (hypothesis.weight_mdb_over_next, hypothesis.conservative_mdb_over_next, &hypothesis.words);
        numbers
            .insert(format!("hypothesis {}", back(&hypothesis.id)), format!("{:?} {weights:?}", hypothesis.posterior));
    }
    for observation in &assessment.observations {
        let weights: BTreeMap<String, i64> = observation.weights_mdb.iter().map(|(id, mdb)| (back(id), *mdb)).collect();
        let planted = (observation.planted_probability, observation.counted, observation.withdrawn, &observation.tests);
        numbers.insert(format!("observation {}", observation.id), format!("{weights:?} {planted:?}"));
    }
    for (rival, delta) in &assessment.break_even_delta {
        numbers.insert(format!("break-even {}", back(rival)), format!("{delta:?}"));
    }
    for point in &assessment.delta_curve {
        let posterior: BTreeMap<String, f64> = point.posterior.iter().map(|(id, p)| (back(id), *p)).collect();
        numbers.insert(format!("curve {}", point.delta), format!("{posterior:?}"));
    }
    for (mirror, sets) in
        [("forged", &assessment.minimum_forged_sets), ("withdrawn", &assessment.minimum_withdrawn_sets)]
    {
        for set in sets {
            let items: std::collections::BTreeSet<_> = set.observations.iter().collect();
            let proof = (&set.proved_by, set.cost, set.size, set.cost_at_least, set.size_at_least, set.left_mdb);
            numbers.insert(
                format!("{mirror} {} {} {:?}", back(&set.rival), set.level_mdb, set.least),
                format!("{items:?} {proof:?}"),
            );
        }
    }
    for (rank, missing) in assessment.missing.iter().enumerate() {
        numbers.insert(format!("missing {rank}"), format!("{missing:?}"));
    }
    for searched in &assessment.searched {
        let weights: BTreeMap<String, i64> = searched.weights_mdb.iter().map(|(id, mdb)| (back(id), *mdb)).collect();
        numbers.insert(
            format!("searched {}", searched.kind),
            format!("{weights:?} {} {:?}", searched.counted, searched.remark),
        );
    }
    for gate in &assessment.gates {
        let items: std::collections::BTreeSet<_> = gate.observations.iter().collect();
        numbers.insert(format!("gate {}", gate.id), format!("{:?} {:?} {items:?}", gate.value, gate.level));
    }
    let points: std::collections::BTreeSet<_> = assessment.single_points_of_failure.iter().collect();
    let gates: Vec<_> = assessment.gates.iter().map(|gate| gate.passed).collect();
    let verdict = assessment.verdict;
    (format!("{verdict:?} {leading:?} {points:?} {gates:?} {:?}", assessment.deception_probability), numbers)
}

fn unchanged(id: &str) -> String {
    id.to_owned()
}

/// The sheet with hypothesis `i` of `n` renamed to `i + 1`, and everything listed the other way round.
fn renamed(sheet: &Sheet) -> Sheet {
    let count = sheet.hypotheses.len();
    let rename = |id: &String| match id.strip_prefix('h').and_then(|number| number.parse::<usize>().ok()) {
        Some(number) => format!("h{}", (number + 1) % count),
        None => id.clone(),
    };
    let mut other = sheet.clone();
    for hypothesis in &mut other.hypotheses {
        hypothesis.id = rename(&hypothesis.id);
    }
    for observation in &mut other.observations {
        observation.points_at = observation.points_at.iter().map(rename).collect();
        observation.points_away = observation.points_away.iter().map(rename).collect();
        observation.likelihood =
            observation.likelihood.as_ref().map(|numbers| numbers.iter().map(|(id, p)| (rename(id), *p)).collect());
    }
    other.hypotheses.reverse();
    other.sources.reverse();
    other.observations.reverse();
    other
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn permuting_hypotheses_permutes_the_output(sheet in sheets()) {
        let count = sheet.hypotheses.len();
        let back = |id: &str| match id.strip_prefix('h').and_then(|number| number.parse::<usize>().ok()) {
            Some(number) => format!("h{}", (number + count - 1) % count),
            None => id.to_owned(),
        };
        prop_assert_eq!(numbers(&weigh(&renamed(&sheet)), &back), numbers(&weigh(&sheet), &unchanged));
    }

    #[test]
    fn a_copied_report_changes_nothing(sheet in sheets(), which in 0..10_usize, grade in 0..5_usize) {
        prop_assume!(!sheet.observations.is_empty());
        let mut copied = sheet.clone();
        let original = &sheet.observations[which % sheet.observations.len()];
        copied.sources.push(Source {
            id: "repeats".to_owned(), title: "An outlet".to_owned(), reliability: Reliability::ALL[grade],
            cites: vec![original.source.clone()], url: None,
        reports: vec![],
        });
        copied.observations.push(Stated { id: "zz".to_owned(), source: "repeats".to_owned(), likelihood: None, ..original.clone() });
        let (verdict, expected) = numbers(&weigh(&sheet), &unchanged);
        let (other_verdict, mut other) = numbers(&weigh(&copied), &unchanged);
        other.remove("observation zz");
        prop_assert_eq!(other_verdict, verdict);
        prop_assert_eq!(other, expected);
    }

    #[test]
    fn an_empty_denial_or_accusation_changes_nothing(sheet in sheets(), accuses in any::<bool>()) {
        let mut said = sheet.clone();
        said.sources.push(Source {
            id: "speaker".to_owned(), title: "A body".to_owned(), reliability: Reliability::A, cites: vec![], url: None,
        reports: vec![],
        });
        said.observations.push(Stated {
            id: "zz".to_owned(), seen: "2018-02-09".parse().unwrap(), source: "speaker".to_owned(), root: None,
            relies_on: vec![], exhibit: None, kind: if accuses { "gov_statement" } else { "denial" }.to_owned(),
            value: "said".to_owned(), points_at: if accuses { vec!["h0".to_owned()] } else { vec![] }, points_away: vec![],
            likeness: Likeness::Close, credibility: 6.try_into().unwrap(), block: None, likelihood: None,
        });
        let (verdict, expected) = numbers(&weigh(&sheet), &unchanged);
        let (other_verdict, mut other) = numbers(&weigh(&said), &unchanged);
        other.remove("observation zz");
        prop_assert_eq!(other_verdict, verdict);
        prop_assert_eq!(other, expected);
    }

    /// Whether accuser and accused, and all other sources, exchange their names: only grades and citations matter.
    #[test]
    fn names_of_sources_do_not_matter(sheet in sheets()) {
        let count = sheet.sources.len();
        let rename = |id: &String| {
            let number: usize = id.trim_start_matches('s').parse().unwrap();
            format!("s{}", count - 1 - number)
        };
        let mut other = sheet.clone();
        for source in &mut other.sources {
            source.id = rename(&source.id);
            source.cites = source.cites.iter().map(rename).collect();
        }
        for observation in &mut other.observations {
            observation.source = rename(&observation.source);
        }
        for test in &mut other.tests {
            test.source = rename(&test.source);
        }
        prop_assert_eq!(numbers(&weigh(&other), &unchanged), numbers(&weigh(&sheet), &unchanged));
    }

    #[test]
    fn pointing_away_reverses_the_sign(sheet in sheets()) {
        let mut other = sheet.clone();
        for observation in &mut other.observations {
            std::mem::swap(&mut observation.points_at, &mut observation.points_away);
        }
        let (ours, theirs) = (weigh(&sheet), weigh(&other));
        for (one, other) in ours.observations.iter().zip(&theirs.observations) {
            for (id, mdb) in &one.weights_mdb {
                if one.basis == onus_weigh::Basis::Table {
                    prop_assert_eq!(*mdb, -other.weights_mdb[id], "{} {}", &one.id, id);
                }
            }
        }
    }

    #[test]
    fn the_same_evidence_twice_counts_once(sheet in sheets(), which in 0..10_usize) {
        prop_assume!(!sheet.observations.is_empty());
        let original = &sheet.observations[which % sheet.observations.len()];
        prop_assume!(original.likelihood.is_none() || original.block.is_some());
        let mut twice = sheet.clone();
        twice.observations.push(Stated { id: format!("{}-again", original.id), ..original.clone() });
        let (verdict, _) = numbers(&weigh(&sheet), &unchanged);
        let (other_verdict, _) = numbers(&weigh(&twice), &unchanged);
        let strip = |text: String| text.replace(&format!(", \"{}-again\"", original.id), "");
        // A retraction names one of the two, so what is withdrawn may differ; everything else may not.
        prop_assume!(!sheet.retractions.iter().any(|retraction| retraction.observation == original.id));
        prop_assert_eq!(strip(other_verdict), verdict);
    }

    /// What is said of the one is said of the other: everything is mirrored.
    #[test]
    fn exchanging_two_of_the_accused_mirrors_the_output(sheet in sheets()) {
        prop_assume!(sheet.hypotheses.len() > 1);
        let exchange = |id: &str| match id { "h0" => "h1".to_owned(), "h1" => "h0".to_owned(), id => id.to_owned() };
        let mut other = sheet.clone();
        for observation in &mut other.observations {
            for ids in [&mut observation.points_at, &mut observation.points_away] {
                ids.iter_mut().for_each(|id| *id = exchange(id));
            }
            observation.likelihood =
                observation.likelihood.as_ref().map(|numbers| numbers.iter().map(|(id, p)| (exchange(id), *p)).collect());
        }
        prop_assert_eq!(numbers(&weigh(&other), &exchange), numbers(&weigh(&sheet), &unchanged));
    }

    /// Forge costs are those of the kinds, whoever is pointed at, and the policy is the same in every case.
    #[test]
    fn forge_costs_and_policy_are_the_same_for_all(sheet in sheets()) {
        let assessment = weigh(&sheet);
        prop_assert_eq!(&assessment.policy, &Weights::builtin().policy());
        for observation in &assessment.observations {
            prop_assert_eq!(observation.forge_cost, Weights::builtin().kind(&observation.kind).map(|kind| kind.forge_cost));
        }
    }

    /// What was looked for and not found speaks for somebody not listed, and tells no two of the named apart.
    #[test]
    fn absence_tells_no_two_of_the_named_apart(sheet in sheets(), detection in 0.05..0.95_f64) {
        let mut without = sheet.clone();
        without.searched.retain(|row| row.kind != "certificate");
        let mut with = without.clone();
        with.searched.push(Searched { kind: "certificate".to_owned(), detection });
        let named = |assessment: &Assessment| {
            let mut posterior: BTreeMap<String, f64> =
                assessment.hypotheses.iter().map(|one| (one.id.clone(), one.posterior.flat)).collect();
            let other = posterior.remove("other").unwrap();
            (posterior, other)
        };
        let ((before, other_before), (after, other_after)) = (named(&weigh(&without)), named(&weigh(&with)));
        prop_assert!(other_after >= other_before - 1e-12);
        for (id, p) in &before {
            for (rival, q) in &before {
                prop_assume!(*q > 1e-9 && after[rival] > 1e-9);
                let (ratio, now) = (p / q, after[id] / after[rival]);
                prop_assert!((now / ratio - 1.0).abs() < 1e-5 || ratio < 1e-6, "{} {}: {} {}", id, rival, ratio, now);
            }
        }
    }

    /// A set that is printed suffices: nothing of the weight above the level is left.
    #[test]
    fn a_printed_set_suffices_and_is_not_beaten_by_its_bound(sheet in sheets()) {
        let assessment = weigh(&sheet);
        let known: std::collections::BTreeSet<_> = assessment.observations.iter().map(|item| &item.id).collect();
        for set in assessment.minimum_forged_sets.iter().chain(&assessment.minimum_withdrawn_sets) {
            prop_assert!(set.left_mdb < set.level_mdb.max(1));
            prop_assert!(set.observations.iter().all(|id| known.contains(id)) && !set.observations.is_empty());
            prop_assert!(!set.least.is_empty());
            if set.least.contains(&"cost".to_owned()) {
                prop_assert!(set.cost >= set.cost_at_least);
                prop_assert!(set.proved_by != "full-model" || set.cost == set.cost_at_least);
            }
            if set.least.contains(&"size".to_owned()) {
                prop_assert!(set.size as u64 >= set.size_at_least);
                prop_assert!(set.proved_by != "full-model" || set.size as u64 == set.size_at_least);
            }
        }
        if assessment.leading.is_none() {
            prop_assert!(assessment.minimum_forged_sets.is_empty());
        }
    }

    #[test]
    fn posteriors_are_probabilities(sheet in sheets()) {
        let assessment = weigh(&sheet);
        for pick in [|h: &onus_weigh::HypothesisResult| h.posterior.flat, |h: &onus_weigh::HypothesisResult| h.posterior.sceptical] {
            let sum: f64 = assessment.hypotheses.iter().map(pick).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
        }
        for observation in &assessment.observations {
            prop_assert!(observation.planted_probability.is_none_or(|p| (0.0..=1.0).contains(&p)));
        }
    }
}
