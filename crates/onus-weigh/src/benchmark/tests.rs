//! Tests of the benchmark's form.

use super::{Benchmark, BenchmarkProblem, Evidence, Item, Prediction, Ranked, Setting};
use crate::reference::{Reference, TraceKind};

const REFERENCE: &str = "onus-reference 1\ntitle\tTest\nrelease\t1.0\t\nrelease\t2.0\t\n\
    actor\tG1\t0-1\tlive\tOne\nactor\tG2\t0-1\tlive\tTwo\nactor\tG3\t0-1\tlive\tThree\n\
    campaign\tC1\t0-1\tlive\tCampaign\nattributed\tG2\t0-1\n\
    trace\tsoftware\tS1\t0-1\tlive\tTool\ntrace\ttechnique\tT1\t0-1\tlive\tOne\ntrace\ttechnique\tT2\t0-1\tlive\tTwo\n\
    report\tA\t\nreport\tB\t\n\
    by\tG1\nS1\t1\t0-1\nT1\t1\t0-1\nT1\t2\t1-1\nby\tG3\nT2\t2\t0-1\nby\tC1\nT2\t1\t0-1\n";

const BENCHMARK: &str = r#"{
    "name": "test", "split": "dev", "candidate_sets": {"1.0": ["G2", "G1", "G3"]},
    "items": [{
        "item": "x/1", "kind": "x",
        "training": {"release": "1.0", "hide_citations": ["A", "Nowhere"], "hide_campaigns": ["C1", "C9"]},
        "evidence": {"techniques": ["T2", "T1", "T9", "T1"], "software": ["S9"]},
        "answer": ["G2"], "truth": ["G2"], "not_candidates": ["G3"]
    }],
    "planted": [{"item": "x/1#p", "base": "x/1", "variant": "p", "decoy": "G1", "add": ["S1", "S8", "T1"]}]
}"#;

fn read() -> (Benchmark, Reference) {
    (serde_json::from_str(BENCHMARK).unwrap(), Reference::parse(REFERENCE).unwrap())
}

fn item(benchmark: &Benchmark) -> &Item {
    benchmark.items.first().unwrap()
}

#[test]
fn a_question_hides_what_it_must() {
    let (benchmark, reference) = read();
    let question = item(&benchmark).question(&benchmark, &reference).unwrap();
    assert_eq!(question.candidates, [0, 1]);
    assert_eq!(question.answers, [1]);
    assert_eq!(question.unknown_reports, ["Nowhere"]);
    // Report A is hidden, B said so only later, the campaign is out, and the third group is no candidate.
    assert!(question.view(&reference).documents.is_empty());
    let mut open = question.clone();
    (open.hidden.reports, open.hidden.release) = (vec![], Some(1));
    let traces: Vec<_> = open.view(&reference).documents.iter().map(|d| (d.actor, d.report, d.traces.len())).collect();
    assert_eq!(traces, [(0, 1, 2), (0, 2, 1)]);
}

#[test]
fn what_is_unknown_to_everyone_stays_in_the_evidence() {
    let (benchmark, reference) = read();
    let evidence = item(&benchmark).evidence(&reference, Setting::Both);
    assert_eq!(evidence.traces, [1, 2]);
    assert_eq!(evidence.unknown, [(TraceKind::Technique, "T9".to_owned()), (TraceKind::Software, "S9".to_owned())]);
    assert_eq!(evidence.len(), 4);
    let software = item(&benchmark).evidence(&reference, Setting::Software);
    assert_eq!((software.traces.len(), software.unknown.len()), (0, 1));
    assert!(Evidence::default().is_empty() && !software.is_empty());
}

#[test]
fn planted_traces_are_added_as_the_setting_shows_them() {
    let (benchmark, reference) = read();
    let planted = benchmark.planted.first().unwrap();
    let both = planted.evidence(item(&benchmark), &reference, Setting::Both);
    assert_eq!((both.traces, both.unknown.len()), (vec![0, 1, 2], 3));
    let techniques = planted.evidence(item(&benchmark), &reference, Setting::Techniques);
    assert_eq!((techniques.traces, techniques.unknown.len()), (vec![1, 2], 1));
}

#[test]
fn half_a_question_is_refused() {
    let (benchmark, reference) = read();
    let check = |change: fn(&mut Item), expected: BenchmarkProblem| {
        let mut item = item(&benchmark).clone();
        change(&mut item);
        assert_eq!(item.question(&benchmark, &reference), Err(expected));
    };
    check(|item| item.training.release = "9.0".to_owned(), BenchmarkProblem::Release("9.0".to_owned()));
    check(|item| item.training.release = "2.0".to_owned(), BenchmarkProblem::Candidates("2.0".to_owned()));
    check(|item| item.answer = vec!["G9".to_owned()], BenchmarkProblem::Group("G9".to_owned()));
}

#[test]
fn a_prediction_is_one_line() {
    let ranked = Ranked { group: "G1".to_owned(), log10_lr: 1.5, posterior: 0.25 };
    let prediction = Prediction { item: "x/1".to_owned(), evidence: Setting::Both, ranking: vec![ranked] };
    let line = r#"{"item":"x/1","evidence":"both","ranking":[{"group":"G1","log10_lr":1.5,"posterior":0.25}]}"#;
    assert_eq!(serde_json::to_string(&prediction).unwrap(), line);
    assert_eq!(serde_json::from_str::<Prediction>(line).unwrap(), prediction);
}
