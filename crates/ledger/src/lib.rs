//! The tamper-evident log: bytes in; tree head, signed checkpoint and proofs out.
//!
//! Pure, and knows nothing of reports. Entries are bytes; an entry's number is its place in the
//! log, counted from 0. Over the entries stands the Merkle tree of RFC 6962, so one hash speaks for
//! all of them in their order. That hash, signed, is a [`Checkpoint`] in the form that C2SP
//! describes (tlog-checkpoint, signed-note, tlog-cosignature): any witness and any tool that knows
//! these can check it without knowing us.
//!
//! # What is in here
//!
//! | part | what for |
//! |---|---|
//! | [`Frontier`] | appending: the right edge of the tree, a few dozen hashes whatever the size |
//! | [`inclusion_proof`], [`verify_inclusion`] | this entry is in that log |
//! | [`consistency_proof`], [`verify_consistency`] | that log is this one with more at its end |
//! | [`Checkpoint`], [`SignedNote`] | the head of the log, signed, and signed again by witnesses |
//! | [`NoteFile`] | a file of such heads, as they are kept elsewhere |
//! | [`SigningKey`], [`VerifierKey`] | the keys for it |
//! | [`export`] | a whole log as lines, and the verification of it in one pass |
//!
//! # What holds
//!
//! 1. A leaf hash begins with the byte 0 and the hash of a node with 1, so no node can pass for an entry.
//! 2. Nothing here panics, whatever bytes come in; every limit is stated where it is.
//! 3. Nothing here has a clock, a file or chance: seeds of keys and times are arguments.

mod checkpoint;
pub mod export;
mod frontier;
mod hash;
mod key;
mod note;
mod note_file;
mod proof;
mod spelling;
mod tlog_proof;

pub use checkpoint::{Checkpoint, CheckpointError, Cosignature};
pub use frontier::{Frontier, Node};
pub use hash::{Hash, NotAHash, leaf_hash, node_hash};
pub use key::{KeyError, KeyKind, SigningKey, VerifierKey};
pub use note::{NOTE_BYTES, NOTE_SIGNATURES, NoteError, Signature, SignedNote};
pub use note_file::{NoteFile, NotePart};
pub use proof::{
    MissingNode, Nodes, ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
};
pub use tlog_proof::{EntryProof, EntryProofError, PROOF_BEGINS, read_witness_request, witness_request};
