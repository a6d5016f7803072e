//! Everything that is shown about a report, derived in one pure function: status, tasks, gates, timeline.
//! Nothing of it is stored, so nothing of it can be wrong on its own.

mod due;
mod full;
mod gates;
mod hinders;
mod home;
mod missing;
mod overtaken;
mod projection;
mod roles;
mod status;
mod tasks;
mod timeline;
mod warnings;

pub(crate) use due::britain;
pub(crate) use gates::{advised, is_answered};
use guidance::advice::Class;
use guidance::{Advice, Facts, Pack, Problem};
pub use hinders::{Hindrance, HindranceKind};
use jiff::Timestamp;
pub use overtaken::Overtaken;
pub use projection::Projection;
pub(crate) use roles::no_suspect;
pub use status::Status;
pub use tasks::at_once;

use crate::closed_list::closed_list;
use crate::fact::{Standing, Statement};
use crate::id::{DutyId, FactName, PersonId};
use crate::memo::Advised;
use crate::people::Concern;
use crate::state::Report;

closed_list! {
    /// Where a task stands.
    TaskState {
        Due = "due", "To do";
        PartDone = "part-done", "In progress";
        Done = "done", "Done";
        MayBeNeeded = "may-be-needed", "May be needed";
        Later = "later", "After the outcome";
        Departed = "departed", "Departed from, with reasons";
    }
}

/// When a task is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DueTime {
    /// At once.
    Now,
    /// By this time.
    At(Timestamp),
    /// At a moment the pack names, such as `before-outcome`.
    Moment(String),
}

/// Something begun and put aside for later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Who put it aside.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// True where departing from the duty was begun, and not doing it.
    pub departs: bool,
}

/// Something that must not be overlooked now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is and what to do.
    pub says: String,
    /// The duties to do first.
    pub duties: Vec<DutyId>,
    /// Statements of the guidance that say so.
    pub cites: Vec<String>,
}

/// Something to do, from a duty of the advice.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Id of the duty.
    pub id: DutyId,
    /// For the task list, with the person or device named.
    pub title: String,
    /// Where it stands.
    pub state: TaskState,
    /// When it is due.
    pub due: DueTime,
    /// What its time is counted from, where that is not the report: when the guidance first asked for it.
    pub counted_from: Option<Timestamp>,
    /// True where its time has passed and it is not done.
    pub overdue: bool,
    /// The kind of evidence that completes it.
    pub evidence: String,
    /// How far it got, where it has parts: done and all.
    pub progress: Option<(usize, usize)>,
    /// What was begun for it and put aside. It counts for nothing until it is recorded.
    pub begun: Option<Begun>,
    /// What was last recorded for it, in a few words.
    pub last: Option<String>,
    /// True where that departs from the advice given then.
    pub departs: bool,
    /// When it was done, where its time had passed by then.
    pub done_late: Option<Timestamp>,
    /// True for a referral that has its reference and was not acknowledged yet.
    pub awaits_acknowledgement: bool,
    /// Who does it.
    pub who: String,
    /// How to, a line a step.
    pub how: Vec<String>,
    /// The duty as advised: strength, cites, what it rests on.
    pub duty: guidance::advice::Duty,
}

/// Something that stands in the way of closing the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// What it is.
    pub kind: GateKind,
    /// Why it cannot be closed yet and what to do.
    pub says: String,
}

/// What stands in the way, and so where it is put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateKind {
    /// A concern that nobody has answered, by its number.
    Concern(u32),
    /// An outcome that is to be decided, or decided again.
    Outcome,
    /// Somebody is entered as a suspect who cannot be one by what is known now.
    Role(PersonId),
    /// A supervisor has not agreed.
    Review,
    /// A duty that is open.
    Duty(DutyId),
}

impl Gate {
    /// The duty that is open, where it is one.
    pub const fn duty(&self) -> Option<&DutyId> {
        match &self.kind {
            GateKind::Duty(duty) => Some(duty),
            _ => None,
        }
    }
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position of the event in the stream.
    pub version: u64,
    /// When it was entered.
    pub at: Timestamp,
    /// Who entered it.
    pub by: String,
    /// What happened, in plain words.
    pub says: String,
    /// More of it: reasons, notes. May be empty.
    pub detail: String,
}

/// Something the record still lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Where it is put right.
    pub at: Lacks,
    /// What is missing, and why it is asked.
    pub says: String,
}

/// Where something that is missing is put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lacks {
    /// An answer.
    Answer(FactName),
    /// An answer that is there, and does not fit what else is known or says too little.
    Check(FactName),
    /// A place, none of which has been entered.
    Place,
    /// A device, none of which has been entered.
    Device,
    /// The reference of the incident log.
    IncidentLog,
    /// A role that is to be taken off.
    Role(PersonId),
    /// Something in what was recorded for this task.
    Task(DutyId),
}

impl Missing {
    /// The question that is open, where it is one.
    pub const fn fact(&self) -> Option<&FactName> {
        match &self.at {
            Lacks::Answer(fact) => Some(fact),
            Lacks::Check(_) | Lacks::Place | Lacks::Device | Lacks::IncidentLog | Lacks::Role(_) | Lacks::Task(_) => {
                None
            }
        }
    }
}

/// Statements that differ and that nobody has chosen between.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispute {
    /// The question.
    pub fact: FactName,
    /// What was said, oldest first.
    pub statements: Vec<Statement>,
}

/// Everything that is shown about a report.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Where it stands.
    pub status: Status,
    /// The facts the advice rests on.
    pub facts: Facts,
    /// The advice.
    pub advice: Advice,
    /// What must not be overlooked now.
    pub warnings: Vec<Warning>,
    /// What to do, first things first.
    pub tasks: Vec<Task>,
    /// Why it cannot be closed yet; empty when it can.
    pub gates: Vec<Gate>,
    /// What is still to ask or to add.
    pub missing: Vec<Missing>,
    /// Statements that differ.
    pub disputes: Vec<Dispute>,
    /// Answers that a change made moot, oldest first: shown, not counted.
    pub set_aside: Vec<Statement>,
    /// Outcomes that no longer stand as they were decided.
    pub overtaken: Vec<Overtaken>,
    /// Children whose outcome is still to be decided, or to be decided again.
    pub outcomes_to_decide: Vec<PersonId>,
    /// What happened, oldest first.
    pub timeline: Vec<Entry>,
}

/// A class in words, as pages and the timeline say it.
pub const fn class_words(class: Class) -> &'static str {
    match class {
        Class::Aggravated => "Aggravated",
        Class::Experimental => "Experimental",
        Class::Undetermined => "Not settled yet",
        Class::NotInvolved => "Not involved",
    }
}

impl Report {
    /// Everything that is shown, as of `now`.
    ///
    /// # Errors
    /// The facts do not fit this pack.
    pub fn view(&self, pack: &Pack, now: Timestamp) -> Result<View, Vec<Problem>> {
        Ok(self.view_of(&self.advise(pack)?, pack, now))
    }

    /// [`Report::view`], where what is advised was asked for already.
    pub fn view_of(&self, advised: &Advised, pack: &Pack, now: Timestamp) -> View {
        let (facts, advice) = (advised.facts().clone(), advised.advice().clone());
        let tasks = tasks::tasks(self, pack, &advice, now);
        let overtaken = overtaken::overtaken(self, pack, &advice, &tasks);
        let gates = gates::gates(self, pack, &advice, (&tasks, &overtaken));
        let disputes = missing::disputes(self);
        let set_aside = |s: &&Statement| matches!(s.standing, Standing::SetAside(_));
        View {
            status: self.status(pack, &advice, &tasks, &gates),
            missing: missing::missing(self, pack, &advice, &tasks),
            warnings: warnings::warnings(self, pack, (&facts, &advice), &tasks, now),
            outcomes_to_decide: gates::children_to_decide(self, &advice, &overtaken),
            timeline: timeline::timeline(self, pack),
            set_aside: self.statements.iter().filter(set_aside).cloned().collect(),
            facts,
            advice,
            tasks,
            gates,
            disputes,
            overtaken,
        }
    }

    /// The tasks of [`Report::view`], and nothing else of it.
    pub fn tasks_of(&self, advised: &Advised, pack: &Pack, now: Timestamp) -> Vec<Task> {
        tasks::tasks(self, pack, advised.advice(), now)
    }

    /// The outcomes of [`Report::view`] that no longer stand, and nothing else of it.
    pub fn overtaken(&self, advised: &Advised, pack: &Pack, now: Timestamp) -> Vec<Overtaken> {
        overtaken::overtaken(self, pack, advised.advice(), &self.tasks_of(advised, pack, now))
    }

    /// Has somebody said what came of a concern about whom this duty is for?
    fn is_seen_to(&self, duty: &DutyId) -> bool {
        let about = |concern: &&Concern| concern.person.as_ref().map(PersonId::as_str) == duty.subject();
        self.concerns.iter().filter(about).any(|concern| !concern.answers.is_empty())
    }
}
