//! Items as they are: each engine by kind, by sort of evidence, and against the best of the others.

use super::{
    KINDS, MAIN_KINDS, best_peer, of_kind,
    table::{figure, head, number, row},
};
use crate::{
    outcome::{Summary, difference, summary},
    study::Study,
};

pub(super) fn text(study: &Study) -> String {
    let mut text = "## Without false traces\n\n\
        Top-k counts how often the right group is among the first k, MRR the mean of one over its rank; ties count at \
        their expected value.\n\
        Cllr is the cost of the likelihood ratios over all pairs of item and group: 0 is perfect, 1 says nothing. The \
        least Cllr is what remains after the best rising map; the difference is loss by calibration.\n\
        Surprise is in bits at the right group. ECE is the gap between confidence and success of the leading answer.\n\
        The last rows are behind the gate that the next section describes: it changes probabilities, not the order.\n"
        .to_owned();
    let best = best_peer(study).map(|engine| engine.name.clone());
    for kind in KINDS {
        let summaries: Vec<(&str, Summary)> = study
            .engines
            .iter()
            .filter_map(|engine| Some((engine.name.as_str(), summary(&of_kind(&engine.plain, kind))?)))
            .collect();
        let Some((_, first)) = summaries.first() else { continue };
        text += &format!("\n### `{kind}`, {} items\n", first.count);
        text += &head(&[
            "engine",
            "top-1",
            "top-3",
            "top-5",
            "MRR",
            "Cllr",
            "least Cllr",
            "loss by calibration",
            "surprise",
            "ECE",
        ]);
        for (name, summary) in &summaries {
            text += &engine_row(name, summary);
        }
        for engine in study.engines.iter().filter(|engine| engine.is_ours || Some(&engine.name) == best.as_ref()) {
            let gated = summary(&of_kind(&engine.gated, kind));
            text += &gated
                .map_or_else(String::new, |gated| engine_row(&format!("{}, behind the gate", engine.name), &gated));
        }
    }
    text + &by_sort(study) + &differences(study)
}

fn engine_row(name: &str, summary: &Summary) -> String {
    row(&[
        name.to_owned(),
        figure(summary.top[0]),
        number(summary.top[1].value),
        number(summary.top[2].value),
        figure(summary.reciprocal),
        figure(summary.cllr),
        number(summary.cllr_min),
        number(summary.cllr.value - summary.cllr_min),
        figure(summary.log2_loss),
        figure(summary.calibration_error),
    ])
}

/// Engines when only one sort of trace is shown.
fn by_sort(study: &Study) -> String {
    let mut text = "\n### One sort of evidence\n\n\
        Top-1, MRR and Cllr. Each engine of others is fitted for the sort that it is shown; `onus` is one for all, fitted \
        with both. Items without a trace of that sort are left out.\n"
        .to_owned();
    for kind in MAIN_KINDS {
        let mut cells = vec!["engine".to_owned(), "both".to_owned()];
        cells.extend(study.one_sort.iter().map(|sort| {
            let count = sort.engines.first().map_or(0, |(_, outcomes)| of_kind(outcomes, kind).len());
            format!("{}, {count} items", sort.setting.name())
        }));
        text += &format!("\n`{kind}`\n");
        text += &head(&cells.iter().map(String::as_str).collect::<Vec<_>>());
        for engine in &study.engines {
            let mut cells = vec![engine.name.clone(), three(summary(&of_kind(&engine.plain, kind)))];
            cells.extend(study.one_sort.iter().map(|sort| {
                let found = sort.engines.iter().find(|(name, _)| *name == engine.name);
                three(found.and_then(|(_, outcomes)| summary(&of_kind(outcomes, kind))))
            }));
            text += &row(&cells);
        }
    }
    text
}

fn three(summary: Option<Summary>) -> String {
    let write = |summary: Summary| {
        let values = [summary.top[0].value, summary.reciprocal.value, summary.cllr.value];
        values.map(number).join(" / ")
    };
    summary.map_or_else(|| "-".to_owned(), write)
}

/// Differences to the best of the others on the same items.
fn differences(study: &Study) -> String {
    let Some(best) = best_peer(study) else { return String::new() };
    let mut text = format!(
        "\n### Differences on the same items\n\n\
         Each engine less the best of the others, `{}` (MRR on `report-loo`). A range that holds 0 says that these items \
         cannot tell them apart.\n",
        best.name
    );
    for kind in MAIN_KINDS {
        text += &format!("\n`{kind}`\n");
        text += &head(&["engine", "top-1", "MRR", "Cllr (less is better)", "surprise (less is better)"]);
        let of_best = of_kind(&best.plain, kind);
        let rows = study.engines.iter().flat_map(|engine| {
            let taught = engine.taught.as_ref().map(|taught| (format!("{}, taught with plants", engine.name), taught));
            let gated = Some((format!("{}, behind its gate", engine.name), &engine.gated)).filter(|_| engine.is_ours);
            [Some((engine.name.clone(), &engine.plain)), gated, taught].into_iter().flatten()
        });
        for (name, outcomes) in rows.filter(|(name, _)| *name != best.name) {
            let gaps = difference(&of_kind(outcomes, kind), &of_best);
            text += &row(&[vec![name], gaps.map(figure).to_vec()].concat());
        }
    }
    text
}
