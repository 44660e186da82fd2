//! Which crate may use which: the one table, and the homes of heavy dependencies.

use toml::{Table, Value};

use super::Finding;
use crate::tree::Tree;

/// Our crates and those of ours that each may use, for any purpose. A change here is a design decision and needs a
/// note in `docs/decisions/`.
const EDGES: &[(&str, &[&str])] = &[
    ("onus", &["onus-analyse", "onus-core", "onus-ledger", "onus-report", "onus-weigh"]),
    ("onus-analyse", &["onus-core"]),
    ("onus-cli", &["onus", "onus-web"]),
    ("onus-core", &[]),
    ("onus-fuzz", &["onus", "onus-analyse", "onus-core", "onus-ledger", "onus-weigh"]),
    ("onus-ledger", &["onus-core"]),
    ("onus-py", &["onus"]),
    ("onus-report", &["onus-core", "onus-ledger", "onus-weigh"]),
    ("onus-web", &["onus"]),
    ("onus-weigh", &["onus-core"]),
    ("xtask", &[]),
];

/// Crates of others that only some of ours may use, tests aside.
const HOMES: &[(&str, &[&str])] = &[
    ("axum", &["onus-web"]),
    ("clap", &["onus-cli"]),
    ("fs4", &["onus"]),
    ("getrandom", &["onus"]),
    ("indicatif", &["onus-cli"]),
    ("landlock", &["onus"]),
    ("libc", &["onus"]),
    ("miette", &["onus-cli"]),
    ("pyo3", &["onus-py"]),
    ("rusqlite", &["onus"]),
    ("rustix", &["onus"]),
    ("seccompiler", &["onus"]),
    ("tempfile", &["onus", "xtask"]),
    ("tokio", &["onus-web"]),
];

/// Finds uses of our own crates that the table does not allow.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, manifest) in manifests(tree) {
        let name = package_name(&manifest);
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            let what = format!("crate `{name}` is not in the table of edges");
            found.push(Finding::new(path, what, "a new crate needs an edge that must not exist: see ARCHITECTURE.md"));
            continue;
        };
        for used in uses(&manifest, true).iter().filter(|used| EDGES.iter().any(|(ours, _)| ours == used)) {
            if !allowed.contains(&used.as_str()) {
                let what = format!("`{name}` uses `{used}`");
                found.push(Finding::new(path, what, "that edge must not exist: move the code, see ARCHITECTURE.md"));
            }
        }
    }
    found
}

/// Finds dependencies outside the crates that they belong to.
pub(super) fn outside_homes(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, manifest) in manifests(tree) {
        let name = package_name(&manifest);
        for used in uses(&manifest, false) {
            if let Some((_, homes)) = HOMES.iter().find(|(known, homes)| *known == used && !homes.contains(&name)) {
                let what = format!("`{name}` uses `{used}`");
                found.push(Finding::new(path, what, format!("only {} may; pass values in", homes.join(" and "))));
            }
        }
    }
    found
}

/// The manifests of packages, ours and that of `fuzz/`.
fn manifests(tree: &Tree) -> impl Iterator<Item = (&str, Table)> {
    let found = tree.texts(|path| path != "Cargo.toml" && path.ends_with("/Cargo.toml"));
    found.filter_map(|(path, text)| Some((path, text.parse().ok()?)))
}

fn package_name(manifest: &Table) -> &str {
    manifest.get("package").and_then(|package| package.get("name")).and_then(Value::as_str).unwrap_or_default()
}

/// The packages that a manifest depends on, by their real names, on any platform.
fn uses(manifest: &Table, for_tests_too: bool) -> Vec<String> {
    let platforms = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let mut used = Vec::new();
    for part in std::iter::once(manifest).chain(platforms.filter_map(Value::as_table)) {
        for (section, dependencies) in part {
            let counts = section == "dependencies"
                || section == "build-dependencies"
                || (for_tests_too && section == "dev-dependencies");
            for (name, dependency) in dependencies.as_table().into_iter().flatten().filter(|_| counts) {
                let real_name = dependency.get("package").and_then(Value::as_str);
                used.push(real_name.unwrap_or(name).to_owned());
            }
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use super::{EDGES, HOMES, check, outside_homes};
    use crate::tidy::assert_finds;

    #[test]
    fn an_examiner_that_knows_suspects_is_found_however_it_is_written() {
        let head = "[package]\nname = 'onus-analyse'\n";
        for uses in [
            "[dependencies]\nonus-weigh.workspace = true",
            "[dev-dependencies]\nonus-weigh.workspace = true",
            "[target.'cfg(unix)'.dependencies]\nonus-weigh.workspace = true",
            "[dependencies]\nscales = { path = '../onus-weigh', package = 'onus-weigh' }",
        ] {
            let manifest = format!("{head}{uses}");
            assert_finds(check, &[("crates/onus-analyse/Cargo.toml", &manifest)], &["crates/onus-analyse/Cargo.toml"]);
        }
        let manifest = format!("{head}[dependencies]\nonus-core.workspace = true\nserde.workspace = true");
        assert_finds(check, &[("crates/onus-analyse/Cargo.toml", &manifest)], &[]);
    }

    #[test]
    fn an_unknown_crate_is_found() {
        assert_finds(check, &[("crates/x/Cargo.toml", "[package]\nname = 'onus-x'")], &["crates/x/Cargo.toml"]);
    }

    #[test]
    fn a_database_among_the_values_is_found_but_not_in_tests() {
        let manifest = "[package]\nname = 'onus-core'\n[dependencies]\nrusqlite.workspace = true";
        assert_finds(outside_homes, &[("crates/onus-core/Cargo.toml", manifest)], &["crates/onus-core/Cargo.toml"]);
        let manifest = "[package]\nname = 'onus-core'\n[dev-dependencies]\nrusqlite.workspace = true";
        assert_finds(outside_homes, &[("crates/onus-core/Cargo.toml", manifest)], &[]);
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(EDGES.is_sorted_by_key(|(name, _)| name));
        assert!(HOMES.is_sorted_by_key(|(name, _)| name));
    }
}
