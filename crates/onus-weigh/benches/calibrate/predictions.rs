//! Writes what engines answer, one line an item, for any other program to score.

use std::{fs, io::Write as _, path::Path};

use onus_weigh::benchmark::{Benchmark, Evidence, Prediction, Ranked, Setting};

use crate::{
    engine::{Answer, Engine},
    plants,
    prepared::Prepared,
};

/// Writes the answers of one engine, to items and to the benchmark's planted ones: `<name>-<setting>.jsonl`.
pub(crate) fn write(
    folder: &Path,
    engine: &dyn Engine,
    setting: Setting,
    asked: &[Prepared<'_>],
    benchmark: &Benchmark,
) -> Result<(), String> {
    let mut lines = Vec::new();
    for item in asked {
        let evidence = item.shown(setting);
        if !evidence.is_empty() {
            lines.push(line(&item.item.item, setting, item, engine, &evidence));
        }
    }
    if setting == Setting::Both {
        for (planted, plant) in plants::of_benchmark(benchmark, asked) {
            lines.push(line(&planted.item, setting, &asked[plant.asked], engine, &plant.evidence));
        }
    }
    let name: String = engine.name().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let path = folder.join(format!("{name}-{}.jsonl", setting.name()));
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = std::io::BufWriter::new(fs::File::create(&path)?);
        lines.iter().try_for_each(|line| writeln!(file, "{line}"))?;
        file.flush()
    };
    write().map_err(|error| format!("cannot be written: {error}: {}", path.display()))
}

fn line(item: &str, setting: Setting, asked: &Prepared<'_>, engine: &dyn Engine, evidence: &Evidence) -> String {
    let answer = engine.rank(asked, evidence);
    let ranking = ranking(asked, &answer);
    let prediction = Prediction { item: item.to_owned(), evidence: setting, ranking };
    serde_json::to_string(&prediction).unwrap_or_default()
}

fn ranking(asked: &Prepared<'_>, answer: &Answer) -> Vec<Ranked> {
    let actors = &asked.view.reference.actors;
    let group = |number: &u16| actors[usize::from(*number)].id.clone();
    let figures = answer.log10_lr.iter().zip(&answer.posterior);
    let mut ranking: Vec<Ranked> = asked
        .question
        .candidates
        .iter()
        .zip(figures)
        .map(|(number, (log10_lr, posterior))| Ranked {
            group: group(number),
            log10_lr: *log10_lr,
            posterior: *posterior,
        })
        .collect();
    ranking.sort_by(|one, other| other.log10_lr.total_cmp(&one.log10_lr));
    if answer.none > 0.0 {
        ranking.push(Ranked { group: "none".to_owned(), log10_lr: 0.0, posterior: answer.none });
    }
    ranking
}
