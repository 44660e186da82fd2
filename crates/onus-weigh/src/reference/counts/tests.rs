//! Counted weights: the worked example of the document, and what must hold whatever is counted.

use proptest::prelude::*;

use super::Counts;
use crate::reference::{
    Actor, Document, Hidden, Reference, Release, Report, Span, State, Trace, TraceKind, Use, User, View,
};

const EVER: Span = Span { first: 0, last: 0 };

/// Reference data of so many actors, techniques and reports, with these claims.
fn reference(sizes: (u16, u16, u16), claims: &[(u16, u16, u16)]) -> Reference {
    let (actors, traces, reports) = sizes;
    let mut uses: Vec<Use> = claims
        .iter()
        .map(|&(actor, report, trace)| Use { user: User::Actor(actor), trace, report: report + 1, span: EVER })
        .collect();
    uses.sort_unstable();
    uses.dedup();
    let report = |name: String| Report { name, url: String::new() };
    Reference {
        releases: vec![Release { name: "1.0".to_owned(), day: String::new() }],
        actors: (0..actors)
            .map(|n| Actor {
                id: format!("G{n:04}"),
                name: format!("Actor {n}"),
                span: EVER,
                state: State::Live,
                aliases: Vec::new(),
            })
            .collect(),
        traces: (0..traces)
            .map(|n| Trace {
                id: format!("T{n:04}"),
                kind: TraceKind::Technique,
                name: format!("Technique {n}"),
                span: EVER,
                state: State::Live,
            })
            .collect(),
        reports: [report(String::new())]
            .into_iter()
            .chain((0..reports).map(|n| report(format!("report {n:03}"))))
            .collect(),
        uses,
        ..Reference::default()
    }
}

fn counts(view: &View<'_>) -> Counts {
    Counts::new(view, TraceKind::Technique)
}

/// Six reports say that the first actor used the first technique, one of them the second too; six that the other used that.
fn example() -> Vec<(u16, u16, u16)> {
    let first = (0..6).map(|report| (0, report, 0));
    first.chain([(0, 0, 1)]).chain((6..12).map(|report| (1, report, 1))).collect()
}

#[test]
fn the_worked_example_comes_out() {
    let document = include_str!("../../../../../docs/spec/reference.md");
    let reference = reference((2, 3, 12), &example());
    let mut counts = counts(&View::new(&reference, &Hidden::default(), &TraceKind::ALL));
    let fitted = counts.alpha();
    counts.alpha = 2.0;
    let mut written = vec![format!("alpha would be {fitted:.3}"), format!("the cap {:.3} dB", counts.cap_db())];
    for (actor, name) in [(0, "A"), (1, "B")] {
        for (trace, technique) in [(0, "x"), (1, "y"), (2, "z")] {
            let (weight, near) = (counts.weight_db(Some(actor), trace), counts.conservative_db(Some(actor), trace));
            written
                .push(format!("| {technique} | {:.5} | {name} | {weight:.3} | {near:.3} |", counts.background(trace)));
        }
    }
    let missing: Vec<&String> = written.iter().filter(|line| !document.contains(line.as_str())).collect();
    assert!(missing.is_empty(), "docs/spec/reference.md does not say: {missing:#?}");
}

#[test]
fn hiding_the_only_report_of_a_use_leaves_an_unknown() {
    let reference = reference((2, 3, 4), &[(0, 0, 0), (0, 1, 1), (1, 2, 1), (1, 3, 2)]);
    let weight = |hidden: &Hidden, trace| {
        let view = View::new(&reference, hidden, &TraceKind::ALL);
        (counts(&view).weight_db(Some(0), trace), counts(&view).conservative_db(Some(0), trace))
    };
    let hidden = Hidden { reports: vec![1], ..Hidden::default() };
    assert!(weight(&Hidden::default(), 0).0 > 0.0);
    assert_eq!(weight(&hidden, 0), (0.0, 0.0));
}

#[test]
fn a_hidden_report_is_as_if_it_had_never_been() {
    let with = reference((2, 3, 4), &[(0, 0, 0), (0, 1, 1), (1, 2, 1), (1, 3, 2)]);
    let without = reference((2, 3, 4), &[(0, 1, 1), (1, 2, 1), (1, 3, 2)]);
    let hidden = Hidden { reports: vec![1], ..Hidden::default() };
    let (one, other) =
        (View::new(&with, &hidden, &TraceKind::ALL), View::new(&without, &Hidden::default(), &TraceKind::ALL));
    assert_eq!(one.documents, other.documents);
    assert_eq!(weights(&counts(&one), &[0, 1]), weights(&counts(&other), &[0, 1]));
}

/// All weights, by actor in this order, as bits: equal means equal to the last digit.
fn weights(counts: &Counts, actors: &[u16]) -> Vec<Vec<(u64, u64)>> {
    let pair = |actor, trace| {
        (counts.weight_db(Some(actor), trace).to_bits(), counts.conservative_db(Some(actor), trace).to_bits())
    };
    actors.iter().map(|&actor| (0..8).map(|trace| pair(actor, trace)).collect()).collect()
}

fn claims() -> impl Strategy<Value = Vec<(u16, u16, u16)>> {
    prop::collection::vec((0..5_u16, 0..12_u16, 0..8_u16), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_documents_does_not_matter(claims in claims()) {
        let reference = reference((5, 8, 12), &claims);
        let view = View::new(&reference, &Hidden::default(), &TraceKind::ALL);
        let turned = View { documents: view.documents.iter().rev().cloned().collect::<Vec<Document>>(), ..view.clone() };
        let (one, other) = (counts(&view), counts(&turned));
        prop_assert_eq!(one.alpha().to_bits(), other.alpha().to_bits());
        prop_assert_eq!(weights(&one, &[0, 1, 2, 3, 4]), weights(&other, &[0, 1, 2, 3, 4]));
    }

    #[test]
    fn permuting_actors_permutes_the_weights(claims in claims()) {
        let permuted: Vec<(u16, u16, u16)> = claims.iter().map(|&(actor, report, trace)| (4 - actor, report, trace)).collect();
        let (one, other) = (reference((5, 8, 12), &claims), reference((5, 8, 12), &permuted));
        let count = |reference| counts(&View::new(reference, &Hidden::default(), &TraceKind::ALL));
        prop_assert_eq!(weights(&count(&one), &[0, 1, 2, 3, 4]), weights(&count(&other), &[4, 3, 2, 1, 0]));
    }

    #[test]
    fn no_weight_passes_the_cap_and_no_conservative_one_the_weight(claims in claims()) {
        let reference = reference((5, 8, 12), &claims);
        let view = View::new(&reference, &Hidden::default(), &TraceKind::ALL);
        let counts = counts(&view);
        for actor in 0..5 {
            for trace in 0..9 {
                let (weight, near) = (counts.weight_db(Some(actor), trace), counts.conservative_db(Some(actor), trace));
                prop_assert!(weight.abs() <= counts.cap_db() && near.abs() <= weight.abs() && near * weight >= 0.0);
                let is_known = view.documents.iter().any(|document| document.traces.contains(&trace));
                prop_assert!(is_known || (weight == 0.0 && near == 0.0));
            }
        }
        prop_assert!(counts.weight_db(None, 0) == 0.0);
    }
}
