//! What holds for every exhibit, whatever its bytes.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use onus_analyse::{Subject, analysers, check_answer, observe};
use onus_core::{Digest, Exhibit, ObservationSet};
use proptest::prelude::*;

fn exhibit(bytes: &[u8]) -> Exhibit {
    Exhibit { sha256: Digest::of(bytes), sha1: "1".repeat(40), md5: "5".repeat(32), size: bytes.len() as u64 }
}

/// Reads, and checks what must hold of every answer: its form, its places, and that it is the same again.
fn check(bytes: &[u8]) -> ObservationSet {
    let exhibit = exhibit(bytes);
    let set = observe(&Subject { exhibit: &exhibit, bytes });
    check_answer(&set, &exhibit).unwrap();
    assert_eq!(observe(&Subject { exhibit: &exhibit, bytes }), set);
    set
}

/// The bytes that an observation was read from.
fn slice<'b>(bytes: &'b [u8], observation: &onus_core::Observation) -> &'b [u8] {
    let locus = observation.locus.unwrap();
    &bytes[locus.offset as usize..(locus.offset + locus.len) as usize]
}

/// Texts of words, dates and signs that analysers look for.
fn texts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("25 March 2024".to_owned()),
        Just("03/04/2024".to_owned()),
        Just("2024年3月25日".to_owned()),
        Just("\n\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("Microsоft".to_owned()),
        "[a-zé中ж ]{0,12}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

/// Pages of tags, halves of tags and texts.
fn pages() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "</?(p|div|b|nav|script|title|pre|br|template|svg)( hidden| class=x| a='|)/?>?",
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("&amp;".to_owned()),
        Just("&#x202e;".to_owned()),
        Just("<a href='https://example.org/'>".to_owned()),
        Just("<meta property=article:published_time content=2024-03-25>".to_owned()),
        texts(),
    ];
    prop::collection::vec(part, 0..30).prop_map(|parts| format!("<html>{}", parts.concat()))
}

/// Bundles of objects with right, wrong and missing members.
fn bundles() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("\"relationship\""),
        Just("\"malware\""),
        Just("\"attack-pattern\""),
        Just("\"attributed-to\""),
        Just("\"malware--1\""),
        Just("\"malware--2\""),
        Just("\"[a:b = 'c']\""),
        Just("[\"malware--1\", 1, null]"),
        Just("{\"sha-256\": \"00\", \"b\": []}"),
        Just("[{\"source_name\": \"mitre-attack\", \"external_id\": \"T1\"}]"),
        Just("null"),
        Just("-1.5e3"),
        Just("true"),
        Just("\"\\ud800\""),
    ];
    let name = prop_oneof![
        Just("type"),
        Just("id"),
        Just("name"),
        Just("relationship_type"),
        Just("source_ref"),
        Just("target_ref"),
        Just("pattern"),
        Just("aliases"),
        Just("external_references"),
        Just("created"),
        Just("revoked"),
        Just("hashes"),
        Just("object_refs"),
    ];
    let object = prop::collection::vec((name, value), 0..8).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        format!("{{{}}}", members.join(", "))
    });
    (prop::collection::vec(object, 0..8), 0..2000_usize).prop_map(|(objects, cut)| {
        let mut bundle =
            format!("{{\"type\": \"bundle\", \"id\": \"bundle--1\", \"objects\": [{}]}}", objects.join(","));
        bundle.truncate(bundle.len().saturating_sub(cut % 5 * (cut / 5 % 40)).max(20));
        bundle
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        check(&bytes);
    }

    #[test]
    fn any_bytes_after_the_beginning_of_a_format_are_read(
        start in prop::sample::select(vec!["<html>", "\u{feff}", "{\"type\":\"bundle\",\"objects\":[", "MZ", "PK\u{3}\u{4}"]),
        bytes in prop::collection::vec(any::<u8>(), 0..500),
    ) {
        check(&[start.as_bytes(), &bytes].concat());
    }

    #[test]
    fn the_place_of_a_paragraph_holds_its_text(text in texts()) {
        let bytes = text.as_bytes();
        for observation in check(bytes).observations.iter().filter(|o| o.kind == "text" || o.kind == "title") {
            prop_assert_eq!(slice(bytes, observation), observation.value.as_bytes());
            let line = 1 + text[..observation.locus.unwrap().offset as usize].matches('\n').count() as u64;
            prop_assert_eq!(observation.locus.unwrap().line, Some(line));
        }
    }

    #[test]
    fn the_place_of_a_date_holds_it_as_written(text in texts()) {
        let bytes = text.as_bytes();
        for observation in check(bytes).observations.iter().filter(|o| o.kind == "date") {
            prop_assert_eq!(slice(bytes, observation), observation.attributes["written"].as_bytes());
            prop_assert!(observation.value.parse::<onus_core::Edtf>().is_ok());
        }
    }

    #[test]
    fn the_encoding_changes_places_and_nothing_else(text in texts()) {
        prop_assume!(!text.contains('\0'));
        let marked = format!("\u{feff}{text}");
        let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let said = |bytes: &[u8]| -> Vec<(String, String)> {
            let set = check(bytes);
            let of_text = set.observations.into_iter().filter(|o| o.analyser == "text" && o.kind != "encoding");
            of_text.map(|o| (o.kind, o.value)).collect()
        };
        let (narrow, wide) = (said(marked.as_bytes()), said(&wide));
        prop_assume!(!narrow.is_empty() && !wide.is_empty());
        prop_assert_eq!(narrow, wide);
    }

    #[test]
    fn any_page_is_read(page in pages()) {
        check(page.as_bytes());
    }

    #[test]
    fn words_of_a_page_stand_where_it_says(words in prop::collection::vec("[a-zé中]{1,8}", 1..30)) {
        let page = format!("<html><p>{}</p>", words.join("</p>\n<p>"));
        let set = check(page.as_bytes());
        let found: Vec<_> = set.observations.iter().filter(|o| o.kind == "text").collect();
        prop_assert_eq!(found.len(), words.len());
        for (observation, word) in found.iter().zip(&words) {
            prop_assert_eq!(slice(page.as_bytes(), observation), word.as_bytes());
        }
    }

    #[test]
    fn any_bundle_is_read(bundle in bundles()) {
        check(bundle.as_bytes());
    }
}

#[test]
fn what_grows_the_answer_is_bounded() {
    for hostile in [
        "a\n\n".repeat(300_000),
        format!("<html>{}", "<p>a".repeat(300_000)),
        format!("<html>{}", "<div>".repeat(1_000_000)),
        format!("<html>{}", "<nav>".repeat(1_000_000)),
        format!("<html>{}", "&lt;".repeat(300_000)),
        format!("<html>{}", "<a href=http://a>".repeat(100_000)),
        format!("<html><p {}>", "a=b ".repeat(300_000)),
        format!("<html>{}", "<!--".repeat(300_000)),
        format!("<html>{}", "<script>".repeat(300_000)),
        format!("<html>{}", "</".repeat(300_000)),
        "2024-03-25 ".repeat(100_000),
        "\u{202e}a".repeat(100_000),
        format!("{{\"type\":\"bundle\",\"objects\":{}", "[".repeat(1_000_000)),
        format!("{{\"type\":\"bundle\",\"objects\":[{}{{}}]}}", "{},".repeat(250_000)),
        format!("{{\"type\":\"bundle\",\"objects\":[{{{}\"a\":1}}]}}", "\"a\":1,".repeat(300_000)),
        format!("{{\"type\":\"bundle\",\"id\":\"{}\",\"objects\":[]}}", "b".repeat(1_000_000)),
    ] {
        let exhibit = exhibit(hostile.as_bytes());
        let set = observe(&Subject { exhibit: &exhibit, bytes: hostile.as_bytes() });
        check_answer(&set, &exhibit).unwrap();
    }
}

#[test]
fn an_exhibit_longer_than_what_is_read_says_so() {
    let bytes = "a ж".as_bytes();
    let exhibit = Exhibit { size: 1000, ..exhibit(bytes) };
    let set = observe(&Subject { exhibit: &exhibit, bytes: &bytes[..3] });
    check_answer(&set, &exhibit).unwrap();
    for run in &set.analysers {
        let of_run = set.observations.iter().find(|observation| observation.analyser == run.id).unwrap();
        assert_eq!((of_run.kind.as_str(), of_run.value.as_str()), ("limit", "read are the first 3 of 1000 bytes"));
    }
    assert!(set.observations.iter().any(|observation| observation.kind == "text" && observation.value == "a"));
    assert!(!set.observations.iter().any(|observation| observation.kind == "tlsh"));
}

#[test]
fn every_analyser_has_a_fuzz_target() {
    let targets = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/fuzz_targets/");
    for analyser in analysers() {
        assert!(std::path::Path::new(&format!("{targets}{}.rs", analyser.id)).exists(), "{}", analyser.id);
    }
}
