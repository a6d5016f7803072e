//! The access log: reads are writes. A page is sent only after its view is recorded.

use jiff::{SignedDuration, Timestamp};

use crate::{StreamId, UserId};

/// Views of one report by one user for one purpose within this time of the first are one entry
/// with a count: turning pages is not new access, and the log stays readable.
pub const REPEAT_WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Somebody is about to be shown a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The report.
    pub report: StreamId,
    /// Who.
    pub user: UserId,
    /// Why, in the words the page asked for.
    pub purpose: String,
    /// When.
    pub at: Timestamp,
}

/// An entry of the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewEntry {
    /// Rises with every entry; pages of the log start before one.
    pub id: u64,
    /// The report.
    pub report: StreamId,
    /// Who.
    pub user: UserId,
    /// Why.
    pub purpose: String,
    /// The first view of the entry.
    pub first_at: Timestamp,
    /// The last view of the entry.
    pub last_at: Timestamp,
    /// How many views it stands for.
    pub count: u64,
}

/// Whose entries are wanted from the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewsOf {
    /// Everybody who opened this report.
    Report(StreamId),
    /// Everything this user opened.
    User(UserId),
}
