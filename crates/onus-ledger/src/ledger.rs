//! The writer: takes entries, gives back the bytes to store.

use std::collections::BTreeSet;

use onus_core::Digest;

use crate::bundle::{at_index, push, split_bundle};
use crate::checkpoint::MAX_SIZE;
use crate::files::{list, need, read};
use crate::path::TILE_WIDTH;
use crate::tree::{Hash, Tree, leaf_hash, root_of};
use crate::{Checkpoint, Entry, Error, Fault, FaultKind, Files, Level, LogPath, Note, Signer, Tile, VerifierKey};

/// An append-only log that is being written.
///
/// It holds the right edge of the tree and what was appended since the last checkpoint, never the whole log.
/// One writer at a time: the caller holds the case's lock from [`Ledger::open`] to the last step of a publication.
///
/// # Example
/// ```
/// use onus_ledger::{Entry, Ledger, Signer, Step};
///
/// let signer = Signer::new("example.org/case", &[7; 32])?;
/// let time = jiff::Timestamp::UNIX_EPOCH;
/// let mut ledger = Ledger::new();
/// assert!(ledger.append(&Entry::Note { time, text: "too early".into() }).is_err());
/// ledger.append(&Entry::KeyRotated { time, origin: "example.org/case".into(), vkey: signer.vkey() })?;
///
/// let mut files = std::collections::BTreeMap::new();
/// for step in ledger.publish(&signer)?.steps() {
///     match step {
///         Step::Remove(path) => drop(files.remove(path)),
///         Step::Write(write) => drop(files.insert(write.path.clone(), write.bytes.clone())),
///         Step::Sync => {}
///     }
/// }
/// assert_eq!(onus_ledger::verify(&files, &Default::default())?.size, 1);
/// # Ok::<(), onus_ledger::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    tree: Tree,
    /// The last bundle while it is not full.
    bundle: Vec<u8>,
    /// The key of the next checkpoint; `None` before the first entry.
    key: Option<VerifierKey>,
    /// The key of the checkpoint after the next one, while a change of key is not yet published.
    next_key: Option<VerifierKey>,
    /// Size of the newest checkpoint.
    published: u64,
    /// Bundles and tiles filled since then.
    bundles: Vec<Write>,
    tiles: Vec<Write>,
    /// What a crash left behind, to be mended by the next publication.
    left: Left,
}

/// What a crash left behind.
#[derive(Clone, Debug, Default)]
struct Left {
    /// Files beyond the newest checkpoint. They must go before anything is written: a later, longer log would
    /// take them for its own.
    beyond: Vec<String>,
    /// Partial tiles that a larger one has superseded.
    stale: Vec<String>,
    /// The newest checkpoint, when its copy is missing.
    copy: Option<Write>,
}

/// A file to store, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Path from the case's root.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What it takes to publish a checkpoint.
///
/// The order of the fields is the order of [`Publication::steps`], and the log's safety rests on it: after a crash
/// at any point the folder holds either the old log or the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Files that a crash left beyond the log, removed first.
    pub remove: Vec<String>,
    /// Bundles, then tiles.
    pub writes: Vec<Write>,
    /// `log/checkpoint`; from here on the log is the new one.
    pub checkpoint: Write,
    /// The same bytes at `log/checkpoints/<size>`.
    pub copy: Write,
    /// Partial tiles and bundles that larger ones have superseded; they may be kept, and cost only room.
    pub stale: Vec<String>,
    /// Number of entries of the new log.
    pub size: u64,
}

/// One step of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Remove the file if it is there.
    Remove(&'a str),
    /// Write the file under another name, outside `log/` or ending in `.tmp`, sync it and rename it into place.
    Write(&'a Write),
    /// Sync the folders touched so far, so that no later step can survive a crash that an earlier one did not.
    Sync,
}

impl Publication {
    /// Returns the steps, in the one order that is safe.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let remove = self.remove.iter().map(|path| Step::Remove(path));
        let writes = self.writes.iter().map(Step::Write);
        let stale = self.stale.iter().map(|path| Step::Remove(path));
        remove
            .chain([Step::Sync])
            .chain(writes)
            .chain([Step::Sync, Step::Write(&self.checkpoint), Step::Sync, Step::Write(&self.copy), Step::Sync])
            .chain(stale)
    }
}

impl Ledger {
    /// Returns an empty log, for a place where nothing was stored yet.
    ///
    /// Its first entry must be a `key.rotated`, which gives it its origin and its key.
    /// Where files may lie, from an attempt that was cut short, use [`Ledger::create`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an empty log for a folder that has none.
    ///
    /// What an attempt cut short left below `log/` is removed by the first publication.
    ///
    /// # Errors
    /// There is a log already, or the folder cannot be listed.
    pub fn create(files: &dyn Files) -> Result<Self, Error> {
        let paths = list(files, "log")?;
        let holds_log = |path: &String| {
            matches!(path.parse(), Ok(LogPath::Newest | LogPath::Checkpoint(_) | LogPath::TimeStamp(_)))
        };
        if paths.iter().any(holds_log) {
            return Err(Error::Refused("there is a log here already; open it, or choose another folder"));
        }
        let mut beyond = paths;
        beyond.retain(|path| is_of_writer(path));
        Ok(Self { left: Left { beyond, ..Left::default() }, ..Self::default() })
    }

    /// Opens a log to continue it, for the key that signed its newest checkpoint.
    ///
    /// Checks the signature, that the root follows from the tiles at the right edge, and that the last bundle has the
    /// entries that those tiles say. That is not [`crate::verify()`]: what lies further left is not read.
    ///
    /// # Errors
    /// There is no log, its checkpoint is not signed by the key, or the right edge does not hold.
    pub fn open(files: &dyn Files, key: &VerifierKey) -> Result<Self, Error> {
        let at = LogPath::Newest;
        let bytes = need(files, &at.to_string())?;
        let note = Note::from_bytes(&bytes).map_err(|error| Fault::at(error, at))?;
        let checkpoint: Checkpoint = note.text.parse().map_err(|error| Fault::at(error, at))?;
        note.verify(key).map_err(|error| Fault::at(error, at))?;
        let size = checkpoint.size;
        let altered = |what: &str, path: &dyn std::fmt::Display| Fault::new(FaultKind::Altered, what, path);
        if checkpoint.origin != key.name() || size == 0 {
            return Err(altered("the checkpoint is not of a log of this key", &at).into());
        }

        let tree = edge_of(files, size)?;
        if Digest::from_bytes(tree.root()) != checkpoint.root {
            return Err(altered("the root does not follow from the tiles at the right edge", &at).into());
        }
        let number = (size - 1) / TILE_WIDTH;
        let Some(tile) = Tile::in_log(Level::Entries, number, size) else {
            return Err(Error::Refused("log has no entries"));
        };
        let path = tile.to_string();
        let mut bundle = need(files, &path)?;
        let entries = split_bundle(&bundle, tile.width).map_err(|error| Fault::at(error, &path))?;
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        if !is_last_tile(files, &tree, leaves)? {
            return Err(altered("the last entries are not those of the tiles", &path).into());
        }
        let last = entries.last().map(|bytes| Entry::from_bytes(bytes)).transpose();
        let last = last.map_err(|error| at_index(error, size - 1, &path))?;
        let next_key = match last {
            Some(Entry::KeyRotated { vkey, .. }) => vkey,
            _ => key.clone(),
        };
        if size.is_multiple_of(TILE_WIDTH) {
            bundle.clear();
        }
        let left = left_behind(files, size, bytes)?;
        Ok(Self { tree, bundle, key: Some(next_key), published: size, left, ..Self::default() })
    }

    /// Returns the number of entries, published or not.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Returns the number of entries that the newest checkpoint covers.
    #[must_use]
    pub fn published(&self) -> u64 {
        self.published
    }

    /// Returns the key that must sign the next checkpoint; `None` before the first entry.
    #[must_use]
    pub fn key(&self) -> Option<&VerifierKey> {
        self.key.as_ref()
    }

    /// Appends an entry and returns its index, from 0.
    ///
    /// Nothing is stored until [`Ledger::publish`].
    ///
    /// # Errors
    /// The entry has no valid form; the first entry is not `key.rotated`; a change of key is of another origin, or
    /// waits to be published; the log is full. The ledger is as it was before.
    pub fn append(&mut self, entry: &Entry) -> Result<u64, Error> {
        if self.next_key.is_some() {
            return Err(Error::Refused("a change of key must be published before the next entry"));
        }
        if self.tree.size() >= MAX_SIZE {
            return Err(Error::Refused("log is full"));
        }
        let (key, next_key) = self.keys_after(entry)?;
        let bytes = entry.to_bytes()?;
        let index = self.tree.size();
        push(&mut self.bundle, &bytes)?;
        (self.key, self.next_key) = (Some(key), next_key);
        let tiles = &mut self.tiles;
        let Ok(()) = self.tree.push(leaf_hash(&bytes), |full| {
            let tile = Tile { level: Level::Hashes(full.level), number: full.number, width: 256 };
            tiles.push(Write { path: tile.to_string(), bytes: full.hashes.as_flattened().to_vec() });
            Ok::<(), std::convert::Infallible>(())
        });
        if self.tree.size().is_multiple_of(TILE_WIDTH) {
            let tile = Tile { level: Level::Entries, number: index / TILE_WIDTH, width: 256 };
            self.bundles.push(Write { path: tile.to_string(), bytes: std::mem::take(&mut self.bundle) });
        }
        Ok(index)
    }

    /// Signs a checkpoint over all entries and returns what to store, in which order.
    ///
    /// The ledger takes the publication for stored. If a step fails, drop the ledger and open it again.
    ///
    /// # Errors
    /// Nothing was appended since the last checkpoint, or the signer is not the holder of the key in force.
    pub fn publish(&mut self, signer: &Signer) -> Result<Publication, Error> {
        let (size, before) = (self.tree.size(), self.published);
        if size == before {
            return Err(Error::Refused("nothing was appended since the last checkpoint"));
        }
        if self.key != Some(signer.vkey()) {
            return Err(Error::Refused("the signer does not hold the key in force"));
        }
        let root = Digest::from_bytes(self.tree.root());
        let checkpoint = Checkpoint { origin: signer.vkey().name().to_owned(), size, root };
        let bytes = signer.sign(checkpoint.to_string()).to_bytes();

        let Left { beyond, mut stale, copy } = std::mem::take(&mut self.left);
        let mut writes: Vec<Write> = copy.into_iter().collect();
        if before == 0 {
            writes.push(Write { path: LogPath::Vkey.to_string(), bytes: format!("{}\n", signer.vkey()).into_bytes() });
        }
        writes.append(&mut self.bundles);
        if !self.bundle.is_empty() {
            let tile = Tile::in_log(Level::Entries, size / TILE_WIDTH, size);
            writes.extend(tile.map(|tile| Write { path: tile.to_string(), bytes: self.bundle.clone() }));
        }
        writes.append(&mut self.tiles);
        for edge in self.tree.edge() {
            let tile = Tile::in_log(Level::Hashes(edge.level), edge.number, size);
            let is_new = tile.filter(|tile| !tile.is_needed(before));
            writes.extend(
                is_new.map(|tile| Write { path: tile.to_string(), bytes: edge.hashes.as_flattened().to_vec() }),
            );
        }
        stale.extend(partial_edge(before).filter(|tile| !tile.is_needed(size)).map(|tile| tile.to_string()));
        stale.sort_unstable();
        self.published = size;
        if let Some(key) = self.next_key.take() {
            self.key = Some(key);
        }
        Ok(Publication {
            remove: beyond,
            writes,
            checkpoint: Write { path: LogPath::Newest.to_string(), bytes: bytes.clone() },
            copy: Write { path: LogPath::Checkpoint(size).to_string(), bytes },
            stale,
            size,
        })
    }

    /// The keys of the next checkpoint and of the one after it, once an entry is appended.
    fn keys_after(&self, entry: &Entry) -> Result<(VerifierKey, Option<VerifierKey>), Error> {
        match (&self.key, entry) {
            (None, Entry::KeyRotated { vkey, .. }) => Ok((vkey.clone(), None)),
            (None, _) => Err(Error::Refused("the first entry of a log must be `key.rotated`")),
            (Some(key), Entry::KeyRotated { vkey, .. }) if key.name() != vkey.name() => {
                Err(Error::Refused("the new key is of another origin"))
            }
            (Some(key), Entry::KeyRotated { vkey, .. }) => Ok((key.clone(), Some(vkey.clone()))),
            (Some(key), _) => Ok((key.clone(), None)),
        }
    }
}

/// The unfinished tiles and the unfinished bundle of a log of a size.
fn partial_edge(size: u64) -> impl Iterator<Item = Tile> {
    let levels = std::iter::once(Level::Entries).chain((0..).map(Level::Hashes));
    levels
        .map_while(move |level| Some((level, Some(level.count(size)).filter(|count| *count > 0)?)))
        .filter(|(_, count)| !count.is_multiple_of(TILE_WIDTH))
        .filter_map(move |(level, count)| Tile::in_log(level, count / TILE_WIDTH, size))
}

/// Reads the right edge of the tree from its tiles.
fn edge_of(files: &dyn Files, size: u64) -> Result<Tree, Fault> {
    let mut levels = Vec::new();
    for level in (0..).map(Level::Hashes) {
        let count = level.count(size);
        if count == 0 {
            break;
        }
        let hashes = match Tile::in_log(level, count / TILE_WIDTH, size) {
            Some(tile) => hashes_of(files, tile)?,
            None => Vec::new(),
        };
        levels.push(hashes);
    }
    Ok(Tree::resume(size, levels))
}

/// Reads a tile of hashes.
pub(crate) fn hashes_of(files: &dyn Files, tile: Tile) -> Result<Vec<Hash>, Fault> {
    let path = tile.to_string();
    let bytes = need(files, &path)?;
    let (hashes, rest) = bytes.as_chunks();
    if hashes.len() != usize::from(tile.width) || !rest.is_empty() {
        return Err(Fault::new(FaultKind::Malformed, "tile does not have as many hashes as its name says", path));
    }
    Ok(hashes.to_vec())
}

/// Whether leaves are those of the last tile, following full tiles upwards to one that the root has vouched for.
fn is_last_tile(files: &dyn Files, tree: &Tree, mut hashes: Vec<Hash>) -> Result<bool, Fault> {
    let mut count = tree.size();
    for level in 0.. {
        if !count.is_multiple_of(TILE_WIDTH) {
            return Ok(tree.edge().any(|edge| edge.level == level && edge.hashes == hashes));
        }
        let Some(root) = root_of(&hashes) else { return Ok(false) };
        count /= TILE_WIDTH;
        let parent = Level::Hashes(level + 1);
        let Some(tile) = Tile::in_log(parent, (count - 1) / TILE_WIDTH, tree.size()) else { return Ok(false) };
        hashes = hashes_of(files, tile)?;
        if hashes.last() != Some(&root) {
            return Ok(false);
        }
    }
    Ok(false)
}

/// Finds what a crash left behind in a log of a size whose newest checkpoint has these bytes.
fn left_behind(files: &dyn Files, size: u64, checkpoint: Vec<u8>) -> Result<Left, Fault> {
    let needed: BTreeSet<Tile> = partial_edge(size).collect();
    let mut left = Left::default();
    for path in list(files, "log/tile")? {
        match path.parse() {
            Ok(LogPath::Tile(tile)) if tile.is_beyond(size) => left.beyond.push(path),
            Ok(LogPath::Tile(tile)) if u64::from(tile.width) < TILE_WIDTH && !needed.contains(&tile) => {
                left.stale.push(path);
            }
            Err(_) if is_of_writer(&path) => left.beyond.push(path),
            _ => {}
        }
    }
    let path = LogPath::Checkpoint(size).to_string();
    if read(files, &path)?.is_none() {
        left.copy = Some(Write { path, bytes: checkpoint });
    }
    Ok(left)
}

/// Whether a writer may have left a file: it has a place in a log, or is the unfinished form of one that has.
fn is_of_writer(path: &str) -> bool {
    path.ends_with(".tmp") || path.parse::<LogPath>().is_ok()
}
