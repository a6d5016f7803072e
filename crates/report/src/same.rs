//! Whether somebody is the same person as somebody in another report: what an officer said of it. It changes no
//! fact and no advice; a later word on the same two people counts in the place of an earlier one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::closed_list::closed_list;
use crate::event::{Event, EventBody};
use crate::id::{PersonId, ReportId};
use crate::state::Report;

closed_list! {
    /// What an officer says of somebody who may have been in another report.
    SamePerson {
        Same = "same", "the same person";
        Different = "different", "not the same person";
        NotKnown = "not-known", "not known yet";
    }
}

/// Somebody in another report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The other report.
    pub report: ReportId,
    /// Its reference for readers. One line.
    pub reference: String,
    /// Who in it.
    pub person: PersonId,
}

/// What an officer said of two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonMatch {
    /// Who in this report.
    pub person: PersonId,
    /// Who in the other one.
    pub other: Elsewhere,
    /// What was said.
    pub verdict: SamePerson,
    /// What it rests on.
    pub reason: String,
    /// Who said it.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

impl Report {
    /// What counts now of somebody in this report and those elsewhere, in the order it was first said.
    pub fn matches_of(&self, person: &str) -> Vec<&PersonMatch> {
        let mut counting: Vec<&PersonMatch> = Vec::new();
        for said in self.matches.iter().filter(|said| said.person.as_str() == person) {
            let same_pair = |earlier: &&mut &PersonMatch| earlier.other.is(&said.other);
            match counting.iter_mut().find(same_pair) {
                Some(earlier) => *earlier = said,
                None => counting.push(said),
            }
        }
        counting
    }

    /// What counts now of somebody in this report and one person elsewhere.
    pub fn match_with(&self, person: &str, other: &Elsewhere) -> Option<&PersonMatch> {
        self.matches.iter().rev().find(|said| said.person.as_str() == person && said.other.is(other))
    }

    pub(crate) fn evolve_matches(&mut self, event: &Event) {
        if let EventBody::PersonMatched { person, other, verdict, reason } = &event.body {
            self.matches.push(PersonMatch {
                person: person.clone(),
                other: other.clone(),
                verdict: *verdict,
                reason: reason.clone(),
                by: event.actor.clone(),
                at: event.recorded_at,
            });
        }
    }
}

impl Elsewhere {
    /// The same person in the same report, whatever its reference.
    pub fn is(&self, other: &Self) -> bool {
        self.report == other.report && self.person == other.person
    }
}
