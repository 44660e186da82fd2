//! Where each part of a log lies (C2SP tlog-tiles, "Merkle tree" and "Log entries").

use std::fmt;
use std::str::FromStr;

use crate::Error;
use crate::encoding::from_decimal;

/// Hashes in a full tile, entries in a full bundle.
pub(crate) const TILE_WIDTH: u64 = 256;

/// Levels of tiles that a log of the largest size has: 256⁷ is above it.
const LEVELS: u8 = 7;

/// A path below `log/`, written with its `Display` and read with its `FromStr`.
///
/// Each place has one spelling; every other is refused.
///
/// # Example
/// ```
/// use onus_ledger::{Level, LogPath, Tile};
///
/// let tile = LogPath::Tile(Tile { level: Level::Hashes(0), number: 1_234_067, width: 8 });
/// assert_eq!(tile.to_string(), "log/tile/0/x001/x234/067.p/8");
/// assert_eq!("log/tile/0/x001/x234/067.p/8".parse::<LogPath>().unwrap(), tile);
/// assert!("log/tile/0/67".parse::<LogPath>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogPath {
    /// `log/vkey`: the verifier key that the log began with.
    Vkey,
    /// `log/checkpoint`: the newest checkpoint.
    Newest,
    /// `log/checkpoints/<size>`: the checkpoint of a size.
    Checkpoint(u64),
    /// `log/time/<size>.tsr`: an RFC 3161 reply for the checkpoint of a size.
    TimeStamp(u64),
    /// `log/tile/…`: a tile of hashes or a bundle of entries.
    Tile(Tile),
}

/// A tile of hashes or a bundle of entries, whole or partial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// What it holds.
    pub level: Level,
    /// Its number from the left, from 0.
    pub number: u64,
    /// Hashes or entries in it, 1 to 256.
    pub width: u16,
}

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Entries.
    Entries,
    /// Hashes of subtrees of 256 to the power of the level leaves.
    Hashes(u8),
}

impl Level {
    /// Returns how many entries, or hashes of this level, a log of a size has.
    #[must_use]
    pub fn count(self, size: u64) -> u64 {
        match self {
            Self::Entries => size,
            Self::Hashes(level) => size.checked_shr(8 * u32::from(level)).unwrap_or(0),
        }
    }
}

impl Tile {
    /// Returns the tile of a number in a log of a size: whole, or partial at the right edge, or `None` beyond it.
    #[must_use]
    pub fn in_log(level: Level, number: u64, size: u64) -> Option<Self> {
        let left = number.checked_mul(TILE_WIDTH).and_then(|start| level.count(size).checked_sub(start))?;
        let width = u16::try_from(left.min(TILE_WIDTH)).ok().filter(|width| *width > 0)?;
        Some(Self { level, number, width })
    }

    /// Returns whether a log of a size must have this very tile.
    #[must_use]
    pub fn is_needed(&self, size: u64) -> bool {
        Self::in_log(self.level, self.number, size) == Some(*self)
    }

    /// Returns whether it reaches beyond a log of a size.
    #[must_use]
    pub fn is_beyond(&self, size: u64) -> bool {
        Self::in_log(self.level, self.number, size).is_none_or(|tile| tile.width < self.width)
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Level::Entries => f.write_str("log/tile/entries")?,
            Level::Hashes(level) => write!(f, "log/tile/{level}")?,
        }
        let digits = self.number.to_string();
        let groups = digits.len().div_ceil(3);
        let padded = format!("{:0>width$}", digits, width = groups * 3);
        for (index, group) in padded.as_bytes().chunks(3).enumerate() {
            let mark = if index + 1 < groups { "/x" } else { "/" };
            write!(f, "{mark}{}", String::from_utf8_lossy(group))?;
        }
        if u64::from(self.width) < TILE_WIDTH {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

impl fmt::Display for LogPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vkey => f.write_str("log/vkey"),
            Self::Newest => f.write_str("log/checkpoint"),
            Self::Checkpoint(size) => write!(f, "log/checkpoints/{size}"),
            Self::TimeStamp(size) => write!(f, "log/time/{size}.tsr"),
            Self::Tile(tile) => tile.fmt(f),
        }
    }
}

impl FromStr for LogPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        read(text)
            .filter(|path| path.to_string() == text)
            .ok_or(Error::Malformed { what: "path", why: "it is no place in a log" })
    }
}

/// Reads a path loosely; the caller compares it with its one spelling.
fn read(text: &str) -> Option<LogPath> {
    let rest = text.strip_prefix("log/")?;
    if let Some(size) = rest.strip_prefix("checkpoints/") {
        return from_decimal(size).map(LogPath::Checkpoint);
    }
    if let Some(name) = rest.strip_prefix("time/") {
        return name.strip_suffix(".tsr").and_then(from_decimal).map(LogPath::TimeStamp);
    }
    match rest.strip_prefix("tile/") {
        Some(tile) => read_tile(tile).map(LogPath::Tile),
        None if rest == "vkey" => Some(LogPath::Vkey),
        None if rest == "checkpoint" => Some(LogPath::Newest),
        None => None,
    }
}

fn read_tile(text: &str) -> Option<Tile> {
    let (level, rest) = text.split_once('/')?;
    let level = match level {
        "entries" => Level::Entries,
        _ => Level::Hashes(u8::try_from(from_decimal(level)?).ok().filter(|level| *level < LEVELS)?),
    };
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => (number, from_decimal(width).filter(|width| (1..TILE_WIDTH).contains(width))?),
        None => (rest, TILE_WIDTH),
    };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    Some(Tile { level, number: digits.parse().ok()?, width: u16::try_from(width).ok()? })
}

#[cfg(test)]
mod tests {
    use super::LogPath;

    #[test]
    fn each_place_has_one_spelling() {
        for path in [
            "log/vkey",
            "log/checkpoint",
            "log/checkpoints/0",
            "log/checkpoints/70000",
            "log/time/7.tsr",
            "log/tile/0/000",
            "log/tile/6/999",
            "log/tile/1/x001/000.p/255",
            "log/tile/entries/x001/x234/067.p/1",
        ] {
            assert_eq!(path.parse::<LogPath>().unwrap().to_string(), path);
        }
        for wrong in [
            "",
            "log",
            "log/",
            "log/vkey/",
            "vkey",
            "log/checkpoints/007",
            "log/checkpoints/+7",
            "log/checkpoints/",
            "log/time/7.TSR",
            "log/tile/7/000",
            "log/tile/00/000",
            "log/tile/0/0",
            "log/tile/0/x000/001",
            "log/tile/0/001/000",
            "log/tile/0/x001/x000",
            "log/tile/0/000.p/0",
            "log/tile/0/000.p/256",
            "log/tile/0/000.p/01",
            "log/tile/0/000/.p/1",
            "log/tile/0/../0/000",
            "log/tile/entries/99999999999999999999999",
        ] {
            assert!(wrong.parse::<LogPath>().is_err(), "{wrong}");
        }
    }
}
