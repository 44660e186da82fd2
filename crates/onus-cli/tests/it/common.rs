//! A place for each test, and what a run of the program said, with everything left out that differs from run to run.

use std::{
    ffi::OsStr,
    fmt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub(crate) const ONUS: &str = env!("CARGO_BIN_EXE_onus");

/// A folder of its own, with a configuration of its own.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

/// What a run said.
pub(crate) struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A place with a case in the folder `case`.
    pub(crate) fn with_case() -> Self {
        let place = Self::new();
        assert_eq!(place.run(["new", "case"]).code, Some(0));
        place
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// The program, in this place.
    pub(crate) fn onus(&self) -> Command {
        let mut command = Command::new(ONUS);
        self.dress(&mut command);
        command
    }

    /// Gives a command this place and this configuration.
    pub(crate) fn dress(&self, command: &mut Command) {
        command.current_dir(self.root()).env("ONUS_CONFIG", self.path("config")).env("NO_COLOR", "1");
    }

    pub(crate) fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
        self.ran(self.onus().args(args).output().unwrap())
    }

    /// Runs a command that must succeed.
    pub(crate) fn done(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{ran}");
        ran
    }

    pub(crate) fn ran(&self, output: Output) -> Ran {
        let scrub = |bytes: &[u8]| scrub(&String::from_utf8_lossy(bytes), self.root());
        Ran { code: output.status.code(), out: scrub(&output.stdout), err: scrub(&output.stderr) }
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "status: {code}")?,
            None => writeln!(f, "status: ended by a signal")?,
        }
        for (name, text) in [("out", &self.out), ("err", &self.err)] {
            if !text.is_empty() {
                writeln!(f, "-- {name}\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}

/// Replaces paths, times, origins, keys, roots, the level of isolation and the size of bodies by their names.
fn scrub(text: &str, root: &Path) -> String {
    let mut text = text.replace(root.to_str().unwrap(), "[PLACE]");
    for level in levels(&text) {
        text = text.replace(&level, "[ISOLATION]");
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        if let Some(after) = skip(rest, "dddd-dd-ddTdd:dd:ddZ") {
            out += "[TIME]";
            rest = after;
        } else if let Some(after) = skip(rest, "onus/case/hhhhhhhhhhhhhhhh") {
            out += "[ORIGIN]";
            rest = after;
            if let Some(after) = skip(rest, "+hhhhhhhh+") {
                out += "[KEY]";
                rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "+/=".contains(c));
            }
        } else if let Some(after) = rest.strip_prefix("bodies, ") {
            out += "bodies, [SIZE]";
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        } else if let Some(after) = rest.strip_prefix("root sha256:").and_then(|rest| rest.get(64..)) {
            out += "root [ROOT]";
            rest = after;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn levels(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || c == '"');
    words.filter(|word| word.starts_with("rlimits")).map(str::to_owned).collect()
}

/// What follows a pattern of `d` digits, `h` hexadecimal digits and other characters that stand for themselves.
fn skip<'a>(text: &'a str, pattern: &str) -> Option<&'a str> {
    let head = text.get(..pattern.len())?;
    let fits = head.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
        b'd' => byte.is_ascii_digit(),
        b'h' => byte.is_ascii_hexdigit(),
        _ => byte == wanted,
    });
    fits.then(|| &text[pattern.len()..])
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub(crate) struct Numbers(pub u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// How often a long test repeats: `ONUS_LONG_TESTS`, else the number given.
#[expect(clippy::disallowed_methods, reason = "the length of a test is asked for by who runs it")]
pub(crate) fn repeats(ordinary: u64) -> u64 {
    std::env::var("ONUS_LONG_TESTS").ok().and_then(|number| number.parse().ok()).unwrap_or(ordinary)
}

/// Every file below a folder, sorted, relative to it.
pub(crate) fn files_below(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}
