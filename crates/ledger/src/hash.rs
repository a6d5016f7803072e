//! Hashes of entries and of the nodes above them, as RFC 6962 section 2.1 has them.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::spelling;

/// A SHA-256 hash. Written as base64, as checkpoints and proofs do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// These are not the bytes or the text of a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hash: 32 bytes are needed, or 44 characters of base64")]
pub struct NotAHash;

impl Hash {
    /// The head of a log without entries.
    pub fn of_nothing() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// A hash from its bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = NotAHash;

    fn try_from(bytes: &[u8]) -> Result<Self, NotAHash> {
        bytes.try_into().map(Self).map_err(|_| NotAHash)
    }
}

impl std::str::FromStr for Hash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let bytes = spelling::decode(text.as_bytes()).ok_or(NotAHash)?;
        Self::try_from(bytes.as_slice())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spelling::encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// The hash of an entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let hash = Sha256::new().chain_update([0]).chain_update(entry);
    Hash(hash.finalize().into())
}

/// The hash of the node over two others.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let hash = Sha256::new().chain_update([1]);
    let hash = hash.chain_update(left.0).chain_update(right.0);
    Hash(hash.finalize().into())
}
