//! Children whose home is told nothing: it may be where the danger is.

use guidance::Pack;

use super::tasks::fill;
use super::{Task, TaskState};
use crate::done::duty_words;
use crate::evidence::Evidence;
use crate::state::Report;

impl Report {
    /// What holds for each child whose home is told nothing, with their id: from the moment it is advised until it is decided
    /// otherwise.
    pub fn away_from_home(&self, pack: &Pack, tasks: &[Task]) -> Vec<(String, String)> {
        let told_after_all = |task: &Task| {
            let last = self.evidence_for(&task.id).pop();
            last.is_some_and(|filed| filed.departs && matches!(filed.evidence, Evidence::Decision(_)))
        };
        let holds = |task: &&Task| {
            matches!(task.state, TaskState::Due | TaskState::PartDone | TaskState::Done) && !told_after_all(task)
        };
        let says = |task: &Task| {
            let words = duty_words(pack, &task.id).map(|words| &words.away_from_home);
            let words = words.filter(|words| !words.is_empty())?;
            Some((task.id.subject()?.to_owned(), fill(self, &task.id, words)))
        };
        tasks.iter().filter(holds).filter_map(says).collect()
    }
}
