//! The largest case that a page has to carry: five hundred items and thirty answers.

use std::collections::BTreeMap;

use onus_report::{html, text};

use crate::{
    page::{check_links, well_formed},
    sample,
};

const ITEMS: usize = 500;
const ANSWERS: usize = 30;

fn large() -> sample::Case {
    let mut case = sample::not_determined();
    let (hypothesis, answer) = (case.sheet.hypotheses[0].clone(), case.assessment.hypotheses[1].clone());
    let ids: Vec<String> = (0..ANSWERS).map(|number| format!("answer-{number}")).collect();
    for id in &ids {
        case.sheet.hypotheses.push(onus_weigh::sheet::Hypothesis {
            id: id.clone(),
            title: format!("Group {id}"),
            ..hypothesis.clone()
        });
        case.assessment.hypotheses.push(onus_weigh::HypothesisResult { id: id.clone(), ..answer.clone() });
    }
    for point in &mut case.assessment.delta_curve {
        point.posterior.extend(ids.iter().map(|id| (id.clone(), 0.01)));
    }
    let weights: BTreeMap<String, i64> = ids.iter().map(|id| (id.clone(), 9_000)).collect();
    let (stated, result) = (case.sheet.observations[0].clone(), case.assessment.observations[0].clone());
    for number in 0..ITEMS {
        let id = format!("item-{number}");
        let value = "what was found, in as many words as such a thing takes".to_owned();
        case.sheet.observations.push(onus_weigh::sheet::Stated {
            id: id.clone(),
            value,
            points_at: ids.clone(),
            ..stated.clone()
        });
        case.assessment.observations.push(onus_weigh::ObservationResult {
            id,
            weights_mdb: weights.clone(),
            ..result.clone()
        });
    }
    let many: Vec<String> = (0..ITEMS).map(|number| format!("item-{number}")).collect();
    case.assessment.gates.iter_mut().for_each(|gate| gate.observations.clone_from(&many));
    let many: Vec<&str> = many.iter().map(String::as_str).take(60).collect();
    for (number, (id, level)) in ids.iter().flat_map(|id| [30_000, 20_000, 0].map(|level| (id, level))).enumerate() {
        for least in ["cost", "size"] {
            let set = onus_weigh::ForgedSet {
                least: vec![least.to_owned()],
                cost_at_least: number as u64,
                ..sample::set(id, level, &many, 600)
            };
            case.assessment.minimum_forged_sets.push(set.clone());
            case.assessment.minimum_withdrawn_sets.push(set);
        }
    }
    case
}

#[test]
fn five_hundred_items_and_thirty_answers_give_a_page_that_opens() {
    let case = large();
    let page = html(&case.dossier());
    well_formed(&page);
    check_links(&page);
    assert!(page.len() < 3_500_000, "{}", page.len());
    assert!(page.contains("further answers, further behind"));
    let terminal = text(&case.dossier(), false);
    assert!(terminal.len() < 30_000, "{}", terminal.len());
    assert!(terminal.contains("30 more answers further behind, see the page"));
}
