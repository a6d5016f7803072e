//! What is kept of a report: events, and one projection row for the worklists.

use jiff::Timestamp;

use crate::{EventId, StreamId, Ties, UserId};

/// An event to be kept. The store stamps nothing: who and when are decided by the core, so that
/// replaying a report never depends on the machine that stored it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Unique among all events ever kept.
    pub event_id: EventId,
    /// What happened, as one word for people who look into the database. Nothing is decided by it.
    pub kind: String,
    /// When it was entered. Kept to the microsecond, as PostgreSQL does; finer digits are cut off.
    pub recorded_at: Timestamp,
    /// Who entered it.
    pub actor: String,
    /// The event itself, opaque to the store. At most [`limits::BODY`](crate::limits::BODY) bytes.
    pub body: Vec<u8>,
}

/// An event as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Its place in the stream: 1, 2, 3… without gaps.
    pub version: u64,
    /// As given.
    pub event_id: EventId,
    /// As given.
    pub kind: String,
    /// As given, to the microsecond.
    pub recorded_at: Timestamp,
    /// As given.
    pub actor: String,
    /// The bytes as given, whatever form they were kept in.
    pub body: Vec<u8>,
}

/// One stream's part of an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The stream written to.
    pub stream: StreamId,
    /// The version the decision was made on; 0 for a stream that does not exist yet.
    pub expected_version: u64,
    /// What happened, in order. May be empty when only the projection is derived anew.
    pub events: Vec<NewEvent>,
    /// The worklist row after these events; `None` leaves the row as it is.
    pub projection: Option<ProjectionRow>,
}

/// What became of one stream's part of an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The stream. Under a repeated key it is the stream of the *first* append, which may not be
    /// the one asked for now: a report that was sent twice is one report.
    pub stream: StreamId,
    /// The version after the append.
    pub version: u64,
    /// The idempotency key had been used before: nothing was written now.
    pub repeated: bool,
}

/// A stream and how long it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamHead {
    /// The stream.
    pub stream: StreamId,
    /// The version of its last event.
    pub version: u64,
}

/// The plain columns worklists are read from: opaque ids, unit, state and times. No fact about a
/// child is among them. Derived by the core, never set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectionRow {
    /// The report, which is the stream.
    pub report_id: StreamId,
    /// The number people use, like `WM-2026-000123`. Unique.
    pub reference: String,
    /// The unit that holds the report.
    pub unit: String,
    /// Who works on it.
    pub allocated_to: Option<UserId>,
    /// The core's word for where the report stands.
    pub state: String,
    /// The class the advice gives now.
    pub class: String,
    /// When the next duty falls due; `None` when nothing is due.
    pub next_due_at: Option<Timestamp>,
    /// Since when it waits for a supervisor.
    pub awaiting_review_since: Option<Timestamp>,
    /// When the report last changed.
    pub updated_at: Timestamp,
    /// Digest of pack and engine that derived this row, to find rows derived by another.
    pub derived_by: String,
    /// Who may see it beyond what the unit says.
    pub ties: Ties,
}
