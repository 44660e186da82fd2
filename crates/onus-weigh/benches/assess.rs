//! How long weighing takes, by size of the case.
//!
//! `cargo bench -p onus-weigh`

use onus_core::Digest;
use onus_weigh::{InputDigests, Sheet, Weights, assess};

const KINDS: [&str; 6] = ["rich_header", "code_overlap", "file_name", "ttp", "infrastructure", "victimology"];

fn main() {
    divan::main();
}

/// A sheet of so many observations and named hypotheses, each observation of a root of its own.
fn sheet(observations: usize, hypotheses: usize) -> String {
    let mut text = "onus = 1\n[case]\ntitle = \"Bench\"\nquestion = \"Who?\"\n".to_owned();
    for index in 0..hypotheses {
        text += &format!("[[hypothesis]]\nid = \"h{index}\"\ntitle = \"Group {index}\"\nlevel = \"group\"\n");
    }
    for index in 0..observations {
        let (kind, target) = (KINDS[index % KINDS.len()], index * 7 % hypotheses);
        text += &format!("[[source]]\nid = \"s{index}\"\ntitle = \"Source\"\nreliability = \"B\"\n");
        text += &format!("[[observation]]\nid = \"o{index}\"\nseen = \"2018-02-09\"\nsource = \"s{index}\"\n");
        text += &format!("kind = \"{kind}\"\nvalue = \"v\"\npoints_at = [\"h{target}\"]\ncredibility = 2\n");
    }
    text
}

#[divan::bench(args = [(15, 5), (100, 10), (500, 30), (2_000, 64)])]
fn weigh(bencher: divan::Bencher<'_, '_>, (observations, hypotheses): (usize, usize)) {
    let sheet = Sheet::parse(&sheet(observations, hypotheses)).expect("a sound sheet");
    let (weights, digest) = (Weights::builtin(), Digest::of(b""));
    bencher.bench(|| assess(&sheet, &weights, InputDigests { sheet: digest, exhibits: digest, tests: None }, None));
}

#[divan::bench(args = [(15, 5), (500, 30)])]
fn read(bencher: divan::Bencher<'_, '_>, (observations, hypotheses): (usize, usize)) {
    let text = sheet(observations, hypotheses);
    bencher.bench(|| Sheet::parse(&text));
}
