//! The same log by the crates `tlog_tiles` and `signed_note`, which share no code with this one.

use onus_ledger::{Checkpoint, Note};
use signed_note::{StandardVerifier, VerifierList};
use tlog_tiles::{Hash, HashReader};

use crate::{Case, any, log_of, note, signer, verify};

/// All hashes of a tree, in the order of the oracle.
struct Stored(Vec<Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

/// The tree that the oracle builds from the entries of a case.
fn stored(files: &Case) -> Stored {
    let mut stored = Stored(Vec::new());
    for (index, entry) in (0..).zip(onus_ledger::entries(files, 0..u64::MAX).unwrap()) {
        let more = tlog_tiles::stored_hashes(index, &entry.to_bytes().unwrap(), &stored).unwrap();
        stored.0.extend(more);
    }
    stored
}

/// A path of the oracle without the height of tiles, which C2SP leaves out.
fn path(tile: &tlog_tiles::Tile) -> String {
    format!("log/{}", tile.path().replacen("tile/8/", "tile/", 1))
}

fn check(size: u64, files: &Case) {
    let stored = stored(files);
    let newest = Note::from_bytes(&files["log/checkpoint"]).unwrap();
    let checkpoint: Checkpoint = newest.text.parse().unwrap();
    assert_eq!(checkpoint.root.as_bytes(), &tlog_tiles::tree_hash(size, &stored).unwrap().0);

    let tiles = tlog_tiles::Tile::new_tiles(8, 0, size);
    for tile in &tiles {
        assert_eq!(files[&path(tile)], tile.read_data(&stored).unwrap(), "{}", path(tile));
    }
    let hash_tiles = files.keys().filter(|path| path.starts_with("log/tile/") && !path.contains("/entries/"));
    assert_eq!(hash_tiles.count(), tiles.len());

    let theirs = tlog_tiles::Checkpoint::from_bytes(newest.text.as_bytes()).unwrap();
    assert_eq!((theirs.origin(), theirs.size()), (checkpoint.origin.as_str(), size));
    assert_eq!(theirs.to_bytes(), newest.text.as_bytes());
    let verifier = StandardVerifier::new(&signer().vkey().to_string()).unwrap();
    let theirs = signed_note::Note::from_bytes(&files["log/checkpoint"]).unwrap();
    let (verified, others) = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((verified.len(), others.len()), (1, 0));
    assert_eq!(verify(files).unwrap().size, size);
}

#[test]
fn tiles_roots_and_notes_are_those_of_the_oracle() {
    let spread = (0..25).map(|step| 3 + step * 41);
    for size in (1..10).chain([127, 128, 129, 254, 255, 256, 257, 511, 512, 513, 767, 768, 1000]).chain(spread) {
        check(size, &log_of(&[size], any));
    }
}

/// The first size that has a full tile of level 1.
#[test]
fn three_levels_are_those_of_the_oracle() {
    check(65_537, &log_of(&[65_536, 65_537], note).into_iter().filter(|(path, _)| is_of(path)).collect());
}

/// Without what the second of the two publications has superseded.
fn is_of(path: &str) -> bool {
    !["log/tile/0/255.p", "log/tile/2/000.p/x"].iter().any(|old| path.starts_with(old))
}

/// The example of the documentation of golang.org/x/mod/sumdb/note.
#[test]
fn the_note_of_peter_neumann_is_read() {
    let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
    let bytes = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let read = Note::from_bytes(bytes.as_bytes()).unwrap();
    assert_eq!(read.verify(&key).unwrap(), None);
    assert_eq!(read.to_bytes(), bytes.as_bytes());
    let changed = Note::from_bytes(bytes.replace("think", "thank").as_bytes()).unwrap();
    assert!(changed.verify(&key).is_err());
}
