//! How long reading one exhibit takes.

use onus_analyse::{Subject, observe};
use onus_core::{Digest, Exhibit};

fn main() {
    divan::main();
}

/// 10 kB of sentences.
fn text() -> Vec<u8> {
    "The ministry said on 25 March 2024 that its network had been entered.\n\n".repeat(141).into_bytes()
}

/// 10 kB that are no format, from a fixed generator (xorshift).
fn random() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..1250).flat_map(|_| next()).collect()
}

/// 1 MB of page.
fn html() -> Vec<u8> {
    let part = "<div class=\"a b\"><p>The ministry &amp; its partners said on <b>25 March 2024</b> that \
                <a href=\"https://example.org/a?b=1\">its network</a> had been entered.</p></div>\n";
    format!("<!DOCTYPE html><html><head><title>A</title></head><body>{}", part.repeat(1_000_000 / part.len()))
        .into_bytes()
}

#[divan::bench(args = ["text_10_kB", "random_10_kB", "html_1_MB"])]
fn exhibit(bencher: divan::Bencher<'_, '_>, name: &str) {
    let bytes = match name {
        "text_10_kB" => text(),
        "random_10_kB" => random(),
        _ => html(),
    };
    let exhibit =
        Exhibit { sha256: Digest::of(&bytes), sha1: String::new(), md5: String::new(), size: bytes.len() as u64 };
    bencher
        .counter(divan::counter::BytesCount::new(bytes.len()))
        .bench(|| observe(&Subject { exhibit: &exhibit, bytes: &bytes }));
}
