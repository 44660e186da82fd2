//! Who may be named: only a candidate that still leads when what a forger would plant first is struck.

use super::{
    RankModel,
    strikes::{STRIKES, Struck, Totals, strongest_other},
};
use crate::decibans;

/// A candidate that may not be named stands just below one half.
const NOT_NAMED_MAX: f64 = 0.4999;

/// Whether the first candidate may be named.
#[derive(Clone, Debug, PartialEq)]
pub enum Naming {
    /// It may: it stands at one half or more, and holds whatever is struck. The strikes are those that were tried.
    MayBeNamed(Vec<Strike>),
    /// It stands below one half.
    TooImprobable,
    /// Struck of these traces it does not hold: if they were planted, the rest does not point at it.
    RestsOn(Strike),
}

/// What was struck, and what became of the lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Strike {
    /// The traces (by place among those seen), the strongest first: software, then techniques.
    pub struck: Vec<usize>,
    /// The actor (by number) that leads then.
    pub leads: u16,
    /// By how much the first leads then, in millidecibans; negative where another does.
    pub lead_mdb: i64,
}

/// Probabilities after whoever may not be named was held back.
pub(super) struct Held {
    /// By candidate.
    pub(super) posterior: Vec<f64>,
    pub(super) none: f64,
    /// The actor (by number) that stood at one half or more.
    pub(super) considered: Option<u16>,
    pub(super) naming: Naming,
}

pub(super) struct Gate<'g> {
    pub(super) candidates: &'g [u16],
    pub(super) totals: &'g Totals,
    pub(super) struck: &'g [Struck],
    pub(super) model: &'g RankModel,
}

impl Gate<'_> {
    /// Takes probabilities, `none` last, and holds back whoever may not be named.
    ///
    /// What is cut goes to all others and to none in proportion: if it is not this one, it is one of those.
    pub(super) fn apply(&self, mut posterior: Vec<f64>) -> Held {
        let named = posterior.iter().rev().skip(1).rev().position(|probability| *probability >= 0.5);
        let naming = named.map_or(Naming::TooImprobable, |named| self.naming(named));
        if let (Naming::RestsOn(_), Some(named)) = (&naming, named) {
            let own = posterior.get(named).copied().unwrap_or_default();
            let grown = (1.0 - NOT_NAMED_MAX) / (1.0 - own);
            for (at, probability) in posterior.iter_mut().enumerate() {
                *probability = if at == named { NOT_NAMED_MAX } else { *probability * grown };
            }
        }
        let none = posterior.pop().unwrap_or(1.0);
        let considered = named.and_then(|named| self.candidates.get(named)).copied();
        Held { posterior, none, considered, naming }
    }

    /// Tries the strikes of the rule on one candidate; the first that it does not survive decides.
    fn naming(&self, candidate: usize) -> Naming {
        let rule = self.model.naming;
        let tried = [((rule.software, 0), 0.0), ((0, rule.techniques), 0.0), (rule.deep, rule.deep_margin)];
        let mut survived = Vec::new();
        // where nothing is struck, nothing is tried
        for (strike, least) in tried.into_iter().filter(|(strike, _)| *strike != (0, 0)) {
            let Some((strike, margin)) = self.strike(candidate, strike) else { return Naming::TooImprobable };
            if margin <= least {
                return Naming::RestsOn(strike);
            }
            survived.push(strike);
        }
        Naming::MayBeNamed(survived)
    }

    fn strike(&self, candidate: usize, strike: (usize, usize)) -> Option<(Strike, f64)> {
        let struck = self.struck.get(candidate)?;
        let at = STRIKES.iter().position(|known| *known == strike)?;
        let margin = *struck.margins.get(at)?;
        let (software, techniques) = &struck.best;
        let traces: Vec<usize> =
            software.iter().take(strike.0).chain(techniques.iter().take(strike.1)).copied().collect();
        let rival = strongest_other(candidate, &self.totals.without(traces.iter().copied()));
        let leads = rival.filter(|_| margin <= 0.0).map_or(candidate, |(rival, _)| rival);
        let strike = Strike {
            struck: traces,
            leads: *self.candidates.get(leads)?,
            lead_mdb: decibans::millidecibans(decibans::from_ln(margin)),
        };
        Some((strike, margin))
    }
}
