//! `tidy`: what the compiler does not check. Every finding says where it is and what to do about it.
//!
//! A check is a function from the files to findings, with a test that shows it fail.
//! A check that is not reliable is mended or removed, never skipped.

mod analysers;
mod cases;
mod documents;
mod edges;
mod hygiene;
mod longest;
mod manifests;
mod sources;

use std::fmt;

use crate::{Outcome, no_arguments, tree::Tree};

/// One check of the table.
struct Check {
    id: &'static str,
    run: fn(&Tree) -> Vec<Finding>,
}

/// Something that is wrong.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// The file, and the line from 1 where there is one.
    place: String,
    what: String,
    remedy: String,
}

const CHECKS: &[Check] = &[
    Check { id: "analysers", run: analysers::check },
    Check { id: "big-files", run: hygiene::big_files },
    Check { id: "build-scripts", run: manifests::build_scripts },
    Check { id: "cases", run: cases::check },
    Check { id: "edges", run: edges::check },
    Check { id: "head-comments", run: sources::head_comments },
    Check { id: "indexing", run: sources::indexing },
    Check { id: "links", run: documents::links },
    Check { id: "locked-packages", run: manifests::locked_packages },
    Check { id: "machine-paths", run: hygiene::machine_paths },
    Check { id: "named-documents", run: documents::named },
    Check { id: "outside-homes", run: edges::outside_homes },
    Check { id: "postponed", run: hygiene::postponed },
    Check { id: "silenced", run: sources::silenced },
    Check { id: "versions", run: manifests::versions },
];

/// Runs every check, prints all findings, then the longest files and functions.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    let tree = Tree::read()?;
    let mut count = 0;
    for check in CHECKS {
        let mut findings = (check.run)(&tree);
        findings.sort();
        count += findings.len();
        for finding in findings {
            println!("{}: {finding}", check.id);
        }
    }
    longest::print(&tree);
    if count == 0 {
        println!("tidy: {} checks over {} files, nothing found", CHECKS.len(), tree.files.len());
        return Ok(());
    }
    Err(format!("{count} findings above"))
}

impl Finding {
    fn new(place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.what, self.remedy)
    }
}

/// Asserts which places a check finds in some files.
#[cfg(test)]
fn assert_finds(check: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)], places: &[&str]) {
    let mut found: Vec<String> = check(&Tree::of(files)).into_iter().map(|finding| finding.place).collect();
    found.sort();
    assert_eq!(found, places);
}

#[cfg(test)]
mod tests {
    use super::CHECKS;

    #[test]
    fn the_table_is_sorted() {
        assert!(CHECKS.is_sorted_by_key(|check| check.id));
    }
}
