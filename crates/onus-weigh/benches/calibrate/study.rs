//! Everything that is measured, gathered once; the report only writes it down.

use onus_weigh::benchmark::{Benchmark, Evidence, Setting};

use crate::{
    engine::{Engine, Features},
    exponents::{self, CORRELATIONS, NOISE, NOISE_USED, Smoothing, Sums, Tempering},
    framed::{self, Framed},
    gate::gated,
    line_up::{self, Entry},
    options::Options,
    ours::{Comparisons, Models, Versions},
    outcome::{Outcome, ask, outcome},
    predictions,
    prepared::Prepared,
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
    /// Versions of ours.
    pub(crate) versions: Versions,
    pub(crate) smoothing: Smoothing,
    /// Exponents with ranges, by which items they are of.
    pub(crate) tempering: Vec<(String, Tempering)>,
    /// The band of label noise.
    pub(crate) noise: Vec<Tempering>,
    /// Techniques alone, by the correlation that is taken out first.
    pub(crate) shapes: Vec<Tempering>,
}

/// Measures everything.
pub(crate) fn run(
    benchmark: &Benchmark,
    asked: &[Prepared<'_>],
    features: &dyn Features,
    options: &Options,
    (models, versions): (&Models, Versions),
) -> Result<Study, String> {
    let comparisons = Comparisons::default();
    let ours = (models, &comparisons);
    let evidence: Vec<Evidence> = asked.iter().map(|item| item.shown(Setting::Both)).collect();
    let entries = line_up::engines(features, asked, &evidence, ours)?;
    eprintln!("fitted {} engines", entries.len());
    if let Some(folder) = &options.predictions {
        for entry in &entries {
            let engine = entry.own_gate.as_ref().unwrap_or(&entry.plain);
            predictions::write(folder, engine.as_ref(), Setting::Both, asked, benchmark)?;
        }
    }
    let engines = entries.iter().map(|entry| measure(entry, asked, &evidence)).collect();
    let mut one_sort = Vec::new();
    for setting in [Setting::Techniques, Setting::Software] {
        let shown: Vec<Evidence> = asked.iter().map(|item| item.shown(setting)).collect();
        let fitted = line_up::of_setting(features, asked, setting, ours)?;
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
    let mut benchmark_plants = framed::by_benchmark(&entries, asked, benchmark);
    let mut family = framed::by_family(&entries, asked);
    if let Some(engine) = entries.iter().position(|entry| entry.is_ours) {
        let of_ours = |framed: &Framed| Framed { engine, ..framed.clone() };
        for trial in [&versions.ungated, &versions.gated] {
            benchmark_plants.extend(trial.benchmark_plants.iter().map(of_ours));
            family.extend(trial.family.iter().map(of_ours));
        }
    }
    eprintln!("met {} plants", benchmark_plants.len() + family.len());
    let newest = asked.iter().max_by_key(|item| item.view.documents.len()).ok_or("the benchmark has no items")?;
    let smoothing = exponents::smoothing(newest);
    let tempering = tempering(asked, smoothing);
    let all = |_: &Prepared<'_>, _: &Evidence| true;
    let of_all = |sums: Sums| exponents::temper(asked, sums, &all, false);
    let band = NOISE.into_iter().flat_map(|noise| Setting::ALL.map(|setting| (noise, setting)));
    let noise = band.filter_map(|(noise, setting)| of_all(Sums { setting, noise, smoothing, correlation: 0.0 }));
    let noise = noise.collect();
    let shapes = CORRELATIONS.into_iter().filter_map(|correlation| {
        of_all(Sums { setting: Setting::Techniques, noise: NOISE_USED, smoothing, correlation })
    });
    let shapes = shapes.collect();
    eprintln!("fitted exponents");
    Ok(Study { engines, one_sort, benchmark_plants, family, versions, smoothing, tempering, noise, shapes })
}

fn measure(entry: &Entry<'_>, asked: &[Prepared<'_>], evidence: &[Evidence]) -> Measured {
    let behind_gate = |engine: &dyn Engine| -> Vec<Outcome> {
        let pairs = asked.iter().zip(evidence).filter(|(_, evidence)| !evidence.is_empty());
        let judged =
            pairs.map(|(item, evidence)| outcome(item, &gated(engine, item, evidence, engine.rank(item, evidence))));
        judged.collect()
    };
    let gated = match &entry.own_gate {
        Some(gate) => ask(gate.as_ref(), asked, evidence),
        None => behind_gate(entry.plain.as_ref()),
    };
    let taught = entry.taught_against(0);
    Measured {
        name: entry.name().to_owned(),
        is_ours: entry.is_ours,
        plain: ask(entry.plain.as_ref(), asked, evidence),
        gated,
        taught: taught.map(|engine| ask(engine, asked, evidence)),
        taught_gated: taught.map(behind_gate),
    }
}

/// Exponents of all items, of each kind, and by how many techniques were observed.
fn tempering(asked: &[Prepared<'_>], smoothing: Smoothing) -> Vec<(String, Tempering)> {
    let mut found = Vec::new();
    let mut add = |name: &str, setting, is_wanted: &dyn Fn(&Prepared<'_>, &Evidence) -> bool| {
        let sums = Sums { setting, noise: NOISE_USED, smoothing, correlation: 0.0 };
        let tempering = exponents::temper(asked, sums, is_wanted, true);
        found.extend(tempering.map(|tempering| (name.to_owned(), tempering)));
    };
    for setting in Setting::ALL {
        add("all answered", setting, &|_, _| true);
    }
    for kind in ["report-temporal", "report-loo"] {
        for setting in Setting::ALL {
            add(&format!("`{kind}`"), setting, &|item, _| item.item.kind == kind);
        }
    }
    for (name, least, most) in
        [("1 to 5 techniques", 1, 5), ("6 to 12 techniques", 6, 12), ("13 techniques and more", 13, usize::MAX)]
    {
        add(name, Setting::Techniques, &|_, evidence| (least..=most).contains(&evidence.len()));
    }
    found
}
