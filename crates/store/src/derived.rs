//! Rows that decide who may do what, and are derived from events: what they have to be.
//!
//! The store keeps them and cannot derive them: it does not know what an event says. Whoever checks a database brings what can.

use jiff::Timestamp;

use crate::{Findable, StoredEvent, StreamId, Ties, UserId};

/// Works out what the rows of one report have to be.
#[derive(Debug, Clone)]
pub struct Deriving {
    /// From the events of a report, in order.
    ///
    /// What it says when it fails is why these events cannot be read by this version.
    pub derive: fn(&StreamId, &[StoredEvent]) -> Result<Derived, String>,
    /// The setting, and its value, from which on everybody can be found by what [`Derived::findable`] says.
    pub findable_when: (&'static str, String),
    /// Emergency openings count while they last.
    pub now: Timestamp,
}

/// What the rows of one report have to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derived {
    /// What decides who may see it; nothing before it is begun.
    pub access: Option<DerivedAccess>,
    /// What everybody in it can be found by.
    pub findable: Vec<Findable>,
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

/// How far rows could be held against the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowsHeld {
    /// Reports whose rows are what their events say.
    pub reports: u64,
    /// Reports with events that this version cannot read: their rows were held against nothing.
    pub unreadable: u64,
    /// Whether what people are found by was held against their words. It is not while a server has yet to go through those
    /// of an earlier version.
    pub findable: bool,
}
