//! Files of any sort: their size, work put off in comments, paths of the machine that they were written on.

use sha2::{Digest, Sha256};

use super::Finding;
use crate::tree::Tree;

/// The largest file, in bytes.
const FILE_MAX: usize = 200_000;

/// Larger files that are wanted all the same: data of others, each with the digest of what was built from it
/// (`docs/decisions/0010-shipped-reference.md`). Anything else stays small.
const BIG_FILES: &[(&str, &str)] =
    &[("crates/onus-weigh/reference/attack.txt", "23c92175fa47bba578ccda5db98a37c6bbabd8ae8f4aef586214b56b4b84ee15")];

/// Words that put work off, in two parts so that this file does not find itself.
const POSTPONING: &[(&str, &str)] = &[("TO", "DO"), ("FIX", "ME"), ("XX", "X")];

/// Finds files that are too big to be read, and listed ones that are not what the list says.
pub(super) fn big_files(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, bytes) in &tree.files {
        let listed = BIG_FILES.iter().find(|(listed, _)| listed == path);
        match listed {
            Some((_, digest)) if hexadecimal(bytes) != *digest => {
                let what = format!("has the SHA-256 {}", hexadecimal(bytes));
                let remedy = "build it anew as its README says, and list that digest in xtask/src/tidy/hygiene.rs";
                found.push(Finding::new(path, what, remedy));
            }
            None if bytes.len() > FILE_MAX => {
                let remedy = format!("keep files under {FILE_MAX} bytes: make them smaller, or generate them");
                found.push(Finding::new(path, format!("has {} bytes", bytes.len()), remedy));
            }
            _ => {}
        }
    }
    found
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Finds work that is put off in a comment.
pub(super) fn postponed(tree: &Tree) -> Vec<Finding> {
    let words: Vec<String> = POSTPONING.iter().map(|(one, two)| format!("{one}{two}")).collect();
    find_lines(tree, |line| {
        let word = words.iter().find(|word| line.split(|c: char| !c.is_alphanumeric()).any(|w| w == *word))?;
        Some((format!("`{word}`"), "do it now, or open an issue".to_owned()))
    })
}

/// Finds paths of the machine that a file was written on: the checkout, its parent, and people's home folders.
pub(super) fn machine_paths(tree: &Tree) -> Vec<Finding> {
    let parent = tree.root.parent().filter(|parent| parent.parent().is_some_and(|above| above.parent().is_some()));
    let here = [Some(tree.root.as_path()), parent].into_iter().flatten().map(|path| path.display().to_string());
    let homes = ["/root", "/home", "/Users"].map(str::to_owned);
    let prefixes: Vec<String> = here.chain(homes).map(|path| format!("{path}/")).collect();
    find_lines(tree, |line| {
        let prefix = prefixes.iter().find(|prefix| begins_a_path(line, prefix))?;
        Some((format!("a path of one machine, `{prefix}…`"), "use a path from the root of the repository".to_owned()))
    })
}

/// Whether a line has a path that begins so, rather than one that only continues so.
fn begins_a_path(line: &str, prefix: &str) -> bool {
    line.match_indices(prefix).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + prefix.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || "./-_~}".contains(c)) && after.is_some_and(char::is_alphanumeric)
    })
}

/// Findings in lines that we wrote; exhibits and fixtures hold what others wrote, or what looks like it.
fn find_lines(tree: &Tree, check: impl Fn(&str) -> Option<(String, String)>) -> Vec<Finding> {
    let ours = |path: &str| !path.contains("/exhibits/") && !path.contains("/fixtures/") && !path.ends_with(".lock");
    let mut found = Vec::new();
    for (path, text) in tree.texts(ours) {
        for (index, line) in text.lines().enumerate() {
            if let Some((what, remedy)) = check(line) {
                found.push(Finding::new(format!("{path}:{}", index + 1), what, remedy));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{BIG_FILES, FILE_MAX, big_files, machine_paths, postponed};
    use crate::tidy::assert_finds;

    #[test]
    fn a_big_file_is_found() {
        assert_finds(big_files, &[("a", &"x".repeat(FILE_MAX)), ("b", &"x".repeat(FILE_MAX + 1))], &["b"]);
        let (listed, _) = BIG_FILES[0];
        assert_finds(big_files, &[(listed, "changed")], &[listed]);
    }

    #[test]
    fn postponed_work_is_found() {
        let word = ["TO", "DO"].concat();
        let line = format!("//! X.\n// {word}: later\n");
        let files = [("a.rs", line.as_str()), ("x/fixtures/a.txt", &line), ("b.rs", "\"XXXX\", MASTODON\n")];
        assert_finds(postponed, &files, &["a.rs:2"]);
    }

    #[test]
    fn a_path_of_the_writer_is_found() {
        let home = ["/ho", "me/ann/x"].concat();
        let files = [
            ("a.md", "see /builder/checkout/src/x.rs\n"),
            ("b.md", home.as_str()),
            ("c.md", "docs/home/page, https://example.org/root/x, {dir}/home/x\n"),
            ("d.md", "`/home/` alone is no path\n"),
        ];
        assert_finds(machine_paths, &files, &["a.md:1", "b.md:1"]);
    }
}
