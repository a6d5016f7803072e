//! The record of a report of sexting: commands in, events out, and everything that is shown derived from them.
//!
//! Pure: no clock, file, socket or randomness. Time, identity and new ids come in through [`Context`].
//!
//! - [`handle`] turns a [`Command`] into [`Event`]s or a [`Refusal`] that lists everything wrong at once. Nothing else makes events.
//! - [`Report::fold`] builds the state from events; [`Report::evolve`] takes one more in and never fails.
//! - [`Report::view`] derives status, tasks, gates and timeline; [`Report::projection`] what worklists need, without personal data.
//! - [`replay`] derives every stored advice again and compares.
//!
//! What is deliberately absent: no status is ever set, no duty is ticked, no event is changed or removed, no type holds
//! anything that a user sent but text, and no text passes that carries a picture ([`text`]).
//!
//! Names of people and places stand in events that name one of them only ([`EventBody::about`]); facts and
//! decisions speak of people by pseudonym. A filed form names whom it is about, and is kept with the report. So identities can be kept, and erased, apart from what was decided.
#![warn(missing_docs)]

mod access;
mod actor;
mod addressed;
mod against;
mod carried;
mod class_held;
mod closed_list;
mod command;
mod decide;
mod decision;
mod digest;
mod done;
mod draft;
mod event;
mod evidence;
mod evolve;
mod fact;
mod fell_away;
mod id;
pub mod matching;
mod memo;
mod names;
mod numbers;
mod own_answer;
mod own_data;
mod people;
mod refusal;
mod replay;
mod retention;
mod same;
mod state;
mod telling;
pub mod text;
mod view;
mod withdrawn;

pub use access::{
    Access, AccessProjection, EMERGENCY, Emergency, EmergencyPurpose, EmergencyReview, Finding, Interest, MOST_MEMBERS,
    Named,
};
pub use actor::{Actor, Context, Role};
pub use against::{Against, AsAdvised};
pub use class_held::ClassHeld;
pub use command::{AddDevice, AddPerson, Command, DecideOutcome, FileForm, StartReport};
pub use decide::{ANSWERED_IT_THEMSELVES, NOT_ONES_OWN, decide, handle, handle_on};
pub use decision::{Choice, Decision, Intrusion, Ndm, Power};
pub use digest::digest;
pub use done::{LOCATION, MatrixField, OUTCOME_DECIDED, WORDS_ONLY, WaitsFor, duty_words, is_after_outcome};
pub use draft::{Draft, DraftOf, Fields};
pub use event::{About, ENVELOPE, Event, EventBody, LinkFrom, Thing, Verdict};
pub use evidence::{
    Acknowledgement, CheckEntry, CheckResult, ChildSeen, CrimeRecord, Evidence, Filed, FiledForm, Means, form_note,
};
pub use fact::{Current, NOT_KNOWN, SaidBy, Seen, Standing, StateFact, Statement};
pub use fell_away::{FellAway, fell_away};
pub use id::{
    ActorId, CommandId, DeviceId, DutyId, EventId, FactName, FactScope, NotAnId, NotOnTheList, PersonId, PlaceId,
    ReportId, StatementId,
};
pub use memo::Advised;
pub use names::Names;
pub use numbers::NumberOn;
pub use own_data::{HeldBack, OwnData, OwnLine, OwnSection, ReadBy};
pub use people::{
    Account, Allocation, Answer, Authority, AuthorityKind, CarriedPerson, Concern, ConcernAnswer, ConcernKind, Device,
    Identity, Link, LinkKind, Person, PersonRole, Place, Reference, ReferenceKind, Reporter, Safety, age_at,
};
pub use refusal::{Conflict, Refusal, Wrong};
pub use replay::{ReplayResult, ReplayVerdict, replay};
pub use retention::{Disposal, ErasureAsked, ProposedReview, Retention, RetentionDecision, StandsAgainst};
pub use same::{Elsewhere, PersonMatch, SamePerson};
pub use state::{Added, AdviceRecord, Departure, Ending, OutcomeDecision, Report, ReviewGiven};
pub use telling::{Telling, Then};
pub use view::{
    Begun, Dispute, DueTime, Entry, Gate, GateKind, Hindrance, HindranceKind, Lacks, Missing, Overtaken, Projection,
    Status, Task, TaskState, View, Warning, at_once, class_words,
};
pub use withdrawn::Withdrawal;
