//! How a task was done, where that is not as advised or not in time: told wherever it says that it is done.

use report::{DueTime, Task};

use crate::shared::time;

/// A sentence each, without a full stop; nothing for what was done as advised and in time.
pub fn how_done(task: &Task) -> Vec<String> {
    let mut says = Vec::new();
    if task.departs {
        says.push("This departs from the advice".to_owned());
    }
    if let (DueTime::At(due), Some(done)) = (&task.due, task.done_late) {
        says.push(format!("Late: due by {}, recorded {}", time::moment(*due), time::moment(done)));
    }
    says
}
