//! The longest files and functions: a place to look, not a limit.

use super::sources::is_rust;
use crate::tree::Tree;

/// How many of each are shown.
const SHOWN: usize = 10;

/// Prints the longest Rust files and functions.
pub(super) fn print(tree: &Tree) {
    let files = tree.texts(is_rust).map(|(path, text)| (text.lines().count(), path.to_owned())).collect();
    print_top("files", files);
    let functions = tree.texts(is_rust).flat_map(|(path, text)| {
        functions(text).into_iter().map(move |(lines, name)| (lines, format!("{path} {name}")))
    });
    print_top("functions", functions.collect());
}

fn print_top(what: &str, mut lengths: Vec<(usize, String)>) {
    lengths.sort_by(|one, next| next.cmp(one));
    println!("longest {what}:");
    for (lines, name) in lengths.iter().take(SHOWN) {
        println!("{lines:>6} {name}");
    }
}

/// The functions of a formatted file with their number of lines: a body ends where its indentation comes back.
fn functions(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indent}}}");
        let len = lines[index..].iter().position(|line| *line == end).map_or(1, |at| at + 1);
        let is_one_line = line.ends_with('}') || line.ends_with(';');
        found.push((if is_one_line { 1 } else { len }, name.to_owned()));
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.trim_start().split_once("fn ")?;
    let is_head =
        before.split(' ').all(|word| matches!(word, "" | "const" | "async" | "unsafe") || word.starts_with("pub"));
    let name = after.split(['(', '<']).next()?;
    (is_head && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::functions;

    #[test]
    fn bodies_end_where_they_do() {
        let text = "pub(crate) const fn a() {\n    {\n    }\n}\nimpl X {\n    fn b(&self) -> u8 { 1 }\n    fn c<T>(\n        t: T,\n    ) {\n        x\n    }\n}\n// a fn in prose\n";
        let expected = [(4, "a"), (1, "b"), (5, "c")].map(|(lines, name)| (lines, name.to_owned()));
        assert_eq!(functions(text), expected);
    }
}
