//! How long reading the shipped reference data takes, and what is counted from it.
//!
//! `cargo bench -p onus-weigh --bench reference`

use onus_weigh::{
    Reference,
    reference::{Counts, Hidden, TraceKind, View},
};

const SHIPPED: &str = include_str!("../reference/attack.txt");

fn main() {
    divan::main();
}

#[divan::bench]
fn parse() -> Reference {
    Reference::parse(divan::black_box(SHIPPED)).expect("the shipped file is sound")
}

#[divan::bench]
fn write(bencher: divan::Bencher<'_, '_>) {
    bencher.bench(|| Reference::builtin().to_text());
}

#[divan::bench(args = [TraceKind::Technique, TraceKind::Software])]
fn count(bencher: divan::Bencher<'_, '_>, kind: TraceKind) {
    let view = View::new(Reference::builtin(), &Hidden::default(), &[kind]);
    bencher.bench(|| Counts::new(&view, kind));
}
