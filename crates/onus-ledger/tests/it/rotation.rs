//! A change of key is published under the old key; the checkpoint after it is under the new one.

use onus_ledger::{Entry, Fault, Ledger, Publication, Signer, Verified, VerifyOptions};

use crate::{Case, ORIGIN, first, note, signer, store, time, verify};

fn new_signer() -> Signer {
    Signer::new(ORIGIN, &[8; 32]).unwrap()
}

fn change() -> Entry {
    Entry::KeyRotated { time: time(), origin: ORIGIN.into(), vkey: new_signer().vkey() }
}

/// A log of ten entries whose third changed the key.
pub(crate) fn rotated() -> Case {
    let (mut files, mut ledger) = (Case::new(), Ledger::new());
    ledger.append(&first()).unwrap();
    ledger.append(&note(1)).unwrap();
    ledger.append(&change()).unwrap();
    assert!(ledger.append(&note(3)).is_err(), "the change is not published yet");
    assert!(ledger.publish(&new_signer()).is_err(), "the old key publishes the change");
    store(&mut files, &ledger.publish(&signer()).unwrap());

    let mut ledger = Ledger::open(&files, &signer().vkey()).unwrap();
    assert_eq!(ledger.key(), Some(&new_signer().vkey()));
    for number in 3..10 {
        ledger.append(&note(number)).unwrap();
    }
    assert!(ledger.publish(&signer()).is_err(), "the old key is out of force");
    store(&mut files, &ledger.publish(&new_signer()).unwrap());
    files
}

#[test]
fn a_change_of_key_verifies_from_the_first_key_on() {
    let files = rotated();
    let verified = verify(&files).unwrap();
    assert_eq!((verified.first_key, verified.key), (signer().vkey(), new_signer().vkey()));
    Ledger::open(&files, &new_signer().vkey()).unwrap();
    let with = |key| -> Result<Verified, Fault> {
        onus_ledger::verify(&files, &VerifyOptions { key: Some(key), ..VerifyOptions::default() })
    };
    with(signer().vkey()).unwrap();
    with(new_signer().vkey()).unwrap_err();
}

/// Somebody without the old key cannot append a change to a key of their own.
#[test]
fn a_change_that_the_old_key_did_not_publish_is_found() {
    let mut without = rotated();
    without.remove("log/checkpoints/3");
    let fault = verify(&without).unwrap_err();
    assert_eq!(fault.what, "entry 2: the key changed without a checkpoint of the old key right after it");

    // The thief signs the checkpoint that must be the old key's.
    let mut thief = Ledger::new();
    let entry = Entry::KeyRotated { time: time(), origin: ORIGIN.into(), vkey: new_signer().vkey() };
    thief.append(&entry).unwrap();
    let mut forged = rotated();
    let copy: Publication = thief.publish(&new_signer()).unwrap();
    forged.insert("log/checkpoints/3".into(), copy.copy.bytes);
    verify(&forged).unwrap_err();
}

#[test]
fn a_key_of_another_origin_is_refused() {
    let other = Signer::new("example.org/other", &[8; 32]).unwrap();
    let mut ledger = Ledger::new();
    ledger.append(&first()).unwrap();
    let of = |origin: &str| Entry::KeyRotated { time: time(), origin: origin.into(), vkey: other.vkey() };
    assert!(ledger.append(&of("example.org/other")).is_err());
    assert!(ledger.append(&of(ORIGIN)).is_err(), "origin and name of the key differ");
}
