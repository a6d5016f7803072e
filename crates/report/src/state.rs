//! The report as its events have made it. Nothing here is set by hand: [`Report::fold`] is the only way in.

use std::collections::BTreeMap;
use std::sync::Arc;

use guidance::advice::{Class, PackRef};
use guidance::words::Question;
use jiff::Timestamp;

use crate::access::Access;
use crate::actor::Actor;
use crate::class_held::ClassHeld;
use crate::decision::Ndm;
use crate::draft::{Draft, DraftOf};
use crate::event::{Event, Verdict};
use crate::evidence::Filed;
use crate::fact::{Choosing, Current, Standing, Statement, current};
use crate::id::{DeviceId, DutyId, FactName, PersonId, PlaceId, ReportId, StatementId};
use crate::memo::Memo;
use crate::people::{Account, Allocation, Concern, Device, Link, Person, Place, Reference, Reporter, Safety};
use crate::retention::{ErasureAsked, RetentionDecision};
use crate::same::PersonMatch;

/// Something that was added and has no id of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added<T> {
    /// Position in the stream of the event that added it.
    pub number: u64,
    /// What was added.
    pub what: T,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<String>,
}

/// A departure from a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// The duty departed from.
    pub duty: DutyId,
    /// In a line or more.
    pub reason: String,
    /// In full.
    pub ndm: Ndm,
    /// Who departed.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

/// An outcome the officer decided. The latest for the report and for each child counts; all are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeDecision {
    /// Home Office code.
    pub code: String,
    /// The child, or nothing for the report.
    pub person: Option<PersonId>,
    /// True where the advice did not have it open.
    pub departs: bool,
    /// True where it follows the advice, and a supervisor has to look again first.
    pub unreviewed: bool,
    /// In a line or more.
    pub reason: String,
    /// In full where it departs.
    pub ndm: Ndm,
    /// Who decided.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
    /// Position of the event in the stream.
    pub version: u64,
}

/// Somebody asked to end a report that was begun by mistake, or a second time for one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Reference of the report that has the same incident; nothing where this one was begun by mistake.
    pub same_as: Option<String>,
    /// In a line or more.
    pub reason: String,
    /// Who asked.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

impl Ending {
    /// Why, to go on a sentence: `begun by mistake`.
    pub fn says(&self) -> String {
        ending_words(self.same_as.as_deref())
    }
}

/// Why a report is to be ended.
pub(crate) fn ending_words(same_as: Option<&str>) -> String {
    same_as.map_or_else(|| "begun by mistake".to_owned(), |other| format!("the same incident as {other}"))
}

/// What a supervisor said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewGiven {
    /// Agreed or sent back.
    pub verdict: Verdict,
    /// Why.
    pub reasons: String,
    /// Digest of what was reviewed.
    pub matter: String,
    /// Who reviewed.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

/// Advice as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdviceRecord {
    /// Position of the event in the stream.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// Which guidance.
    pub pack: PackRef,
    /// The class it gave.
    pub class: Class,
    /// Digest over the facts.
    pub facts: String,
    /// Digest over the advice.
    pub advice: String,
}

/// A report.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Its stream; nothing before it is begun.
    pub id: Option<ReportId>,
    /// How many events it has.
    pub version: u64,
    /// Reference for readers.
    pub reference: String,
    /// When it was reported.
    pub reported_at: Option<Timestamp>,
    /// When it was entered.
    pub started_at: Option<Timestamp>,
    /// Who entered it.
    pub started_by: Option<Actor>,
    /// Unit or team.
    pub unit: String,
    /// The first questions.
    pub safety: Safety,
    /// Who reported it.
    pub reporter: Reporter,
    /// References to records elsewhere, withdrawn or not.
    pub references: Vec<Added<Reference>>,
    /// Reports that belong with it, withdrawn or not.
    pub links: Vec<Added<Link>>,
    /// Who works on it.
    pub allocation: Option<Allocation>,
    /// Everybody, in the order they were added.
    pub people: Vec<Person>,
    /// Everything said of people here and in other reports, oldest first; [`Report::matches_of`] is what counts.
    pub matches: Vec<PersonMatch>,
    /// Every place.
    pub places: Vec<Place>,
    /// Every device.
    pub devices: Vec<Device>,
    /// Every account, withdrawn or not.
    pub accounts: Vec<Added<Account>>,
    /// Every statement ever made, oldest first; statement n is at n - 1.
    pub statements: Vec<Statement>,
    pub(crate) chosen: BTreeMap<FactName, Choosing>,
    /// Evidence by duty, oldest first.
    pub evidence: BTreeMap<DutyId, Vec<Filed>>,
    /// What was begun and put aside, oldest first; one for each page.
    pub drafts: Vec<Draft>,
    /// Departures that hold.
    pub departures: Vec<Departure>,
    /// What officers hold the class to be against the guidance, oldest first; one for each officer.
    pub classes_held: Vec<ClassHeld>,
    /// Concerns, oldest first.
    pub concerns: Vec<Concern>,
    /// Outcomes decided, oldest first.
    pub outcomes: Vec<OutcomeDecision>,
    /// Reviews, oldest first.
    pub reviews: Vec<ReviewGiven>,
    /// When a review was last asked for, and the position of that event.
    pub review_asked: Option<(Timestamp, u64)>,
    /// Position of the last review in the stream; 0 before the first.
    pub last_review: u64,
    /// What was asked about ending it without an outcome, while that is open or once it is closed for it.
    pub ending: Option<Ending>,
    /// When it was closed, if it is closed now.
    pub closed_at: Option<Timestamp>,
    /// Everything added afterwards.
    pub addenda: Vec<(Timestamp, Actor, String)>,
    /// What was decided about keeping it, oldest first.
    pub retention: Vec<RetentionDecision>,
    /// What supervisors wanted erased before its day, oldest first.
    pub erasures_asked: Vec<ErasureAsked>,
    /// Who may see it beyond what roles and units say.
    pub access: Access,
    /// Advice given, oldest first.
    pub advice: Vec<AdviceRecord>,
    /// Every event, for the timeline; without the advice in full, which only the stored events have.
    /// A report is copied for every command, and its log is shared by all copies.
    pub log: Vec<Arc<Event>>,
    pub(crate) memo: Memo,
}

impl Report {
    /// Builds a report from its events, in the order of the stream.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut report = Self::default();
        for event in events {
            report.evolve(event);
        }
        report
    }

    /// The immediate concerns of which nobody has said yet what came of them.
    pub fn open_concerns(&self) -> impl Iterator<Item = &Concern> {
        self.concerns.iter().filter(|concern| concern.answers.is_empty())
    }

    /// The report as it was after so many of its events.
    pub fn as_of(&self, version: u64) -> Self {
        let mut before = Self { memo: self.memo.clone(), ..Self::default() };
        self.log.iter().filter(|event| event.version <= version).for_each(|event| before.evolve_again(event));
        before
    }

    /// True once it was begun.
    pub const fn is_started(&self) -> bool {
        self.id.is_some()
    }

    /// True while it is closed.
    pub const fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    /// Why it is closed without an outcome, where it is: it was begun by mistake, or twice.
    pub fn ended(&self) -> Option<&Ending> {
        self.ending.as_ref().filter(|_| self.is_closed())
    }

    /// What a supervisor has to say about ending it without an outcome, while nobody has.
    pub fn asked_to_end(&self) -> Option<&Ending> {
        self.ending.as_ref().filter(|_| !self.is_closed())
    }

    /// Somebody in the report who was not withdrawn.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.id.as_str() == id && p.withdrawn.is_none())
    }

    /// A place that was not withdrawn.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|p| p.id.as_str() == id && p.withdrawn.is_none())
    }

    /// A device that was not withdrawn.
    pub fn device(&self, id: &str) -> Option<&Device> {
        self.devices.iter().find(|d| d.id.as_str() == id && d.withdrawn.is_none())
    }

    /// References that were not withdrawn.
    pub fn standing_references(&self) -> impl Iterator<Item = &Reference> {
        standing(&self.references)
    }

    /// Links with other reports that were not withdrawn.
    pub fn standing_links(&self) -> impl Iterator<Item = &Link> {
        standing(&self.links)
    }

    /// Accounts that were not withdrawn.
    pub fn standing_accounts(&self) -> impl Iterator<Item = &Account> {
        standing(&self.accounts)
    }

    /// A name for pages: the name, else `Person A`.
    pub fn label(&self, person: &str) -> String {
        self.people.iter().find(|p| p.id.as_str() == person).map_or_else(|| format!("Person {person}"), Person::label)
    }

    /// What a device is called on pages.
    pub fn device_label(&self, device: &str) -> String {
        self.devices
            .iter()
            .find(|d| d.id.as_str() == device && !d.label.is_empty())
            .map_or_else(|| format!("Device {device}"), |d| d.label.clone())
    }

    /// The facts that a question of the pack asks about in this report, each with what the one it is about is called.
    pub fn facts_of(&self, question: &Question) -> Vec<(FactName, String)> {
        let Some((scope, name)) = question.fact.split_once('.') else { return Vec::new() };
        let fact = |subject: &str| format!("{scope}.{subject}.{name}").parse().ok();
        let people = self.people.iter().filter(|p| p.withdrawn.is_none());
        let devices = self.devices.iter().filter(|d| d.withdrawn.is_none());
        match scope {
            "person" => people.filter_map(|p| Some((fact(p.id.as_str())?, p.label()))).collect(),
            "device" => {
                devices.filter_map(|d| Some((fact(d.id.as_str())?, self.device_label(d.id.as_str())))).collect()
            }
            _ => question.fact.parse().ok().map(|fact| (fact, String::new())).into_iter().collect(),
        }
    }

    /// Everything ever said on one question, oldest first.
    pub fn statements_on(&self, fact: &FactName) -> Vec<&Statement> {
        self.statements.iter().filter(|s| s.fact == *fact).collect()
    }

    /// One statement.
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.statements.iter().find(|s| s.id == id)
    }

    /// What counts as the answer to one question now.
    pub fn current(&self, fact: &FactName) -> Current<'_> {
        let standing = self.statements.iter().filter(|s| s.fact == *fact && s.standing == Standing::Stands).collect();
        current(standing, self.chosen.get(fact).copied())
    }

    /// Evidence for a duty that was not withdrawn, oldest first.
    pub fn evidence_for(&self, duty: &DutyId) -> Vec<&Filed> {
        self.evidence.get(duty).into_iter().flatten().filter(|f| f.withdrawn.is_none()).collect()
    }

    /// The departure from a duty, if one holds.
    pub fn departure(&self, duty: &str) -> Option<&Departure> {
        self.departures.iter().rev().find(|d| d.duty.as_str() == duty)
    }

    /// What was put aside on one page.
    pub fn draft(&self, of: &DraftOf) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.of == *of)
    }

    /// The outcome that counts for the report (`None`) or for a child.
    pub fn outcome(&self, person: Option<&PersonId>) -> Option<&OutcomeDecision> {
        self.outcomes.iter().rev().find(|o| o.person.as_ref() == person)
    }

    /// Id of the next person: A to Z, then AA, AB …
    pub fn next_person(&self) -> Option<PersonId> {
        pseudonym(self.people.len())
    }

    pub(crate) fn next_place(&self) -> Option<PlaceId> {
        format!("L{}", self.places.len() + 1).parse().ok()
    }

    pub(crate) fn next_device(&self) -> Option<DeviceId> {
        format!("D{}", self.devices.len() + 1).parse().ok()
    }

    pub(crate) fn next_statement(&self) -> StatementId {
        StatementId(u32::try_from(self.statements.len()).unwrap_or(u32::MAX).saturating_add(1))
    }
}

fn standing<T>(added: &[Added<T>]) -> impl Iterator<Item = &T> {
    added.iter().filter(|one| one.withdrawn.is_none()).map(|one| &one.what)
}

/// The pseudonym of the person with this number, from 0: A to Z, then AA, AB …
pub(crate) fn pseudonym(mut number: usize) -> Option<PersonId> {
    let mut letters = String::new();
    loop {
        let letter = u8::try_from(number % 26).ok()?;
        letters.insert(0, char::from(b'A' + letter));
        if number < 26 {
            return letters.parse().ok();
        }
        number = number / 26 - 1;
    }
}
