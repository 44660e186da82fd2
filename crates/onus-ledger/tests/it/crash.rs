//! Every way in which storing a publication can be cut short.

use onus_ledger::{Entry, Ledger, Publication, Step, Write};

use crate::{Case, apply, first, log_of, note, signer, store, time, verify};

/// Ledger and files of a log that may not exist yet.
fn reopen(files: &Case) -> Ledger {
    match files.contains_key("log/checkpoint") {
        true => Ledger::open(files, &signer().vkey()).unwrap(),
        false => Ledger::create(files).unwrap(),
    }
}

/// Other entries than those that were lost, so that what a crash left behind contradicts them.
fn publish_others(files: &Case, mark: &str, to: u64) -> Publication {
    let mut ledger = reopen(files);
    while ledger.size() < to {
        let text = format!("{mark}{}", ledger.size());
        ledger.append(&if ledger.size() == 0 { first() } else { Entry::Note { time: time(), text } }).unwrap();
    }
    ledger.publish(&signer()).unwrap()
}

#[track_caller]
fn check_size(files: &Case, size: u64) {
    if size > 0 {
        assert_eq!(verify(files).unwrap().size, size);
    }
}

/// Cuts the publication from one size to another short after every step, and checks that the old log holds until the
/// new one does, and that both can be continued.
fn check(before: u64, after: u64) {
    let old = match before {
        0 => Case::new(),
        1 => log_of(&[1], note),
        _ => log_of(&[1, before], note),
    };
    let publication = publish_others(&old, "lost ", after);
    for steps in 0..=publication.steps().count() {
        let mut files = old.clone();
        let size = if apply(&mut files, &publication, steps) { after } else { before };
        check_size(&files, size);
        files.insert("log/tile/0/000.tmp".into(), b"half".to_vec());
        check_size(&files, size);

        for to in [size + 1, after + 1, after + 2] {
            let next = publish_others(&files, "kept ", to);
            for steps in (0..=next.steps().count()).rev().step_by(4) {
                let mut files = files.clone();
                let size = if apply(&mut files, &next, steps) { to } else { size };
                check_size(&files, size);
                let last = publish_others(&files, "last ", to + 3);
                store(&mut files, &last);
                let verified = verify(&files).unwrap();
                assert_eq!((verified.size, verified.leftovers), (to + 3, vec![]));
                assert!(files.contains_key(&format!("log/checkpoints/{size}")) || size == 0, "copy mended");
            }
        }
    }
}

#[test]
fn a_crash_leaves_the_old_log_or_the_new_one() {
    for (before, after) in [(0, 1), (0, 3), (1, 5), (5, 40), (250, 256), (256, 257), (255, 258), (200, 600)] {
        check(before, after);
    }
}

/// The order that safety rests on: everything the new checkpoint needs is stored and synced before it.
#[test]
fn the_checkpoint_comes_after_all_that_it_needs() {
    let publication = publish_others(&log_of(&[1, 200], note), "n", 600);
    let order: Vec<String> = publication
        .steps()
        .map(|step| match step {
            Step::Remove(path) => format!("remove {path}"),
            Step::Write(Write { path, .. }) => path.clone(),
            Step::Sync => "sync".into(),
        })
        .collect();
    assert_eq!(
        order,
        [
            "sync",
            "log/tile/entries/000",
            "log/tile/entries/001",
            "log/tile/entries/002.p/88",
            "log/tile/0/000",
            "log/tile/0/001",
            "log/tile/0/002.p/88",
            "log/tile/1/000.p/2",
            "sync",
            "log/checkpoint",
            "sync",
            "log/checkpoints/600",
            "sync",
            // The tile of one entry was kept by `log_of`.
            "remove log/tile/0/000.p/1",
            "remove log/tile/0/000.p/200",
            "remove log/tile/entries/000.p/1",
            "remove log/tile/entries/000.p/200",
        ]
    );
}

#[test]
fn a_log_is_not_created_over_another() {
    let files = log_of(&[3], note);
    assert!(Ledger::create(&files).is_err());
    let mut without_newest = files;
    without_newest.remove("log/checkpoint");
    assert!(Ledger::create(&without_newest).is_err());
}

/// How a log is cut into publications does not show in its tiles, and it can be continued from every size.
#[test]
fn reopening_at_every_size_makes_no_difference() {
    let mut files = Case::new();
    let mut ledger = Ledger::create(&files).unwrap();
    for size in 1..=530 {
        let number = ledger.size();
        ledger.append(&if number == 0 { first() } else { note(number) }).unwrap();
        store(&mut files, &ledger.publish(&signer()).unwrap());
        ledger = Ledger::open(&files, &signer().vkey()).unwrap();
        assert_eq!(ledger.size(), size);
    }
    let at_once = log_of(&[530], note);
    files.retain(|path, _| !path.starts_with("log/checkpoints/") || path.ends_with("/530"));
    assert_eq!(files, at_once);
}

#[test]
fn what_was_not_published_is_refused() {
    let mut ledger = Ledger::new();
    assert!(ledger.publish(&signer()).is_err(), "nothing to publish");
    assert!(ledger.append(&note(0)).is_err(), "no key yet");
    ledger.append(&first()).unwrap();
    let other = onus_ledger::Signer::new("example.org/other", &[7; 32]).unwrap();
    assert!(ledger.publish(&other).is_err(), "another key");
    ledger.publish(&signer()).unwrap();
    assert!(ledger.publish(&signer()).is_err(), "nothing new");
    assert!(ledger.append(&Entry::Note { time: time(), text: "x".repeat(70_000) }).is_err(), "too long");
    assert_eq!(ledger.append(&note(1)).unwrap(), 1, "a refusal changes nothing");
}

/// Opening reads the right edge only, and still finds what is wrong there.
#[test]
fn an_edge_that_does_not_hold_is_not_continued() {
    for size in [1, 40, 255, 256, 257, 512, 600] {
        let files = log_of(&[size], note);
        let number = (size - 1) / 256;
        for path in files.keys().filter(|path| *path == "log/checkpoint" || path.contains(&format!("/00{number}"))) {
            // The last tile of level 0 is not read when it is full: the level above vouches for the entries.
            if size % 256 == 0 && path.starts_with("log/tile/0/") {
                continue;
            }
            let mut damaged = files.clone();
            let byte = damaged.get_mut(path).and_then(|bytes| bytes.last_mut()).unwrap();
            *byte ^= 1;
            assert!(Ledger::open(&damaged, &signer().vkey()).is_err(), "{size} {path}");
        }
        let other = onus_ledger::Signer::new(crate::ORIGIN, &[8; 32]).unwrap();
        assert!(Ledger::open(&files, &other.vkey()).is_err(), "another key");
    }
}
