//! Who may see a report, as plain columns: what a policy is asked with, and what a list is filtered by.

use jiff::Timestamp;

use crate::UserId;

/// Who is tied to a report beyond what its unit says. Derived by the core, never set by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ties {
    /// Who began it.
    pub started_by: Option<UserId>,
    /// Only those named may see it.
    pub restricted: bool,
    /// Who is named, in order of id.
    pub members: Vec<UserId>,
    /// Who has a conflict of interest, in order of id.
    pub conflicts: Vec<UserId>,
    /// Who opened it in an emergency, and until when that lets them in, in order of id.
    pub emergencies: Vec<(UserId, Timestamp)>,
    /// Since when an emergency opening waits for a supervisor.
    pub alert_since: Option<Timestamp>,
}

/// As whom somebody looks at a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// To work: what they need to know.
    Work,
    /// To work on first calls: also what they began, until it is closed.
    FirstCalls,
    /// To read the log: every report, its content never.
    Log,
}

/// Who looks at a list. Only what they may see is found and counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenBy {
    /// Who.
    pub user: UserId,
    /// Their unit.
    pub unit: String,
    /// As whom.
    pub sight: Sight,
    /// Emergency openings count while they last.
    pub now: Timestamp,
}
