//! Asking for a worklist: which reports, in which order, from where on.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{IdError, ProjectionRow, SeenBy, StreamId, UserId};

/// Which reports are wanted. Every condition that is set must hold; the default wants them all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorklistFilter {
    /// Held by this unit.
    pub unit: Option<String>,
    /// Allocated to this user.
    pub allocated_to: Option<UserId>,
    /// Begun by this user.
    pub started_by: Option<UserId>,
    /// Allocated to nobody.
    pub unallocated: bool,
    /// In one of these states; empty means any.
    pub states: Vec<String>,
    /// Something was due before this moment. With *now* this is "overdue".
    pub due_before: Option<Timestamp>,
    /// The day to look again at whether it is kept began before this moment.
    pub review_before: Option<Timestamp>,
    /// Waiting for a supervisor.
    pub awaiting_review: bool,
    /// Derived by anything but this digest: the rows to derive anew after an upgrade.
    pub not_derived_by: Option<String>,
    /// Only what they may see.
    pub seen_by: Option<SeenBy>,
    /// Of what [`WorklistFilter::seen_by`] may see, only what is neither their unit's nor theirs to work on.
    pub beyond_unit: bool,
    /// Only reports whose emergency opening waits for a supervisor.
    pub alerts: bool,
    /// Only reports whose emergency opening waits since this moment or longer.
    pub alert_until: Option<Timestamp>,
}

/// The order of a worklist. Ties are settled by report id, so an order is always total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// What is due soonest first, reports with nothing due last.
    #[default]
    SoonestDue,
    /// What has waited longest for review first. Only reports that wait are in it.
    LongestAwaitingReview,
    /// What changed last first.
    RecentlyUpdated,
    /// Whose day to look again came first. Only reports that have one are in it.
    LongestKept,
    /// Whose emergency opening waits longest for a supervisor first. Only reports with one are in it.
    LongestAlert,
}

/// One page of a worklist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorklistQuery {
    /// Which reports.
    pub filter: WorklistFilter,
    /// In which order.
    pub order: Order,
    /// Start after the row this cursor names; `None` starts at the top.
    pub after: Option<Cursor>,
    /// Rows wanted, cut to [`limits::PAGE`](crate::limits::PAGE).
    pub limit: u32,
}

/// Rows, and where the next page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorklistPage {
    /// The rows in order.
    pub rows: Vec<ProjectionRow>,
    /// For [`WorklistQuery::after`]; `None` when this was the last page.
    pub next: Option<Cursor>,
}

/// A place in an ordered worklist. Reports that arrive or leave while somebody pages neither
/// repeat nor skip a row, as an offset would. Its text form goes into a link as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) key: i64,
    pub(crate) report: StreamId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.key, self.report)
    }
}

impl FromStr for Cursor {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (key, report) = text.split_once('.').ok_or(IdError::Text)?;
        Ok(Self { key: key.parse().map_err(|_| IdError::Text)?, report: report.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_a_link() {
        let cursor = Cursor { key: -5, report: StreamId::new("r-1").unwrap() };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "5", "x.r", "5.", "5.a b", "99999999999999999999.r"] {
            assert!(bad.parse::<Cursor>().is_err(), "{bad:?}");
        }
    }
}
