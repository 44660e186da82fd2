//! The Merkle tree of RFC 6962 section 2.1, kept as the right edge of its tiles.

use sha2::{Digest as _, Sha256};

use crate::path::TILE_WIDTH;

/// A node of the tree.
pub(crate) type Hash = [u8; 32];

/// The right edge of a tree: the hashes of the last, unfinished tile of each level.
///
/// Every hash of a level stands for a finished subtree of 256 to the power of the level leaves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

/// A tile that has just been filled.
pub(crate) struct FullTile<'a> {
    pub(crate) level: u8,
    pub(crate) number: u64,
    pub(crate) hashes: &'a [Hash],
}

/// Returns the hash of an entry (RFC 6962: `SHA-256(0x00 || entry)`).
pub(crate) fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// Returns the hash of two subtrees (RFC 6962: `SHA-256(0x01 || left || right)`).
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Returns the hash over any number of neighbouring subtrees of one size, all but the last branch being full.
pub(crate) fn root_of(hashes: &[Hash]) -> Option<Hash> {
    fold(None, hashes)
}

/// Hashes the full subtrees of a run from right to left onto what lies to the right of it.
fn fold(mut right: Option<Hash>, mut rest: &[Hash]) -> Option<Hash> {
    while !rest.is_empty() {
        let width = 1 << rest.len().trailing_zeros();
        let (before, last) = rest.split_at(rest.len() - width);
        let hash = perfect(last)?;
        right = Some(right.map_or(hash, |right| node_hash(&hash, &right)));
        rest = before;
    }
    right
}

/// The root over a power of two of hashes.
fn perfect(hashes: &[Hash]) -> Option<Hash> {
    if let [hash] = hashes {
        return Some(*hash);
    }
    let mut row: Vec<Hash> = hashes.to_vec();
    while row.len() > 1 {
        row = row.as_chunks().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied()
}

impl Tree {
    /// Continues a tree from its size and the hashes of its unfinished tiles, lowest level first.
    pub(crate) fn resume(size: u64, levels: Vec<Vec<Hash>>) -> Self {
        Self { size, levels }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf and hands over each tile that it fills, lowest level first.
    pub(crate) fn push<E>(
        &mut self,
        leaf: Hash,
        mut filled: impl FnMut(FullTile<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.size += 1;
        let mut hash = leaf;
        let mut count = self.size;
        for level in 0_u8.. {
            let index = usize::from(level);
            if self.levels.len() == index {
                self.levels.push(Vec::with_capacity(256));
            }
            let Some(hashes) = self.levels.get_mut(index) else { return Ok(()) };
            hashes.push(hash);
            if !count.is_multiple_of(TILE_WIDTH) {
                return Ok(());
            }
            count /= TILE_WIDTH;
            filled(FullTile { level, number: count - 1, hashes })?;
            let Some(root) = perfect(hashes) else { return Ok(()) };
            hash = root;
            hashes.clear();
        }
        Ok(())
    }

    /// Returns the unfinished tiles that are not empty, lowest level first.
    pub(crate) fn edge(&self) -> impl Iterator<Item = FullTile<'_>> {
        (0_u8..).zip(&self.levels).filter(|(_, hashes)| !hashes.is_empty()).map(|(level, hashes)| FullTile {
            level,
            number: crate::Level::Hashes(level).count(self.size) / TILE_WIDTH,
            hashes,
        })
    }

    /// Returns the root hash; of an empty tree, the digest of nothing.
    pub(crate) fn root(&self) -> Hash {
        self.levels.iter().fold(None, |right, hashes| fold(right, hashes)).unwrap_or_else(|| Sha256::digest([]).into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Tree, leaf_hash};

    /// The eight leaves of the reference tests of certificate-transparency (`merkletree/merkle_tree_test.cc`) and
    /// the root after each.
    #[test]
    fn roots_are_those_of_the_reference() {
        let leaves: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::default();
        let hex = |hash| onus_core::Digest::from_bytes(hash).to_hex();
        assert_eq!(hex(tree.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (leaf, root) in leaves.into_iter().zip(roots) {
            tree.push(leaf_hash(leaf), |_| Ok::<(), ()>(())).unwrap();
            assert_eq!(hex(tree.root()), root);
        }
    }
}
