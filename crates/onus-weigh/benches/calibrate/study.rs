//! Everything that is measured, gathered once; the report only writes it down.

use onus_weigh::{
    Reference,
    benchmark::{Benchmark, Evidence, Setting},
};

use crate::{
    engine::{Engine, Features},
    exponents::{self, NOISE, NOISE_USED, Smoothing, Tempering},
    framed::{self, Framed},
    gate::gated,
    line_up::{self, Entry},
    options::Options,
    outcome::{Outcome, ask, outcome},
    predictions,
    prepared::Prepared,
    speed,
};

/// What came of one engine on the items as they are.
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) is_ours: bool,
    pub(crate) plain: Vec<Outcome>,
    pub(crate) gated: Vec<Outcome>,
    /// Taught with plants of one half of the recipes.
    pub(crate) taught: Option<Vec<Outcome>>,
    /// The same behind the gate.
    pub(crate) taught_gated: Option<Vec<Outcome>>,
}

/// Outcomes of the engines when only one sort of trace is shown, by name.
pub(crate) struct OneSort {
    pub(crate) setting: Setting,
    pub(crate) engines: Vec<(String, Vec<Outcome>)>,
}

/// Everything that was measured.
pub(crate) struct Study {
    pub(crate) engines: Vec<Measured>,
    pub(crate) one_sort: Vec<OneSort>,
    pub(crate) benchmark_plants: Vec<Framed>,
    pub(crate) family: Vec<Framed>,
    pub(crate) smoothing: Smoothing,
    /// Exponents over all answered items, with ranges, by sort of evidence.
    pub(crate) tempering: Vec<Tempering>,
    /// The same by kind of item.
    pub(crate) by_kind: Vec<(String, Tempering)>,
    /// The band of label noise.
    pub(crate) noise: Vec<Tempering>,
}

/// Measures everything.
pub(crate) fn run(
    benchmark: &Benchmark,
    reference: &Reference,
    asked: &[Prepared<'_>],
    features: &dyn Features,
    options: &Options,
) -> Result<Study, String> {
    let evidence: Vec<Evidence> = asked.iter().map(|item| item.shown(Setting::Both)).collect();
    let entries = line_up::engines(features, asked, &evidence)?;
    eprintln!("fitted {} engines", entries.len());
    if let Some(folder) = &options.predictions {
        for entry in &entries {
            predictions::write(folder, entry.plain.as_ref(), Setting::Both, asked, benchmark)?;
        }
    }
    let engines = entries.iter().map(|entry| measure(entry, asked, &evidence)).collect();
    let mut one_sort = Vec::new();
    for setting in [Setting::Techniques, Setting::Software] {
        let shown: Vec<Evidence> = asked.iter().map(|item| item.shown(setting)).collect();
        let fitted = line_up::of_setting(features, asked, setting)?;
        if let Some(folder) = &options.predictions {
            for engine in &fitted {
                predictions::write(folder, engine.as_ref(), setting, asked, benchmark)?;
            }
        }
        let outcomes = fitted.iter().map(|engine| (engine.name().to_owned(), ask(engine.as_ref(), asked, &shown)));
        let engines = outcomes.collect();
        one_sort.push(OneSort { setting, engines });
    }
    eprintln!("asked every item");
    let benchmark_plants = framed::by_benchmark(&entries, asked, benchmark);
    let family = framed::by_family(&entries, asked);
    eprintln!("met {} plants", benchmark_plants.len() + family.len());
    let newest = asked.iter().max_by_key(|item| item.view.documents.len()).ok_or("the benchmark has no items")?;
    let smoothing = exponents::smoothing(newest);
    let temper =
        |setting, kind, noise, with_range| exponents::temper(asked, setting, kind, noise, smoothing, with_range);
    let tempering = Setting::ALL.into_iter().filter_map(|setting| temper(setting, None, NOISE_USED, true)).collect();
    let kinds = ["report-temporal", "report-loo"];
    let by_kind = kinds.into_iter().flat_map(|kind| Setting::ALL.map(|setting| (kind, setting)));
    let by_kind =
        by_kind.filter_map(|(kind, setting)| Some((kind.to_owned(), temper(setting, Some(kind), NOISE_USED, true)?)));
    let by_kind = by_kind.collect();
    let noise = NOISE.into_iter().flat_map(|noise| Setting::ALL.map(|setting| (noise, setting)));
    let noise = noise.filter_map(|(noise, setting)| temper(setting, None, noise, false)).collect();
    eprintln!("fitted exponents");
    speed::print(benchmark, reference, &entries)?;
    Ok(Study { engines, one_sort, benchmark_plants, family, smoothing, tempering, by_kind, noise })
}

fn measure(entry: &Entry<'_>, asked: &[Prepared<'_>], evidence: &[Evidence]) -> Measured {
    let behind_gate = |engine: &dyn Engine| -> Vec<Outcome> {
        let pairs = asked.iter().zip(evidence).filter(|(_, evidence)| !evidence.is_empty());
        let judged =
            pairs.map(|(item, evidence)| outcome(item, &gated(engine, item, evidence, engine.rank(item, evidence))));
        judged.collect()
    };
    let taught = entry.taught_against(0);
    Measured {
        name: entry.name().to_owned(),
        is_ours: entry.is_ours,
        plain: ask(entry.plain.as_ref(), asked, evidence),
        gated: behind_gate(entry.plain.as_ref()),
        taught: taught.map(|engine| ask(engine, asked, evidence)),
        taught_gated: taught.map(behind_gate),
    }
}
