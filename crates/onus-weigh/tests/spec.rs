//! The examples of `docs/spec/` come out as they are written there.

use onus_core::Digest;
use onus_weigh::{InputDigests, Sheet, Weights, assess};

const SHEET: &str = include_str!("../../../docs/spec/case-sheet.md");
const ASSESSMENT: &str = include_str!("../../../docs/spec/assessment.md");

/// The blocks of TOML in a document.
fn blocks(document: &'static str) -> Vec<&'static str> {
    document.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// A whole number with commas, as the document writes it.
fn with_commas(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut groups: Vec<&str> =
        digits.as_bytes().rchunks(3).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.reverse();
    format!("{}{}", if number < 0 { "-" } else { "" }, groups.join(","))
}

#[test]
fn the_worked_example_comes_out() {
    let sheet = Sheet::parse(blocks(SHEET)[0]).expect("the example is sound");
    let digest = Digest::of(b"");
    let weigh = |day: Option<&str>| {
        let digests = InputDigests { sheet: digest, exhibits: digest, tests: None };
        assess(&sheet, &Weights::builtin(), digests, day.map(|day| day.parse().expect("a day")))
    };
    let result = weigh(None);
    let row = |name: &str, cell: &dyn Fn(&onus_weigh::HypothesisResult) -> String| {
        let cells: Vec<String> = result.hypotheses.iter().map(cell).collect();
        format!("| {name} | {} |", cells.join(" | "))
    };
    let mut written = vec![
        row("posterior, flat", &|h| format!("{:.4}", h.posterior.flat)),
        row("posterior, sceptical", &|h| format!("{:.4}", h.posterior.sceptical)),
        row("posterior, sheet's prior", &|h| format!("{:.4}", h.posterior.user.unwrap_or_default())),
        row("`weight_mdb_over_next`", &|h| with_commas(h.weight_mdb_over_next)),
        row("`conservative_mdb_over_next`", &|h| with_commas(h.conservative_mdb_over_next)),
        format!("Somebody framed: {:.3}.", result.deception_probability),
    ];
    for id in ["build-header", "shared-servers"] {
        let item = result.observations.iter().find(|item| item.id == id).expect("it is in the example");
        written.push(format!("`{id}` {:.3}", item.planted_probability.expect("it is weighed")));
    }
    let set = &result.minimum_forged_sets[0];
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let left = set.left_mdb as f64 / 1000.0;
    written.push(format!("forging `{}` (effort {}) leaves {left:.3} dB", set.observations.join("`, `"), set.cost));
    let set = &result.minimum_forged_sets[1];
    written.push(format!("forging it and `{}` ({}) leaves nothing", set.observations[0], set.cost));
    assert_eq!((set.left_mdb, set.observations[1].as_str()), (0, "shared-servers"));
    assert!(result.minimum_forged_sets.iter().all(|set| set.proved_by == "full-model"));
    let missing = &result.missing[0];
    written.push(format!("`{}`, with {:.4} bits at {} cost", missing.kind, missing.value_bits, missing.cost));
    written.push(format!("The confidence is {}.", result.confidence));
    let said = |gate: usize| result.gates[gate].detail.split("; ").next().unwrap_or_default();
    written.push(said(0).to_owned());
    written.push(format!("passed: {}", said(4).split(", ").last().unwrap_or_default().replace(" over `north`", "")));
    let without = &result.delta_curve[0];
    written.push(format!("`north` would lead with {:.3}", without.posterior["north"]));
    let earlier = weigh(Some("2031-05-30"));
    let ahead = earlier.hypotheses.iter().find(|h| Some(&h.id) == earlier.leading.as_ref()).expect("one leads");
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let decibans = ahead.weight_mdb_over_next as f64 / 1000.0;
    written.push(format!("`{}` leads by {decibans:.1} dB", ahead.id));
    for line in written {
        assert!(ASSESSMENT.contains(&line), "docs/spec/assessment.md does not say: {line}");
    }
    let failing = result.gates.iter().filter(|gate| !gate.passed).count();
    assert_eq!(failing, 4, "docs/spec/assessment.md says that four gates fail: {:?}", result.gates);
}

#[test]
fn the_mistakes_of_the_example_are_named_as_written() {
    let text = blocks(SHEET)[1];
    let problems = Sheet::parse(text).expect_err("the example has mistakes");
    for problem in &problems {
        for said in [&problem.message, &problem.remedy] {
            assert!(SHEET.contains(said.as_str()), "docs/spec/case-sheet.md does not say: {said}");
        }
    }
    assert_eq!(problems.len(), 4);
}
