//! A case in which every text of others tries to become something else.

use std::collections::BTreeMap;

use onus_core::AnalyserRun;
use onus_report::{html, text, verdict_sentence};
use onus_weigh::{Assessment, sheet::OTHER};

use crate::{page::well_formed, sample, sample::Case};

/// Markup, a way out of an attribute, a colour change, a reversal of direction, a line break, a tag for style, a link.
const HOSTILE: &str = "</style><img src=x onerror=alert(1)>\"'><script>x</script>\u{1b}[31m\u{202e}gpj\u{2066}\n\r\u{0}\u{200b}`&lt;`](javascript:x)--><!--]]>";

/// Returns a case in which every text is hostile; identifiers still find each other.
pub(crate) fn case() -> Case {
    let mut case = sample::not_determined();
    let hostile = |text: &mut String| *text = format!("{text}{HOSTILE}");
    sheet(&mut case, hostile);
    assessment(&mut case, hostile);
    ledger(&mut case, hostile);
    case.assessment.inputs.reference = Some(onus_core::Digest::of(b"counts"));
    case.notices.iter_mut().for_each(hostile);
    case
}

fn sheet(case: &mut Case, hostile: impl Fn(&mut String)) {
    let sheet = &mut case.sheet;
    for text in [&mut sheet.case.title, &mut sheet.case.question] {
        hostile(text);
    }
    sheet.case.tlp.iter_mut().for_each(&hostile);
    for answer in &mut sheet.hypotheses {
        answer.actor = Some(String::new());
        [&mut answer.id, &mut answer.title].into_iter().chain(&mut answer.actor).for_each(&hostile);
    }
    for source in &mut sheet.sources {
        [&mut source.id, &mut source.title]
            .into_iter()
            .chain(&mut source.url)
            .chain(&mut source.cites)
            .for_each(&hostile);
    }
    for stated in &mut sheet.observations {
        stated.root = Some(stated.source.clone());
        stated.relies_on = vec!["denial".to_owned()];
        [&mut stated.id, &mut stated.source, &mut stated.kind, &mut stated.value].into_iter().for_each(&hostile);
        let lists = [&mut stated.relies_on, &mut stated.points_at, &mut stated.points_away].into_iter().flatten();
        stated.root.iter_mut().chain(&mut stated.block).chain(lists).for_each(&hostile);
    }
    for test in &mut sheet.tests {
        [&mut test.id, &mut test.observation, &mut test.source, &mut test.value].into_iter().for_each(&hostile);
    }
    for retraction in &mut sheet.retractions {
        [&mut retraction.observation, &mut retraction.source, &mut retraction.value].into_iter().for_each(&hostile);
    }
    for challenge in &mut sheet.challenges {
        let texts = [&mut challenge.against, &mut challenge.by, &mut challenge.value];
        texts.into_iter().chain(&mut challenge.id).for_each(&hostile);
    }
    sheet.prior =
        sheet.prior.take().map(|prior| prior.into_iter().map(|(id, p)| (format!("{id}{HOSTILE}"), p)).collect());
    sheet.searched.iter_mut().for_each(|searched| hostile(&mut searched.kind));
}

fn assessment(case: &mut Case, hostile: impl Fn(&mut String)) {
    let renamed = |id: &str| if id == OTHER { id.to_owned() } else { format!("{id}{HOSTILE}") };
    let assessment = &mut case.assessment;
    [&mut assessment.question, &mut assessment.inputs.engine].into_iter().for_each(&hostile);
    assessment.as_of.iter_mut().chain(&mut assessment.leading).chain(&mut assessment.notes).for_each(&hostile);
    assessment.single_points_of_failure.iter_mut().for_each(&hostile);
    assessment.gates.iter_mut().for_each(|gate| [&mut gate.id, &mut gate.detail].into_iter().for_each(&hostile));
    for answer in &mut assessment.hypotheses {
        answer.id = renamed(&answer.id);
        let words = &mut answer.likelihood_words;
        [&mut answer.words, &mut words.flat, &mut words.sceptical]
            .into_iter()
            .chain(&mut words.user)
            .for_each(&hostile);
    }
    for result in &mut assessment.observations {
        [&mut result.id, &mut result.kind, &mut result.root].into_iter().for_each(&hostile);
        result.block.iter_mut().chain(&mut result.remark).chain(&mut result.repeats).for_each(&hostile);
        result.counted_with.iter_mut().for_each(&hostile);
        result.weights_mdb = result.weights_mdb.iter().map(|(id, mdb)| (renamed(id), *mdb)).collect();
        result.tests.iter_mut().for_each(|test| hostile(&mut test.id));
    }
    assessment.break_even_delta = BTreeMap::from([(renamed("b"), Some(0.012))]);
    for point in &mut assessment.delta_curve {
        point.posterior = point.posterior.iter().map(|(id, posterior)| (renamed(id), *posterior)).collect();
    }
    assessment
        .not_computed
        .iter_mut()
        .for_each(|entry| [&mut entry.what, &mut entry.why].into_iter().for_each(&hostile));
    overturning(assessment, &hostile, renamed);
    assessment.without_subjective.iter_mut().flat_map(|other| &mut other.leading).for_each(&hostile);
}

fn overturning(assessment: &mut Assessment, hostile: impl Fn(&mut String), renamed: impl Fn(&str) -> String) {
    hostile(&mut assessment.confidence);
    assessment.gates.iter_mut().flat_map(|gate| &mut gate.observations).for_each(&hostile);
    for missing in &mut assessment.missing {
        [&mut missing.kind, &mut missing.cost].into_iter().for_each(&hostile);
    }
    for row in &mut assessment.searched {
        row.weights_mdb = row.weights_mdb.iter().map(|(id, mdb)| (renamed(id), *mdb)).collect();
        row.remark.iter_mut().chain([&mut row.kind]).for_each(&hostile);
    }
    for set in assessment.minimum_forged_sets.iter_mut().chain(&mut assessment.minimum_withdrawn_sets) {
        set.rival = renamed(&set.rival);
        set.observations.push("no such item".to_owned());
        set.observations.iter_mut().chain(&mut set.least).chain([&mut set.proved_by]).for_each(&hostile);
    }
    if let Some(other) = &mut assessment.without_subjective {
        other.hypotheses.iter_mut().for_each(|answer| answer.id = renamed(&answer.id));
        other.gates.iter_mut().for_each(|gate| hostile(&mut gate.id));
    }
}

fn ledger(case: &mut Case, hostile: impl Fn(&mut String)) {
    let ledger = &mut case.ledger;
    ledger.bounds = vec![String::new()];
    let texts = [&mut ledger.origin, &mut ledger.key, &mut ledger.root, &mut ledger.checkpoint];
    texts.into_iter().chain(&mut ledger.bounds).for_each(&hostile);
    for record in &mut case.exhibits {
        let texts = [&mut record.added, &mut record.name, &mut record.exhibit.sha1, &mut record.exhibit.md5];
        texts.into_iter().chain(&mut record.source).for_each(&hostile);
        let run = record.run.as_mut().expect("the sample was analysed");
        [&mut run.isolation, &mut run.outcome].into_iter().for_each(&hostile);
        run.analysers = vec![AnalyserRun { id: HOSTILE.to_owned(), version: 1 }];
        for observation in &mut run.observations {
            let texts = [&mut observation.kind, &mut observation.value, &mut observation.analyser];
            texts.into_iter().for_each(&hostile);
            observation.attributes = BTreeMap::from([(HOSTILE.to_owned(), HOSTILE.to_owned())]);
        }
    }
}

#[test]
fn nothing_hostile_becomes_markup() {
    let page = html(&case().dossier());
    for forbidden in ["<img", "<script", "onerror=alert(1)>", "<!--", "\" onerror", "href=\"javascript"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert_eq!(page.matches("</style").count(), 1);
    well_formed(&page);
}

#[test]
fn nothing_hostile_steers_the_reader() {
    let case = case();
    for shown in [html(&case.dossier()), text(&case.dossier(), false), verdict_sentence(&case.assessment, &case.sheet)]
    {
        for steering in ['\u{1b}', '\u{202e}', '\u{2066}', '\r', '\u{0}', '\u{200b}'] {
            let at = shown.find(steering).map(|at| shown[..at].chars().rev().take(60).collect::<String>());
            assert_eq!(at, None, "{} stands after this, read backwards", steering.escape_unicode());
        }
        assert!(shown.contains("\\u{202e}"));
    }
}
