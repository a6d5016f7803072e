//! The record of a report of sexting: commands in, events out, and everything that is shown derived from them.
//!
//! Pure: no clock, file, socket or randomness. Time, identity and new ids come in through [`Context`].
//!
//! - [`decide`] turns a [`Command`] into events or a [`Refusal`]; it is the only place where events are made.
//! - [`Report::fold`] builds the state from events; [`Report::view`] derives status, tasks, gates and timeline.
//! - [`replay`] derives every stored advice again and compares.
#![warn(missing_docs)]

mod actor;
mod closed_list;
mod command;
mod decide;
mod decision;
mod digest;
mod done;
mod event;
mod evidence;
mod evolve;
mod fact;
mod fell_away;
mod id;
mod people;
mod refusal;
mod replay;
mod state;
pub mod text;
mod view;

pub use actor::{Actor, Context, Role};
pub use command::{AddDevice, AddPerson, Command, DecideOutcome, FileForm, StartReport};
pub use decide::{decide, handle};
pub use decision::{Choice, Decision, Intrusion, Ndm, Power};
pub use digest::digest;
pub use done::{LOCATION, MatrixField, OUTCOME_DECIDED, WORDS_ONLY, duty_words};
pub use event::{About, ENVELOPE, Event, EventBody, LinkFrom, Thing, Verdict};
pub use evidence::{
    Acknowledgement, CheckEntry, CheckResult, ChildSeen, CrimeRecord, Evidence, Filed, FiledForm,
    Means, Telling,
};
pub use fact::{Current, NOT_KNOWN, SaidBy, Seen, Standing, StateFact, Statement};
pub use fell_away::{FellAway, fell_away};
pub use id::{
    ActorId, CommandId, DeviceId, DutyId, EventId, FactName, FactScope, NotAnId, NotOnTheList,
    PersonId, PlaceId, ReportId, StatementId,
};
pub use people::{
    Account, Allocation, Answer, Authority, AuthorityKind, CarriedPerson, Concern, ConcernKind,
    Device, Identity, Link, LinkKind, Person, PersonRole, Place, Reference, ReferenceKind,
    Reporter, Safety, age_at,
};
pub use refusal::{Conflict, Refusal, Wrong};
pub use replay::{ReplayResult, ReplayVerdict, replay};
pub use state::{AdviceRecord, Departure, OutcomeDecision, Report, ReviewGiven};
pub use view::{Dispute, DueTime, Entry, Gate, Missing, Projection, Status, Task, TaskState, View};
