//! The bundled cases: every exhibit has an origin, every digest of a sheet an exhibit.

use std::{collections::BTreeSet, fmt::Write as _};

use sha2::{Digest, Sha256};
use toml::{Table, Value};

use super::Finding;
use crate::tree::Tree;

/// The folder with the bundled cases.
const DEMO: &str = "crates/onus/demo/";

/// Finds exhibits without origin, origins without exhibit, unknown sources and digests that name nothing.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let sheets = tree.texts(|path| path.starts_with(DEMO) && path.ends_with("/case.toml"));
    sheets.flat_map(|(path, sheet)| check_one(tree, path.trim_end_matches("case.toml"), sheet)).collect()
}

fn check_one(tree: &Tree, folder: &str, sheet: &str) -> Vec<Finding> {
    let (Ok(sheet), Some(origins)) = (sheet.parse::<Table>(), read(tree, &format!("{folder}exhibits.toml"))) else {
        return vec![Finding::new(folder, "case.toml or exhibits.toml is no TOML", "mend it")];
    };
    let exhibits = format!("{folder}exhibits/");
    let files: BTreeSet<&str> = tree.files.keys().filter_map(|path| path.strip_prefix(&exhibits)).collect();
    let named: BTreeSet<&str> = column(&origins, "exhibit", "file").collect();
    let mut found = Vec::new();
    for file in files.symmetric_difference(&named) {
        let what = format!("`{file}` is not both a file and a row of exhibits.toml");
        found.push(Finding::new(&exhibits, what, "write who supplied it and what it is"));
    }
    let sources: BTreeSet<&str> = column(&sheet, "source", "id").collect();
    for source in column(&origins, "exhibit", "source").filter(|source| !sources.contains(source)) {
        let what = format!("source `{source}` is not in case.toml");
        found.push(Finding::new(format!("{folder}exhibits.toml"), what, "use an id of the sheet"));
    }
    let digests: BTreeSet<String> =
        files.iter().map(|file| digest(&tree.files[&format!("{exhibits}{file}")])).collect();
    for cited in column(&sheet, "observation", "exhibit").filter(|cited| !digests.contains(*cited)) {
        let what = format!("no exhibit has the digest {cited}");
        found.push(Finding::new(format!("{folder}case.toml"), what, "`sha256sum` of the file is the right one"));
    }
    found
}

fn read(tree: &Tree, path: &str) -> Option<Table> {
    tree.text(path)?.parse().ok()
}

/// The texts under one key of an array of tables.
fn column<'a>(table: &'a Table, rows: &str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let rows = table.get(rows).and_then(Value::as_array).into_iter().flatten();
    rows.filter_map(move |row| row.get(key).and_then(Value::as_str))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::assert_finds;

    const SHEET: &str = "source = [{ id = 'ann' }]\nobservation = [{ exhibit = \
                         'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }]\n";

    fn assert_places(sheet: &str, origins: &str, exhibit: &str, places: &[&str]) {
        let files = [
            ("crates/onus/demo/x/case.toml", sheet),
            ("crates/onus/demo/x/exhibits.toml", origins),
            ("crates/onus/demo/x/exhibits/a.txt", exhibit),
        ];
        assert_finds(check, &files, places);
    }

    #[test]
    fn what_does_not_fit_together_is_found() {
        let origins = "exhibit = [{ file = 'a.txt', source = 'ann' }]";
        assert_places(SHEET, origins, "abc", &[]);
        assert_places(SHEET, origins, "abd", &["crates/onus/demo/x/case.toml"]);
        assert_places(SHEET, "", "abc", &["crates/onus/demo/x/exhibits/"]);
        assert_places(SHEET, &origins.replace("ann", "bob"), "abc", &["crates/onus/demo/x/exhibits.toml"]);
        assert_places("=", origins, "abc", &["crates/onus/demo/x/"]);
    }
}
