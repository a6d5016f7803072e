//! What worklists need of a report, kept beside it so that a list reads no events.

use guidance::advice::Class;
use guidance::{Pack, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DueTime, Status, Task, TaskState, gates, overtaken, tasks};
use crate::access::AccessProjection;
use crate::id::ReportId;
use crate::state::Report;

/// What worklists need, without any personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Projection {
    /// The stream.
    pub report_id: ReportId,
    /// How many events it rests on.
    pub version: u64,
    /// Reference for readers.
    pub reference: String,
    /// Unit or team.
    pub unit: String,
    /// Id of the officer.
    pub allocated_to: Option<crate::id::ActorId>,
    /// Where it stands.
    pub state: Status,
    /// Class of the report.
    pub class: Class,
    /// What officers hold it to be instead, each once.
    pub classes_held: Vec<Class>,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// When the next task is due: the time of the report for what is due at once, and [`Projection::BEFORE_ALL`] while nobody
    /// has answered a concern, or somebody has to be kept safe and nobody has seen to it.
    pub next_due_at: Option<Timestamp>,
    /// Tasks that are due.
    pub tasks_due: u32,
    /// Does a supervisor have to look at it?
    pub waiting_for_review: bool,
    /// Is there a concern nobody has answered, or somebody to be kept safe by answers alone?
    pub open_concern: bool,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The day somebody looks again at whether it is kept.
    pub review_on: Option<jiff::civil::Date>,
    /// Digest of the pack it was derived by.
    pub derived_by: String,
    /// Who may see it.
    pub access: AccessProjection,
}

impl Projection {
    /// When a report is due in which somebody may be in danger and nobody has seen to it, so that every list has it first.
    pub const BEFORE_ALL: Timestamp = Timestamp::UNIX_EPOCH;
}

impl Report {
    /// What worklists need. Nothing before the report is begun.
    ///
    /// # Errors
    /// The facts do not fit this pack.
    pub fn projection(&self, pack: &Pack, now: Timestamp) -> Result<Option<Projection>, Vec<Problem>> {
        let (Some(id), Some(reported_at)) = (&self.id, self.reported_at) else {
            return Ok(None);
        };
        let advised = self.advise(pack)?;
        let advice = advised.advice();
        let tasks = tasks::tasks(self, pack, advice, now);
        let overtaken = overtaken::overtaken(self, pack, advice, &tasks);
        let gates = gates::gates(self, pack, advice, (&tasks, &overtaken));
        let state = self.status(pack, advice, &tasks, &gates);
        let open = |task: &&Task| matches!(task.state, TaskState::Due | TaskState::PartDone);
        let next_due_at = tasks.iter().filter(open).filter_map(|task| match task.due {
            DueTime::Now => Some(reported_at),
            DueTime::At(at) => Some(at),
            DueTime::Moment(_) => None,
        });
        let is_closed = self.is_closed();
        let at_once = tasks::at_once(pack).map(|duty| duty.id.as_str());
        let unsafe_still = |task: &Task| Some(task.id.duty()) == at_once && open(&task) && !self.is_seen_to(&task.id);
        let open_concern = self.open_concerns().next().is_some() || tasks.iter().any(unsafe_still);
        // What a supervisor asks for is due from when they sent it back.
        let sent_back = self.reviews.last().filter(|_| state == Status::SentBack).map(|review| review.at);
        let next_due_at = match open_concern {
            true => Some(Projection::BEFORE_ALL),
            false => next_due_at.chain(sent_back).min(),
        };
        Ok(Some(Projection {
            report_id: id.clone(),
            version: self.version,
            reference: self.reference.clone(),
            unit: self.unit.clone(),
            allocated_to: self.allocation.as_ref().map(|a| a.to.clone()),
            state,
            class: advice.class,
            classes_held: self.classes_held_against(advice.class),
            reported_at,
            changed_at: self.log.last().map_or(reported_at, |e| e.recorded_at),
            next_due_at: next_due_at.filter(|_| !is_closed),
            tasks_due: u32::try_from(tasks.iter().filter(open).count()).unwrap_or(u32::MAX),
            waiting_for_review: state.waits_for_supervisor(),
            open_concern,
            closed_at: self.closed_at,
            review_on: self.retention(pack).and_then(|retention| retention.due_on),
            derived_by: advice.pack.digest.clone(),
            access: self.access_projection(now),
        }))
    }
}
