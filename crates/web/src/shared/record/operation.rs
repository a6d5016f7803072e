//! Which operation of the law each kind of event is: the list of Data Protection Act 2018 s.62 that the log goes by.
//!
//! The log is told the operation, who, when, which report and, of what was given to somebody, how. To whom by name, and why, are
//! words: they stand in the event, encrypted, and in the timeline of the report.

use report::{Answer, CrimeRecord, Event, EventBody, Evidence, PersonId, Report, Telling};
use store::Operation;

/// What the log calls an event. `before` is the report without the step that it is of, `earlier` what came before it in
/// that step: what is stated for the first time is entered, what is stated again is changed.
pub(super) fn operation(before: &Report, earlier: &[Event], body: &EventBody) -> Operation {
    // Every kind stands here by its name: a new one has to be thought about.
    match body {
        EventBody::EvidenceRecorded { evidence, .. } => of_evidence(evidence),
        EventBody::ReportLinked { .. }
        | EventBody::PersonMatched { .. }
        | EventBody::PersonAdded {
            carried_from: Some(_),
            ..
        } => Operation::Combine,
        EventBody::SafetyStated { .. }
        | EventBody::ReporterStated { .. }
        | EventBody::IdentityStated { .. }
        | EventBody::RolesRecorded { .. }
        | EventBody::AuthoritiesStated { .. }
        | EventBody::PlaceStated { .. }
        | EventBody::DeviceStated { .. } => {
            let again = is_stated(before, body)
                || earlier.iter().any(|event| same_thing(&event.body, body));
            if again {
                Operation::Alter
            } else {
                Operation::Collect
            }
        }
        EventBody::EntryWithdrawn { .. }
        | EventBody::StatementChosen { .. }
        | EventBody::StatementTakenBack { .. }
        | EventBody::AnswerSetAside { .. }
        | EventBody::EvidenceWithdrawn { .. }
        | EventBody::DepartureEnded { .. }
        | EventBody::ClassHeldNoLonger { .. }
        | EventBody::DraftDiscarded { .. }
        | EventBody::EndingTakenBack { .. }
        | EventBody::MembersNamed { .. }
        | EventBody::RestrictionLifted { .. }
        | EventBody::InterestEnded { .. } => Operation::Alter,
        EventBody::ReportStarted { .. }
        | EventBody::ReferenceAdded { .. }
        | EventBody::Allocated { .. }
        | EventBody::PersonAdded {
            carried_from: None, ..
        }
        | EventBody::PlaceAdded { .. }
        | EventBody::DeviceAdded { .. }
        | EventBody::AccountAdded { .. }
        | EventBody::FactStated { .. }
        | EventBody::ReferralAcknowledged { .. }
        | EventBody::Departed { .. }
        | EventBody::ClassHeld { .. }
        | EventBody::DraftSaved { .. }
        | EventBody::ConcernRaised { .. }
        | EventBody::ConcernAnswered { .. }
        | EventBody::ReviewAsked { .. }
        | EventBody::Reviewed { .. }
        | EventBody::OutcomeDecided { .. }
        | EventBody::EndingAsked { .. }
        | EventBody::Closed { .. }
        | EventBody::Reopened { .. }
        | EventBody::AddendumAdded { .. }
        | EventBody::RetentionKept { .. }
        | EventBody::ErasureAsked { .. }
        // That it is to be erased is entered; that it was erased is an entry of the store's own.
        | EventBody::ErasureDecided { .. }
        | EventBody::Restricted { .. }
        | EventBody::InterestDeclared { .. }
        | EventBody::OpenedInEmergency { .. }
        | EventBody::EmergencyReviewed { .. }
        // Within the force: nobody outside is given it.
        | EventBody::PassedToUnit { .. }
        | EventBody::AdviceGiven { .. } => Operation::Collect,
        // Never stored: what is left of one whose words are gone.
        EventBody::Erased { .. } => Operation::Erase,
    }
}

/// To what kind of recipient something was given, as far as one word of ours can say it: the kind of evidence, which stays in the
/// log when the words of the report are erased. Nothing for what gives nobody anything.
pub(super) fn given_by(body: &EventBody) -> Option<&'static str> {
    match body {
        EventBody::EvidenceRecorded { evidence, .. } if of_evidence(evidence) == Operation::Disclose => {
            Some(evidence.kind())
        }
        _ => None,
    }
}

/// Evidence that somebody outside was told something, or that something was done within the force.
fn of_evidence(evidence: &Evidence) -> Operation {
    match evidence {
        Evidence::Referral { .. }
        // Whoever takes the child over is told why.
        | Evidence::SteppedIn { .. }
        | Evidence::Meeting { .. }
        | Evidence::Told {
            telling: Telling::Told { .. },
            ..
        }
        // A platform is told which account or picture; a crime that is not recorded is explained to whoever was harmed.
        | Evidence::Removal { .. }
        | Evidence::Crime {
            record:
                CrimeRecord::NotRecorded {
                    victim_told: Answer::Yes,
                    ..
                },
        } => Operation::Disclose,
        Evidence::Told {
            telling: Telling::NotTold { .. },
            ..
        }
        | Evidence::Crime { .. }
        | Evidence::Welfare { .. }
        | Evidence::Checks { .. }
        | Evidence::Account { .. }
        | Evidence::Decision(_)
        // A form goes to a unit of the force; what that unit passes on is a referral.
        | Evidence::Form(_)
        | Evidence::Signposting { .. }
        | Evidence::Identify { .. }
        | Evidence::Note { .. } => Operation::Collect,
    }
}

/// Whether the report says something of this already.
fn is_stated(before: &Report, body: &EventBody) -> bool {
    let person = |id: &PersonId| before.people.iter().find(|person| person.id == *id);
    match body {
        EventBody::SafetyStated { .. } => before.safety != report::Safety::default(),
        EventBody::ReporterStated { .. } => before.reporter != report::Reporter::default(),
        EventBody::IdentityStated { person: id, .. } => {
            person(id).is_some_and(|known| known.identity != report::Identity::default())
        }
        EventBody::RolesRecorded { person: id, .. } => person(id).is_some_and(|known| !known.roles.is_empty()),
        EventBody::AuthoritiesStated { person: id, .. } => {
            person(id).is_some_and(|known| !known.authorities.is_empty())
        }
        EventBody::PlaceStated { place, .. } => {
            let place = before.places.iter().find(|known| known.id == *place);
            place.is_some_and(|known| !known.address.is_empty())
        }
        EventBody::DeviceStated { device, .. } => {
            let device = before.devices.iter().find(|known| known.id == *device);
            device.is_some_and(|known| !known.label.is_empty())
        }
        _ => false,
    }
}

/// Whether two events state the same of the same person or thing.
fn same_thing(one: &EventBody, other: &EventBody) -> bool {
    match (one, other) {
        (EventBody::SafetyStated { .. }, EventBody::SafetyStated { .. })
        | (EventBody::ReporterStated { .. }, EventBody::ReporterStated { .. }) => true,
        (EventBody::IdentityStated { person: one, .. }, EventBody::IdentityStated { person: other, .. })
        | (EventBody::RolesRecorded { person: one, .. }, EventBody::RolesRecorded { person: other, .. })
        | (EventBody::AuthoritiesStated { person: one, .. }, EventBody::AuthoritiesStated { person: other, .. }) => {
            one == other
        }
        (EventBody::PlaceStated { place: one, .. }, EventBody::PlaceStated { place: other, .. }) => one == other,
        (EventBody::DeviceStated { device: one, .. }, EventBody::DeviceStated { device: other, .. }) => one == other,
        _ => false,
    }
}

#[cfg(test)]
#[path = "operation_tests.rs"]
mod tests;
