//! What the guidance makes of a report, for a supervisor: people, tasks, and what would change it.

use guidance::advice::{Because, Strength, Truth};
use report::TaskState;

use crate::routes;
use crate::shared::record::{Opened, class_words};
use crate::shared::ui::{Cell, Table};

/// Everybody, with the class of what they did themselves and whether something was done to them.
pub fn people(opened: &Opened) -> Table {
    let heads = [
        "Person",
        "By what they did",
        "Something done to them",
        "Why",
    ];
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
        let why: Vec<&str> = advice
            .grounds
            .iter()
            .map(|ground| ground.says.as_str())
            .collect();
        table.row(vec![
            Cell::text(person.label()),
            Cell::text(class_words(advice.class)),
            Cell::text(harmed),
            Cell::text(why.join(" ")),
        ]);
    }
    table
}

/// Tasks, where each stands and what was recorded last: what is open, late or departed from, and apart from it what is done.
pub fn tasks(opened: &Opened) -> (Table, Table) {
    let heads = ["Task", "Strength", "Where it stands", "Recorded"];
    let mut open = Table::new("What is not done", &heads);
    let mut done = Table::new("What is done", &heads);
    for task in &opened.view.tasks {
        let state = match task.overdue {
            true => Cell::tag("Overdue", "red"),
            false => Cell::text(task.state.says()),
        };
        let into = if task.state == TaskState::Done {
            &mut done
        } else {
            &mut open
        };
        into.row(vec![
            Cell::link(
                &task.title,
                routes::task(opened.reference(), task.id.as_str()),
            ),
            Cell::text(strength(task.duty.strength)),
            state,
            Cell::text(task.last.as_deref().unwrap_or("Nothing yet")),
        ]);
    }
    (open, done)
}

const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "Required",
        Strength::Should => "Expected",
        Strength::Consider => "To consider",
    }
}

/// What the advice would be, and the smallest changes that would make it so, each on its own.
pub fn would_change(opened: &Opened) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for change in &opened.advice().would_change {
        let then: Vec<String> = change.then.iter().map(then_words).collect();
        let then = format!("{} if", then.join(", and "));
        let facts = change.changes.iter().map(|(fact, value)| {
            opened.because_words(&Because {
                fact: fact.clone(),
                value: value.clone(),
            })
        });
        let facts = facts.collect::<Vec<_>>().join(" and ");
        match all.iter_mut().find(|(words, _)| *words == then) {
            Some((_, changes)) => changes.push(facts),
            None => all.push((then, vec![facts])),
        }
    }
    all
}

/// `class`, `aggravated` or `outcome_21`, `open` in words.
fn then_words((what, value): (&String, &String)) -> String {
    let value = value.replace('-', " ");
    match what.split_once('_') {
        Some(("outcome", code)) => format!("Outcome {code} would be {value}"),
        _ => format!("The report would be {value}"),
    }
}
