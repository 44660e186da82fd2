//! The files of the repository, as the checks see them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Every file that is tracked or about to be, by its path from the root, with `/` between the parts.
pub(crate) struct Tree {
    /// Where the files were read from; no file may name it.
    pub(crate) root: PathBuf,
    /// The files.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// Reads all files that git tracks or would add. A tracked file that was deleted is left out.
    pub(crate) fn read() -> Result<Self, String> {
        let root = root();
        let listed = output(Command::new("git").current_dir(&root).args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))?;
        let mut files = BTreeMap::new();
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            if let Ok(bytes) = std::fs::read(root.join(path)) {
                files.insert(path.to_owned(), bytes);
            }
        }
        Ok(Self { root, files })
    }

    /// Returns the files whose path passes a test and whose bytes are UTF-8, in order of path.
    pub(crate) fn texts(&self, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(move |(path, _)| wanted(path))
            .filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
    }

    /// Returns the text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// Returns whether a file or a folder with at least one file has this path.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }
}

#[cfg(test)]
impl Tree {
    /// A tree for tests.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        Self { root: PathBuf::from("/builder/checkout"), files }
    }
}

/// Returns the root of the workspace.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Runs a command in the foreground, without standard input.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}; its own output above says why")),
        Err(error) => Err(format!("`{shown}` could not be started: {error}")),
    }
}

/// Runs a command and returns what it prints.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let done = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("`{shown}` could not be started: {error}"))?;
    if !done.status.success() {
        return Err(format!("`{shown}` ended with {}; its own output above says why", done.status));
    }
    String::from_utf8(done.stdout).map_err(|_| format!("`{shown}` printed bytes that are not UTF-8"))
}

/// The first words of a command, for messages.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.take(8).map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
