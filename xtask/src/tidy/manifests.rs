//! Manifests and lock files: versions in one place, few packages, no build scripts.

use toml::{Table, Value};

use super::Finding;
use crate::tree::Tree;

/// The most packages that the workspace may lock.
const LOCKED_MAX: usize = 300;

/// What every member of the workspace takes from the root manifest.
const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

/// Finds versions, settings and lints that a member sets for itself.
pub(super) fn versions(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, text) in members(tree) {
        let Ok(manifest) = text.parse::<Table>() else { continue };
        let inherits = |table: Option<&Value>| {
            table.and_then(|value| value.get("workspace")).and_then(Value::as_bool).unwrap_or(false)
        };
        let package = manifest.get("package");
        for key in INHERITED.iter().filter(|key| !inherits(package.and_then(|package| package.get(key)))) {
            found.push(Finding::new(
                path,
                format!("package.{key} is its own"),
                format!("write `{key}.workspace = true`"),
            ));
        }
        if !inherits(manifest.get("lints")) {
            found.push(Finding::new(path, "lints are not inherited", "add `[lints]` with `workspace = true`"));
        }
        for name in dependencies(&manifest).filter(|(_, value)| !inherits(Some(value))).map(|(name, _)| name) {
            let remedy = "write it into the root manifest and `workspace = true` here";
            found.push(Finding::new(path, format!("dependency `{name}` has its own version"), remedy));
        }
    }
    found
}

/// Finds a lock file that has grown too long.
pub(super) fn locked_packages(tree: &Tree) -> Vec<Finding> {
    let count = tree.text("Cargo.lock").unwrap_or_default().lines().filter(|line| *line == "[[package]]").count();
    let remedy = format!("at most {LOCKED_MAX}: drop a dependency or its features");
    (count > LOCKED_MAX).then(|| Finding::new("Cargo.lock", format!("{count} packages"), remedy)).into_iter().collect()
}

/// Finds build scripts: data is embedded with `include_str!`.
pub(super) fn build_scripts(tree: &Tree) -> Vec<Finding> {
    // cargo runs the one at the root of a crate; a module may bear the name
    let is_at_a_root = |path: &str| path.matches('/').count() == 2;
    let scripts = tree.files.keys();
    let scripts =
        scripts.filter(|path| path.starts_with("crates/") && path.ends_with("/build.rs") && is_at_a_root(path));
    scripts.map(|path| Finding::new(path, "a build script", "embed data with `include_str!`")).collect()
}

/// The manifests of the members of the workspace.
fn members(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.texts(|path| path.ends_with("/Cargo.toml") && !path.starts_with("fuzz/"))
}

/// Every dependency of a manifest, for any purpose and platform.
fn dependencies(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let platforms = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let parts = std::iter::once(manifest).chain(platforms.filter_map(Value::as_table));
    let sections = parts.flatten().filter(|(section, _)| section.ends_with("dependencies"));
    sections.filter_map(|(_, dependencies)| dependencies.as_table()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{LOCKED_MAX, build_scripts, locked_packages, versions};
    use crate::tidy::assert_finds;

    const GOOD: &str = "package = { version.workspace = true, edition.workspace = true, rust-version.workspace = true, \
                        license.workspace = true, publish.workspace = true }\nlints.workspace = true\n";

    #[test]
    fn a_version_of_its_own_is_found() {
        let path = "crates/onus-core/Cargo.toml";
        assert_finds(versions, &[(path, GOOD)], &[]);
        for bad in ["dependencies.x = '1'", "target.unix.dev-dependencies.x = { version = '1' }"] {
            assert_finds(versions, &[(path, &format!("{GOOD}{bad}"))], &[path]);
        }
        assert_finds(versions, &[(path, &GOOD.replace("edition.workspace = true", "edition = '2021'"))], &[path]);
        assert_finds(versions, &[(path, &GOOD.replace("lints", "other"))], &[path]);
    }

    #[test]
    fn a_long_lock_file_is_found() {
        assert_finds(locked_packages, &[("Cargo.lock", &"[[package]]\n".repeat(LOCKED_MAX))], &[]);
        assert_finds(locked_packages, &[("Cargo.lock", &"[[package]]\n".repeat(LOCKED_MAX + 1))], &["Cargo.lock"]);
    }

    #[test]
    fn a_build_script_is_found() {
        let files = [("crates/onus/build.rs", "//! X."), ("crates/onus/src/build.rs", "//! X.")];
        assert_finds(build_scripts, &files, &["crates/onus/build.rs"]);
    }
}
