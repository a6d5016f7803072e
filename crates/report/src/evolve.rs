//! State by events. Total: an event that names something unknown changes nothing and never fails, so that an
//! old stream can always be read.

use std::sync::Arc;

use crate::actor::Actor;
use crate::class_held::ClassHeld;
use crate::draft::{Draft, DraftOf};
use crate::event::{Event, EventBody, Thing, Verdict};
use crate::evidence::{Evidence, Filed};
use crate::fact::{Choosing, Standing, Statement};
use crate::id::{DutyId, PersonId, StatementId};
use crate::people::{Concern, ConcernAnswer, Device, Person, Place};
use crate::retention::{Disposal, ErasureAsked, RetentionDecision};
use crate::state::{Added, AdviceRecord, Departure, Ending, OutcomeDecision, Report, ReviewGiven};

impl Report {
    /// Takes one event in.
    pub fn evolve(&mut self, event: &Event) {
        self.take_in(event);
        self.log.push(Arc::new(without_full_advice(event)));
    }

    /// Takes in an event that is in the log of another state of this report.
    pub(crate) fn evolve_again(&mut self, event: &Arc<Event>) {
        self.take_in(event);
        self.log.push(Arc::clone(event));
    }

    fn take_in(&mut self, event: &Event) {
        self.version = event.version;
        match &event.body {
            EventBody::ReportStarted { report, reference, reported_at, unit } => {
                self.id = Some(report.clone());
                self.reference.clone_from(reference);
                self.reported_at = Some(*reported_at);
                self.started_at = Some(event.recorded_at);
                self.started_by = Some(event.actor.clone());
                self.unit.clone_from(unit);
            }
            EventBody::SafetyStated { safety } => self.safety = safety.clone(),
            EventBody::ReporterStated { reporter } => self.reporter = reporter.clone(),
            EventBody::ReferenceAdded { reference } => self.references.push(added(event, reference)),
            EventBody::ReportLinked { link } => self.links.push(added(event, link)),
            EventBody::Allocated { allocation } => {
                self.unit.clone_from(&allocation.unit);
                self.allocation = Some(allocation.clone());
            }
            EventBody::Closed { .. } => self.closed_at = Some(event.recorded_at),
            EventBody::Reopened { .. } => {
                self.closed_at = None;
                self.ending = None;
            }
            EventBody::AddendumAdded { text } => {
                self.addenda.push((event.recorded_at, event.actor.clone(), text.clone()));
            }
            EventBody::AdviceGiven { pack, class, facts, advice, .. } => self.advice.push(AdviceRecord {
                version: event.version,
                at: event.recorded_at,
                pack: pack.clone(),
                class: *class,
                facts: facts.clone(),
                advice: advice.clone(),
            }),
            body => {
                self.evolve_entries(event, body);
                self.evolve_facts(event, body);
                self.evolve_work(event, body);
                self.evolve_drafts(event, body);
                self.evolve_decisions(event, body);
                self.evolve_access(event);
                self.evolve_matches(event);
            }
        }
    }

    fn evolve_entries(&mut self, event: &Event, body: &EventBody) {
        match body {
            EventBody::PersonAdded { person, carried_from } => self.people.push(Person {
                id: person.clone(),
                identity: crate::people::Identity::default(),
                roles: Vec::new(),
                authorities: Vec::new(),
                carried_from: carried_from.clone(),
                withdrawn: None,
            }),
            EventBody::IdentityStated { person, identity } => {
                self.change_person(person, |p| p.identity = identity.clone());
            }
            EventBody::RolesRecorded { person, roles, .. } => self.change_person(person, |p| p.roles.clone_from(roles)),
            EventBody::AuthoritiesStated { person, authorities } => {
                self.change_person(person, |p| p.authorities.clone_from(authorities));
            }
            EventBody::PlaceAdded { place } => self.places.push(Place {
                id: place.clone(),
                address: String::new(),
                why: String::new(),
                withdrawn: None,
            }),
            EventBody::PlaceStated { place, address, why } => {
                for found in self.places.iter_mut().filter(|p| p.id == *place) {
                    found.address.clone_from(address);
                    found.why.clone_from(why);
                }
            }
            EventBody::DeviceAdded { device } => self.devices.push(Device {
                id: device.clone(),
                label: String::new(),
                whereabouts: String::new(),
                withdrawn: None,
            }),
            EventBody::DeviceStated { device, label, whereabouts } => {
                for found in self.devices.iter_mut().filter(|d| d.id == *device) {
                    found.label.clone_from(label);
                    found.whereabouts.clone_from(whereabouts);
                }
            }
            EventBody::AccountAdded { account } => self.accounts.push(added(event, account)),
            EventBody::EntryWithdrawn { what, reason } => self.withdraw(what, reason),
            _ => {}
        }
    }

    fn change_person(&mut self, person: &PersonId, change: impl Fn(&mut Person)) {
        self.people.iter_mut().filter(|p| p.id == *person).for_each(change);
    }

    fn withdraw(&mut self, what: &Thing, reason: &str) {
        let reason = Some(reason.to_owned());
        match what {
            Thing::Person(id) => self.change_person(id, |p| p.withdrawn.clone_from(&reason)),
            Thing::Place(id) => {
                self.places.iter_mut().filter(|p| p.id == *id).for_each(|p| p.withdrawn.clone_from(&reason))
            }
            Thing::Device(id) => {
                self.devices.iter_mut().filter(|d| d.id == *id).for_each(|d| d.withdrawn.clone_from(&reason));
            }
            Thing::Account(number) => take_out(&mut self.accounts, *number, &reason),
            Thing::Reference(number) => take_out(&mut self.references, *number, &reason),
            Thing::Link(number) => take_out(&mut self.links, *number, &reason),
        }
    }

    fn evolve_facts(&mut self, event: &Event, body: &EventBody) {
        match body {
            EventBody::FactStated { statement, fact, value, said_by, happened_on, note } => {
                let same_speaker =
                    |s: &&mut Statement| s.fact == *fact && s.said_by == *said_by && s.standing == Standing::Stands;
                for earlier in self.statements.iter_mut().filter(same_speaker) {
                    earlier.standing = Standing::Replaced(*statement);
                }
                self.statements.push(Statement {
                    id: *statement,
                    fact: fact.clone(),
                    value: value.clone(),
                    said_by: said_by.clone(),
                    happened_on: *happened_on,
                    note: note.clone(),
                    entered_at: event.recorded_at,
                    entered_by: event.actor.clone(),
                    standing: Standing::Stands,
                });
            }
            EventBody::StatementChosen { fact, statement, up_to, .. } => {
                self.chosen.insert(fact.clone(), Choosing { statement: *statement, up_to: *up_to });
            }
            EventBody::StatementTakenBack { statement, reason } => {
                self.change_standing(&[*statement], &Standing::TakenBack(reason.clone()));
            }
            EventBody::AnswerSetAside { statements, because, .. } => {
                self.change_standing(statements, &Standing::SetAside(because.clone()));
            }
            _ => {}
        }
    }

    fn change_standing(&mut self, statements: &[StatementId], standing: &Standing) {
        for statement in self.statements.iter_mut().filter(|s| statements.contains(&s.id)) {
            statement.standing = standing.clone();
        }
    }

    fn evolve_work(&mut self, event: &Event, body: &EventBody) {
        match body {
            EventBody::EvidenceRecorded { duty, number, evidence, departs } => {
                self.evidence.entry(duty.clone()).or_default().push(Filed {
                    number: *number,
                    evidence: evidence.clone(),
                    departs: *departs,
                    by: event.actor.clone(),
                    at: event.recorded_at,
                    withdrawn: None,
                });
            }
            EventBody::EvidenceWithdrawn { duty, number, reason } => {
                for filed in self.evidence.entry(duty.clone()).or_default().iter_mut().filter(|f| f.number == *number) {
                    filed.withdrawn = Some(reason.clone());
                }
            }
            EventBody::ReferralAcknowledged { duty, number, reference, acknowledgement } => {
                for filed in self.evidence.entry(duty.clone()).or_default().iter_mut().filter(|f| f.number == *number) {
                    let (known, acknowledged) = match &mut filed.evidence {
                        Evidence::Referral { reference, acknowledged, .. } => (reference, acknowledged),
                        Evidence::Form(form) => (&mut form.their_reference, &mut form.received),
                        _ => continue,
                    };
                    *acknowledged = Some(acknowledgement.clone());
                    if !reference.is_empty() {
                        known.clone_from(reference);
                    }
                }
            }
            EventBody::ConcernRaised { number, kind, person, words, action } => {
                // Whatever it was begun for: somebody may be in danger now.
                self.ending = None;
                self.concerns.push(Concern {
                    number: *number,
                    kind: *kind,
                    person: person.clone(),
                    words: words.clone(),
                    action: action.clone(),
                    by: event.actor.clone(),
                    at: event.recorded_at,
                    answers: Vec::new(),
                });
            }
            EventBody::ConcernAnswered { number, answer } => {
                for concern in self.concerns.iter_mut().filter(|c| c.number == *number) {
                    let (by, at) = (event.actor.clone(), event.recorded_at);
                    concern.answers.push(ConcernAnswer { says: answer.clone(), by, at });
                }
            }
            _ => {}
        }
    }

    /// A draft lasts until what it was for is recorded from the same page, or somebody throws it away.
    fn evolve_drafts(&mut self, event: &Event, body: &EventBody) {
        let over = match body {
            EventBody::DraftSaved { of, .. } | EventBody::DraftDiscarded { of } => of.clone(),
            EventBody::EvidenceRecorded { duty, evidence, .. } if is_of_own_page(duty, evidence) => {
                DraftOf::Task(duty.clone())
            }
            EventBody::Departed { duty, .. } => DraftOf::Departure(duty.clone()),
            EventBody::OutcomeDecided { code, .. } => DraftOf::Outcome(code.clone()),
            EventBody::RolesRecorded { person, .. } => DraftOf::Roles(person.clone()),
            EventBody::ClassHeld { .. } => DraftOf::Class,
            _ => return,
        };
        self.drafts.retain(|draft| draft.of != over);
        if let EventBody::DraftSaved { of, fields } = body {
            self.drafts.push(Draft {
                of: of.clone(),
                fields: fields.clone(),
                by: event.actor.clone(),
                at: event.recorded_at,
                version: event.version,
            });
        }
    }

    fn evolve_decisions(&mut self, event: &Event, body: &EventBody) {
        let by = || -> Actor { event.actor.clone() };
        match body {
            EventBody::Departed { duty, reason, ndm } => self.departures.push(Departure {
                duty: duty.clone(),
                reason: reason.clone(),
                ndm: ndm.clone(),
                by: by(),
                at: event.recorded_at,
            }),
            EventBody::RetentionKept { until, reasons } => self.retention.push(RetentionDecision {
                what: Disposal::Keep { until: *until },
                reasons: reasons.clone(),
                by: by(),
                at: event.recorded_at,
            }),
            EventBody::ErasureAsked { person, reasons, ndm } => self.erasures_asked.push(ErasureAsked {
                person: person.clone(),
                reasons: reasons.clone(),
                ndm: ndm.clone(),
                by: by(),
                at: event.recorded_at,
            }),
            EventBody::ErasureDecided { person, reasons, .. } => self.retention.push(RetentionDecision {
                what: Disposal::Erase { person: person.clone() },
                reasons: reasons.clone(),
                by: by(),
                at: event.recorded_at,
            }),
            EventBody::DepartureEnded { duty, .. } => self.departures.retain(|d| d.duty != *duty),
            EventBody::ClassHeld { class, advised, reason, ndm } => {
                self.classes_held.retain(|held| held.by.id != event.actor.id);
                self.classes_held.push(ClassHeld {
                    class: *class,
                    advised: *advised,
                    reason: reason.clone(),
                    ndm: ndm.clone(),
                    by: by(),
                    at: event.recorded_at,
                });
            }
            EventBody::ClassHeldNoLonger { .. } => self.classes_held.retain(|held| held.by.id != event.actor.id),
            EventBody::ReviewAsked { .. } => self.review_asked = Some((event.recorded_at, event.version)),
            EventBody::EndingAsked { same_as, reason } => {
                self.ending =
                    Some(Ending { same_as: same_as.clone(), reason: reason.clone(), by: by(), at: event.recorded_at });
            }
            EventBody::EndingTakenBack {} => self.ending = None,
            EventBody::Reviewed { verdict, reasons, matter } => {
                if *verdict == Verdict::SendBack {
                    self.ending = None;
                }
                self.last_review = event.version;
                self.reviews.push(ReviewGiven {
                    verdict: *verdict,
                    reasons: reasons.clone(),
                    matter: matter.clone(),
                    by: by(),
                    at: event.recorded_at,
                });
            }
            EventBody::OutcomeDecided { code, person, departs, unreviewed, reason, ndm } => {
                self.outcomes.push(OutcomeDecision {
                    code: code.clone(),
                    person: person.clone(),
                    departs: *departs,
                    unreviewed: *unreviewed,
                    reason: reason.clone(),
                    ndm: ndm.clone(),
                    by: by(),
                    at: event.recorded_at,
                    version: event.version,
                })
            }
            _ => {}
        }
    }
}

/// A form that names several people was filled in on the page of the first: what others began on theirs is still there.
fn is_of_own_page(duty: &DutyId, evidence: &Evidence) -> bool {
    match evidence {
        Evidence::Form(form) => form.persons.first().map(PersonId::as_str) == duty.subject(),
        _ => true,
    }
}

/// The log serves the timeline: the advice in full stays with the stored event.
fn without_full_advice(event: &Event) -> Event {
    let mut event = event.clone();
    if let EventBody::AdviceGiven { full, .. } = &mut event.body {
        *full = None;
    }
    event
}

fn added<T: Clone>(event: &Event, what: &T) -> Added<T> {
    Added { number: event.version, what: what.clone(), withdrawn: None }
}

fn take_out<T>(from: &mut [Added<T>], number: u64, reason: &Option<String>) {
    from.iter_mut().filter(|one| one.number == number).for_each(|one| one.withdrawn.clone_from(reason));
}
