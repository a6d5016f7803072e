//! What a verification found.

use super::finding::Finding;
use super::line::Shape;
use crate::key::VerifierKey;

/// What a verification found.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Every entry or some.
    pub shape: Shape,
    /// The key that signatures were checked with.
    pub key: VerifierKey,
    /// Whether the key was given by whoever verifies. If not, it is the one in the export itself, and a
    /// forger would have put theirs there.
    pub key_was_given: bool,
    /// Lines of entries.
    pub entries: u64,
    /// Entries whose kept bytes were held against them.
    pub kept: u64,
    /// Checkpoints, in the export and elsewhere, that are signed and fit.
    pub checkpoints: u64,
    /// How many of these were kept elsewhere and brought to the verification: whoever can change the log cannot change them with it.
    pub elsewhere: u64,
    /// Entries that the largest of these speaks for. Nothing signed speaks for those after them yet.
    pub signed: u64,
    /// What witnesses signed under checkpoints that fit, by witness.
    pub witnessed: Vec<Witnessed>,
    /// What is wrong, in the order of the log; the first [`FINDINGS`](super::FINDINGS).
    pub findings: Vec<Finding>,
    /// How many more findings there are.
    pub more: u64,
}

/// What a witness signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// Which witness.
    pub key: VerifierKey,
    /// The most entries it has signed for.
    pub size: u64,
    /// When, in seconds since 1970 by its clock.
    pub time: u64,
}

impl Verdict {
    /// Nothing is wrong.
    pub fn sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// Entries of a whole export that nothing signed speaks for: whoever had the file could have written them.
    pub fn unsigned(&self) -> u64 {
        match self.shape {
            Shape::Whole => self.entries.saturating_sub(self.signed),
            Shape::Some => 0,
        }
    }

    /// The first entry that is not as it was signed, where one can be named.
    pub fn first_bad(&self) -> Option<u64> {
        self.findings.iter().find_map(Finding::entry)
    }
}
