//! `licences`: every locked package against `deny.toml`, without any tool that is not in the repository.
//!
//! Licences, banned crates and sources are checked here. Known vulnerabilities need a database from outside:
//! `cargo deny check advisories` reads the same file.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;

use crate::{
    Outcome, no_arguments,
    tree::{output, root},
};

/// What `deny.toml` says.
#[derive(Default)]
struct Rules {
    allowed: BTreeSet<String>,
    banned: BTreeSet<String>,
    registries: BTreeSet<String>,
}

/// One package of a lock file. Our own packages have no source.
struct Package {
    name: String,
    licence: String,
    source: Option<String>,
}

/// Compares the packages of the workspace and of `fuzz/` with `deny.toml`.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    let text = std::fs::read_to_string(root().join("deny.toml")).map_err(|error| format!("deny.toml: {error}"))?;
    let mut packages = locked("Cargo.toml")?;
    if root().join("fuzz/Cargo.toml").exists() {
        packages.extend(locked("fuzz/Cargo.toml")?);
    }
    let wrong: Vec<String> = check(&Rules::parse(&text)?, &packages).into_iter().collect();
    if !wrong.is_empty() {
        return Err(format!("{} findings\n  {}", wrong.len(), wrong.join("\n  ")));
    }
    let foreign: BTreeSet<_> = packages.iter().filter(|package| package.source.is_some()).map(|p| &p.name).collect();
    println!("licences: {} packages of others, all allowed by deny.toml", foreign.len());
    Ok(())
}

/// All packages that a manifest resolves to, on every platform and with every feature.
fn locked(manifest: &str) -> Result<Vec<Package>, String> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root()).args(["metadata", "--format-version", "1", "--locked", "--all-features"]);
    let metadata: Value = serde_json::from_str(&output(cargo.args(["--manifest-path", manifest]))?)
        .map_err(|error| format!("cargo metadata of {manifest}: {error}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata has no packages")?;
    Ok(packages.iter().map(Package::read).collect())
}

impl Package {
    fn read(package: &Value) -> Self {
        let field = |name: &str| package[name].as_str().map(str::to_owned);
        Self {
            name: field("name").unwrap_or_default(),
            licence: field("license").unwrap_or_default(),
            source: field("source"),
        }
    }
}

impl Rules {
    fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = text.parse().map_err(|error| format!("deny.toml: {error}"))?;
        let list = |section: &str, key: &str| {
            let found = table.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
            let rows = found.into_iter().flatten();
            rows.filter_map(|row| row.as_str().or_else(|| row.get("crate")?.as_str()).map(str::to_owned)).collect()
        };
        Ok(Self {
            allowed: list("licenses", "allow"),
            banned: list("bans", "deny"),
            registries: list("sources", "allow-registry"),
        })
    }
}

/// What is wrong, one line each, sorted and without repetition.
fn check(rules: &Rules, packages: &[Package]) -> BTreeSet<String> {
    let mut wrong = BTreeSet::new();
    let mut met = BTreeSet::new();
    for Package { name, licence, source } in packages {
        met.extend(tokens(licence).filter(|token| rules.allowed.contains(*token)));
        if is_allowed(licence, &rules.allowed) != Some(true) {
            wrong.insert(format!("{name}: licence `{licence}` is not allowed; use another crate"));
        }
        if rules.banned.contains(name) {
            wrong.insert(format!("{name}: banned in deny.toml, which says what to use"));
        }
        if source.as_ref().is_some_and(|source| !rules.registries.contains(source.trim_start_matches("registry+"))) {
            wrong.insert(format!("{name}: does not come from an allowed registry; depend on a published version"));
        }
    }
    for allowed in rules.allowed.iter().filter(|allowed| !met.contains(allowed.as_str())) {
        wrong.insert(format!("deny.toml: `{allowed}` is allowed, but no package has it; remove the line"));
    }
    wrong
}

/// Returns whether an SPDX expression can be met with the allowed licences; `None` when it is no expression.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> Option<bool> {
    let tokens: Vec<&str> = tokens(expression).collect();
    let mut rest = tokens.as_slice();
    let met = any_of(&mut rest, allowed)?;
    rest.is_empty().then_some(met)
}

/// The words and brackets of an expression; a licence with its exception is one word, `/` is the old form of `OR`.
fn tokens(expression: &str) -> impl Iterator<Item = &str> {
    let mut rest = expression;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let len = match rest.chars().next()? {
            '(' | ')' | '/' => 1,
            _ => word_len(rest),
        };
        let (token, tail) = rest.split_at(len);
        rest = tail;
        Some(token)
    })
}

/// Length of the first word, together with ` WITH exception` where that follows.
fn word_len(text: &str) -> usize {
    let end = |from: usize| text[from..].find([' ', '(', ')', '/']).map_or(text.len(), |at| from + at);
    let first = end(0);
    if text[first..].starts_with(" WITH ") { end(first + " WITH ".len()) } else { first }
}

fn any_of(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    let mut met = all_of(rest, allowed)?;
    while let Some(("OR" | "/", tail)) = rest.split_first().map(|(first, tail)| (*first, tail)) {
        *rest = tail;
        met |= all_of(rest, allowed)?;
    }
    Some(met)
}

fn all_of(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    let mut met = one(rest, allowed)?;
    while let Some(("AND", tail)) = rest.split_first().map(|(first, tail)| (*first, tail)) {
        *rest = tail;
        met &= one(rest, allowed)?;
    }
    Some(met)
}

fn one(rest: &mut &[&str], allowed: &BTreeSet<String>) -> Option<bool> {
    let (first, tail) = rest.split_first()?;
    *rest = tail;
    match *first {
        "(" => {
            let met = any_of(rest, allowed)?;
            let (")", tail) = rest.split_first().map(|(first, tail)| (*first, tail))? else { return None };
            *rest = tail;
            Some(met)
        }
        ")" | "/" | "AND" | "OR" => None,
        licence => Some(allowed.contains(licence)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Package, Rules, check, is_allowed};

    const RULES: &str = r#"
        licenses.allow = ["MIT", "Apache-2.0 WITH LLVM-exception", "Zlib"]
        bans.deny = [{ crate = "openssl", reason = "use rustls" }]
        sources.allow-registry = ["https://registry.example/index"]
    "#;

    fn package(name: &str, licence: &str) -> Package {
        let source = Some("registry+https://registry.example/index".to_owned());
        Package { name: name.to_owned(), licence: licence.to_owned(), source }
    }

    #[test]
    fn expressions_are_read() {
        let allowed = Rules::parse(RULES).unwrap().allowed;
        for (expression, expected) in [
            ("MIT", Some(true)),
            ("GPL-3.0-only", Some(false)),
            ("GPL-3.0-only OR MIT", Some(true)),
            ("GPL-3.0-only AND MIT", Some(false)),
            ("Apache-2.0 WITH LLVM-exception", Some(true)),
            ("Apache-2.0", Some(false)),
            ("GPL-2.0-only/MIT", Some(true)),
            ("(MIT OR GPL-3.0-only) AND Zlib", Some(true)),
            ("MIT OR GPL-3.0-only AND GPL-2.0-only", Some(true)),
            ("(MIT", None),
            ("MIT Zlib", None),
            ("", None),
        ] {
            assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
        }
    }

    #[test]
    fn what_the_rules_forbid_is_found() {
        let rules = Rules::parse(RULES).unwrap();
        let elsewhere = Package { source: Some("git+https://example.org/x".to_owned()), ..package("fork", "MIT") };
        let packages = [package("a", "MIT"), package("b", "AGPL-3.0-only"), package("openssl", "Zlib"), elsewhere];
        let wrong: Vec<String> = check(&rules, &packages).into_iter().collect();
        assert_eq!(
            wrong,
            [
                "b: licence `AGPL-3.0-only` is not allowed; use another crate",
                "deny.toml: `Apache-2.0 WITH LLVM-exception` is allowed, but no package has it; remove the line",
                "fork: does not come from an allowed registry; depend on a published version",
                "openssl: banned in deny.toml, which says what to use",
            ]
        );
    }
}
