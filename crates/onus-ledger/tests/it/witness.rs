//! What binds a log to the outside.

use ed25519_dalek::{Signer as _, SigningKey};
use onus_ledger::{Fault, FaultKind, KeyKind, Note, SignatureLine, Verified, VerifierKey, VerifyOptions, verify};

use crate::{Case, log_of, note};

pub(crate) fn witness() -> (SigningKey, VerifierKey) {
    let secret = SigningKey::from_bytes(&[9; 32]);
    let key = VerifierKey::new("witness.example", KeyKind::Cosignature, secret.verifying_key().to_bytes()).unwrap();
    (secret, key)
}

/// Adds a `cosignature/v1` to the newest checkpoint and its copy.
pub(crate) fn cosigned(time: u64) -> Case {
    let mut files = log_of(&[5, 40], note);
    let mut newest = Note::from_bytes(&files["log/checkpoint"]).unwrap();
    let (secret, key) = witness();
    let signature = secret.sign(format!("cosignature/v1\ntime {time}\n{}", newest.text).as_bytes());
    let signature = [time.to_be_bytes().as_slice(), &signature.to_bytes()].concat();
    newest.signatures.push(SignatureLine { name: key.name().into(), id: key.id(), signature });
    files.insert("log/checkpoint".into(), newest.to_bytes());
    files.insert("log/checkpoints/40".into(), newest.to_bytes());
    files
}

fn with_witness(files: &Case) -> Result<Verified, Fault> {
    verify(files, &VerifyOptions { witnesses: vec![witness().1], ..VerifyOptions::default() })
}

#[test]
fn a_cosignature_binds_when_its_key_is_known() {
    let files = cosigned(1_767_323_045);
    let known = with_witness(&files).unwrap().bounds;
    let [cosignature] = known.cosignatures.as_slice() else { panic!("{known:?}") };
    assert!(cosignature.is_checked && known.is_bound());
    assert_eq!((cosignature.name.as_str(), cosignature.size), ("witness.example", 40));
    assert_eq!(cosignature.time.unwrap().to_string(), "2026-01-02T03:04:05Z");

    let unknown = verify(&files, &VerifyOptions::default()).unwrap().bounds;
    assert!(!unknown.cosignatures[0].is_checked && !unknown.is_bound());
}

#[test]
fn a_cosignature_that_does_not_hold_is_found() {
    let mut files = cosigned(1_767_323_045);
    let mut newest = Note::from_bytes(&files["log/checkpoint"]).unwrap();
    newest.signatures[1].signature[7] ^= 1;
    files.insert("log/checkpoint".into(), newest.to_bytes());
    files.insert("log/checkpoints/40".into(), newest.to_bytes());
    assert_eq!(with_witness(&files).unwrap_err().kind, FaultKind::Unsigned);
}

#[test]
fn a_time_outside_the_calendar_is_no_time() {
    for time in [u64::MAX, 1 << 62] {
        assert_eq!(with_witness(&cosigned(time)).unwrap().bounds.cosignatures[0].time, None);
    }
}

#[test]
fn a_checkpoint_handed_over_must_be_of_this_log() {
    let with = |files: &Case, bytes: &[u8]| {
        verify(files, &VerifyOptions { handed_over: vec![bytes.to_vec()], ..VerifyOptions::default() })
    };
    let files = log_of(&[5, 40], note);
    let bounds = with(&files, &files["log/checkpoints/5"]).unwrap().bounds;
    assert!(bounds.is_bound());
    assert_eq!(bounds.handed_over, [5]);

    let other = log_of(&[7], |number| note(number + 1));
    let fault = with(&files, &other["log/checkpoint"]).unwrap_err();
    assert_eq!((fault.kind, fault.path.as_str()), (FaultKind::Altered, "handed-over checkpoint 1"));

    let longer = log_of(&[60], note);
    assert_eq!(with(&files, &longer["log/checkpoint"]).unwrap_err().kind, FaultKind::CutBack);
    assert_eq!(with(&files, b"a checkpoint\n").unwrap_err().kind, FaultKind::Malformed);
}

#[test]
fn a_time_stamp_must_name_its_checkpoint() {
    let mut files = log_of(&[5, 40], note);
    let digest = onus_core::Digest::of(&files["log/checkpoints/5"]);
    files.insert("log/time/5.tsr".into(), [b"reply ".as_slice(), digest.as_bytes(), b" rest"].concat());
    files.insert("log/time/40.tsr".into(), b"about something else".to_vec());
    let bounds = verify(&files, &VerifyOptions::default()).unwrap().bounds;
    let found: Vec<_> = bounds.time_stamps.iter().map(|stamp| (stamp.size, stamp.names_checkpoint)).collect();
    assert_eq!(found, [(5, true), (40, false)]);
    assert!(bounds.is_bound());

    files.insert("log/time/41.tsr".into(), Vec::new());
    assert_eq!(verify(&files, &VerifyOptions::default()).unwrap_err().path, "log/time/41.tsr");
}
