//! Proofs that an entry is in a log, and that a log is another one with more at its end.
//!
//! Proofs are made as RFC 6962 sections 2.1.1 and 2.1.2 define them and checked as RFC 9162
//! sections 2.1.3.2 and 2.1.4.2 describe.

use crate::hash::{Hash, node_hash};

/// Where the kept nodes of a tree are.
pub trait Nodes {
    /// The hash of the full node at this level and place; see [`Node`](crate::Node).
    fn node(&self, level: u8, index: u64) -> Option<Hash>;
}

/// A node is needed that was not kept, or is beyond the end of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("node {index} of level {level} of the log's tree is missing")]
pub struct MissingNode {
    /// How high above the entries.
    pub level: u8,
    /// Its place among the nodes of its level.
    pub index: u64,
}

/// A proof does not show what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It has too few or too many hashes, or sizes are the wrong way round.
    #[error("the proof does not fit a log of this size")]
    Shape,
    /// It leads to another hash.
    #[error("the proof leads to another log")]
    Differs,
}

/// The proof that entry `index` is in the log of the first `size` entries, from the entry upwards.
///
/// # Errors
/// [`MissingNode`] when a node is not there or the entry is beyond the end.
pub fn inclusion_proof(nodes: &impl Nodes, index: u64, size: u64) -> Result<Vec<Hash>, MissingNode> {
    if index >= size {
        return Err(MissingNode { level: 0, index });
    }
    let mut proof = Vec::new();
    let (mut start, mut count) = (0, size);
    // From the root down to the entry: the half that does not hold it is part of the proof.
    while count > 1 {
        let left = split(count);
        if index - start < left {
            proof.push(over(nodes, start + left, count - left)?);
            count = left;
        } else {
            proof.push(over(nodes, start, left)?);
            start += left;
            count -= left;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the log of the first `old` entries is the beginning of that of the first `new`.
/// Empty when there is nothing to show: both are the same, or the old one is empty.
///
/// # Errors
/// [`MissingNode`] when a node is not there or `old` is more than `new`.
pub fn consistency_proof(nodes: &impl Nodes, old: u64, new: u64) -> Result<Vec<Hash>, MissingNode> {
    if old > new {
        let index = old.saturating_sub(1);
        return Err(MissingNode { level: 0, index });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut proof = Vec::new();
    let (mut start, mut count) = (0, new);
    // From the root down to where the old log ends with the end of a subtree.
    while old - start < count {
        let left = split(count);
        if old - start <= left {
            proof.push(over(nodes, start + left, count - left)?);
            count = left;
        } else {
            proof.push(over(nodes, start, left)?);
            start += left;
            count -= left;
        }
    }
    // That subtree is the whole old log: whoever checks has its hash already.
    if start > 0 {
        proof.push(over(nodes, start, count)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The hash over `count` entries from `start` on.
fn over(nodes: &impl Nodes, start: u64, count: u64) -> Result<Hash, MissingNode> {
    let mut parts = Vec::new();
    let (mut at, mut left) = (start, count);
    while left > 0 {
        // INVARIANT (aligned): `start` is a multiple of the smallest power of two >= `count`, so
        // every part begins at a multiple of its own size.
        let level = 63 - left.leading_zeros() as u8;
        let index = at >> level;
        parts.push(nodes.node(level, index).ok_or(MissingNode { level, index })?);
        at += 1 << level;
        left -= 1 << level;
    }
    let mut parts = parts.into_iter().rev();
    let last = parts.next().unwrap_or_else(Hash::of_nothing);
    Ok(parts.fold(last, |right, left| node_hash(&left, &right)))
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

/// Checks that the entry with this hash is at `index` in the log of `size` entries with this root.
///
/// # Errors
/// [`ProofError`] when the proof does not show it.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Shape);
    }
    let mut place = Place(index, size - 1);
    let mut hash = leaf;
    for sibling in proof {
        hash = match place.up()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    place.ended()?;
    same(hash, root)
}

/// Checks that the log of `new` entries with one root begins with the log of `old` entries with
/// the other.
///
/// # Errors
/// [`ProofError`] when the proof does not show it.
pub fn verify_consistency(
    old: u64,
    old_root: Hash,
    new: u64,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new || ((old == 0 || old == new) && !proof.is_empty()) {
        return Err(ProofError::Shape);
    }
    if old == new {
        return same(old_root, new_root);
    }
    if old == 0 {
        return same(old_root, Hash::of_nothing());
    }
    let (first, rest) = match proof {
        _ if old.is_power_of_two() => (old_root, proof),
        [first, rest @ ..] => (*first, rest),
        [] => return Err(ProofError::Shape),
    };
    let mut place = Place(old - 1, new - 1);
    while place.0 & 1 == 1 {
        place = Place(place.0 >> 1, place.1 >> 1);
    }
    let (mut before, mut after) = (first, first);
    for sibling in rest {
        match place.up()? {
            Side::Left => {
                before = node_hash(sibling, &before);
                after = node_hash(sibling, &after);
            }
            Side::Right => after = node_hash(&after, sibling),
        }
    }
    place.ended()?;
    same(before, old_root)?;
    same(after, new_root)
}

enum Side {
    Left,
    Right,
}

/// A node's place and the last place of its level, on the way up to the root.
struct Place(u64, u64);

impl Place {
    /// On which side the next hash of the proof stands; then one level up. Levels at which the
    /// node is the last one and alone are passed over: it stands there for itself.
    fn up(&mut self) -> Result<Side, ProofError> {
        if self.1 == 0 {
            return Err(ProofError::Shape);
        }
        let side = if self.0 & 1 == 1 || self.0 == self.1 {
            while self.0 & 1 == 0 && self.0 != 0 {
                *self = Self(self.0 >> 1, self.1 >> 1);
            }
            Side::Left
        } else {
            Side::Right
        };
        *self = Self(self.0 >> 1, self.1 >> 1);
        Ok(side)
    }

    fn ended(&self) -> Result<(), ProofError> {
        if self.1 == 0 { Ok(()) } else { Err(ProofError::Shape) }
    }
}

fn same(one: Hash, other: Hash) -> Result<(), ProofError> {
    if one == other { Ok(()) } else { Err(ProofError::Differs) }
}
