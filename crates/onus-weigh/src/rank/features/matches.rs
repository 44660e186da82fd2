//! What was seen and is known of a candidate: counts, rarities, and its best report.

use crate::rank::{
    profiles::{Profiles, count},
    strikes::Struck,
};

/// The largest rarity that an unmatched name of software counts with, in nats.
const RARITY_MAX: f64 = 3.0;

/// So many of a candidate's best names and techniques are left out in what is called "without best".
const BEST: (usize, usize) = (2, 3);

/// What was seen and is known of a candidate, counted.
pub(super) struct Matched {
    pub(super) software_known: f64,
    pub(super) techniques_known: f64,
    /// Techniques that a profile of its size would share by chance.
    pub(super) techniques_by_chance: f64,
    pub(super) rarity_covered: f64,
    pub(super) rarity_covered_without_best: f64,
    pub(super) software_unknown: f64,
    pub(super) software_unknown_but_owned: f64,
    pub(super) best_report: f64,
    pub(super) best_report_without_best: f64,
    pub(super) best_report_techniques: f64,
    pub(super) reports_sharing: f64,
    pub(super) reports_sharing_techniques: f64,
}

/// The best report of a candidate, by measure, and how many share anything.
#[derive(Clone, Copy, Default)]
struct Reports {
    best: f64,
    best_without: f64,
    best_techniques: f64,
    sharing: f64,
    sharing_techniques: f64,
}

/// What is the same for every candidate, and the reports of each.
pub(super) struct Matches<'m> {
    is_software: &'m [bool],
    rarity: f64,
    reports: Vec<Reports>,
    /// By candidate and seen trace: whether it is one of its best.
    is_best: Vec<Vec<bool>>,
}

impl<'m> Matches<'m> {
    pub(super) fn new(profiles: &Profiles, is_software: &'m [bool], struck: &[Struck]) -> Self {
        let is_best: Vec<Vec<bool>> = struck.iter().map(|struck| best(struck, is_software.len())).collect();
        let techniques = count(is_software.iter().filter(|software| !**software).count());
        let rarity = |at: &usize| profiles.rarity.get(*at).copied().unwrap_or_default();
        let is_technique = |at: &&usize| is_software.get(**at) == Some(&false);
        let squares =
            |shared: &mut dyn Iterator<Item = &usize>| shared.map(rarity).map(|rarity| rarity * rarity).sum::<f64>();
        let all = (profiles.rarity.iter().map(|rarity| rarity * rarity).sum::<f64>() + 1.0).sqrt();
        let mut reports = vec![Reports::default(); profiles.reports.len()];
        for overlap in &profiles.overlaps {
            let (Some(reports), Some(is_best)) = (reports.get_mut(overlap.candidate), is_best.get(overlap.candidate))
            else {
                continue;
            };
            let size = (8.0 * overlap.size + 20.0).sqrt();
            let whole = squares(&mut overlap.shared.iter()) / size / all;
            let rest = overlap.shared.iter().filter(|at| is_best.get(**at) != Some(&true));
            let without = squares(&mut rest.into_iter()) / size / all;
            let of_techniques = overlap.shared.iter().filter(is_technique);
            let number = of_techniques.clone().count();
            let of_techniques = of_techniques.map(rarity).sum::<f64>() / (techniques + 1.0);
            reports.best = reports.best.max(whole);
            reports.best_without = reports.best_without.max(without);
            reports.best_techniques = reports.best_techniques.max(of_techniques);
            reports.sharing += 1.0;
            reports.sharing_techniques += if number >= 2 { 1.0 } else { 0.0 };
        }
        Self { is_software, rarity: profiles.rarity.iter().sum::<f64>().max(1e-9), reports, is_best }
    }

    pub(super) fn of(&self, profiles: &Profiles, candidate: usize) -> Matched {
        let reports = self.reports.get(candidate).copied().unwrap_or_default();
        let claims = profiles.claims.get(candidate).copied().unwrap_or_default();
        let mut found = Matched {
            software_known: 0.0,
            techniques_known: 0.0,
            techniques_by_chance: 0.0,
            rarity_covered: 0.0,
            rarity_covered_without_best: 0.0,
            software_unknown: 0.0,
            software_unknown_but_owned: 0.0,
            best_report: reports.best,
            best_report_without_best: reports.best_without,
            best_report_techniques: reports.best_techniques,
            reports_sharing: reports.sharing,
            reports_sharing_techniques: reports.sharing_techniques,
        };
        let counts = profiles.counts.get(candidate).into_iter().flatten();
        let of_seen = self.is_software.iter().zip(&profiles.rarity).zip(&profiles.owners).zip(&profiles.background);
        for (at, ((((is_software, rarity), owners), background), reports)) in of_seen.zip(counts).enumerate() {
            match (*reports > 0.0, *is_software) {
                (true, true) => found.software_known += 1.0,
                (true, false) => found.techniques_known += 1.0,
                (false, true) => {
                    found.software_unknown += rarity.min(RARITY_MAX);
                    found.software_unknown_but_owned += if *owners > 0 { 1.0 } else { 0.0 };
                }
                (false, false) => {}
            }
            if !is_software {
                found.techniques_by_chance += 1.0 - libm::exp(-claims * background);
            }
            if *reports > 0.0 {
                found.rarity_covered += rarity / self.rarity;
                let is_best = self.is_best.get(candidate).and_then(|is_best| is_best.get(at)) == Some(&true);
                found.rarity_covered_without_best += if is_best { 0.0 } else { rarity / self.rarity };
            }
        }
        found
    }
}

fn best(struck: &Struck, seen: usize) -> Vec<bool> {
    let mut is_best = vec![false; seen];
    let (software, techniques) = &struck.best;
    for at in software.iter().take(BEST.0).chain(techniques.iter().take(BEST.1)) {
        if let Some(cell) = is_best.get_mut(*at) {
            *cell = true;
        }
    }
    is_best
}
