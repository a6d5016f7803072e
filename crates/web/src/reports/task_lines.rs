//! The tasks of a report, by when they are due.

use guidance::advice::Strength;
use jiff::SignedDuration;
use report::{DueTime, Task, TaskState};

use crate::routes;
use crate::shared::app::App;
use crate::shared::record::{Opened, how_done};
use crate::shared::time;
use crate::shared::ui::{Task as Line, TaskList};

/// Tasks that are due at the same time.
pub struct Group {
    /// When.
    pub title: &'static str,
    /// Due now: shown before everything else.
    pub is_now: bool,
    /// Title, how many, and when the first of them has to be done.
    pub says: String,
    /// Folded away: something else comes first, or nothing of it has to be done.
    pub folded: bool,
    /// The tasks.
    pub tasks: TaskList,
}

/// What has to be done within this time comes right after what is due now, and is in sight.
const SOON: SignedDuration = SignedDuration::from_hours(4);

/// When tasks are due.
const GROUPS: [&str; 10] = [
    "Now",
    "Within a few hours",
    "Before any planned meeting or talk",
    "As soon as possible",
    "With a time limit",
    "Before the outcome",
    "After the outcome",
    "May be needed",
    "Waiting for receipt",
    "Done",
];

/// The place among them of what follows the outcome.
const AFTER_OUTCOME: usize = 6;

/// Tasks by when they are due. What is overdue is due now; what is done comes last. Only what comes first is unfolded, and
/// what somebody has begun: a telephone shows ten lines.
pub fn groups(app: &App, opened: &Opened) -> Vec<Group> {
    let soon = app.now() + SOON;
    let place = |task: &Task| match (task.state, &task.due) {
        (TaskState::Done, _) if task.awaits_acknowledgement => 8,
        (TaskState::Done | TaskState::Departed, _) => 9,
        (TaskState::MayBeNeeded, _) => 7,
        (TaskState::Later, _) => AFTER_OUTCOME,
        _ if opened.is_due_now(task) => 0,
        (_, DueTime::Now) => 0,
        (_, DueTime::At(at)) if *at <= soon => 1,
        (_, DueTime::At(_)) => 4,
        (_, DueTime::Moment(moment)) if moment.starts_with("after-outcome") => AFTER_OUTCOME,
        (_, DueTime::Moment(moment)) if moment == "before-outcome" => 5,
        (_, DueTime::Moment(moment)) if moment == "before-meeting" => 2,
        (_, DueTime::Moment(moment)) if moment == "as-soon-as-possible" => 3,
        (_, DueTime::Moment(_)) => 4,
    };
    let mut groups: Vec<Group> = Vec::new();
    for (at, title) in GROUPS.into_iter().enumerate() {
        let tasks = opened.view.tasks.iter().filter(|task| place(task) == at);
        let tasks: Vec<&Task> = tasks.collect();
        let first = tasks.iter().filter_map(|task| match task.due {
            DueTime::At(due) if (2..7).contains(&at) => Some(due),
            _ => None,
        });
        let first = first.min().map_or_else(String::new, |due| format!(", the first by {}", time::moment(due)));
        let begun = tasks.iter().any(|task| task.begun.is_some() || task.state == TaskState::PartDone);
        // Somebody waits to hear of an outcome that was decided.
        let follows = at == AFTER_OUTCOME && tasks.iter().any(|task| task.state == TaskState::Due);
        let lines: Vec<Line> = tasks.into_iter().map(|task| line(app, opened, task)).collect();
        if !lines.is_empty() {
            groups.push(Group {
                title,
                is_now: at == 0,
                says: format!("{title}: {}{first}", lines.len()),
                folded: at >= 7 || (at > 1 && !groups.is_empty() && !begun && !follows),
                tasks: TaskList::new(format!("tasks-{at}"), lines),
            });
        }
    }
    groups
}

fn line(app: &App, opened: &Opened, task: &Task) -> Line {
    let mut hints = Vec::new();
    let open = matches!(task.state, TaskState::Due | TaskState::PartDone);
    match task.duty.strength {
        _ if task.state == TaskState::Done => {}
        Strength::Must => {}
        Strength::Should => hints.push("Should be done".to_owned()),
        Strength::Consider => hints.push("To consider".to_owned()),
    }
    match &task.due {
        DueTime::At(at) if open => hints.push(format!("By {}, {}", time::moment(*at), time::from_now(*at, app.now()))),
        DueTime::Moment(moment)
            if open && !matches!(moment.as_str(), "as-soon-as-possible" | "before-outcome" | "before-meeting") =>
        {
            hints.push(Opened::due_words(&task.due));
        }
        _ => {}
    }
    if let Some(begun) = &task.begun {
        let what = if begun.departs { "Departure begun" } else { "Begun" };
        hints.push(format!("{what} by {}, {}, not recorded yet", begun.by, time::moment(begun.at)));
    }
    if task.duty.provisional && open {
        hints.push("Precaution: may turn out not to be needed".to_owned());
    }
    if let Some((done, all)) = task.progress.filter(|(done, _)| *done > 0) {
        hints.push(format!("{done} of {all} systems entered"));
    }
    if task.awaits_acknowledgement {
        hints.push("Not confirmed as received".to_owned());
    }
    // How many systems were entered is said already.
    if let Some(last) = task.last.as_ref().filter(|_| task.progress.is_none()) {
        hints.push(last.clone());
    }
    hints.extend(how_done(task));
    let (status, colour) = match task.state {
        _ if task.overdue => ("Overdue", "red"),
        TaskState::Due => ("To do", "blue"),
        TaskState::PartDone => ("In progress", "light-blue"),
        TaskState::Done if task.awaits_acknowledgement => ("Waiting for receipt", "yellow"),
        TaskState::Done => ("Done", ""),
        TaskState::MayBeNeeded => ("May be needed", "grey"),
        TaskState::Later => ("Later", "grey"),
        TaskState::Departed => ("Departed from", "purple"),
    };
    Line {
        title: task.title.clone(),
        hint: hints.join(". "),
        href: Some(routes::task(opened.reference(), task.id.as_str())),
        status: status.to_owned(),
        colour,
    }
}
