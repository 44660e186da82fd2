//! The shipped reference data: sound, licensed, and the same bytes when it is written again.

use onus_core::Digest;
use onus_weigh::{Reference, reference::Hidden, reference::TraceKind, reference::View};

const SHIPPED: &str = include_str!("../reference/attack.txt");

#[test]
fn the_shipped_file_is_what_its_readme_describes() {
    let reference = Reference::builtin();
    assert_eq!(reference.to_text(), SHIPPED, "written again, it is the same");
    assert_eq!(Reference::parse(&reference.to_text()).as_ref(), Ok(reference));
    assert_eq!(reference.digest(), Digest::of(SHIPPED.as_bytes()));
    assert!(SHIPPED.len() < 4_000_000);
}

#[test]
fn the_terms_of_the_origins_travel_with_the_data() {
    let mitre = "© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE \
                 Corporation.";
    assert!(Reference::builtin().notices.iter().any(|notice| notice == mitre));
    assert!(include_str!("../reference/LICENSE-ATTACK.txt").contains(mitre));
    assert!(include_str!("../reference/LICENSE-MISP-GALAXY.md").contains("CC0 1.0"));
    assert!(include_str!("../reference/README.md").contains(mitre));
}

#[test]
fn groups_can_be_ranked_in_every_release() {
    let reference = Reference::builtin();
    let counted = |release| {
        let hidden = Hidden { release: Some(release), ..Hidden::default() };
        View::new(reference, &hidden, &[TraceKind::Technique, TraceKind::Software]).candidates.len()
    };
    let counted: Vec<usize> = (0..12).map(counted).collect();
    assert_eq!(counted, [105, 108, 120, 128, 130, 133, 136, 141, 148, 159, 166, 172]);
}

#[test]
fn every_release_has_a_day() {
    let days: Vec<&str> = Reference::builtin().releases.iter().map(|release| release.day.as_str()).collect();
    assert!(days.iter().all(|day| day.len() == 10) && days.is_sorted());
}

/// The block of the document that follows a mark.
fn example(name: &str) -> String {
    let document = include_str!("../../../docs/spec/reference.md");
    let (_, rest) = document.split_once(&format!("<!-- example: {name} -->\n```text\n")).expect("the mark is there");
    rest.split("```").next().expect("there is a part before the end").replace('→', "\t")
}

#[test]
fn the_example_of_the_document_is_read_and_written_as_it_stands() {
    let text = example("text");
    let reference = Reference::parse(&text).expect("the example is sound");
    assert_eq!(reference.to_text(), text);
    assert_eq!(format!("{}\n", reference.digest()), example("digest"));
    let view = View::new(&reference, &Hidden::default(), &[TraceKind::Software]);
    assert_eq!(view.documents.len(), 2, "the campaign's claim belongs to the actor that it is attributed to");
}

#[test]
fn what_does_not_fit_is_refused_with_its_line() {
    let text = example("text");
    for (old, new, expected) in [
        ("onus-reference 1", "onus-reference 2", "line 1: does not begin with `onus-reference 1`"),
        ("release\t2.0\t\n", "release\t2.0\n", "line 6: `release` has no day"),
        ("title\tExample\n", "title\tExample\tmore\n", "line 2: `title` has a field too many, `more`"),
        ("actor\tG9002", "actor\tG9000", "line 9: `G9000` is out of order, or there twice"),
        ("actor\tG9002", "actor\treport", "line 9: `report` cannot be an id"),
        ("campaign\tC9001", "campaign\tG9001", "line 10: `G9001` is an actor already"),
        ("revoked:G9001", "revoked:G9007", "line 9: there is no successor `G9007`"),
        ("attributed\tG9001", "attributed\tG9007", "line 11: there is no actor `G9007`"),
        ("S9001\t0-1", "S9001\t0-2", "line 12: there is no release 2"),
        ("S9001\t0-1", "S9001\t1-0", "line 12: a span is two numbers of releases, such as `0-11`"),
        ("trace\tsoftware", "trace\thardware", "line 12: an unknown kind of trace"),
        ("by\tC9001", "by\tC9007", "line 21: there is no actor or campaign `C9007`"),
        ("S9001\t0\t", "S9002\t0\t", "line 18: there is no trace `S9002`"),
        ("T9001.001\t2\t1-1", "T9001.001\t3\t1-1", "line 20: there is no report 3"),
        ("T9001.001\t2\t1-1", "T9001.001\t0\t1-1", "line 20: claims are out of order, or there twice"),
        ("by\tG9001\n", "title\tlate\nby\tG9001\n", "line 17: `title` comes too late: sections stand in a fixed order"),
        ("Breeze", "Bree\rze", "line 9: a field holds a control character"),
        ("by\tG9001\n", "", "line 17: the word `S9001` is unknown"),
    ] {
        let changed = text.replacen(old, new, 1);
        if changed == text {
            // the first occurrence may be in an earlier line; the test would then test nothing
            panic!("`{old}` is not in the example");
        }
        let found = Reference::parse(&changed).map(|_| ()).map_err(|problem| problem.to_string());
        assert_eq!(found, Err(expected.to_owned()), "{old} -> {new}");
    }
}

#[test]
fn more_than_can_be_numbered_is_refused() {
    let mut text = "onus-reference 1\n".to_owned();
    for number in 0..65_536 {
        text += &format!("report\t{number:06}\t\n");
    }
    let problem = Reference::parse(&text).expect_err("there are too many");
    assert!(problem.message.starts_with("more than 65535 entries"), "{problem}");
}
