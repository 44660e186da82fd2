//! Made-up operations with traces planted by somebody who knows the table: how often is the wrong one called supported?
//!
//! `cargo test -p onus-weigh --test planted -- --nocapture` prints the table of docs/measured.md.
#![expect(clippy::unwrap_used, reason = "a test")]

use onus_core::{Digest, Reliability};
use onus_weigh::{
    Assessment, ForgeCost, InputDigests, Verdict, Weights, assess,
    sheet::{Head, Hypothesis, Level, Likeness, Sheet, Source, Stated, Test, TestResult},
};

/// Kinds of technical traces, as an operation leaves or plants them.
const KINDS: [&str; 12] = [
    "code_overlap",
    "compile_time",
    "email_address",
    "file_name",
    "infrastructure",
    "ip_address",
    "language",
    "pdb_path",
    "rich_header",
    "tool_overlap",
    "ttp",
    "victimology",
];

/// A small generator of numbers that look random (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn hits(&mut self, probability: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a test")]
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        share < probability
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// How an adversary works.
#[derive(Clone, Copy)]
struct Adversary {
    /// The dearest class of trace it plants.
    budget: ForgeCost,
    /// How many traces it plants.
    plants: usize,
    /// Whether anybody tests the traces.
    is_tested: bool,
}

/// An operation with its truth: who did it, whom it framed.
struct Operation {
    sheet: Sheet,
    actor: usize,
}

fn stated(id: String, kind: &str, at: Option<usize>, chance: &mut Chance, sources: &mut Vec<Source>) -> Stated {
    let source = format!("s{id}");
    sources.push(Source {
        id: source.clone(),
        title: "A source".to_owned(),
        reliability: chance.of(&[Reliability::B, Reliability::B, Reliability::C]),
        cites: vec![],
        url: None,
        reports: vec![],
    });
    Stated {
        value: format!("value {id}"),
        id,
        seen: "2030-01-02".parse().unwrap(),
        source,
        root: None,
        relies_on: vec![],
        exhibit: None,
        kind: kind.to_owned(),
        points_at: at.map(|at| format!("h{at}")).into_iter().collect(),
        points_away: vec![],
        likeness: chance.of(&[Likeness::Exact, Likeness::Close, Likeness::Close, Likeness::Partial]),
        credibility: chance.of(&[2, 2, 3]).try_into().unwrap(),
        block: None,
        likelihood: None,
    }
}

/// Draws an operation: its actor leaves traces at the rates of the table, other likenesses occur at theirs, and the
/// adversary plants what points at somebody else. Every report has a source of its own, as if many had looked.
fn operation(chance: &mut Chance, adversary: Option<Adversary>, weights: &Weights) -> Operation {
    let named = 2 + chance.below(4);
    let actor = chance.below(named + 1);
    let (mut sources, mut observations, mut tests) = (Vec::new(), Vec::new(), Vec::new());
    for kind in KINDS {
        let rates = weights.kind(kind).unwrap();
        for hypothesis in 0..named {
            let rate = if hypothesis == actor { rates.same_actor } else { rates.another_actor };
            if chance.hits(rate) {
                let id = format!("o{}", observations.len());
                observations.push(stated(id, kind, Some(hypothesis), chance, &mut sources));
            }
        }
    }
    if let Some(adversary) = adversary {
        let target =
            (0..named).filter(|target| *target != actor).nth(chance.below(named - usize::from(actor < named))).unwrap();
        let kinds: Vec<&str> =
            KINDS.into_iter().filter(|kind| weights.kind(kind).unwrap().forge_cost <= adversary.budget).collect();
        for _ in 0..adversary.plants {
            let kind = chance.of(&kinds);
            let id = format!("o{}", observations.len());
            let planted = stated(id.clone(), kind, Some(target), chance, &mut sources);
            if adversary.is_tested {
                let rates = weights.kind(kind).unwrap().test;
                let result =
                    if chance.hits(rates.detection) { TestResult::Inconsistent } else { TestResult::Consistent };
                tests.push(Test {
                    id: format!("t{id}"),
                    observation: id,
                    result,
                    seen: "2030-01-03".parse().unwrap(),
                    source: planted.source.clone(),
                    value: "tested".to_owned(),
                    false_alarm: None,
                    detection: None,
                    is_read: false,
                });
            }
            observations.push(planted);
        }
    }
    // Somebody repeats a report and somebody denies: neither may matter.
    if let Some(first) = observations.first().cloned() {
        let mut copy = stated("copy".to_owned(), &first.kind, None, chance, &mut sources);
        copy.points_at.clone_from(&first.points_at);
        sources.last_mut().unwrap().cites = vec![first.source];
        observations.push(copy);
    }
    observations.push(stated("denial".to_owned(), "denial", None, chance, &mut sources));
    let hypothesis = |index| Hypothesis {
        id: format!("h{index}"),
        title: format!("Group {index}"),
        level: Level::Group,
        actor: None,
    };
    let sheet = Sheet {
        case: Head {
            title: "made up".to_owned(),
            question: "who?".to_owned(),
            happened: None,
            tlp: None,
            campaigns: vec![],
        },
        hypotheses: (0..named).map(hypothesis).collect(),
        sources,
        observations,
        tests,
        retractions: vec![],
        challenges: vec![],
        searched: vec![],
        prior: None,
    };
    Operation { sheet, actor }
}

/// Whether the same evidence without deception, single points and other gates would be called 20 dB ahead.
fn naive(assessment: &Assessment) -> Option<String> {
    let mut posterior: Vec<(&String, &f64)> = assessment.delta_curve[0].posterior.iter().collect();
    posterior.sort_by(|one, other| other.1.total_cmp(one.1));
    (*posterior[0].1 >= 100.0 * posterior[1].1).then(|| posterior[0].0.clone())
}

#[derive(Default)]
struct Tally {
    runs: u32,
    right: u32,
    wrong: u32,
    naive_right: u32,
    naive_wrong: u32,
}

fn tally(adversary: Option<Adversary>, runs: u32) -> Tally {
    let weights = Weights::builtin();
    let mut chance = Chance(2018);
    let mut tally = Tally::default();
    for _ in 0..runs {
        let Operation { sheet, actor } = operation(&mut chance, adversary, &weights);
        let truth = if actor < sheet.hypotheses.len() { format!("h{actor}") } else { "other".to_owned() };
        let digest = Digest::of(b"");
        let result = assess(&sheet, &weights, InputDigests { sheet: digest, exhibits: digest, tests: None }, None);
        tally.runs += 1;
        if result.verdict == Verdict::Supported {
            let is_right = result.leading.as_deref() == Some(&truth);
            *(if is_right { &mut tally.right } else { &mut tally.wrong }) += 1;
        }
        if let Some(named) = naive(&result) {
            *(if named == truth { &mut tally.naive_right } else { &mut tally.naive_wrong }) += 1;
        }
    }
    tally
}

#[test]
fn plants_do_not_make_the_wrong_one_supported() {
    #[expect(clippy::disallowed_methods, reason = "how long a test runs is asked for from outside")]
    let long = std::env::var("ONUS_LONG_TESTS").ok();
    let runs = long.and_then(|long| long.parse().ok()).unwrap_or(60);
    println!("| adversary | right | wrong | without deception: right | wrong |");
    let row = |name: String, adversary: Option<Adversary>| {
        let tally = tally(adversary, runs);
        let share = |count: u32| f64::from(count) / f64::from(tally.runs);
        let (wrong, naive) = (share(tally.wrong), share(tally.naive_wrong));
        let (right, naive_right) = (share(tally.right), share(tally.naive_right));
        println!("| {name} | {right:.3} | {wrong:.4} | {naive_right:.3} | {naive:.4} |");
        // Plants that cost a rebuild each, several at once and from several sources, are what no test can exclude.
        let most =
            if adversary.is_some_and(|adversary| adversary.budget >= ForgeCost::F2) { naive / 2.0 } else { 0.005 };
        assert!(wrong <= most + 1.5 / f64::from(runs), "{name}: {} of {} wrong", tally.wrong, tally.runs);
    };
    row("none".to_owned(), None);
    for budget in [ForgeCost::F0, ForgeCost::F1, ForgeCost::F2] {
        for plants in [2, 4, 6] {
            for is_tested in [false, true] {
                let name = format!("{plants} plants up to {budget:?}{}", if is_tested { ", tested" } else { "" });
                row(name, Some(Adversary { budget, plants, is_tested }));
            }
        }
    }
}
