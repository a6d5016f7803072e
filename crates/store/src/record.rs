//! What is kept of a report, events and one projection row for the worklists, and what is done with them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::store::Answer;
use crate::{
    AccessEntry, AppendError, EventId, IdError, Log, NotedAccess, PartId, SeenBy, StoreError, StreamId, Ties, UserId,
    WorklistFilter, WorklistPage, WorklistQuery,
};

/// Whom the words of an event are about. Each subject of a report has a key of its own, so that one
/// person's identity can be erased and everything else stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// What happened; people by pseudonym only.
    #[default]
    Report,
    /// Who one person is.
    Person(PartId),
    /// Who reported it.
    Reporter,
    /// What a place is.
    Place(PartId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report => f.write_str("report"),
            Self::Person(id) => write!(f, "person/{id}"),
            Self::Reporter => f.write_str("reporter"),
            Self::Place(id) => write!(f, "place/{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match (text, text.split_once('/')) {
            ("report", _) => Ok(Self::Report),
            ("reporter", _) => Ok(Self::Reporter),
            (_, Some(("person", id))) => id.parse().map(Self::Person),
            (_, Some(("place", id))) => id.parse().map(Self::Place),
            _ => Err(IdError::Text),
        }
    }
}

/// What was done with personal data, in the words of section 62 of the Data Protection Act 2018; `administer` for what was
/// done to the service itself, and `sign-in` for who came in, or did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Operation {
    /// Something was entered.
    #[default]
    Collect,
    /// Something entered before was changed, withdrawn or set aside.
    Alter,
    /// Somebody looked.
    Consult,
    /// Somebody else was given it.
    Disclose,
    /// Two things were brought together.
    Combine,
    /// Something was erased.
    Erase,
    /// Something was done to the service.
    Administer,
    /// Somebody proved who they are, or tried to.
    SignIn,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Collect,
        Self::Alter,
        Self::Consult,
        Self::Disclose,
        Self::Combine,
        Self::Erase,
        Self::Administer,
        Self::SignIn,
    ];

    /// The word that stands in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Alter => "alter",
            Self::Consult => "consult",
            Self::Disclose => "disclose",
            Self::Combine => "combine",
            Self::Erase => "erase",
            Self::Administer => "administer",
            Self::SignIn => "sign-in",
        }
    }
}

/// An event to be kept. The store stamps nothing: who and when are decided by the core, so that
/// replaying a report never depends on the machine that stored it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Unique among all events ever kept.
    pub event_id: EventId,
    /// What happened, as one word for people who look into the database. Nothing is decided by it.
    pub kind: String,
    /// When it was entered. Kept to the microsecond, as PostgreSQL does; finer digits are cut off.
    pub recorded_at: Timestamp,
    /// Who entered it: an id, never a name. It is readable in the database and in the log.
    pub actor: String,
    /// Whom the words in the body are about, and so under whose key it is kept.
    pub subject: Subject,
    /// What the log calls it.
    pub operation: Operation,
    /// The event itself, opaque to the store and encrypted by it. At most [`limits::BODY`](crate::limits::BODY) bytes.
    pub body: Vec<u8>,
}

/// An event as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Its place in the stream: 1, 2, 3… without gaps.
    pub version: u64,
    /// As given.
    pub event_id: EventId,
    /// As given.
    pub kind: String,
    /// As given, to the microsecond.
    pub recorded_at: Timestamp,
    /// As given.
    pub actor: String,
    /// The bytes as given, whatever form they were kept in. Empty when they were erased.
    pub body: Vec<u8>,
    /// Whose words they were, when they were erased: the key is destroyed, and only what stands above is
    /// left of the event.
    pub erased: Option<Subject>,
}

/// One stream's part of an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The stream written to.
    pub stream: StreamId,
    /// The version the decision was made on; 0 for a stream that does not exist yet.
    pub expected_version: u64,
    /// What happened, in order. May be empty when only the projection is derived anew.
    pub events: Vec<NewEvent>,
    /// The worklist row after these events; `None` leaves the row as it is.
    pub projection: Option<ProjectionRow>,
    /// Who can be found by something else after these events. At most
    /// [`limits::FINDABLE`](crate::limits::FINDABLE).
    pub findable: Vec<Findable>,
}

/// What a subject can be found by from now on, in the place of whatever it could be found by before: the
/// sound of a name with a year of birth and the like. Kept as HMACs only, until the subject is erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findable {
    /// Who or what.
    pub subject: Subject,
    /// By what; nothing when it is to be found no longer. At most [`limits::TERMS`](crate::limits::TERMS).
    pub terms: Vec<String>,
}

/// What became of one stream's part of an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The stream. Under a repeated key it is the stream of the *first* append, which may not be
    /// the one asked for now: a report that was sent twice is one report.
    pub stream: StreamId,
    /// The version after the append.
    pub version: u64,
    /// The idempotency key had been used before: nothing was written now.
    pub repeated: bool,
}

/// Somebody or something that a search came upon. Whether it is the one that was looked for is for the
/// core to say from what was decrypted, and in the end for the officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The report.
    pub stream: StreamId,
    /// Who or what in it.
    pub subject: Subject,
    /// How many of the terms it was found by.
    pub terms: u64,
}

/// Who is looked for, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// By any of these. At most [`limits::LOOKUPS`](crate::limits::LOOKUPS).
    pub terms: Vec<String>,
    /// As whom somebody looks: only in reports that they may see is anybody found or counted.
    pub seen_by: SeenBy,
    /// The report that they look from, in which nobody is looked for.
    pub except: Option<StreamId>,
    /// At most so many, and no more than [`limits::CANDIDATES`](crate::limits::CANDIDATES).
    pub limit: u32,
}

/// Whom a search came upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// Those that most of the terms find first.
    pub found: Vec<Found>,
    /// There are more than these.
    pub more: bool,
}

/// A stream and how long it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamHead {
    /// The stream.
    pub stream: StreamId,
    /// The version of its last event.
    pub version: u64,
}

/// The plain columns worklists are read from: opaque ids, unit, state and times. No fact about a
/// child is among them. Derived by the core, never set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectionRow {
    /// The report, which is the stream.
    pub report_id: StreamId,
    /// The number people use, like `WM-2026-000123`. Unique.
    pub reference: String,
    /// The unit that holds the report.
    pub unit: String,
    /// Who works on it.
    pub allocated_to: Option<UserId>,
    /// The core's word for where the report stands.
    pub state: String,
    /// The class the advice gives now.
    pub class: String,
    /// When the next duty falls due; `None` when nothing is due.
    pub next_due_at: Option<Timestamp>,
    /// Since when it waits for a supervisor.
    pub awaiting_review_since: Option<Timestamp>,
    /// When the report last changed.
    pub updated_at: Timestamp,
    /// Digest of pack and engine that derived this row, to find rows derived by another.
    pub derived_by: String,
    /// The first moment of the day on which somebody looks again at whether it is kept.
    pub review_at: Option<Timestamp>,
    /// Who may see it beyond what the unit says.
    pub ties: Ties,
}

/// The events of reports, the rows of the worklists that follow from them, and the terms that people in them are found by: each
/// append keeps what belongs together in one step. Part of [`Store`](crate::Store), and keeps the same promises.
pub trait Record: Log {
    /// Appends to several streams, all or nothing, each by compare-and-swap on its version.
    ///
    /// With a key, a second call with the same key writes nothing and gives the first answer,
    /// whatever else it carries. Keys are kept for good and shared by all callers: put the user's
    /// id in front.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when a stream is not at the version expected. Otherwise as every
    /// write: [`StoreError`], with [`StoreError::Duplicate`] for an event id or a reference that
    /// is in use, [`StoreError::TooLong`] and [`StoreError::Contradiction`] for what
    /// [`limits`](crate::limits) and the types' documentation do not allow.
    fn append_all(
        &self,
        together: Vec<Append>,
        idempotency_key: Option<String>,
    ) -> Answer<'_, Vec<Appended>, AppendError>;

    /// Appends to one stream; see [`Record::append_all`].
    ///
    /// # Errors
    /// As [`Record::append_all`].
    fn append(&self, append: Append, idempotency_key: Option<String>) -> Answer<'_, Appended, AppendError> {
        Box::pin(async move {
            let answers = self.append_all(vec![append], idempotency_key).await?;
            let first = answers.into_iter().next();
            first.ok_or_else(|| StoreError::Unreadable { what: "answer to an append" }.into())
        })
    }

    /// Notes a look and appends, as [`Log::note_access`](crate::Log::note_access) and [`Record::append_all`] do, the look first and
    /// both waiting for the disk together. The look stands whatever comes of the append.
    ///
    /// # Errors
    /// When the look cannot be noted; what was appended stands. What comes of the append is in the answer.
    fn append_all_noting(
        &self,
        look: AccessEntry,
        together: Vec<Append>,
        idempotency_key: Option<String>,
    ) -> Answer<'_, (NotedAccess, Result<Vec<Appended>, AppendError>)> {
        Box::pin(async move {
            let noted = self.note_access(look).await;
            let appended = self.append_all(together, idempotency_key).await;
            Ok((noted?, appended))
        })
    }

    /// The events of a stream with this version and later, in order; 0 or 1 gives them all, one
    /// past the last (or a stream that is not there) gives none.
    fn load(&self, stream: &StreamId, from_version: u64) -> Answer<'_, Vec<StoredEvent>>;

    /// Who or what in reports that somebody may see is found by any of some terms, those that most of them
    /// find first. Only reports with a worklist row are looked in: it says who may see them.
    fn find(&self, search: Search) -> Answer<'_, Candidates>;

    /// Every stream in order of its id, for replay: at most `limit` after `after`.
    fn all_streams(&self, after: Option<&StreamId>, limit: u32) -> Answer<'_, Vec<StreamHead>>;

    /// The next report number of a year, like `WM-2026-000123`. Never given twice; a number may
    /// stay unused when what asked for it failed afterwards.
    fn next_reference(&self, year: u16) -> Answer<'_, String>;

    /// The worklist row of a report.
    fn projection(&self, report: &StreamId) -> Answer<'_, Option<ProjectionRow>>;

    /// The worklist row of the report with this reference.
    fn projection_by_reference(&self, reference: &str) -> Answer<'_, Option<ProjectionRow>>;

    /// One page of a worklist.
    fn worklist(&self, query: &WorklistQuery) -> Answer<'_, WorklistPage>;

    /// How many reports a filter finds, counting no further than `at_most`: the same conditions
    /// as the list, so a count and its list never disagree.
    fn worklist_count(&self, filter: &WorklistFilter, at_most: u32) -> Answer<'_, u32>;
}
