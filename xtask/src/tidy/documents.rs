//! Documents: links lead somewhere, nothing lies in `docs/` without being named in its index.

use super::Finding;
use crate::tree::Tree;

/// Documents that readers are promised.
const NAMED: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "docs/README.md",
    "docs/spec/assessment.md",
    "docs/spec/case-folder.md",
    "docs/spec/case-sheet.md",
    "docs/spec/ledger.md",
    "docs/spec/observations.md",
];

/// Finds links between files that lead nowhere or out of the repository.
pub(super) fn links(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, text) in tree.texts(is_prose) {
        for (number, target) in relative_links(text) {
            if !resolve(path, &target).is_some_and(|file| tree.exists(&file)) {
                let what = format!("link to `{target}` leads nowhere");
                found.push(Finding::new(format!("{path}:{number}"), what, "write the path from this file's folder"));
            }
        }
    }
    found
}

/// Finds promised documents that are missing, and documents that no index names.
pub(super) fn named(tree: &Tree) -> Vec<Finding> {
    let missing = NAMED.iter().filter(|path| !tree.files.contains_key(**path));
    let mut found: Vec<Finding> =
        missing.map(|path| Finding::new(*path, "is missing", "write it; readers are sent to it")).collect();
    let index = tree.text("docs/README.md").unwrap_or_default();
    let listed: Vec<_> = relative_links(index).filter_map(|(_, target)| resolve("docs/README.md", &target)).collect();
    for (path, _) in tree.texts(|path| path.starts_with("docs/") && is_prose(path)) {
        if path != "docs/README.md" && !listed.iter().any(|file| file == path) {
            found.push(Finding::new(path, "is not in the index", "add one line to docs/README.md"));
        }
    }
    found
}

fn is_prose(path: &str) -> bool {
    path.ends_with(".md") && !path.contains("/exhibits/") && !path.contains("/fixtures/")
}

/// Targets of inline links to other files, without the part after `#`, with their line. Code is left out.
fn relative_links(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut in_code = false;
    text.lines().enumerate().flat_map(move |(index, line)| {
        in_code ^= line.trim_start().starts_with("```");
        let line = if in_code || line.starts_with("    ") { String::new() } else { without_code(line) };
        let targets = line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
        let files = targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '<']));
        let files = files.filter(|target| !target.starts_with("mailto:"));
        files.map(|target| (index + 1, target.split('#').next().unwrap_or(target).to_owned())).collect::<Vec<_>>()
    })
}

/// The line without what stands between backquotes.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// The path from the root that a link in a file means; none when it leaves the repository.
fn resolve(from: &str, target: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{NAMED, links, named};
    use crate::tidy::assert_finds;

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let text = "[a](b.md#x) [c](../README.md) [d](https://example.org/x) `[e](none.md)` [f](#here) [g](sub)\n\n\
                    ```\n[h](none.md)\n```\n[i](none.md)\n[j](../../outside.md)\n";
        let files = [("docs/a.md", text), ("docs/b.md", ""), ("README.md", ""), ("docs/sub/x", "")];
        assert_finds(links, &files, &["docs/a.md:6", "docs/a.md:7"]);
    }

    #[test]
    fn missing_and_unlisted_documents_are_found() {
        let listed = "[1](spec/assessment.md) [2](spec/case-folder.md) [3](spec/case-sheet.md) [4](spec/ledger.md)\n\
                      [5](spec/observations.md)\n";
        let mut files: Vec<(&str, &str)> = NAMED.iter().map(|path| (*path, "")).collect();
        files.retain(|(path, _)| *path != "SECURITY.md" && *path != "docs/README.md");
        files.extend([("docs/README.md", listed), ("docs/decisions/0009-x.md", "")]);
        assert_finds(named, &files, &["SECURITY.md", "docs/decisions/0009-x.md"]);
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(NAMED.is_sorted());
    }
}
