//! The findings so far, and the checkpoints that were opened on the way.

use super::edge::Report;
use super::finding::Finding;
use super::verify::FINDINGS;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::SignedNote;

/// The findings so far.
#[derive(Default)]
pub(super) struct Found {
    kept: Vec<Kept>,
    more: u64,
    /// The most entries that a checkpoint in the export speaks for beyond those that are there.
    pub ahead: u64,
}

struct Kept {
    finding: Finding,
    /// What an entry that was changed hashes to, and what it hashed to before.
    hashes: Option<(Hash, Hash)>,
}

impl Found {
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether an entry was found wrong: after that, what stands where is no surprise.
    pub fn names_an_entry(&self) -> bool {
        self.kept.iter().any(|kept| kept.finding.entry().is_some())
    }

    fn keep(&mut self, finding: Finding, hashes: Option<(Hash, Hash)>) -> usize {
        if self.kept.len() < FINDINGS {
            self.kept.push(Kept { finding, hashes });
        } else {
            self.more += 1;
        }
        self.kept.len() - 1 + self.more as usize
    }

    /// The checkpoint of a note, if its signature is right; a finding if not.
    pub fn open(&mut self, note: &SignedNote, key: &VerifierKey) -> Option<Checkpoint> {
        match Checkpoint::open(note, key) {
            Ok(checkpoint) => Some(checkpoint),
            Err(CheckpointError::Signature { size }) => {
                let name = key.name().to_owned();
                self.found(Finding::Signature { size, name });
                None
            }
            Err(other) => {
                self.found(Finding::Key { says: other.to_string() });
                None
            }
        }
    }

    pub fn end(self) -> (Vec<Finding>, u64) {
        let mut findings: Vec<Kept> = self.kept;
        let mut told: Vec<Finding> = Vec::new();
        while !findings.is_empty() {
            let kept = findings.remove(0);
            let partner = findings.iter().position(|other| match (kept.hashes, other.hashes) {
                (Some((now, before)), Some((other_now, other_before))) => now == other_before && before == other_now,
                _ => false,
            });
            match (kept.finding, partner) {
                (Finding::Changed { entry }, Some(place)) => {
                    let other = findings.remove(place).finding.entry().unwrap_or(entry);
                    told.push(Finding::Swapped { entry, other });
                }
                (finding, _) => told.push(finding),
            }
        }
        (told, self.more)
    }
}

impl Report for Found {
    fn found(&mut self, finding: Finding) -> usize {
        self.keep(finding, None)
    }

    fn changed(&mut self, entry: u64, now: Hash, kept: Hash) -> usize {
        self.keep(Finding::Changed { entry }, Some((now, kept)))
    }

    fn hash_was_wrong(&mut self, number: usize) {
        let Some(kept) = self.kept.get_mut(number) else {
            return;
        };
        kept.hashes = None;
        kept.finding = match kept.finding {
            Finding::Changed { entry } => Finding::Hash { from: entry, to: entry },
            Finding::Among { from, to } => Finding::Hash { from, to },
            ref other => other.clone(),
        };
    }
}
