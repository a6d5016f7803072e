//! What is brought to a verification, and what ends it.

use crate::key::VerifierKey;
use crate::note::SignedNote;

/// What whoever verifies knows from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The log's key. Without it the one in the export is taken, which shows less.
    pub key: Option<VerifierKey>,
    /// Witnesses, besides those that the export names.
    pub witnesses: Vec<VerifierKey>,
    /// Checkpoints that were kept elsewhere.
    pub checkpoints: Vec<SignedNote>,
}

/// A line is none of an export, or not where it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {says}")]
pub struct BadLine {
    /// Which, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub says: &'static str,
}
