//! Every single-bit change to a stored log is found, and so is everything added, removed or put in another place.

use onus_ledger::{FaultKind, Ledger};
use proptest::prelude::*;

use crate::{Case, first, log_of, note, signer, store, verify};

#[track_caller]
fn check_kind(files: &Case, expected: FaultKind, path: &str) {
    let fault = verify(files).unwrap_err();
    assert_eq!((fault.kind, fault.path.as_str()), (expected, path), "{fault}");
}

fn flip(files: &mut Case, path: &str, offset: usize, bit: u8) {
    files.get_mut(path).unwrap()[offset] ^= 1 << bit;
}

/// All bits of checkpoints and key, one bit of every other byte.
#[test]
fn every_byte_of_a_log_counts() {
    let files = log_of(&[1, 5, 17, 40], note);
    verify(&files).unwrap();
    let paths: Vec<String> = files.keys().cloned().collect();
    let mut damaged = files.clone();
    for path in paths {
        let is_signed = !path.starts_with("log/tile/");
        for offset in 0..files[&path].len() {
            for bit in (0..8).filter(|bit| is_signed || offset % 8 == usize::from(*bit)) {
                flip(&mut damaged, &path, offset, bit);
                assert!(verify(&damaged).is_err(), "{path}, byte {offset}, bit {bit}");
                flip(&mut damaged, &path, offset, bit);
            }
        }
    }
}

#[test]
fn every_file_of_a_log_counts() {
    let files = log_of(&[1, 5, 257, 300], crate::any);
    verify(&files).unwrap();
    for path in files.keys() {
        let mut without = files.clone();
        without.remove(path);
        // Older checkpoints and superseded partial tiles may go; what the newest checkpoint needs may not.
        let may_go = ["log/checkpoints/", ".p/1", ".p/5"].iter().any(|part| path.contains(part));
        let may_go = may_go && !["log/tile/1/000.p/1", "log/tile/entries/001.p/44"].contains(&path.as_str());
        assert_eq!(verify(&without).is_ok(), may_go, "without {path}");

        let mut longer = files.clone();
        longer.get_mut(path).unwrap().push(b'\n');
        assert!(verify(&longer).is_err(), "longer {path}");
        let mut shorter = files.clone();
        shorter.get_mut(path).unwrap().pop();
        assert!(verify(&shorter).is_err(), "shorter {path}");
        let mut empty = files.clone();
        empty.get_mut(path).unwrap().clear();
        assert!(verify(&empty).is_err(), "empty {path}");
    }
}

#[test]
fn a_file_without_a_place_is_named() {
    for path in ["log/x", "log/tile/0/000.p/0", "log/tile/0/0", "log/tile/data/000", "log/checkpoints/07", "log/time/x"]
    {
        let mut files = log_of(&[3], note);
        files.insert(path.into(), Vec::new());
        check_kind(&files, FaultKind::Unknown, path);
    }
}

/// A file beyond the log is what a crash leaves: reported, not part of the log.
#[test]
fn what_lies_beyond_the_log_is_left_over() {
    let mut files = log_of(&[5], note);
    let beyond =
        ["log/tile/0/000", "log/tile/0/000.p/6", "log/tile/1/000.p/1", "log/tile/entries/001.p/9", "log/a.tmp"];
    for path in beyond {
        files.insert(path.into(), b"anything".to_vec());
    }
    let mut leftovers = verify(&files).unwrap().leftovers;
    leftovers.sort();
    let mut expected = beyond.map(String::from);
    expected.sort();
    assert_eq!(leftovers, expected);
}

/// The writer stores the newest checkpoint before its copy, so a copy of a larger size is proof of a cut.
#[test]
fn a_log_that_was_cut_back_is_told_from_a_shorter_one() {
    let long = log_of(&[5, 40], note);
    let mut cut = log_of(&[5], note);
    verify(&cut).unwrap();
    cut.insert("log/checkpoints/40".into(), long["log/checkpoints/40"].clone());
    check_kind(&cut, FaultKind::CutBack, "log/checkpoints/40");

    let mut forged = log_of(&[5], note);
    let other = onus_ledger::Signer::new(crate::ORIGIN, &[8; 32]).unwrap();
    let mut ledger = Ledger::new();
    let vkey = other.vkey();
    ledger.append(&onus_ledger::Entry::KeyRotated { time: crate::time(), origin: crate::ORIGIN.into(), vkey }).unwrap();
    for number in 1..9 {
        ledger.append(&note(number)).unwrap();
    }
    let bytes = ledger.publish(&other).unwrap().copy.bytes;
    forged.insert("log/checkpoints/9".into(), bytes);
    check_kind(&forged, FaultKind::Unsigned, "log/checkpoints/9");
}

/// Somebody who holds the key can still not change what an older checkpoint covers.
#[test]
fn a_past_rewritten_under_the_same_key_contradicts_its_checkpoints() {
    let mut ledger = Ledger::new();
    ledger.append(&first()).unwrap();
    for number in 1..40 {
        ledger.append(&note(number + 100)).unwrap();
    }
    let mut rewritten = Case::new();
    store(&mut rewritten, &ledger.publish(&signer()).unwrap());
    verify(&rewritten).unwrap();
    rewritten.insert("log/checkpoints/17".into(), log_of(&[17], note)["log/checkpoint"].clone());
    check_kind(&rewritten, FaultKind::Altered, "log/checkpoints/17");
}

#[test]
fn what_cannot_be_read_proves_nothing() {
    struct Broken;
    impl onus_ledger::Files for Broken {
        fn read(&self, _: &str) -> std::io::Result<Option<Vec<u8>>> {
            Err(std::io::ErrorKind::PermissionDenied.into())
        }
        fn list(&self, _: &str) -> std::io::Result<Vec<String>> {
            Err(std::io::ErrorKind::PermissionDenied.into())
        }
    }
    assert_eq!(onus_ledger::verify(&Broken, &Default::default()).unwrap_err().kind, FaultKind::Unreadable);
    check_kind(&Case::new(), FaultKind::Missing, "log/vkey");
}

#[test]
fn entries_are_read_by_index() {
    let files = log_of(&[300], note);
    let numbers = |range| -> Vec<onus_ledger::Entry> { onus_ledger::entries(&files, range).unwrap() };
    assert_eq!(numbers(254..258), (254..258).map(note).collect::<Vec<_>>());
    assert_eq!(numbers(0..1), [first()]);
    assert_eq!(numbers(299..1000), [note(299)]);
    assert_eq!(numbers(300..301), []);
    assert_eq!(numbers(0..u64::MAX).len(), 300);
    assert_eq!(numbers(u64::MAX - 1..u64::MAX), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bit_of_a_larger_log_counts(
        sizes in prop::sample::select(vec![vec![1], vec![255], vec![100, 256], vec![256, 257], vec![1, 99, 300, 513, 600]]),
        file in proptest::arbitrary::any::<prop::sample::Index>(),
        offset in proptest::arbitrary::any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let mut files = log_of(&sizes, crate::any);
        let path = file.get(&files.keys().cloned().collect::<Vec<_>>()).clone();
        let offset = offset.index(files[&path].len());
        flip(&mut files, &path, offset, bit);
        prop_assert!(verify(&files).is_err(), "{} {} {}", path, offset, bit);
    }
}
