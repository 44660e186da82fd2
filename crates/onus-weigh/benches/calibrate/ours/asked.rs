//! Asks the engine through the same code that the program runs, with the numbers of the item's fold.

use std::{cell::RefCell, rc::Rc};

use onus_weigh::{
    benchmark::Evidence,
    rank::{Compared, Ranking, Seen},
};

use super::Models;
use crate::{
    engine::{Answer, Engine},
    prepared::Prepared,
};

/// What was compared last: several models are asked the same.
#[derive(Default)]
pub(crate) struct Comparisons(RefCell<Option<(String, Evidence, Rc<Compared>)>>);

impl Comparisons {
    fn of(&self, asked: &Prepared<'_>, evidence: &Evidence) -> Rc<Compared> {
        if let Some((item, of, compared)) = self.0.borrow().as_ref()
            && *item == asked.item.item
            && of == evidence
        {
            return Rc::clone(compared);
        }
        let seen = Seen::all(asked.view.reference, evidence);
        let compared = Rc::new(Compared::new(&asked.view, &asked.question.candidates, &seen));
        *self.0.borrow_mut() = Some((asked.item.item.clone(), evidence.clone(), Rc::clone(&compared)));
        compared
    }
}

/// The engine.
pub(crate) struct Ours<'c> {
    pub(crate) models: Models,
    pub(crate) comparisons: &'c Comparisons,
}

impl Engine for Ours<'_> {
    fn name(&self) -> &str {
        super::NAME
    }

    fn rank(&self, asked: &Prepared<'_>, evidence: &Evidence) -> Answer {
        let ranking = self.comparisons.of(asked, evidence).rank(&self.models.by_fold[asked.fold]);
        answer(asked, &ranking)
    }
}

/// Returns a ranking by place of the candidates.
pub(super) fn answer(asked: &Prepared<'_>, ranking: &Ranking) -> Answer {
    let candidates = &asked.question.candidates;
    let (mut log10_lr, mut posterior) = (vec![f64::NEG_INFINITY; candidates.len()], vec![0.0; candidates.len()]);
    for ranked in &ranking.candidates {
        if let Ok(place) = candidates.binary_search(&ranked.actor) {
            log10_lr[place] = ranked.log10_ratio;
            posterior[place] = ranked.posterior;
        }
    }
    Answer { log10_lr, posterior, none: ranking.none }
}
