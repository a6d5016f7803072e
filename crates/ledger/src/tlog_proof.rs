//! One entry with its proof, as a text that stands for itself (C2SP tlog-proof), and what is sent to
//! a witness (C2SP tlog-witness).

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::note::SignedNote;
use crate::proof::{ProofError, verify_inclusion};
use crate::spelling;

/// What such a text begins with.
pub const PROOF_BEGINS: &str = "c2sp.org/tlog-proof@v1";

/// Hashes in a proof at most; a log of 2^64 entries has 64.
const HASHES: usize = 64;

/// An entry, the proof that it is in a log, and the signed head of that log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryProof {
    /// The entry's bytes: the extra data of the format.
    pub leaf: Vec<u8>,
    /// Its place, counted from 0.
    pub index: u64,
    /// From the entry upwards.
    pub hashes: Vec<Hash>,
    /// The signed head.
    pub note: SignedNote,
}

/// Why a text does not prove an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryProofError {
    /// It is no such text.
    #[error(
        "this is not a proof of an entry: it begins with “{PROOF_BEGINS}”, then extra, index, hashes, and a checkpoint after a blank line"
    )]
    Form,
    /// The checkpoint is not one of this log.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The entry is not in the log of the checkpoint.
    #[error("entry {index} was changed, or was never in this log: {why}")]
    Proof {
        /// Which.
        index: u64,
        /// In which way.
        why: ProofError,
    },
}

impl EntryProof {
    /// Checks everything with the log's key. Gives the head.
    ///
    /// # Errors
    /// [`EntryProofError`], naming what is wrong.
    pub fn verify(&self, key: &VerifierKey) -> Result<Checkpoint, EntryProofError> {
        let head = Checkpoint::open(&self.note, key)?;
        let (leaf, index) = (leaf_hash(&self.leaf), self.index);
        verify_inclusion(leaf, index, head.size, &self.hashes, head.root)
            .map_err(|why| EntryProofError::Proof { index, why })?;
        Ok(head)
    }
}

impl fmt::Display for EntryProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{PROOF_BEGINS}")?;
        writeln!(f, "extra {}", spelling::encode(&self.leaf))?;
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

impl FromStr for EntryProof {
    type Err = EntryProofError;

    fn from_str(text: &str) -> Result<Self, EntryProofError> {
        let form = || EntryProofError::Form;
        let (above, note) = text.split_once("\n\n").ok_or_else(form)?;
        let mut lines = above.split('\n');
        if lines.next() != Some(PROOF_BEGINS) {
            return Err(form());
        }
        let extra = lines.next().and_then(|line| line.strip_prefix("extra ")).ok_or_else(form)?;
        let leaf = spelling::decode(extra.as_bytes()).ok_or_else(form)?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).ok_or_else(form)?;
        let place: u64 = index.parse().map_err(|_| form())?;
        let hashes: Vec<Hash> = lines.map(str::parse).collect::<Result<_, _>>().map_err(|_| form())?;
        if place.to_string() != index || hashes.len() > HASHES {
            return Err(form());
        }
        let note = note.parse().map_err(CheckpointError::from)?;
        Ok(Self { leaf, index: place, hashes, note })
    }
}

/// What is sent to a witness: the size it saw last, the proof that the log only grew since, and the
/// signed head that it is asked to sign.
pub fn witness_request(old: u64, proof: &[Hash], note: &SignedNote) -> String {
    let mut text = format!("old {old}\n");
    for hash in proof {
        let _ = writeln!(text, "{hash}");
    }
    let _ = write!(text, "\n{note}");
    text
}

/// Reads what [`witness_request`] writes. `None` when it is none.
pub fn read_witness_request(text: &str) -> Option<(u64, Vec<Hash>, SignedNote)> {
    let (above, note) = text.split_once("\n\n")?;
    let mut lines = above.split('\n');
    let old = lines.next()?.strip_prefix("old ")?;
    let size: u64 = old.parse().ok()?;
    let hashes: Vec<Hash> = lines.map(|line| line.parse().ok()).collect::<Option<_>>()?;
    if size.to_string() != old || hashes.len() >= HASHES {
        return None;
    }
    Some((size, hashes, note.parse().ok()?))
}
