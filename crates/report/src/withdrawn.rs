//! What was withdrawn: by whom, when and why. Read off the log, which has all of it.

use jiff::Timestamp;

use crate::actor::Actor;
use crate::event::{Event, EventBody, Thing};
use crate::id::DutyId;
use crate::state::Report;

/// How something came to be withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal<'a> {
    /// Why, in words.
    pub reason: &'a str,
    /// Who withdrew it.
    pub by: &'a Actor,
    /// When that was entered.
    pub at: Timestamp,
}

impl Report {
    /// How an entry was withdrawn; nothing while it stands.
    pub fn withdrawal(&self, thing: &Thing) -> Option<Withdrawal<'_>> {
        self.log.iter().find_map(|event| match &event.body {
            EventBody::EntryWithdrawn { what, reason } if what == thing => Some(said(event, reason)),
            _ => None,
        })
    }

    /// How what was recorded for a duty was withdrawn; nothing while it stands. `evidence` is its number.
    pub fn evidence_withdrawal(&self, of: &DutyId, evidence: u32) -> Option<Withdrawal<'_>> {
        self.log.iter().find_map(|event| match &event.body {
            EventBody::EvidenceWithdrawn { duty, number, reason } if duty == of && *number == evidence => {
                Some(said(event, reason))
            }
            _ => None,
        })
    }
}

fn said<'a>(event: &'a Event, reason: &'a str) -> Withdrawal<'a> {
    Withdrawal { reason, by: &event.actor, at: event.recorded_at }
}
