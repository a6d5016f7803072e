//! Commands: what somebody wants to record. A page turns its form into one of these and nothing else.

use std::collections::BTreeMap;

use guidance::Value;
use guidance::advice::Class;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{EmergencyPurpose, Finding, Named};
use crate::decision::Ndm;
use crate::draft::{DraftOf, Fields};
use crate::event::{LinkFrom, Thing, Verdict};
use crate::evidence::{Acknowledgement, Evidence};
use crate::fact::StateFact;
use crate::id::{ActorId, DeviceId, DutyId, FactName, PersonId, PlaceId, ReportId, StatementId};
use crate::people::{
    Account, Allocation, Authority, ConcernKind, Identity, Link, PersonRole, Reference, Reporter, Safety,
};
use crate::same::{Elsewhere, SamePerson};

/// Begins a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartReport {
    /// Fresh id of the stream.
    pub report: ReportId,
    /// Reference for readers, unique in the force: letters, digits and `-`.
    pub reference: String,
    /// When it was reported, which may be earlier than now; nothing means now. The 24 hours of crime recording run from it.
    pub reported_at: Option<Timestamp>,
    /// Unit or team that has it. One line.
    pub unit: String,
    /// The first questions.
    pub safety: Safety,
    /// Who reports it.
    pub reporter: Reporter,
    /// Answer to `report.reported_by`, if given.
    pub reported_by: Option<Value>,
    /// Incident log reference, may be empty. One line.
    pub incident_log: String,
    /// The report it follows from, if any.
    pub linked: Option<LinkFrom>,
}

/// Adds somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddPerson {
    /// Who they are, as far as known.
    pub identity: Identity,
    /// Answers known already, by name without scope: `age`, `part`, `identified`.
    pub facts: BTreeMap<String, Value>,
}

/// Adds a device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddDevice {
    /// What it is. One line.
    pub label: String,
    /// Where it is now. One line.
    pub whereabouts: String,
    /// Who uses or owns it.
    pub used_or_owned_by: Vec<PersonId>,
    /// Answers known already: `holds_evidence`, `secured_elsewhere`.
    pub facts: BTreeMap<String, Value>,
}

/// Files a form for one duty of several people at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileForm {
    /// Id of the form in the pack, which is the id of the duty: `vpa`.
    pub form: String,
    /// The people it names; one VPA may name several children.
    pub persons: Vec<PersonId>,
    /// Answers by field of the form.
    pub answers: BTreeMap<String, String>,
}

/// Decides an outcome, for the report, for children, or both at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecideOutcome {
    /// Home Office code: `21`.
    pub code: String,
    /// For the report as a whole?
    pub report: bool,
    /// The children it is decided for.
    pub persons: Vec<PersonId>,
    /// In a line or more.
    pub reason: String,
    /// In full where the advice has it blocked or not yet.
    pub ndm: Ndm,
}

/// What somebody wants to record.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "each variant says what it does; its fields are described where their types are")]
pub enum Command {
    /// Begins a report.
    Start(StartReport),
    /// Answers the first questions again.
    StateSafety(Safety),
    /// Says who reported it.
    StateReporter(Reporter),
    /// Adds a reference to a record elsewhere.
    AddReference(Reference),
    /// Links a report that exists already.
    LinkReport(Link),
    /// Gives the report to somebody.
    Allocate(Allocation),

    /// Adds somebody.
    AddPerson(AddPerson),
    /// Says who somebody is; replaces what was said before.
    StateIdentity { person: PersonId, identity: Identity },
    /// Records roles. Anything but suspect needs no reasons.
    RecordRoles { person: PersonId, roles: Vec<PersonRole>, reason: String, ndm: Ndm },
    /// Says which bodies are responsible.
    StateAuthorities { person: PersonId, authorities: Vec<Authority> },
    /// Says whether somebody is one of the people of another report. The other one is to be told the same.
    MatchPerson { person: PersonId, other: Elsewhere, verdict: SamePerson, reason: String },
    /// Adds a place.
    AddPlace { address: String, why: String },
    /// Says what a place is; replaces what was said before.
    StatePlace { place: PlaceId, address: String, why: String },
    /// Adds a device.
    AddDevice(AddDevice),
    /// Says what a device is and where; replaces what was said before.
    StateDevice { device: DeviceId, label: String, whereabouts: String },
    /// Adds an account.
    AddAccount(Account),
    /// Withdraws an entry made by mistake.
    WithdrawEntry { what: Thing, reason: String },

    /// Records answers, one or a page of them: all or none.
    StateFacts(Vec<StateFact>),
    /// Chooses which statement counts.
    ChooseStatement { fact: FactName, statement: StatementId, reason: String },
    /// Takes a statement back.
    TakeBack { statement: StatementId, reason: String },

    /// Records evidence for a duty.
    RecordEvidence { duty: DutyId, evidence: Evidence },
    /// Records what was told at one visit for several duties, all or none. Each has an entry of its own: what one family was told and
    /// asked is never in the entry of another.
    RecordTellings { each: Vec<(DutyId, Evidence)> },
    /// Withdraws evidence.
    WithdrawEvidence { duty: DutyId, number: u32, reason: String },
    /// Records that a referral arrived. `number` is that of the evidence.
    AcknowledgeReferral { duty: DutyId, number: u32, reference: String, acknowledgement: Acknowledgement },
    /// Files a form.
    FileForm(FileForm),
    /// Departs from a duty.
    Depart { duty: DutyId, reason: String, ndm: Ndm },
    /// Ends a departure: the duty stands again.
    EndDeparture { duty: DutyId, reason: String },
    /// Holds the class to be another one than the guidance gives, which stays what it is.
    HoldClass { class: Class, reason: String, ndm: Ndm },
    /// Holds it no longer: each for themselves.
    HoldClassNoLonger { reason: String },

    /// Puts a page aside half-filled. `seen` is the version of the draft that the page showed, 0 where there was none.
    SaveDraft { of: DraftOf, fields: Fields, seen: u64 },
    /// Throws away what was put aside.
    DiscardDraft { of: DraftOf },

    /// Raises an immediate concern. Possible at any time, on a closed report too.
    RaiseConcern { kind: ConcernKind, person: Option<PersonId>, words: String, action: String },
    /// Says what came of a concern, or what came of it further.
    AnswerConcern { number: u32, answer: String },

    /// Asks for a review: what for, and by when. Both may be empty.
    AskForReview { note: String, by_when: String },
    /// Reviews. `seen` is the digest of what the supervisor saw, [`Report::review_matter`](crate::Report::review_matter).
    Review { verdict: Verdict, reasons: String, seen: String },
    /// Decides an outcome.
    DecideOutcome(DecideOutcome),
    /// Asks a supervisor to end a report that was begun by mistake, or a second time for the incident of another one.
    AskToEnd { same_as: Option<Link>, reason: String },
    /// Asks no more to end it: only whoever asked, and only until a supervisor has answered.
    TakeBackEnding,
    /// Closes.
    Close { note: String },
    /// Opens again.
    Reopen { reason: String },
    /// Adds something without changing anything.
    AddAddendum { text: String },

    /// Keeps a closed report until a day on which somebody looks again.
    KeepUntil { until: Date, reasons: String },
    /// Asks another supervisor to agree that it is erased before the day to look at it again.
    AskErasure { person: Option<PersonId>, reasons: String, confirmed: Vec<String>, ndm: Ndm },
    /// Decides that who somebody is, or the whole report, is erased. `confirmed` are ids of holds of the pack.
    DecideErasure { person: Option<PersonId>, reasons: String, confirmed: Vec<String> },

    /// Restricts it to those named, or names others. `unit` is that of whoever restricts it.
    Restrict { members: Vec<Named>, unit: String, reason: String },
    /// Lifts the restriction.
    LiftRestriction { reason: String },
    /// Says that somebody has a conflict of interest.
    DeclareInterest { who: Named, words: String },
    /// Says that it has ended.
    EndInterest { who: ActorId, reason: String },
    /// Opens it in an emergency. `unit` is that of whoever opens it.
    OpenInEmergency { unit: String, purpose: EmergencyPurpose, reason: String },
    /// Says whether an emergency opening was justified.
    ReviewEmergency { number: u32, finding: Finding, words: String },
    /// Passes it to another unit.
    PassToUnit { unit: String, reason: String },
}
