//! The drawings: Tippett plot, empirical cross-entropy, reliability, risk by coverage.

use onus_weigh::calibration::{Judged, empirical_cross_entropy, misleading, reliability, risk_coverage, tippett};

use super::{
    MAIN_KINDS, best_peer,
    drawing::{Axis, Line, Plot},
    of_kind, reciprocal,
    table::{head, number, row},
};
use crate::{
    outcome::Outcome,
    study::{Measured, Study},
};

/// The most engines in a drawing.
const SHOWN: usize = 4;

pub(super) fn text(study: &Study) -> String {
    let mut text = "## Drawings\n\n\
        Ours, where there is one, and the best of the others by MRR on `report-loo`.\n\n\
        - Tippett plots: the share of right groups, and of wrong ones, whose weight is at least so much: \
        [temporal](calibration/tippett-report-temporal.svg), [leave one out](calibration/tippett-report-loo.svg)\n\
        - Empirical cross-entropy: bits that remain unknown for any prior odds, against saying nothing: \
        [temporal](calibration/cross-entropy-report-temporal.svg), \
        [leave one out](calibration/cross-entropy-report-loo.svg)\n\
        - Reliability: how often the leading answer is right by how sure it is, with the number of items: \
        [temporal](calibration/reliability-report-temporal.svg), [leave one out](calibration/reliability-report-loo.svg)\n\
        - Risk by coverage in the open world, items without a right answer included: \
        [all items](calibration/risk-coverage.svg)\n"
        .to_owned();
    text += "\n### Misleading weights\n\n\
        Share of right groups below minus 10 and minus 20 decibans, and of wrong groups above 10 and 20.\n";
    for kind in MAIN_KINDS {
        text += &format!("\n`{kind}`\n");
        text += &head(&["engine", "right below -10", "right below -20", "wrong above 10", "wrong above 20"]);
        for engine in &study.engines {
            let (targets, others) = weights(&of_kind(&engine.plain, kind));
            let at = |decades: f64| misleading(&targets, &others, decades).unwrap_or((f64::NAN, f64::NAN));
            let [(right_ten, wrong_ten), (right_twenty, wrong_twenty)] = [at(1.0), at(2.0)];
            let cells = [number(right_ten), number(right_twenty), fine(wrong_ten), fine(wrong_twenty)];
            text += &row(&[vec![engine.name.clone()], cells.to_vec()].concat());
        }
    }
    text
}

/// A share with four digits: wrong groups are many.
fn fine(value: f64) -> String {
    format!("{value:.4}")
}

pub(super) fn drawings(study: &Study) -> Vec<(String, String)> {
    let mut drawings = Vec::new();
    for kind in MAIN_KINDS {
        drawings.push((format!("tippett-{kind}.svg"), tippett_plot(study, kind).svg()));
        drawings.push((format!("cross-entropy-{kind}.svg"), cross_entropy_plot(study, kind).svg()));
        drawings.push((format!("reliability-{kind}.svg"), reliability_plot(study, kind).svg()));
    }
    drawings.push(("risk-coverage.svg".to_owned(), risk_plot(study).svg()));
    drawings
}

/// Ours and the best of the others, the best first.
fn shown(study: &Study) -> Vec<&Measured> {
    let mut engines: Vec<&Measured> = study.engines.iter().collect();
    let key = |engine: &Measured| (u8::from(engine.is_ours), reciprocal(engine).unwrap_or_default());
    engines.sort_by(|one, other| {
        let (one, other) = (key(one), key(other));
        other.0.cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    engines.truncate(SHOWN);
    engines
}

fn weights(outcomes: &[&Outcome]) -> (Vec<f64>, Vec<f64>) {
    let targets = outcomes.iter().flat_map(|outcome| outcome.targets.iter().copied()).collect();
    (targets, outcomes.iter().flat_map(|outcome| outcome.others.iter().copied()).collect())
}

fn line(name: &str, points: Vec<(f64, f64)>) -> Line {
    Line { name: name.to_owned(), points, dots: Vec::new() }
}

fn tippett_plot(study: &Study, kind: &str) -> Plot {
    let mut lines = Vec::new();
    for engine in shown(study).into_iter().take(SHOWN / 2) {
        let (targets, others) = weights(&of_kind(&engine.plain, kind));
        let points = tippett(&targets, &others, -4.0, 4.0, 161);
        let decibans = |log10_lr: f64| 10.0 * log10_lr;
        let right = points.iter().map(|point| (decibans(point.log10_lr), point.targets)).collect();
        let wrong = points.iter().map(|point| (decibans(point.log10_lr), point.others)).collect();
        lines.push(line(&format!("right: {}", engine.name), right));
        lines.push(line(&format!("wrong: {}", engine.name), wrong));
    }
    Plot {
        title: format!("Tippett plot, {kind}"),
        x: Axis { name: "weight of evidence, decibans", low: -40.0, high: 40.0, step: 10.0 },
        y: Axis { name: "share with at least this weight", low: 0.0, high: 1.0, step: 0.2 },
        lines,
        diagonal: false,
    }
}

fn cross_entropy_plot(study: &Study, kind: &str) -> Plot {
    let odds: Vec<f64> = (0..=100).map(|step| f64::from(step) * 0.05 - 2.5).collect();
    let curve = |targets: &[f64], others: &[f64]| -> Vec<(f64, f64)> {
        let points = odds.iter().filter_map(|odds| Some((*odds, empirical_cross_entropy(targets, others, *odds)?)));
        points.collect()
    };
    let mut lines: Vec<Line> = shown(study)
        .into_iter()
        .map(|engine| {
            let (targets, others) = weights(&of_kind(&engine.plain, kind));
            line(&engine.name, curve(&targets, &others))
        })
        .collect();
    lines.push(line("saying nothing", curve(&[0.0], &[0.0])));
    Plot {
        title: format!("Empirical cross-entropy, {kind}"),
        x: Axis { name: "prior odds, log10", low: -2.5, high: 2.5, step: 0.5 },
        y: Axis { name: "bits that remain unknown", low: 0.0, high: 1.0, step: 0.2 },
        lines,
        diagonal: false,
    }
}

fn reliability_plot(study: &Study, kind: &str) -> Plot {
    let best = best_peer(study).map(|engine| engine.name.clone());
    let is_drawn = |engine: &&&Measured| engine.is_ours || Some(&engine.name) == best.as_ref();
    let draw = |engine: &&Measured| {
        let answers: Vec<Judged> = of_kind(&engine.plain, kind).iter().map(|outcome| outcome.leader).collect();
        let bins = reliability(&answers, 10);
        Line {
            name: engine.name.clone(),
            points: bins.iter().map(|bin| (bin.confidence, bin.right)).collect(),
            dots: bins.iter().map(|bin| bin.count.to_string()).collect(),
        }
    };
    Plot {
        title: format!("Reliability of the leading answer, {kind}"),
        x: Axis { name: "how sure", low: 0.0, high: 1.0, step: 0.2 },
        y: Axis { name: "how often right", low: 0.0, high: 1.0, step: 0.2 },
        lines: shown(study).iter().filter(is_drawn).map(draw).collect(),
        diagonal: true,
    }
}

fn risk_plot(study: &Study) -> Plot {
    let draw = |engine: &&Measured| {
        let leaders: Vec<Judged> = engine.plain.iter().map(|outcome| outcome.leader).collect();
        let points = risk_coverage(&leaders).iter().map(|point| (point.coverage, point.risk)).collect();
        line(&engine.name, points)
    };
    Plot {
        title: "Risk by coverage, open items included".to_owned(),
        x: Axis { name: "share of items that are answered, the surest first", low: 0.0, high: 1.0, step: 0.2 },
        y: Axis { name: "share of answers that are wrong", low: 0.0, high: 1.0, step: 0.2 },
        lines: shown(study).iter().map(draw).collect(),
        diagonal: false,
    }
}
