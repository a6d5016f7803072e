//! Who may see one report beyond what roles and units say: restriction, conflicts of interest, emergency openings.
//! These are events like everything else, so that they last, are in the timeline, and can be proved.
//! Which of them lets whom in is decided by the policies of the shell; here stands what was recorded.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::closed_list::closed_list;
use crate::event::{Event, EventBody};
use crate::id::ActorId;
use crate::state::Report;

/// How long an emergency opening lasts.
pub const EMERGENCY: SignedDuration = SignedDuration::from_hours(1);
/// The most people one restricted report may name: more than this is no restriction.
pub const MOST_MEMBERS: usize = 50;

/// Somebody who works with reports, named in one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub id: ActorId,
    /// Their name. One line.
    pub name: String,
    /// Their unit or team. One line.
    pub unit: String,
}

closed_list! {
    /// Why somebody opens a report that they may not open otherwise.
    EmergencyPurpose {
        Danger = "danger", "a child may be in danger now";
        Missing = "missing", "somebody is missing";
        CannotWait = "cannot-wait", "it cannot wait until somebody who may open it is reached";
    }
}

closed_list! {
    /// What a supervisor finds of an emergency opening.
    Finding {
        Justified = "justified", "it was justified";
        NotJustified = "not-justified", "it was not justified";
    }
}

/// A conflict of interest that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// Who has it.
    pub who: Named,
    /// What it is, in words. For supervisors.
    pub words: String,
    /// Who declared it.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

/// A report was opened in an emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// Numbered from 1 in the report.
    pub number: u32,
    /// Who opened it, in the role they had.
    pub by: Actor,
    /// Their unit.
    pub unit: String,
    /// Why, from the list.
    pub purpose: EmergencyPurpose,
    /// Why, in their words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Until when it lets them in.
    pub until: Timestamp,
    /// What a supervisor found, once one has looked at it.
    pub review: Option<EmergencyReview>,
}

/// What a supervisor found of an emergency opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyReview {
    /// Was it justified?
    pub finding: Finding,
    /// Why.
    pub words: String,
    /// Who found it.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

/// Who may see a report, as its events say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Why it is restricted, if it is.
    pub restricted: Option<String>,
    /// Who may see it while it is restricted.
    pub members: Vec<Named>,
    /// Conflicts of interest that hold.
    pub interests: Vec<Interest>,
    /// Emergency openings, oldest first.
    pub emergencies: Vec<Emergency>,
}

impl Emergency {
    /// It lasts, and no supervisor has found it unjustified.
    pub fn lets_in(&self, now: Timestamp) -> bool {
        let refused = self.review.as_ref().is_some_and(|review| review.finding == Finding::NotJustified);
        self.until > now && !refused
    }
}

impl Access {
    /// Has somebody a conflict of interest?
    pub fn has_interest(&self, who: &ActorId) -> bool {
        self.interests.iter().any(|interest| interest.who.id == *who)
    }

    /// The emergency opening that lets somebody in now.
    pub fn open_emergency(&self, who: &ActorId, now: Timestamp) -> Option<&Emergency> {
        self.emergencies.iter().rev().find(|e| e.by.id == *who && e.lets_in(now))
    }

    /// The emergency opening with this number.
    pub fn emergency(&self, number: u32) -> Option<&Emergency> {
        self.emergencies.iter().find(|e| e.number == number)
    }

    /// Emergency openings that nobody has reviewed, oldest first.
    pub fn unreviewed(&self) -> impl Iterator<Item = &Emergency> {
        self.emergencies.iter().filter(|e| e.review.is_none())
    }
}

/// What a shell needs to decide who may see a report, and nothing of what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessProjection {
    /// Who began it.
    pub started_by: Option<ActorId>,
    /// Is it restricted to those named?
    pub restricted: bool,
    /// Who is named.
    pub members: Vec<ActorId>,
    /// Who has a conflict of interest.
    pub interests: Vec<ActorId>,
    /// Who opened it in an emergency that lasts still, and until when.
    pub emergencies: Vec<(ActorId, Timestamp)>,
    /// Since when an emergency opening waits for a supervisor.
    pub emergency_waits_since: Option<Timestamp>,
}

impl Report {
    /// Who may see it, as of a moment: emergency openings that are over by then are left out.
    pub fn access_projection(&self, now: Timestamp) -> AccessProjection {
        let access = &self.access;
        let lasting = access.emergencies.iter().filter(|e| e.lets_in(now));
        AccessProjection {
            started_by: self.started_by.as_ref().map(|by| by.id.clone()),
            restricted: access.restricted.is_some(),
            members: access.members.iter().map(|m| m.id.clone()).collect(),
            interests: access.interests.iter().map(|i| i.who.id.clone()).collect(),
            emergencies: lasting.map(|e| (e.by.id.clone(), e.until)).collect(),
            emergency_waits_since: access.unreviewed().map(|e| e.at).min(),
        }
    }

    pub(crate) fn evolve_access(&mut self, event: &Event) {
        let access = &mut self.access;
        match &event.body {
            EventBody::Restricted { members, reason } => {
                access.restricted = Some(reason.clone());
                access.members.clone_from(members);
            }
            EventBody::MembersNamed { members, .. } => access.members.clone_from(members),
            EventBody::RestrictionLifted { .. } => {
                access.restricted = None;
                access.members.clear();
            }
            EventBody::InterestDeclared { who, words } => {
                access.members.retain(|member| member.id != who.id);
                access.interests.push(Interest {
                    who: who.clone(),
                    words: words.clone(),
                    by: event.actor.clone(),
                    at: event.recorded_at,
                });
            }
            EventBody::InterestEnded { who, .. } => access.interests.retain(|i| i.who.id != *who),
            EventBody::OpenedInEmergency { number, unit, purpose, reason, until } => {
                access.emergencies.push(Emergency {
                    number: *number,
                    by: event.actor.clone(),
                    unit: unit.clone(),
                    purpose: *purpose,
                    reason: reason.clone(),
                    at: event.recorded_at,
                    until: *until,
                    review: None,
                })
            }
            EventBody::EmergencyReviewed { number, finding, words } => {
                for opened in access.emergencies.iter_mut().filter(|e| e.number == *number) {
                    opened.review = Some(EmergencyReview {
                        finding: *finding,
                        words: words.clone(),
                        by: event.actor.clone(),
                        at: event.recorded_at,
                    });
                }
            }
            EventBody::PassedToUnit { unit, .. } => {
                self.unit.clone_from(unit);
                self.allocation = None;
            }
            _ => {}
        }
    }
}
