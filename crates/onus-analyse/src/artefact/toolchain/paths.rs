//! Paths of the machine on which a program was built.

use std::ops::Range;

/// Paths of one file, at most.
const PATHS_MAX: usize = 64;

/// Bytes of a path, at most.
const PATH_LEN_MAX: usize = 300;

/// Where paths begin that tell something of the machine.
const HEADS: &[&[u8]] = &[b"/home/", b"/Users/", b"/root/", b"/rustc/"];

/// A path and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// The path.
    pub text: String,
    /// Where it stands in the file.
    pub range: Range<usize>,
}

/// Finds the first path of each user and of each compiler of Rust in a range of the file, in one pass.
pub(crate) fn paths(bytes: &[u8], range: Range<usize>, found: &mut Vec<Path>) {
    let end = range.end.min(bytes.len());
    let mut at = range.start.min(end);
    while let Some(next) = bytes.get(at..end).and_then(|rest| rest.iter().position(|byte| *byte == b'/')) {
        at += next;
        let rest = bytes.get(at..end).unwrap_or_default();
        if let Some(head) = HEADS.iter().find(|head| rest.starts_with(head)) {
            let len = rest.iter().take(PATH_LEN_MAX).take_while(|byte| is_path(**byte)).count();
            add(rest.get(..len).unwrap_or_default(), head.len(), at, found);
            at += len.max(1);
        } else {
            at += 1;
        }
        if found.len() >= PATHS_MAX {
            return;
        }
    }
}

fn is_path(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'|' | b'*' | b'?' | b'\'' | b'`' | b'%' | b':')
}

fn add(path: &[u8], head: usize, at: usize, found: &mut Vec<Path>) {
    let name = path.get(head..).unwrap_or_default().iter().position(|byte| *byte == b'/');
    let Some(until) = name.filter(|len| *len > 0).map(|len| head + len) else { return };
    let start = path.get(..until).unwrap_or_default();
    if found.iter().any(|other| other.text.as_bytes().get(..until).is_some_and(|begin| begin == start)) {
        return;
    }
    found.push(Path { text: String::from_utf8_lossy(path).into_owned(), range: at..at + path.len() });
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn one_path_of_each_user_is_found() {
        let text = "x~home/anna/a.c\0~home/anna/b.c\0~Users/runner/c.c\0/usr/lib/d.c\0~home/\0/rustc/abc/e.rs";
        let bytes = text.replace('~', "/").into_bytes();
        let mut found = Vec::new();
        paths(&bytes, 0..bytes.len(), &mut found);
        let texts: Vec<_> = found.iter().map(|path| path.text.as_str()).collect();
        assert_eq!(
            texts,
            ["~home/anna/a.c", "~Users/runner/c.c", "/rustc/abc/e.rs"].map(|path| path.replace('~', "/"))
        );
    }
}
