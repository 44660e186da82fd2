//! Whether the compiler of Rust is the one whose library the program carries.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::{Ident, Tool, day_in_words, rust_commit},
};

/// The test.
pub(super) const RUST_VERSION: ConsistencyTest<Elf> = ConsistencyTest {
    id: "rust-version",
    about: "compiler",
    strength: Strength::Hard,
    rationale: "The standard library of Rust comes with its compiler: the commit in its paths is the one that the compiler names, and each released version has one commit and one day.",
    benign_causes: &[
        "objects of two compilers of Rust in one program",
        "a distribution that builds its own compiler from an archive",
    ],
    false_alarm: Rate { hits: 0, files: 26, hit_projects: 0, projects: 24 },
    detection: None,
    forge_cost: ForgeCost::F1,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let named: Vec<&Ident> =
        facts.idents.iter().filter(|ident| ident.tool == Tool::Rustc && ident.commit.is_some()).collect();
    let Some(first) = named.first() else { return Outcome::NotRun("no compiler of Rust names itself with its commit") };
    for ident in &named {
        let (Some(commit), Some((known, day))) = (&ident.commit, ident.version.and_then(rust_commit)) else { continue };
        // A nightly or beta compiler says so behind its version.
        let is_release =
            !ident.text.contains("-nightly") && !ident.text.contains("-beta") && !ident.text.contains("-dev");
        if is_release && (!commit.starts_with(known) || ident.day.is_some_and(|said| said != day)) {
            return Outcome::Inconsistent {
                loci: vec![ident.range.clone()],
                explain: format!(
                    "{:?}: that version was made from commit {known} of {}",
                    ident.text,
                    day_in_words(day)
                ),
            };
        }
    }
    let paths: Vec<_> = facts.paths.iter().filter(|path| path.text.starts_with("/rustc/")).collect();
    let is_named = |path: &str| {
        named
            .iter()
            .any(|ident| ident.commit.as_ref().is_some_and(|commit| path.starts_with(&format!("/rustc/{commit}"))))
    };
    match paths.first() {
        Some(path) if !paths.iter().any(|path| is_named(&path.text)) => Outcome::Inconsistent {
            loci: vec![first.range.clone(), path.range.clone()],
            explain: format!("the compiler is {:?}, but the standard library is of commit {:?}", first.text, path.text),
        },
        _ => Outcome::Consistent,
    }
}
