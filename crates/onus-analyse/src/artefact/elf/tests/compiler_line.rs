//! Whether a line of GCC agrees with itself: version, version of the package, day.

use super::super::{Elf, facts::Facts};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    toolchain::{Ident, Tool, Version, day_in_words, release},
};

/// The test.
pub(super) const COMPILER_LINE: ConsistencyTest<Elf> = ConsistencyTest {
    id: "compiler-line",
    about: "compiler",
    strength: Strength::Hard,
    rationale: "The version in the name of a distribution's package is that of the compiler, and a compiler is not older than its release series nor years younger.",
    benign_causes: &[
        "a distribution that numbers its package differently",
        "a vendor that maintains an old compiler for years",
    ],
    false_alarm: Rate { hits: 0, files: 156, hit_projects: 0, projects: 51 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

/// Distributions whose packages carry the version of the compiler.
const DISTRIBUTIONS: &[&str] = &["Debian ", "Ubuntu ", "Raspbian ", "Alpine ", "Red Hat ", "Gentoo "];

/// Years by which a day may lie before the release of the version that it belongs to.
const YEARS_BEFORE: u32 = 1;

/// Years by which it may lie behind.
const YEARS_BEHIND: u32 = 4;

fn run(facts: &Facts<'_>) -> Outcome {
    let lines = facts.idents.iter().filter(|ident| ident.tool == Tool::Gcc);
    let mut is_run = false;
    for line in lines {
        let (Some(version), checks) = (line.version, [package(line), day(line)]) else { continue };
        for wrong in checks {
            match wrong {
                None => {}
                Some(None) => is_run = true,
                Some(Some(what)) => {
                    return Outcome::Inconsistent {
                        loci: vec![line.range.clone()],
                        explain: format!("{:?} is of version {}, but {what}", line.text, version.in_words()),
                    };
                }
            }
        }
    }
    if is_run { Outcome::Consistent } else { Outcome::NotRun("no line of GCC says the same thing twice") }
}

/// What is wrong with the version of the package; absent if there is none, or nothing is wrong.
fn package(line: &Ident) -> Option<Option<String>> {
    let version = line.version?;
    let name = DISTRIBUTIONS.iter().find_map(|name| Some(line.text.find(name)? + name.len()))?;
    let package = Version::at_start(line.text.get(name..)?)?;
    let is_same = (package.0, package.1) == (version.0, version.1);
    Some((!is_same).then(|| format!("the package is of version {}", package.in_words())))
}

/// What is wrong with the day; absent if there is none, or nothing is wrong.
fn day(line: &Ident) -> Option<Option<String>> {
    let (version, day) = (line.version?, line.day?);
    let released = release(Tool::Gcc, version)?;
    let (years, year) = (released / 10_000, day / 10_000);
    let is_possible = year + YEARS_BEFORE >= years && year <= years + YEARS_BEHIND;
    Some((!is_possible).then(|| {
        format!("it is of {}, and that version was released on {}", day_in_words(day), day_in_words(released))
    }))
}

#[cfg(test)]
mod tests {
    use super::{day, package};
    use crate::artefact::toolchain::ident;

    #[test]
    fn lines_of_distributions_agree_and_edited_ones_do_not() {
        let check = |text: &str| (package(&ident(text, 0..0)).flatten(), day(&ident(text, 0..0)).flatten());
        assert_eq!(check("GCC: (Debian 12.2.0-14) 12.2.0"), (None, None));
        assert_eq!(check("GCC: (GNU) 4.8.5 20150623 (Red Hat 4.8.5-44)"), (None, None));
        assert_eq!(check("GCC: (GNU) 4.1.2 20080704 (Red Hat 4.1.2-55)"), (None, None));
        assert!(check("GCC: (Debian 12.2.0-14) 4.1.2").0.is_some());
        assert!(check("GCC: (GNU) 12.2.0 20080704 (Red Hat 12.2.0-55)").1.is_some());
    }
}
