//! Rust files: head comments, silenced lints and tests, the lint against indexing.

use super::Finding;
use crate::tree::Tree;

/// Crates whose code reads what others wrote, or decides on it.
const WITHOUT_INDEXING: &[&str] = &["onus-analyse", "onus-core", "onus-ledger", "onus-report", "onus-weigh"];

/// Finds Rust files that do not begin by saying what they are for.
pub(super) fn head_comments(tree: &Tree) -> Vec<Finding> {
    let silent = tree.texts(is_rust).filter(|(_, text)| !text.starts_with("//! "));
    let remedy = "begin with `//!` and one sentence of what the file is for";
    silent.map(|(path, _)| Finding::new(path, "no head comment", remedy)).collect()
}

/// Finds tests that do not run or hope for a panic, and lints silenced without a reason.
pub(super) fn silenced(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, text) in tree.texts(is_rust) {
        for (number, attribute) in attributes(text) {
            let is = |name: &str| attribute.trim_start_matches(['#', '!', '[']).starts_with(name);
            let (what, remedy) = match () {
                () if is("ignore") => ("a test that is left out", "mend it or delete it"),
                () if is("should_panic") => ("a test that hopes for a panic", "return an error and compare it"),
                () if (is("allow(") || is("expect(")) && !attribute.contains("reason = ") => {
                    ("a lint silenced without a reason", "add `reason = \"…\"`")
                }
                () if is("allow(") => ("a lint silenced for good", "use `#[expect(…, reason = \"…\")]`"),
                () => continue,
            };
            found.push(Finding::new(format!("{path}:{number}"), what, remedy));
        }
    }
    found
}

/// Finds crates of the layers 0 to 2 whose head does not forbid indexing.
pub(super) fn indexing(tree: &Tree) -> Vec<Finding> {
    let heads = WITHOUT_INDEXING.iter().map(|name| format!("crates/{name}/src/lib.rs"));
    let without = heads.filter(|path| tree.text(path).is_some_and(|text| !text.contains("clippy::indexing_slicing")));
    let remedy = "add `#![warn(clippy::indexing_slicing)]` below the head comment";
    without.map(|path| Finding::new(path, "indexing is not forbidden", remedy)).collect()
}

pub(super) fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

/// Attributes at the beginning of a line, on one line each, with the number of their first line.
fn attributes(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        match found.last_mut() {
            Some((_, attribute)) if is_open => attribute.push_str(line),
            _ if line.starts_with("#[") || line.starts_with("#![") => found.push((index + 1, line.to_owned())),
            _ => continue,
        }
        is_open = !line.contains(']');
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{head_comments, indexing, silenced};
    use crate::tidy::assert_finds;

    #[test]
    fn a_file_without_head_comment_is_found() {
        assert_finds(head_comments, &[("a.rs", "use std::fs;\n"), ("b.rs", "//! Reads.\n")], &["a.rs"]);
    }

    #[test]
    fn what_is_silenced_is_found() {
        let source = "//! X.\n#[ignore = \"slow\"]\nfn a() {}\n    #[should_panic]\n#[allow(dead_code)]\n#[expect(\n    dead_code,\n)]\n\
                      #[expect(\n    dead_code,\n    reason = \"r\"\n)]\n#[allow(x, reason = \"r\")]\nlet s = \"#[ignore]\";\n";
        assert_finds(silenced, &[("a.rs", source)], &["a.rs:13", "a.rs:2", "a.rs:4", "a.rs:5", "a.rs:6"]);
    }

    #[test]
    fn a_parser_that_may_index_is_found() {
        let path = "crates/onus-analyse/src/lib.rs";
        assert_finds(indexing, &[(path, "//! Reads.\n")], &[path]);
        assert_finds(indexing, &[(path, "//! Reads.\n\n#![warn(clippy::indexing_slicing)]\n")], &[]);
    }
}
