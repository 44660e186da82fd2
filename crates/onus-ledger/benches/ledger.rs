//! How fast a ledger is written and verified, in memory.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run has nothing to say")]

use std::collections::BTreeMap;

use onus_ledger::{Entry, Ledger, Signer, Step, VerifyOptions, verify, verify_each};

const ENTRIES: u64 = 100_000;

fn main() {
    divan::main();
}

fn signer() -> Signer {
    Signer::new("example.org/case", &[7; 32]).unwrap()
}

fn entry(number: u64) -> Entry {
    let digest = onus_core::Digest::of(&number.to_be_bytes());
    Entry::ExhibitAdded {
        time: jiff::Timestamp::from_second(1_500_000_000).unwrap(),
        exhibit: digest,
        sha1: digest.to_hex()[..40].into(),
        md5: digest.to_hex()[..32].into(),
        size: number,
        name: format!("report-{number}.pdf"),
        source: Some("kaspersky".into()),
    }
}

fn appended(entries: &[Entry]) -> Ledger {
    let mut ledger = Ledger::new();
    let time = jiff::Timestamp::UNIX_EPOCH;
    ledger.append(&Entry::KeyRotated { time, origin: "example.org/case".into(), vkey: signer().vkey() }).unwrap();
    for entry in entries {
        ledger.append(entry).unwrap();
    }
    ledger
}

fn stored(entries: &[Entry]) -> BTreeMap<String, Vec<u8>> {
    let publication = appended(entries).publish(&signer()).unwrap();
    let writes = publication.steps().filter_map(|step| match step {
        Step::Write(write) => Some((write.path.clone(), write.bytes.clone())),
        Step::Remove(_) | Step::Sync => None,
    });
    writes.collect()
}

#[divan::bench(sample_count = 10)]
fn append_100k(bencher: divan::Bencher<'_, '_>) {
    let entries: Vec<Entry> = (0..ENTRIES).map(entry).collect();
    bencher.counter(divan::counter::ItemsCount::new(ENTRIES)).bench_local(|| appended(&entries));
}

#[divan::bench(sample_count = 10)]
fn append_and_publish_100k(bencher: divan::Bencher<'_, '_>) {
    let entries: Vec<Entry> = (0..ENTRIES).map(entry).collect();
    bencher.counter(divan::counter::ItemsCount::new(ENTRIES)).bench_local(|| stored(&entries));
}

#[divan::bench(sample_count = 10)]
fn verify_100k(bencher: divan::Bencher<'_, '_>) {
    let files = stored(&(0..ENTRIES).map(entry).collect::<Vec<_>>());
    bencher
        .counter(divan::counter::ItemsCount::new(ENTRIES))
        .bench_local(|| verify(&files, &VerifyOptions::default()).unwrap());
}

#[divan::bench(sample_count = 10)]
fn verify_100k_in_bounded_memory(bencher: divan::Bencher<'_, '_>) {
    let files = stored(&(0..ENTRIES).map(entry).collect::<Vec<_>>());
    bencher
        .counter(divan::counter::ItemsCount::new(ENTRIES))
        .bench_local(|| verify_each(&files, &VerifyOptions::default(), &mut |_, _| {}).unwrap());
}
