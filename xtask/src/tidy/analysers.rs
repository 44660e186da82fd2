//! Every analyser has one name everywhere: table, file, fixture folder, fuzz target.

use super::Finding;
use crate::tree::Tree;

/// The file with the table.
const TABLE: &str = "crates/onus-analyse/src/analyser.rs";

/// Finds an unsorted table, and analysers whose file, fixtures or fuzz target are missing or named otherwise.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(listed) = tree.text(TABLE).and_then(listed) else {
        return vec![Finding::new(TABLE, "no table `ANALYSERS`", "mend the table, or this check")];
    };
    let mut found = Vec::new();
    if !listed.is_sorted() {
        found.push(Finding::new(
            TABLE,
            "the table is not sorted",
            format!("order it as {}", sorted(&listed).join(", ")),
        ));
    }
    for constant in &listed {
        found.extend(names_of_one(tree, constant));
    }
    let known: Vec<String> = listed.iter().map(|constant| constant.to_lowercase()).collect();
    found.extend(fixtures_of_none(tree, &known));
    found
}

/// The constants that the table lists; none when there is no table.
fn listed(source: &str) -> Option<Vec<String>> {
    let (_, table) = source.split_once("const ANALYSERS: &[Analyser] =")?;
    let (_, table) = table.split_once("&[")?;
    let (rows, _) = table.split_once("];")?;
    let names = rows.lines().map(|line| line.split("//").next().unwrap_or_default());
    let names = names.flat_map(|line| line.split(',')).map(|name| name.trim().rsplit("::").next().unwrap_or_default());
    Some(names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn sorted(names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    names.sort();
    names
}

/// What is missing or misnamed around one analyser.
fn names_of_one(tree: &Tree, constant: &str) -> Vec<Finding> {
    let stem = constant.to_lowercase();
    let id = stem.replace('_', "-");
    let declaration = format!("const {constant}: Analyser =");
    let sources = |path: &str| path.starts_with("crates/onus-analyse/src/") && path.ends_with(".rs");
    let Some((path, text)) = tree.texts(sources).find(|(_, text)| text.contains(&declaration)) else {
        return vec![Finding::new(
            TABLE,
            format!("`{constant}` is declared nowhere"),
            format!("write `{declaration}`"),
        )];
    };
    let mut found = Vec::new();
    if !path.ends_with(&format!("/{stem}.rs")) {
        found.push(Finding::new(path, format!("declares `{constant}`"), format!("name the file `{stem}.rs`")));
    }
    if !text.contains(&format!("id: \"{id}\"")) {
        found.push(Finding::new(path, format!("the id is not `{id}`"), "id, constant and file bear one name"));
    }
    for (needed, remedy) in [
        (format!("crates/onus-analyse/fixtures/{stem}"), "add an input beside its golden, the innocent file too"),
        (format!("fuzz/fuzz_targets/{stem}.rs"), "copy the target next door and change the name"),
    ] {
        if !tree.exists(&needed) {
            found.push(Finding::new(needed, format!("is missing for analyser `{id}`"), remedy));
        }
    }
    found
}

/// Fixture folders that belong to no analyser.
fn fixtures_of_none(tree: &Tree, known: &[String]) -> Vec<Finding> {
    let mut folders: Vec<&str> = tree
        .files
        .keys()
        .filter_map(|path| {
            path.strip_prefix("crates/onus-analyse/fixtures/")?.split_once('/').map(|(folder, _)| folder)
        })
        .collect();
    folders.dedup();
    folders.retain(|folder| !known.iter().any(|name| name == folder));
    let path = |folder: &str| format!("crates/onus-analyse/fixtures/{folder}");
    let remedy = "name the folder after the analyser, or delete it";
    folders.into_iter().map(|folder| Finding::new(path(folder), "belongs to no analyser", remedy)).collect()
}

#[cfg(test)]
mod tests {
    use super::{TABLE, check};
    use crate::tidy::assert_finds;

    const LNK: (&str, &str) = (
        "crates/onus-analyse/src/artefact/rich_header.rs",
        "pub(crate) const RICH_HEADER: Analyser = Analyser {\n    id: \"rich-header\",\n",
    );
    const FIXTURE: (&str, &str) = ("crates/onus-analyse/fixtures/rich_header/plain.hex", "");
    const TARGET: (&str, &str) = ("fuzz/fuzz_targets/rich_header.rs", "");

    fn table(rows: &str) -> String {
        format!("const ANALYSERS: &[Analyser] = &[\n    {rows},\n];\n")
    }

    #[test]
    fn an_analyser_with_all_its_names_is_fine() {
        assert_finds(check, &[(TABLE, &table("RICH_HEADER")), LNK, FIXTURE, TARGET], &[]);
    }

    #[test]
    fn what_is_missing_is_found() {
        let rows = table("RICH_HEADER");
        assert_finds(check, &[(TABLE, &rows), LNK, TARGET], &["crates/onus-analyse/fixtures/rich_header"]);
        assert_finds(check, &[(TABLE, &rows), LNK, FIXTURE], &["fuzz/fuzz_targets/rich_header.rs"]);
        assert_finds(check, &[(TABLE, &rows)], &["crates/onus-analyse/fixtures/rich_header", TABLE][1..]);
        assert_finds(check, &[], &[TABLE]);
    }

    #[test]
    fn other_names_are_found() {
        let file = ("crates/onus-analyse/src/rich.rs", LNK.1);
        assert_finds(check, &[(TABLE, &table("RICH_HEADER")), file, FIXTURE, TARGET], &[file.0]);
        let id = LNK.1.replace("rich-header", "rich_header");
        assert_finds(check, &[(TABLE, &table("RICH_HEADER")), (LNK.0, &id), FIXTURE, TARGET], &[LNK.0]);
    }

    #[test]
    fn an_unsorted_table_and_orphaned_fixtures_are_found() {
        let files = [(TABLE, &*table("RICH_HEADER, LNK")), LNK, FIXTURE, TARGET];
        assert_finds(check, &files, &[TABLE, TABLE]);
        let orphan = ("crates/onus-analyse/fixtures/pdf/a.hex", "");
        let files = [(TABLE, &*table("RICH_HEADER")), LNK, FIXTURE, TARGET, orphan];
        assert_finds(check, &files, &["crates/onus-analyse/fixtures/pdf"]);
    }
}
