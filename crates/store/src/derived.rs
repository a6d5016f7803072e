//! Rows that decide who may do what, and are derived from events: what they have to be.
//!
//! The store keeps them and cannot derive them: it does not know what an event says. Whoever checks a database brings what can.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::{Findable, StoredEvent, StreamId, Ties, UserId};

/// From the events of a report, in order, what its rows have to be.
///
/// What it says when it fails is why these events cannot be read by this version.
pub type Derive = dyn Fn(&StreamId, &[StoredEvent]) -> Result<Derived, String> + Send + Sync;

/// Works out what the rows of one report have to be.
#[derive(Clone)]
pub struct Deriving {
    /// From the events of a report.
    pub derive: Arc<Derive>,
    /// The setting, and its value, from which on everybody can be found by what [`Derived::findable`] says.
    pub findable_when: (&'static str, String),
    /// The purpose of a look that only an emergency opening lets somebody have.
    pub emergency: &'static str,
    /// Emergency openings count while they last.
    pub now: Timestamp,
}

impl fmt::Debug for Deriving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deriving")
            .field("findable_when", &self.findable_when)
            .field("emergency", &self.emergency)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// What the rows of one report have to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derived {
    /// What decides who may see it; nothing before it is begun.
    pub access: Option<DerivedAccess>,
    /// Where it stands in the lists; nothing where whoever derives cannot say.
    pub listed: Option<Listed>,
    /// What everybody in it can be found by.
    pub findable: Vec<Findable>,
    /// Who opened it in an emergency, from when, and until when that let them in: every opening there ever was.
    pub openings: Vec<(UserId, Timestamp, Timestamp)>,
}

/// The columns of a row, and the ties, by which it is decided who may see a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedAccess {
    /// Its reference.
    pub reference: String,
    /// The unit that holds it.
    pub unit: String,
    /// Who works on it.
    pub allocated_to: Option<UserId>,
    /// Whether it is closed.
    pub closed: bool,
    /// Who is tied to it; among the emergency openings every one that no supervisor refused, over or not.
    pub ties: Ties,
}

/// Where a report stands in the lists, as guidance has it: a row that was changed here keeps it from those who wait for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// By which guidance. A row by another is held against nothing: the next start of a server writes it anew.
    pub derived_by: String,
    /// Where it stands.
    pub state: String,
    /// Its class.
    pub class: String,
    /// When something is due next.
    pub next_due_at: Option<Timestamp>,
    /// Since when it waits for a supervisor.
    pub awaiting_review_since: Option<Timestamp>,
    /// When somebody last wrote to it.
    pub updated_at: Timestamp,
    /// When somebody looks again at whether it is kept.
    pub review_at: Option<Timestamp>,
}

/// How far rows could be held against the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowsHeld {
    /// Reports whose rows are what their events say.
    pub reports: u64,
    /// Those of them whose place in the lists is what their events say as well.
    pub listed: u64,
    /// Reports with events that this version cannot read: their rows were held against nothing.
    pub unreadable: u64,
    /// Whether what people are found by was held against their words. It is not while a server has yet to go through those
    /// of an earlier version.
    pub findable: bool,
}
