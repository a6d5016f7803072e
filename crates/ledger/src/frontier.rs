//! The right edge of the tree: all that appending needs.

use crate::hash::{Hash, node_hash};
use crate::proof::{MissingNode, Nodes};

/// The node over the 2^level entries from `index * 2^level` on. Level 0 are the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// How high above the entries.
    pub level: u8,
    /// Its place among the nodes of its level, counted from 0.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
}

/// A log's size and the hashes of the largest full subtrees that it falls into, from left to right.
/// At most 64 hashes, whatever the size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// A log without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The frontier of the first `size` entries, from nodes that were kept.
    ///
    /// # Errors
    /// [`MissingNode`] when one of the nodes is not there.
    pub fn restore(size: u64, nodes: &impl Nodes) -> Result<Self, MissingNode> {
        let mut peaks = Vec::new();
        let mut start = 0;
        for level in (0..64_u8).rev().filter(|level| size >> level & 1 == 1) {
            let index = start >> level;
            peaks.push(nodes.node(level, index).ok_or(MissingNode { level, index })?);
            start += 1 << level;
        }
        Ok(Self { size, peaks })
    }

    /// How many entries.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends an entry by its hash. Gives the nodes that are full now, from the entry's own upwards:
    /// what to keep so that [`Frontier::restore`] and proofs are possible later. Two on average.
    pub fn append(&mut self, leaf: Hash) -> Vec<Node> {
        let mut full = Vec::with_capacity(2);
        let mut node = Node { level: 0, index: self.size, hash: leaf };
        full.push(node);
        while node.index & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            node = Node { level: node.level + 1, index: node.index >> 1, hash: node_hash(&left, &node.hash) };
            full.push(node);
        }
        self.peaks.push(node.hash);
        self.size += 1;
        full
    }

    /// The head of the log: one hash for all its entries in their order.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return Hash::of_nothing();
        };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}
