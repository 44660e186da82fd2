//! Every format has one spelling.

use onus_ledger::{Checkpoint, Entry, Note, VerifierKey, split_bundle};

use crate::{any, first, log_of, note, signer};

#[test]
fn entries_of_every_kind_come_back() {
    for entry in (0..18).map(any).chain([first()]) {
        let bytes = entry.to_bytes().unwrap();
        assert_eq!(bytes, onus_core::to_canonical(&entry).unwrap());
        assert_eq!(Entry::from_bytes(&bytes).unwrap(), entry);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(&format!("\"kind\":\"{}\"", entry.kind())), "{text}");
    }
}

#[test]
fn entries_in_any_other_spelling_are_refused() {
    let good = r#"{"kind":"note","text":"a","time":"2026-01-02T03:04:05Z"}"#;
    Entry::from_bytes(good.as_bytes()).unwrap();
    for wrong in [
        "",
        "{}",
        "null",
        "[]",
        r#"{"kind":"note","text":"a"}"#,
        r#"{"kind":"other","text":"a","time":"2026-01-02T03:04:05Z"}"#,
        r#"{"text":"a","time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind":"note","text":"a","time":"2026-01-02T03:04:05Z","to":"b"}"#,
        r#"{"kind":"note","text":"a","text":"a","time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind":"note","text":"b","text":"a","time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind":"note","kind":"note","text":"a","time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind":"note","time":"2026-01-02T03:04:05Z","text":"a"}"#,
        r#"{"kind":"note","text":1,"time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind":"note","text":null,"time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind":"note","text":"\u0061","time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind":"note","text":"\ud800","time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind":"note","text":"\/","time":"2026-01-02T03:04:05Z"}"#,
        r#"{"kind": "note","text":"a","time":"2026-01-02T03:04:05Z"}"#,
        "{\"kind\":\"note\",\"text\":\"a\",\"time\":\"2026-01-02T03:04:05Z\"}\n",
        "\u{feff}{\"kind\":\"note\",\"text\":\"a\",\"time\":\"2026-01-02T03:04:05Z\"}",
        r#"{"kind":"note","text":"a","time":"2026-01-02T03:04:05.0Z"}"#,
        r#"{"kind":"note","text":"a","time":"2026-01-02T03:04:05.250Z"}"#,
        r#"{"kind":"note","text":"a","time":"2026-01-02t03:04:05z"}"#,
        r#"{"kind":"note","text":"a","time":"2026-01-02T03:04:05+00:00"}"#,
        r#"{"kind":"note","text":"a","time":"2026-01-02 03:04:05Z"}"#,
        r#"{"kind":"note","text":"a","time":"2026-02-30T03:04:05Z"}"#,
        r#"{"kind":"note","text":"a","time":"2026-01-02T23:59:60Z"}"#,
        r#"{"kind":"note","text":"a","time":"1969-12-31T23:59:59Z"}"#,
        r#"{"kind":"note","text":"a","time":"today"}"#,
    ] {
        assert!(Entry::from_bytes(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn members_of_an_exhibit_are_checked() {
    let good = String::from_utf8(any(0).to_bytes().unwrap()).unwrap();
    Entry::from_bytes(good.as_bytes()).unwrap();
    for (from, to) in [
        ("\"size\":8", "\"size\":08"),
        ("\"size\":8", "\"size\":8.0"),
        ("\"size\":8", "\"size\":-8"),
        ("\"size\":8", "\"size\":\"8\""),
        ("\"size\":8", "\"size\":8e0"),
        ("\"size\":8", "\"size\":9007199254740992"),
        ("ef810f75e2f2e68c8a498e2d0ebe3ec8", "EF810F75E2F2E68C8A498E2D0EBE3EC8"),
        ("0176020785db45dbfd410c2871e7adce6a2e9936", "176020785db45dbfd410c2871e7adce6a2e9936"),
        ("sha256:", "SHA256:"),
        ("\"kaspersky\"", "null"),
    ] {
        assert_ne!(good.replacen(from, to, 1), good);
        assert!(Entry::from_bytes(good.replacen(from, to, 1).as_bytes()).is_err(), "{to}");
    }
}

#[test]
fn notes_in_any_other_spelling_are_refused() {
    let good = String::from_utf8(log_of(&[3], note)["log/checkpoint"].clone()).unwrap();
    let line = good.lines().last().unwrap().to_owned();
    Note::from_bytes(good.as_bytes()).unwrap();
    let other = line.replacen("example.org/case", "example.org/other", 1);
    Note::from_bytes(format!("{good}{other}\n").as_bytes()).unwrap();
    let many = |count| (0..count).map(|n| line.replacen("case", &n.to_string(), 1) + "\n").collect::<String>();
    Note::from_bytes(format!("{good}{}", many(99)).as_bytes()).unwrap();
    for wrong in [
        String::new(),
        "\n\n".into(),
        good.trim_end().to_owned(),
        format!("{good}\n"),
        format!("{good}{line}\n"),
        format!("{good}{}", many(100)),
        good.replace("\n\n", "\n"),
        good.replace("\n\n", "\n\n\u{2014} x\n"),
        good.replace('\n', "\r\n"),
        good.replace("\u{2014} ", "- "),
        good.replace("\u{2014} ", "\u{2014}  "),
        good.replace("\u{2014} ", "\u{2014}\u{a0}"),
        good.replace(&line, &format!("{line} ")),
        good.replace(&line, &format!("{line}=")),
        good.replace(&line, line.trim_end_matches('=')),
        good.replace(&line, &line.replacen("example.org/case", "a+b", 1)),
        good.replace(&line, "\u{2014} example.org/case AAAAAA=="),
        good.replace("example", "exam\tple"),
    ] {
        assert!(Note::from_bytes(wrong.as_bytes()).is_err(), "{wrong:?}");
    }
    assert!(Note::from_bytes(b"\xff\n\n").is_err());
    assert!(Note::from_bytes(&vec![b'a'; 1_000_001]).is_err());
}

#[test]
fn checkpoints_in_any_other_spelling_are_refused() {
    let good = "example.org/case\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    assert_eq!(good.parse::<Checkpoint>().unwrap().to_string(), good);
    for wrong in [
        "",
        "\n",
        "example.org/case\n7\n",
        "example.org/case\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "example.org/case\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n",
        "example.org/case\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n",
        "example.org/case\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "example.org/case\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n",
        "example.org/case\n7\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/case\n7\n47DEQpj8HBSa\n",
        "example.org/case\n07\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/case\n+7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/case\n-7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/case\n7 \n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/case\n9007199254740992\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "example.org/case\n18446744073709551616\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a case\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    ] {
        assert!(wrong.parse::<Checkpoint>().is_err(), "{wrong:?}");
    }
}

#[test]
fn keys_in_any_other_spelling_are_refused() {
    let good = signer().vkey().to_string();
    assert_eq!(good.parse::<VerifierKey>().unwrap().to_string(), good);
    let (name, rest) = good.split_once('+').unwrap();
    let (id, key) = rest.split_once('+').unwrap();
    for wrong in [
        String::new(),
        name.into(),
        format!("{name}+{id}"),
        format!("+{id}+{key}"),
        format!("other+{id}+{key}"),
        format!("{name}+{}+{key}", id.to_uppercase()),
        format!("{name}+0{id}+{key}"),
        format!("{name}+{id}+{key}="),
        format!("{name}+{id}+{}", &key[..40]),
        format!("{name}+{id}+{}", key.replacen('A', "B", 1)),
        format!("a b+{id}+{key}"),
        format!("{good}\n"),
        // The neutral element: every message has a signature under it that anybody can make.
        "a+e7d8a85d+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into(),
    ] {
        assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
    }
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert!(VerifierKey::new("a", onus_ledger::KeyKind::Ed25519, neutral).is_err());
}

#[test]
fn bundles_are_as_long_as_they_say() {
    let good = b"\x00\x02ab\x00\x00\x00\x01c";
    assert_eq!(split_bundle(good, 3).unwrap(), [b"ab".as_slice(), b"", b"c"]);
    assert_eq!(split_bundle(b"", 0).unwrap(), [b""; 0]);
    for (wrong, width) in [(&good[..], 2), (&good[..], 4), (&good[..8], 3), (&good[..7], 2), (b"\x00", 0), (b"", 1)] {
        assert!(split_bundle(wrong, width).is_err(), "{wrong:?}");
    }
}
