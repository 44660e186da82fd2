//! The worked example in `docs/spec/ledger.md` is what this crate writes.

use std::fmt::Write as _;

use onus_core::Digest;
use onus_ledger::{Entry, Ledger};

use crate::{Case, STORED, first, signer, store, time};

const BEGIN: &str = "<!-- example: begin -->\n";
const END: &str = "<!-- example: end -->\n";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Three entries, published after the first and after the third.
fn example() -> (Vec<Entry>, Case) {
    let digest = Digest::of(STORED);
    let added = Entry::ExhibitAdded {
        time: time(),
        exhibit: digest,
        sha1: "0176020785db45dbfd410c2871e7adce6a2e9936".into(),
        md5: "ef810f75e2f2e68c8a498e2d0ebe3ec8".into(),
        size: 8,
        name: "relevé.txt".into(),
        source: None,
    };
    let entries = vec![first(), added, Entry::Note { time: time(), text: "a\tb".into() }];
    let (mut files, mut ledger) = (Case::new(), Ledger::new());
    for (index, entry) in entries.iter().enumerate() {
        ledger.append(entry).unwrap();
        if index != 1 {
            store(&mut files, &ledger.publish(&signer()).unwrap());
        }
    }
    (entries, files)
}

fn written() -> String {
    let (entries, files) = example();
    let mut out = format!("The seed is 32 bytes of 07; `log/vkey`:\n\n    {}\n", signer().vkey());
    for (index, entry) in entries.iter().enumerate() {
        let bytes = entry.to_bytes().unwrap();
        let leaf = Digest::of(&[&[0], bytes.as_slice()].concat()).to_hex();
        let _ = write!(
            out,
            "\nEntry {index}, {} bytes, and its leaf hash:\n\n    {}\n    {leaf}\n",
            bytes.len(),
            String::from_utf8_lossy(&bytes)
        );
    }
    let bundle = &files["log/tile/entries/000.p/3"];
    let _ = write!(
        out,
        "\n`log/tile/entries/000.p/3` has {} bytes, its SHA-256 digest and its first ten bytes are:\n\n    {}\n    {}\n",
        bundle.len(),
        Digest::of(bundle).to_hex(),
        hex(&bundle[..10])
    );
    let _ = writeln!(out, "\n`log/tile/0/000.p/3` has 96 bytes, the three leaf hashes one after the other.");
    for path in ["log/checkpoints/1", "log/checkpoints/3"] {
        let text = String::from_utf8(files[path].clone()).unwrap();
        let _ = write!(out, "\n`{path}`:\n\n```text\n{text}```\n");
    }
    let all: Vec<_> = files.keys().map(|path| format!("    {path}\n")).collect();
    let _ = write!(out, "\nAll files, the superseded ones removed:\n\n{}\n", all.concat());
    out
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that rewrites golden files is a variable of the environment")]
fn the_example_is_what_is_written() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/spec/ledger.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let fresh = format!("{before}{BEGIN}\n{}{END}{after}", written());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, fresh).unwrap();
        return;
    }
    assert!(document == fresh, "docs/spec/ledger.md is not fresh; rewrite it with UPDATE_GOLDEN=1 and read the diff");
}
