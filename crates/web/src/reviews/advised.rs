//! What the guidance makes of a report, for a supervisor: people, tasks, and what would change it.

use guidance::advice::{Strength, Truth};
use report::{Task, TaskState};

use crate::routes;
use crate::shared::record::{Opened, class_words, how_done};
use crate::shared::ui::{Cell, Table, Task as Line, TaskList};

/// Everybody, with the class of what they did themselves and whether something was done to them.
pub fn people(opened: &Opened) -> Table {
    let mut heads = vec!["Person", "Class of own conduct", "Something done to them"];
    let grounds = |person: &report::Person| {
        let advice = opened.advice().persons.get(person.id.as_str());
        advice.is_some_and(|advice| !advice.grounds.is_empty())
    };
    let has_grounds = opened.people().any(grounds);
    if has_grounds {
        heads.push("Why");
    }
    let mut table = Table::new("Each person", &heads);
    for person in opened.people() {
        let Some(advice) = opened.advice().persons.get(person.id.as_str()) else {
            continue;
        };
        let harmed = match advice.harmed {
            Truth::Yes => "Yes",
            Truth::No => "No",
            Truth::Undetermined => "Not settled yet",
        };
        let why: Vec<&str> = advice.grounds.iter().map(|ground| ground.says.as_str()).collect();
        let mut cells = vec![Cell::text(person.label()), Cell::text(class_words(advice.class)), Cell::text(harmed)];
        if has_grounds {
            cells.push(Cell::text(why.join(" ")));
        }
        table.row(cells);
    }
    table
}

/// Tasks that stand alike.
pub struct Group {
    /// How they stand.
    pub title: &'static str,
    /// How many.
    pub count: usize,
    /// Folded away: a review does not begin with them.
    pub folded: bool,
    /// The tasks.
    pub tasks: TaskList,
}

/// The title of what is done.
pub const DONE: &str = "Done";

/// Tasks by where they stand, each with what was recorded last: what is late or departed from stands in sight.
pub fn tasks(opened: &Opened) -> Vec<Group> {
    let titles = [
        ("Overdue", false),
        ("Departed from", false),
        ("Required, not done", true),
        ("Expected or to consider, not done", true),
        ("May be needed, or follows the outcome", true),
        (DONE, true),
    ];
    let place = |task: &Task| match (task.state, task.duty.strength) {
        (TaskState::Done, _) => 5,
        _ if task.overdue => 0,
        (TaskState::Departed, _) => 1,
        (TaskState::MayBeNeeded | TaskState::Later, _) => 4,
        (_, Strength::Must) => 2,
        _ => 3,
    };
    let group = |(at, (title, folded)): (usize, (&'static str, bool))| {
        let tasks = opened.view.tasks.iter().filter(|task| place(task) == at);
        let lines: Vec<Line> = tasks.map(|task| line(opened, task)).collect();
        Group { title, count: lines.len(), folded, tasks: TaskList::new(format!("asked-{at}"), lines) }
    };
    let groups = titles.into_iter().enumerate().map(group);
    groups.filter(|group| group.count > 0).collect()
}

fn line(opened: &Opened, task: &Task) -> Line {
    let (status, colour) = match task.state {
        _ if task.overdue => ("Overdue", "red"),
        TaskState::Done if task.awaits_acknowledgement => ("Waiting for receipt", "yellow"),
        state => (state.says(), ""),
    };
    let mut hints = Vec::new();
    if task.duty.strength != Strength::Must {
        hints.push(strength(task.duty.strength).to_owned());
    }
    hints.extend(task.last.clone());
    hints.extend(how_done(task));
    Line {
        title: task.title.clone(),
        hint: hints.join(". "),
        href: Some(routes::task(opened.reference(), task.id.as_str())),
        status: status.to_owned(),
        colour,
    }
}

const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "Required",
        Strength::Should => "Expected",
        Strength::Consider => "To consider",
    }
}
