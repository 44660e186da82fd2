//! The reader that trusts nothing: recomputes the whole log and names the first thing that does not hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use onus_core::Digest;

use crate::bundle::{at_index, split_bundle};
use crate::files::{list, need, read};
use crate::path::TILE_WIDTH;
use crate::tree::{FullTile, Tree, leaf_hash};
use crate::{Checkpoint, Entry, Error, Fault, FaultKind, Files, KeyKind, Level, LogPath, Note, Tile, VerifierKey};

/// What a verifier knows from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// The key that the log must have begun with. Without it, the log's own `log/vkey` is taken at its word:
    /// then the log is consistent, but anybody may have written it.
    pub key: Option<VerifierKey>,
    /// Checkpoints of this log that an outsider got earlier and kept, as the bytes of their notes.
    pub handed_over: Vec<Vec<u8>>,
    /// Keys of witnesses that the verifier trusts.
    pub witnesses: Vec<VerifierKey>,
}

/// A log that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The log's name.
    pub origin: String,
    /// The key that the log began with.
    pub first_key: VerifierKey,
    /// The key that signed the newest checkpoint.
    pub key: VerifierKey,
    /// Number of entries.
    pub size: u64,
    /// Root hash over them.
    pub root: Digest,
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// Number of checkpoints that were found and hold.
    pub checkpoints: u64,
    /// What binds the log to somebody who is not its owner.
    pub bounds: OutsideBounds,
    /// Files that a crash can have left: beyond the newest checkpoint, or unfinished. They are not part of the log.
    pub leftovers: Vec<String>,
}

/// What binds a log to the outside. An owner can rewrite everything that no outsider has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutsideBounds {
    /// Signatures of others than the log on its checkpoints, by size, then in the order of the note.
    pub cosignatures: Vec<Cosignature>,
    /// RFC 3161 replies, by size. Their signatures are not checked here: `openssl ts -verify` does that.
    pub time_stamps: Vec<TimeStamp>,
    /// Sizes of the checkpoints that were handed over, in their order; all are of this log.
    pub handed_over: Vec<u64>,
}

/// The signature of somebody else on a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// Name of the key.
    pub name: String,
    /// The time it names; only a claim unless `is_checked`; `None` when it names none.
    pub time: Option<Timestamp>,
    /// Whether it was checked with one of the verifier's witness keys.
    pub is_checked: bool,
    /// Size of the checkpoint.
    pub size: u64,
}

/// An RFC 3161 reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStamp {
    /// Path from the case's root.
    pub path: String,
    /// Size of the checkpoint that it is for.
    pub size: u64,
    /// Whether it contains the SHA-256 digest of that checkpoint's file, or of its signed text.
    /// Without that it stamps something else.
    pub names_checkpoint: bool,
}

impl OutsideBounds {
    /// Returns whether something is there that binds the log's past: a checked cosignature, a time stamp over a
    /// checkpoint, or a checkpoint that was handed over.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.cosignatures.iter().any(|cosignature| cosignature.is_checked)
            || self.time_stamps.iter().any(|stamp| stamp.names_checkpoint)
            || !self.handed_over.is_empty()
    }
}

/// Verifies a whole log and keeps its entries.
///
/// Recomputed are every leaf, every hash tile of every level and the root at every checkpoint. Every file below `log/`
/// must be there for a reason, in the one form that the writer gives it: a change of any bit is found, except in
/// signatures of witnesses whose keys were not given and in time stamps. `docs/spec/ledger.md` lists every check.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify(files: &dyn Files, options: &VerifyOptions) -> Result<Verified, Fault> {
    let mut entries = Vec::new();
    let verified = verify_each(files, options, &mut |_, entry| entries.push(entry))?;
    Ok(Verified { entries, ..verified })
}

/// Verifies a whole log and hands over each entry with its index, in order, in bounded memory.
///
/// Entries are handed over before the log is known to hold: use nothing of them unless the result is good.
/// The `entries` of the result are empty.
///
/// # Errors
/// The first thing that does not hold.
pub fn verify_each(
    files: &dyn Files,
    options: &VerifyOptions,
    each: &mut dyn FnMut(u64, Entry),
) -> Result<Verified, Fault> {
    let first_key = first_key(files, options)?;
    let newest = Signed::read(files, LogPath::Newest)?;
    let size = newest.checkpoint.size;
    if size == 0 || newest.checkpoint.origin != first_key.name() {
        return Err(Fault::new(FaultKind::Altered, "the checkpoint is not of a log of this key", LogPath::Newest));
    }
    // While the key has not changed this names a forged checkpoint before anything is concluded from its size.
    if newest.note.line_of(&first_key).is_some() {
        newest.note.verify(&first_key).map_err(|error| Fault::at(error, LogPath::Newest))?;
    }
    let listing = Listing::read(files, size)?;
    let mut walk = Walk::new(files, &listing, &newest, first_key)?;
    walk.add_handed_over(options)?;
    for number in 0..size.div_ceil(TILE_WIDTH) {
        walk.bundle(number, each)?;
    }
    for edge in walk.tree.edge() {
        compare_tile(files, &listing, size, &edge)?;
    }
    let keys: Vec<VerifierKey> = walk.keys.iter().map(|(_, key)| key.clone()).collect();
    walk.refuse_longer(&keys)?;
    let bounds = walk.bounds(options)?;
    let (Some(first_key), Some(key)) = (keys.first().cloned(), walk.key_at(size).cloned()) else {
        return Err(Fault::new(FaultKind::Missing, "the log has no key", LogPath::Vkey));
    };
    let checkpoints = walk.signed.values().filter(|signed| signed.iter().any(|signed| !signed.is_foreign())).count();
    let Checkpoint { origin, root, .. } = newest.checkpoint;
    let leftovers = listing.leftovers;
    Ok(Verified {
        origin,
        first_key,
        key,
        size,
        root,
        entries: Vec::new(),
        checkpoints: checkpoints as u64,
        bounds,
        leftovers,
    })
}

/// The key in `log/vkey`, which must be the expected one if one is expected.
fn first_key(files: &dyn Files, options: &VerifyOptions) -> Result<VerifierKey, Fault> {
    let at = LogPath::Vkey;
    let bytes = need(files, &at.to_string())?;
    let line = std::str::from_utf8(&bytes).ok().and_then(|text| text.strip_suffix('\n'));
    let key: VerifierKey = line
        .ok_or(Error::Malformed { what: "verifier key", why: "it is not one line" })
        .and_then(str::parse)
        .map_err(|error| Fault::at(error, at))?;
    match &options.key {
        Some(expected) if *expected != key => {
            Err(Fault::new(FaultKind::Unsigned, format!("the log did not begin with the key {expected}"), at))
        }
        _ if key.kind() != KeyKind::Ed25519 => {
            Err(Fault::new(FaultKind::Malformed, "a log cannot have the key of a witness", at))
        }
        _ => Ok(key),
    }
}

/// A checkpoint with its signatures and where it came from.
struct Signed {
    place: Place,
    note: Note,
    bytes: Vec<u8>,
    checkpoint: Checkpoint,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Log(LogPath),
    /// Number, from 1, of what was handed over.
    HandedOver(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(path) => path.fmt(f),
            Self::HandedOver(number) => write!(f, "handed-over checkpoint {number}"),
        }
    }
}

impl Signed {
    fn read(files: &dyn Files, path: LogPath) -> Result<Self, Fault> {
        Self::parse(Place::Log(path), need(files, &path.to_string())?)
    }

    fn parse(place: Place, bytes: Vec<u8>) -> Result<Self, Fault> {
        let note = Note::from_bytes(&bytes).map_err(|error| Fault::at(error, place))?;
        let checkpoint = note.text.parse().map_err(|error| Fault::at(error, place))?;
        Ok(Self { place, note, bytes, checkpoint })
    }

    fn is_foreign(&self) -> bool {
        matches!(self.place, Place::HandedOver(_))
    }

    fn fault(&self, kind: FaultKind, what: &str) -> Fault {
        Fault::new(kind, what, self.place)
    }
}

/// What lies below `log/`, sorted by why it is there.
#[derive(Default)]
struct Listing {
    checkpoints: BTreeSet<u64>,
    time_stamps: BTreeSet<u64>,
    /// Widths of the partial tiles that a larger tile has superseded; they must be beginnings of it.
    older: BTreeMap<(Level, u64), Vec<u16>>,
    leftovers: Vec<String>,
}

impl Listing {
    fn read(files: &dyn Files, size: u64) -> Result<Self, Fault> {
        let mut listing = Self::default();
        for path in list(files, "log")? {
            match path.parse() {
                Ok(LogPath::Vkey | LogPath::Newest) => {}
                Ok(LogPath::Checkpoint(size)) => drop(listing.checkpoints.insert(size)),
                Ok(LogPath::TimeStamp(size)) => drop(listing.time_stamps.insert(size)),
                Ok(LogPath::Tile(tile)) if tile.is_beyond(size) => listing.leftovers.push(path),
                Ok(LogPath::Tile(tile)) if tile.is_needed(size) => {}
                Ok(LogPath::Tile(tile)) => listing.older.entry((tile.level, tile.number)).or_default().push(tile.width),
                Err(_) if path.ends_with(".tmp") => listing.leftovers.push(path),
                Err(_) => return Err(Fault::new(FaultKind::Unknown, "file has no place in a log", path)),
            }
        }
        Ok(listing)
    }

    /// The superseded tiles of a place.
    fn older(&self, level: Level, number: u64) -> impl Iterator<Item = Tile> {
        let widths = self.older.get(&(level, number)).into_iter().flatten();
        widths.map(move |width| Tile { level, number, width: *width })
    }
}

/// The state of a walk over all entries.
struct Walk<'a> {
    files: &'a dyn Files,
    listing: &'a Listing,
    size: u64,
    origin: &'a str,
    /// The key in `log/vkey`, which the first entry must name.
    first_key: VerifierKey,
    tree: Tree,
    /// Every key with the index of its entry.
    keys: Vec<(u64, VerifierKey)>,
    /// Every checkpoint, by size.
    signed: BTreeMap<u64, Vec<Signed>>,
    handed_over: Vec<u64>,
}

impl<'a> Walk<'a> {
    /// Reads all checkpoints.
    fn new(
        files: &'a dyn Files,
        listing: &'a Listing,
        newest: &'a Signed,
        first_key: VerifierKey,
    ) -> Result<Self, Fault> {
        let Checkpoint { origin, size, .. } = &newest.checkpoint;
        let mut signed: BTreeMap<u64, Vec<Signed>> = BTreeMap::new();
        for number in &listing.checkpoints {
            let path = LogPath::Checkpoint(*number);
            let copy = Signed::read(files, path)?;
            if copy.checkpoint.size != *number || copy.checkpoint.origin != *origin {
                return Err(copy.fault(FaultKind::Altered, "it is not the checkpoint that its path names"));
            }
            if number == size && copy.bytes != newest.bytes {
                return Err(copy.fault(FaultKind::Altered, "it differs from log/checkpoint"));
            }
            signed.insert(*number, vec![copy]);
        }
        if !listing.checkpoints.contains(size) {
            signed.insert(*size, vec![Signed::parse(Place::Log(LogPath::Newest), newest.bytes.clone())?]);
        }
        let (tree, keys, handed_over) = Default::default();
        Ok(Self { files, listing, size: *size, origin, first_key, tree, keys, signed, handed_over })
    }

    fn add_handed_over(&mut self, options: &VerifyOptions) -> Result<(), Fault> {
        for (number, bytes) in (1..).zip(&options.handed_over) {
            let signed = Signed::parse(Place::HandedOver(number), bytes.clone())?;
            let Checkpoint { origin, size, .. } = &signed.checkpoint;
            if origin != self.origin || *size == 0 {
                return Err(signed.fault(FaultKind::Altered, "it is a checkpoint of another log"));
            }
            self.handed_over.push(*size);
            self.signed.entry(*size).or_default().push(signed);
        }
        Ok(())
    }

    /// Checks a bundle and all tiles that it fills.
    fn bundle(&mut self, number: u64, each: &mut dyn FnMut(u64, Entry)) -> Result<(), Fault> {
        let Some(tile) = Tile::in_log(Level::Entries, number, self.size) else { return Ok(()) };
        let path = tile.to_string();
        let bytes = need(self.files, &path)?;
        let entries = split_bundle(&bytes, tile.width).map_err(|error| Fault::at(error, &path))?;
        for older in self.listing.older(Level::Entries, number) {
            let len = entries.iter().take(usize::from(older.width)).map(|entry| entry.len() + 2).sum();
            compare(self.files, &older.to_string(), bytes.get(..len).unwrap_or_default())?;
        }
        for (index, bytes) in (number * TILE_WIDTH..).zip(entries) {
            let entry = Entry::from_bytes(bytes).map_err(|error| at_index(error, index, &path))?;
            self.note_key(index, &entry, &path)?;
            let (files, listing, size) = (self.files, self.listing, self.size);
            self.tree.push(leaf_hash(bytes), |full| compare_tile(files, listing, size, &full))?;
            self.check_signed(index + 1)?;
            each(index, entry);
        }
        Ok(())
    }

    /// Keeps the key that an entry names, if the log was allowed to change to it.
    fn note_key(&mut self, index: u64, entry: &Entry, path: &str) -> Result<(), Fault> {
        let broken = |what: &str| Err(Fault::new(FaultKind::Altered, format!("entry {index}: {what}"), path));
        match entry {
            Entry::KeyRotated { vkey, .. } if index == 0 && *vkey != self.first_key => {
                broken("it names another key than log/vkey")
            }
            Entry::KeyRotated { vkey, .. } if vkey.name() != self.origin => broken("the new key is of another origin"),
            Entry::KeyRotated { .. } if index > 0 && !self.was_published(index + 1) => {
                broken("the key changed without a checkpoint of the old key right after it")
            }
            Entry::KeyRotated { vkey, .. } => {
                self.keys.push((index, vkey.clone()));
                Ok(())
            }
            _ if index == 0 => broken("the first entry is not `key.rotated`"),
            _ => Ok(()),
        }
    }

    fn was_published(&self, size: u64) -> bool {
        self.signed.get(&size).is_some_and(|signed| signed.iter().any(|signed| !signed.is_foreign()))
    }

    /// The key that signs the checkpoint of a size: a change of key is itself published under the old key.
    fn key_at(&self, size: u64) -> Option<&VerifierKey> {
        let is_in_force = |index: u64| index == 0 || index + 1 < size;
        self.keys.iter().rev().find(|(index, _)| is_in_force(*index)).map(|(_, key)| key)
    }

    /// Checks the checkpoints of the size that the walk has reached.
    fn check_signed(&self, size: u64) -> Result<(), Fault> {
        let Some(signed) = self.signed.get(&size) else { return Ok(()) };
        let root = Digest::from_bytes(self.tree.root());
        for signed in signed {
            let key = self.key_at(size).ok_or_else(|| signed.fault(FaultKind::Missing, "the log has no key"))?;
            signed.note.verify(key).map_err(|error| Fault::at(error, signed.place))?;
            if signed.checkpoint.root != root {
                return Err(signed.fault(FaultKind::Altered, "its root does not follow from the entries"));
            }
        }
        Ok(())
    }

    /// Refuses every checkpoint above the log's size: the writer stores the newest one first.
    fn refuse_longer(&self, keys: &[VerifierKey]) -> Result<(), Fault> {
        let Some((_, [signed, ..])) = self.signed.range(self.size + 1..).next().map(|(size, all)| (size, &**all))
        else {
            return Ok(());
        };
        if keys.iter().any(|key| signed.note.verify(key).is_ok()) {
            return Err(signed.fault(FaultKind::CutBack, "it is signed for more entries than the log has"));
        }
        Err(signed.fault(FaultKind::Unsigned, "it is for more entries than the log has and not signed by its key"))
    }

    /// Gathers what binds the log to the outside.
    fn bounds(&self, options: &VerifyOptions) -> Result<OutsideBounds, Fault> {
        let mut bounds = OutsideBounds { handed_over: self.handed_over.clone(), ..OutsideBounds::default() };
        for signed in self.signed.values().flatten() {
            for line in &signed.note.signatures {
                let is = |key: &VerifierKey| key.name() == line.name && key.id() == line.id;
                if self.keys.iter().any(|(_, key)| is(key)) {
                    continue;
                }
                let witness = options.witnesses.iter().find(|key| is(key));
                let time = match witness {
                    Some(key) => signed.note.verify(key).map_err(|error| Fault::at(error, signed.place))?,
                    None if line.signature.len() == 72 => line.time_and_signature().and_then(|(time, _)| time),
                    None => None,
                };
                let cosignature = Cosignature {
                    name: line.name.clone(),
                    time: time.and_then(|time| Timestamp::from_second(i64::try_from(time).ok()?).ok()),
                    is_checked: witness.is_some(),
                    size: signed.checkpoint.size,
                };
                // A checkpoint that was handed over may repeat what the log's own copy has.
                if !bounds.cosignatures.contains(&cosignature) {
                    bounds.cosignatures.push(cosignature);
                }
            }
        }
        for size in &self.listing.time_stamps {
            bounds.time_stamps.push(self.time_stamp(*size)?);
        }
        Ok(bounds)
    }

    fn time_stamp(&self, size: u64) -> Result<TimeStamp, Fault> {
        let path = LogPath::TimeStamp(size).to_string();
        let Some([signed, ..]) = self.signed.get(&size).map(Vec::as_slice) else {
            return Err(Fault::new(FaultKind::Missing, "the checkpoint of a time stamp is missing", path));
        };
        let reply = read(self.files, &path)?.unwrap_or_default();
        let digests = [Digest::of(&signed.bytes), Digest::of(signed.note.text.as_bytes())];
        let names_checkpoint = reply.windows(32).any(|window| digests.iter().any(|digest| digest.as_bytes() == window));
        Ok(TimeStamp { path, size, names_checkpoint })
    }
}

/// Compares the tile of these hashes, and every older form of it, with what is stored.
fn compare_tile(files: &dyn Files, listing: &Listing, size: u64, computed: &FullTile<'_>) -> Result<(), Fault> {
    let level = Level::Hashes(computed.level);
    let needed = Tile::in_log(level, computed.number, size);
    for tile in needed.into_iter().chain(listing.older(level, computed.number)) {
        let hashes = computed.hashes.get(..usize::from(tile.width)).unwrap_or_default();
        compare(files, &tile.to_string(), hashes.as_flattened())?;
    }
    Ok(())
}

fn compare(files: &dyn Files, path: &str, expected: &[u8]) -> Result<(), Fault> {
    if need(files, path)? == expected {
        return Ok(());
    }
    Err(Fault::new(FaultKind::Altered, "it does not follow from the entries", path))
}
