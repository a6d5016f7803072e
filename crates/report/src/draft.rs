//! Something begun and put aside: what was entered on a page, to be finished later by whoever comes to it. A draft is part of the
//! record and counts for nothing: no duty, gate, outcome or review looks at it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::id::{DutyId, PersonId};

/// What was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "page", content = "id")]
pub enum DraftOf {
    /// What completes a duty: a form, a decision, any other record.
    #[serde(rename = "task")]
    Task(DutyId),
    /// The reasons for departing from a duty.
    #[serde(rename = "departure")]
    Departure(DutyId),
    /// Deciding the outcome with this Home Office code.
    #[serde(rename = "outcome")]
    Outcome(String),
    /// Saying what this person is in the report.
    #[serde(rename = "roles")]
    Roles(PersonId),
    /// Why the class is held to be another one.
    #[serde(rename = "class")]
    Class,
}

/// What was entered, by the names of the page's fields; a field of several answers has several.
pub type Fields = BTreeMap<String, Vec<String>>;

/// A draft as it was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What was begun.
    pub of: DraftOf,
    /// What was entered so far.
    pub fields: Fields,
    /// Who left it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Position of the event in the stream: tells one state of a draft from another.
    pub version: u64,
}
