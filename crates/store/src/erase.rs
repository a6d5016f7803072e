//! Erasing: what is asked for, and what is left of it.

use jiff::Timestamp;

use crate::{StreamId, Subject, UserId};

/// Something is to be erased for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erase {
    /// The report.
    pub stream: StreamId,
    /// Whose words; nothing for the whole report.
    pub subject: Option<Subject>,
    /// Who decided it.
    pub actor: UserId,
    /// Why, in words. Kept in the log, encrypted apart from the report.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// An erasure, finished or under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The report.
    pub stream: StreamId,
    /// Whose words; nothing for the whole report.
    pub subject: Option<Subject>,
    /// The reference the report had, for whoever asks for it by that.
    pub reference: Option<String>,
    /// Who decided it.
    pub actor: UserId,
    /// Why, as far as the key of that month's log words is still there.
    pub reason: Option<String>,
    /// When it was decided. Copies of the *keyring* from before this moment still open copies of the
    /// database from before it: it is final when the last of those is gone.
    pub at: Timestamp,
    /// Its entry in the log.
    pub leaf: u64,
    /// Whether every key, index row and list row is gone.
    pub is_done: bool,
}
