//! What the ledger does, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crash;
mod damage;
mod oracle;
mod rotation;
mod spec;
mod strict;
mod verify_py;
mod witness;

use std::collections::BTreeMap;

use jiff::Timestamp;
use onus_core::Digest;
use onus_ledger::{Entry, Fault, Ledger, Outcome, Publication, Signer, Step, Verified, VerifyOptions};

/// The files of a case.
type Case = BTreeMap<String, Vec<u8>>;

const ORIGIN: &str = "example.org/case";

fn signer() -> Signer {
    Signer::new(ORIGIN, &[7; 32]).unwrap()
}

fn time() -> Timestamp {
    "2026-01-02T03:04:05Z".parse().unwrap()
}

/// The entry that every log begins with.
fn first() -> Entry {
    Entry::KeyRotated { time: time(), origin: ORIGIN.into(), vkey: signer().vkey() }
}

fn note(number: u64) -> Entry {
    Entry::Note { time: time(), text: format!("n{number}") }
}

/// The one exhibit, and the one blob, that the entries of `any` name.
const STORED: &[u8] = b"exhibit\n";

/// One entry of each kind but `key.rotated`, over and over.
fn any(number: u64) -> Entry {
    let time = time();
    let digest = Digest::of(STORED);
    match number % 9 {
        0 => Entry::ExhibitAdded {
            time,
            exhibit: digest,
            sha1: "0176020785db45dbfd410c2871e7adce6a2e9936".into(),
            md5: "ef810f75e2f2e68c8a498e2d0ebe3ec8".into(),
            size: 8,
            name: "\"naïve\" \u{1}\t\\ 中国 \u{7f}\u{2028}🙂.bin".into(),
            source: (number.is_multiple_of(2)).then(|| "kaspersky".into()),
        },
        1 => Entry::AnalysisRun {
            time,
            exhibit: digest,
            body: digest,
            isolation: "landlock+seccomp".into(),
            outcome: if number.is_multiple_of(2) { Outcome::Complete } else { Outcome::Failed },
        },
        2 => Entry::SheetSet { time, body: digest },
        3 => Entry::Assessment {
            time,
            body: digest,
            sheet: digest,
            as_of: (number.is_multiple_of(2)).then(|| "2018-03~".into()),
            engine: "onus 0.1.0".into(),
        },
        4 => Entry::CustodyTransfer {
            time,
            exhibit: Some(digest),
            from: "A".into(),
            to: "B".into(),
            reason: "trial".into(),
        },
        5 => Entry::Challenge { time, against: "verdict".into(), text: "no".into(), by: "C".into(), exhibit: None },
        6 => Entry::Retraction { time, observation: "o".into(), text: "wrong".into(), by: "D".into() },
        7 => Entry::Redaction { time, exhibit: digest, reason: "personal data".into() },
        _ => Entry::Note { time: "2026-01-02T03:04:05.25Z".parse().unwrap(), text: String::new() },
    }
}

/// Applies the first so many steps of a publication and returns whether its checkpoint is in force.
fn apply(files: &mut Case, publication: &Publication, steps: usize) -> bool {
    let mut is_published = false;
    for step in publication.steps().take(steps) {
        match step {
            Step::Remove(path) => drop(files.remove(path)),
            Step::Write(write) => {
                is_published |= write.path == "log/checkpoint";
                files.insert(write.path.clone(), write.bytes.clone());
            }
            Step::Sync => {}
        }
    }
    is_published
}

/// Stores all of a publication.
fn store(files: &mut Case, publication: &Publication) {
    apply(files, publication, usize::MAX);
}

/// A log of entries from `entry` that was published at each of these sizes; superseded partial tiles are kept.
fn log_of(sizes: &[u64], entry: impl Fn(u64) -> Entry) -> Case {
    let (mut files, mut ledger) = (Case::new(), Ledger::new());
    for size in sizes {
        for number in ledger.size()..*size {
            ledger.append(&if number == 0 { first() } else { entry(number) }).unwrap();
        }
        let publication = ledger.publish(&signer()).unwrap();
        store(&mut files, &Publication { stale: Vec::new(), ..publication });
    }
    files
}

fn verify(files: &Case) -> Result<Verified, Fault> {
    onus_ledger::verify(files, &VerifyOptions::default())
}
