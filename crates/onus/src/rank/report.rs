//! A ranking with names instead of numbers, for readers and programs.

use onus_core::Digest;
use onus_weigh::{
    Reference,
    rank::{Carried, Naming, Ranked, Ranking, Sought, Strike},
    reference::View,
};
use serde::Serialize;

/// A ranking as it is printed. Fields are described in `docs/spec/rank.md`.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "described with the format")]
pub struct RankReport {
    pub onus: u32,
    pub reference: ReferenceRow,
    pub seen: Vec<SeenRow>,
    pub none: f64,
    pub sceptical_share: f64,
    pub named: Option<NamedRow>,
    pub naming: String,
    pub ranking: Vec<RankedRow>,
    pub next: Vec<SoughtRow>,
    pub notes: Vec<String>,
}

/// What the ranking rests on.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "described with the format")]
pub struct ReferenceRow {
    pub title: String,
    pub digest: Digest,
    pub release: String,
    pub candidates: usize,
    pub reports: usize,
    pub notices: Vec<String>,
}

/// One trace that was seen.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "described with the format")]
pub struct SeenRow {
    pub id: String,
    pub kind: &'static str,
    pub name: Option<String>,
}

/// Who may be named.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "described with the format")]
pub struct NamedRow {
    pub group: String,
    pub name: String,
}

/// One candidate.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "described with the format")]
pub struct RankedRow {
    pub rank: usize,
    pub group: String,
    pub name: String,
    pub log10_lr: f64,
    pub weight_mdb: i64,
    pub posterior: f64,
    pub carried_by: Vec<CarriedRow>,
}

/// A trace that carries a rank.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "described with the format")]
pub struct CarriedRow {
    pub id: String,
    pub name: Option<String>,
    pub weight_mdb: i64,
    pub reports: usize,
    pub owners: usize,
}

/// A trace worth seeking.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "described with the format")]
pub struct SoughtRow {
    pub id: String,
    pub name: String,
    pub value_bits: f64,
    pub known_of: Vec<String>,
}

pub(super) fn report(view: &View<'_>, ranking: &Ranking, sought: &[Sought], notes: Vec<String>) -> RankReport {
    let reference = view.reference;
    let seen = |seen: &onus_weigh::rank::Seen| SeenRow {
        id: seen.id.clone(),
        kind: seen.kind.name(),
        name: seen.trace.map(|trace| trace_name(reference, trace)),
    };
    let rows: Vec<RankedRow> =
        (1..).zip(&ranking.candidates).map(|(rank, ranked)| ranked_row(reference, ranking, rank, ranked)).collect();
    let named = ranking.considered.filter(|_| matches!(ranking.naming, Naming::MayBeNamed(_)));
    let named = named.and_then(|actor| reference.actors.get(usize::from(actor)));
    RankReport {
        onus: 1,
        reference: ReferenceRow {
            title: reference.title.clone(),
            digest: reference.digest(),
            release: reference
                .releases
                .get(usize::from(view.release))
                .map_or_else(String::new, |release| release.name.clone()),
            candidates: view.candidates.len(),
            reports: view.documents.len(),
            notices: reference.notices.clone(),
        },
        seen: ranking.seen.iter().map(seen).collect(),
        none: ranking.none,
        sceptical_share: ranking.sceptical_share,
        named: named.map(|actor| NamedRow { group: actor.id.clone(), name: actor.name.clone() }),
        naming: naming(reference, ranking),
        ranking: rows,
        next: sought.iter().map(|sought| sought_row(reference, sought)).collect(),
        notes,
    }
}

/// Who may be named, and why or why not, in plain words.
fn naming(reference: &Reference, ranking: &Ranking) -> String {
    let named = ranking.considered.map_or_else(String::new, |actor| actor_name(reference, actor));
    match &ranking.naming {
        Naming::TooImprobable => "nobody may be named: no group stands at one half or more".to_owned(),
        Naming::MayBeNamed(strikes) => {
            let tried: Vec<String> = strikes
                .iter()
                .filter(|strike| !strike.struck.is_empty())
                .map(|strike| struck(ranking, strike))
                .collect();
            format!(
                "{named} may be named as a hypothesis: it holds when its strongest traces are taken to be planted \
                 ({}); no more than that was tried",
                tried.join("; ")
            )
        }
        Naming::RestsOn(strike) => {
            let leads = actor_name(reference, strike.leads);
            let then = if strike.lead_mdb > 0 {
                "too little of its lead is left".to_owned()
            } else {
                format!("{leads} leads")
            };
            format!(
                "nobody may be named: {named} stands highest, but without {}, which anybody could plant, {then}",
                struck(ranking, strike)
            )
        }
    }
}

fn struck(ranking: &Ranking, strike: &Strike) -> String {
    let ids = strike.struck.iter().filter_map(|at| ranking.seen.get(*at)).map(|seen| seen.id.as_str());
    ids.collect::<Vec<_>>().join(", ")
}

fn ranked_row(reference: &Reference, ranking: &Ranking, rank: usize, ranked: &Ranked) -> RankedRow {
    let carried = |carried: &Carried| CarriedRow {
        id: ranking.seen.get(carried.seen).map_or_else(String::new, |seen| seen.id.clone()),
        name: ranking.seen.get(carried.seen).and_then(|seen| seen.trace).map(|trace| trace_name(reference, trace)),
        weight_mdb: carried.weight_mdb,
        reports: carried.reports,
        owners: carried.owners,
    };
    let actor = reference.actors.get(usize::from(ranked.actor));
    RankedRow {
        rank,
        group: actor.map_or_else(String::new, |actor| actor.id.clone()),
        name: actor.map_or_else(String::new, |actor| actor.name.clone()),
        log10_lr: ranked.log10_ratio,
        weight_mdb: ranked.weight_mdb,
        posterior: ranked.posterior,
        carried_by: ranked.carried_by.iter().map(carried).collect(),
    }
}

fn sought_row(reference: &Reference, sought: &Sought) -> SoughtRow {
    let id = reference.traces.get(usize::from(sought.trace)).map_or_else(String::new, |trace| trace.id.clone());
    SoughtRow {
        id,
        name: trace_name(reference, sought.trace),
        value_bits: sought.value_bits,
        known_of: sought.known_of.iter().map(|actor| actor_name(reference, *actor)).collect(),
    }
}

fn trace_name(reference: &Reference, trace: u16) -> String {
    reference.traces.get(usize::from(trace)).map_or_else(String::new, |trace| trace.name.clone())
}

fn actor_name(reference: &Reference, actor: u16) -> String {
    let actor = reference.actors.get(usize::from(actor));
    actor.map_or_else(String::new, |actor| format!("{} ({})", actor.name, actor.id))
}
