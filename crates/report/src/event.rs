//! Events: what happened to a report, for ever. Their words in storage are never reused with another meaning;
//! a new meaning is a new word, and an old event stays readable.

use guidance::Value;
use guidance::advice::{Class, PackRef};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::access::{EmergencyPurpose, Finding, Named};
use crate::actor::Actor;
use crate::closed_list::closed_list;
use crate::decision::Ndm;
use crate::draft::{DraftOf, Fields};
use crate::evidence::{Acknowledgement, Evidence};
use crate::fact::SaidBy;
use crate::id::{ActorId, DeviceId, DutyId, EventId, FactName, PersonId, PlaceId, ReportId, StatementId};
use crate::people::{
    Account, Allocation, Authority, ConcernKind, Identity, Link, LinkKind, PersonRole, Reference, Reporter, Safety,
};
use crate::same::{Elsewhere, SamePerson};

/// The form of the envelope. Raised only when the envelope itself changes.
pub const ENVELOPE: u16 = 1;

/// One event in its envelope. Made only by [`crate::handle`] or read back from storage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// Form of this envelope.
    pub v: u16,
    /// Unique over all reports.
    pub id: EventId,
    /// The stream it belongs to.
    pub report: ReportId,
    /// Position in the stream, from 1.
    pub version: u64,
    /// When it was entered. When it happened stands in the body.
    pub recorded_at: Timestamp,
    /// Who entered it, in the role they had.
    pub actor: Actor,
    /// What happened.
    pub body: EventBody,
}

/// Whom the words of an event are about: one person's identity is kept apart from everything else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The report; people by pseudonym only.
    Report,
    /// Who one person is.
    Person(PersonId),
    /// Who reported it.
    Reporter,
    /// What a place is.
    Place(PlaceId),
}

/// A thing of the report that can be withdrawn when it was entered by mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "thing", content = "id")]
pub enum Thing {
    /// A person.
    #[serde(rename = "person")]
    Person(PersonId),
    /// A place.
    #[serde(rename = "place")]
    Place(PlaceId),
    /// A device.
    #[serde(rename = "device")]
    Device(DeviceId),
    /// An account, by the position in the stream of the event that added it: that stays the same whatever is erased.
    #[serde(rename = "account")]
    Account(u64),
    /// A reference to a record elsewhere, by the position in the stream of the event that added it.
    #[serde(rename = "reference")]
    Reference(u64),
    /// That another report belongs with this one, by the position in the stream of the event that said so.
    #[serde(rename = "link")]
    Link(u64),
}

closed_list! {
    /// What a supervisor says.
    Verdict {
        Agree = "agree", "agreed";
        SendBack = "send-back", "sent back";
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[allow(missing_docs, reason = "each variant says what happened; its fields have the names of the commands'")]
pub enum EventBody {
    /// A report was begun.
    #[serde(rename = "report-started")]
    ReportStarted { report: ReportId, reference: String, reported_at: Timestamp, unit: String },
    /// The first questions about safety were answered.
    #[serde(rename = "safety-stated")]
    SafetyStated { safety: Safety },
    /// Who reported it.
    #[serde(rename = "reporter-stated")]
    ReporterStated { reporter: Reporter },
    /// A record elsewhere belongs to this report.
    #[serde(rename = "reference-added")]
    ReferenceAdded { reference: Reference },
    /// Another report belongs with this one.
    #[serde(rename = "report-linked")]
    ReportLinked { link: Link },
    /// Somebody works on it.
    #[serde(rename = "allocated")]
    Allocated { allocation: Allocation },

    /// Somebody is in the matter.
    #[serde(rename = "person-added")]
    PersonAdded {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        carried_from: Option<(ReportId, PersonId)>,
    },
    /// Who somebody is. Names this one person and nobody else.
    #[serde(rename = "identity-stated")]
    IdentityStated { person: PersonId, identity: Identity },
    /// What somebody is in this report.
    #[serde(rename = "roles-recorded")]
    RolesRecorded { person: PersonId, roles: Vec<PersonRole>, reason: String, ndm: Ndm },
    /// The bodies responsible for somebody.
    #[serde(rename = "authorities-stated")]
    AuthoritiesStated { person: PersonId, authorities: Vec<Authority> },
    /// An officer said whether somebody is one of the people of another report. Names this one person and nobody else.
    #[serde(rename = "person-matched")]
    PersonMatched { person: PersonId, other: Elsewhere, verdict: SamePerson, reason: String },
    /// A place matters.
    #[serde(rename = "place-added")]
    PlaceAdded { place: PlaceId },
    /// What the place is.
    #[serde(rename = "place-stated")]
    PlaceStated { place: PlaceId, address: String, why: String },
    /// There is a device.
    #[serde(rename = "device-added")]
    DeviceAdded { device: DeviceId },
    /// What the device is and where.
    #[serde(rename = "device-stated")]
    DeviceStated { device: DeviceId, label: String, whereabouts: String },
    /// There is an account.
    #[serde(rename = "account-added")]
    AccountAdded { account: Account },
    /// An entry was a mistake.
    #[serde(rename = "entry-withdrawn")]
    EntryWithdrawn { what: Thing, reason: String },

    /// Somebody said something.
    #[serde(rename = "fact-stated")]
    FactStated {
        statement: StatementId,
        fact: FactName,
        value: Value,
        said_by: SaidBy,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happened_on: Option<Date>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Statements differ; the officer chose the one that counts.
    #[serde(rename = "statement-chosen")]
    StatementChosen { fact: FactName, statement: StatementId, up_to: StatementId, reason: String },
    /// A statement was taken back.
    #[serde(rename = "statement-taken-back")]
    StatementTakenBack { statement: StatementId, reason: String },
    /// A change made an answer moot.
    #[serde(rename = "answer-set-aside")]
    AnswerSetAside { fact: FactName, statements: Vec<StatementId>, because: String },

    /// Evidence for a duty.
    #[serde(rename = "evidence-recorded")]
    EvidenceRecorded {
        duty: DutyId,
        number: u32,
        evidence: Evidence,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        departs: bool,
    },
    /// Evidence was withdrawn.
    #[serde(rename = "evidence-withdrawn")]
    EvidenceWithdrawn { duty: DutyId, number: u32, reason: String },
    /// The other side says that a referral arrived.
    #[serde(rename = "referral-acknowledged")]
    ReferralAcknowledged {
        duty: DutyId,
        number: u32,
        /// The other side's reference, where it came with the acknowledgement.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reference: String,
        acknowledgement: Acknowledgement,
    },
    /// The officer departs from a duty.
    #[serde(rename = "departed")]
    Departed { duty: DutyId, reason: String, ndm: Ndm },
    /// The officer no longer departs from it.
    #[serde(rename = "departure-ended")]
    DepartureEnded { duty: DutyId, reason: String },
    /// An officer holds the class to be another one than the guidance gave.
    #[serde(rename = "class-held")]
    ClassHeld { class: Class, advised: Class, reason: String, ndm: Ndm },
    /// They hold that no longer.
    #[serde(rename = "class-held-no-longer")]
    ClassHeldNoLonger { reason: String },

    /// Something was begun and put aside.
    #[serde(rename = "draft-saved")]
    DraftSaved {
        #[serde(flatten)]
        of: DraftOf,
        fields: Fields,
    },
    /// What was put aside was thrown away. It stays in the record.
    #[serde(rename = "draft-discarded")]
    DraftDiscarded {
        #[serde(flatten)]
        of: DraftOf,
    },

    /// Immediate concern.
    #[serde(rename = "concern-raised")]
    ConcernRaised {
        number: u32,
        kind: ConcernKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        words: String,
        action: String,
    },
    /// What came of a concern.
    #[serde(rename = "concern-answered")]
    ConcernAnswered { number: u32, answer: String },

    /// A supervisor is asked to look at it, for what, and by when in the words of whoever asks; both may be empty.
    #[serde(rename = "review-asked")]
    ReviewAsked {
        note: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        by_when: String,
    },
    /// A supervisor looked at it. `matter` is a digest of what was reviewed: a later change makes it undone.
    #[serde(rename = "reviewed")]
    Reviewed { verdict: Verdict, reasons: String, matter: String },
    /// The officer decided an outcome.
    #[serde(rename = "outcome-decided")]
    OutcomeDecided {
        code: String,
        #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        departs: bool,
        /// It follows the advice but for the review, which a supervisor gave once and has to give again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unreviewed: bool,
        reason: String,
        ndm: Ndm,
    },
    /// Closed.
    #[serde(rename = "closed")]
    Closed { note: String },
    /// Somebody asked to end it: begun by mistake, or a second time for one incident.
    #[serde(rename = "ending-asked")]
    EndingAsked {
        /// Reference of the report that has the same incident; nothing where it was begun by mistake.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        same_as: Option<String>,
        reason: String,
    },
    /// Whoever asked to end it asks no more, before a supervisor answered.
    #[serde(rename = "ending-taken-back")]
    EndingTakenBack {},
    /// Opened again.
    #[serde(rename = "reopened")]
    Reopened { reason: String },
    /// Something was added afterwards.
    #[serde(rename = "addendum-added")]
    AddendumAdded { text: String },

    /// It is kept, and looked at again on a day.
    #[serde(rename = "retention-kept")]
    RetentionKept { until: Date, reasons: String },
    /// A supervisor wants it erased before the day to look at it again has come. Another one has to agree.
    #[serde(rename = "erasure-asked")]
    ErasureAsked {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        reasons: String,
        ndm: Ndm,
    },
    /// Who somebody is, or the whole report, is to be erased.
    #[serde(rename = "erasure-decided")]
    ErasureDecided {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        reasons: String,
        /// Ids of what was confirmed to stand against it no more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        confirmed: Vec<String>,
    },

    /// Only those named may see it.
    #[serde(rename = "restricted")]
    Restricted { members: Vec<Named>, reason: String },
    /// Others are named.
    #[serde(rename = "members-named")]
    MembersNamed { members: Vec<Named>, reason: String },
    /// Everybody in the unit may see it again.
    #[serde(rename = "restriction-lifted")]
    RestrictionLifted { reason: String },
    /// Somebody has a conflict of interest.
    #[serde(rename = "interest-declared")]
    InterestDeclared { who: Named, words: String },
    /// Somebody has it no longer.
    #[serde(rename = "interest-ended")]
    InterestEnded { who: ActorId, reason: String },
    /// Somebody opened it in an emergency.
    #[serde(rename = "opened-in-emergency")]
    OpenedInEmergency { number: u32, unit: String, purpose: EmergencyPurpose, reason: String, until: Timestamp },
    /// A supervisor looked at an emergency opening.
    #[serde(rename = "emergency-reviewed")]
    EmergencyReviewed { number: u32, finding: Finding, words: String },
    /// Another unit has it; nobody there works on it yet.
    #[serde(rename = "passed-to-unit")]
    PassedToUnit { unit: String, reason: String },
    /// There was an entry here whose words were erased. Never stored: what is left of one whose key was destroyed.
    #[serde(skip)]
    Erased { about: About },

    /// What the guidance advised at this moment.
    #[serde(rename = "advice-given")]
    AdviceGiven {
        pack: PackRef,
        /// Version of the engine.
        engine: String,
        class: Class,
        /// Digest over the facts as JSON.
        facts: String,
        /// Digest over the advice as JSON.
        advice: String,
        /// The advice in full, at decisions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        full: Option<serde_json::Value>,
    },
}

impl Event {
    /// What is left of an event whose words were erased: its place, when it was entered, and by whose id.
    pub fn erased(
        id: EventId,
        report: ReportId,
        version: u64,
        recorded_at: Timestamp,
        actor: Actor,
        about: About,
    ) -> Self {
        Self { v: ENVELOPE, id, report, version, recorded_at, actor, body: EventBody::Erased { about } }
    }
}

impl EventBody {
    /// Whom its words are about, and so under whose key it is kept.
    pub fn about(&self) -> About {
        match self {
            Self::IdentityStated { person, .. } | Self::PersonMatched { person, .. } => About::Person(person.clone()),
            Self::AccountAdded { account } => account.person.clone().map_or(About::Report, About::Person),
            Self::ReporterStated { .. } => About::Reporter,
            Self::PlaceStated { place, .. } => About::Place(place.clone()),
            Self::Erased { about } => about.clone(),
            _ => About::Report,
        }
    }
}

/// How two reports belong together, seen from the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkFrom {
    /// The report it is linked to.
    pub report: ReportId,
    /// Its reference for readers. One line.
    pub reference: String,
    /// How they belong together.
    pub kind: LinkKind,
    /// The people carried over; they get new pseudonyms in the order given.
    pub people: Vec<crate::people::CarriedPerson>,
}
