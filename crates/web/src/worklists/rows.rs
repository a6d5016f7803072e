//! Rows of a worklist as somebody reads them.

use std::collections::BTreeMap;

use guidance::advice::Class;
use jiff::Timestamp;
use report::{Projection, Status};
use store::{ProjectionRow, UserId};

use crate::routes;
use crate::shared::access::{self, Role};
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::record::class_words;
use crate::shared::time;
use crate::shared::ui::{Cell, Table};
use crate::shared::visit::Signed;

/// A table of reports: where each stands, its class, what is due, and who works on it. An auditor is shown
/// nothing that says what a report is about, and is led to its log.
///
/// # Errors
/// What the store says.
pub async fn table(app: &App, signed: &Signed, caption: &str, rows: Vec<ProjectionRow>) -> Result<Table, Problem> {
    let rows = allowed(app, signed, rows);
    let names = names(app, &rows).await?;
    let now = app.now();
    let with = |row: &ProjectionRow| match &row.allocated_to {
        None => Cell::text("Nobody yet"),
        Some(id) => Cell::text(names.get(id).map_or("Somebody who has left", String::as_str)),
    };
    if signed.role == Role::Auditor {
        let mut table = Table::new(caption, &["Report", "Where it stands", "Officer", "Unit"]);
        for row in &rows {
            table.row(vec![
                Cell::link(&row.reference, routes::looked_at(&row.reference)),
                state(row, now),
                with(row),
                Cell::text(&row.unit),
            ]);
        }
        return Ok(table);
    }
    // What would say the same of every row, and whoever reads knows it, is left out.
    let is_mine = |row: &ProjectionRow| row.allocated_to.as_ref().is_some_and(|to| *to == signed.id);
    let (others, elsewhere) = (!rows.iter().all(is_mine), !rows.iter().all(|row| row.unit == signed.unit));
    let mut heads = vec!["Report", "Where it stands", "Class", "Next due"];
    heads.extend(others.then_some("Officer"));
    heads.extend(elsewhere.then_some("Unit"));
    let mut table = Table::new(caption, &heads);
    for row in &rows {
        let mut cells = vec![
            Cell::link(&row.reference, routes::report(&row.reference)),
            state(row, now),
            class(&row.class),
            due(row, now),
        ];
        cells.extend(others.then(|| with(row)));
        cells.extend(elsewhere.then(|| Cell::text(&row.unit)));
        table.row(cells);
    }
    Ok(table)
}

/// Closed reports to look at again: since when each waits, and the way to its review.
pub fn kept_table(app: &App, signed: &Signed, caption: &str, rows: Vec<ProjectionRow>) -> Table {
    let heads = ["Report", "To be looked at again", "Class", "Unit"];
    let mut table = Table::new(caption, &heads);
    for row in allowed(app, signed, rows) {
        table.row(vec![
            Cell::link(&row.reference, routes::retention(&row.reference)),
            Cell::text(row.review_at.map(time::day).unwrap_or_default()),
            class(&row.class),
            Cell::text(&row.unit),
        ]);
    }
    table
}

/// What the policies allow of what the store found. The store has asked the same in SQL; if the two ever
/// differ, less is shown and the log says so.
pub fn allowed(app: &App, signed: &Signed, rows: Vec<ProjectionRow>) -> Vec<ProjectionRow> {
    let now = app.now();
    let permission = access::listed_for(signed.role);
    let found = rows.len();
    let rows: Vec<_> = rows.into_iter().filter(|row| access::may_on(signed, permission, row, now)).collect();
    if rows.len() < found {
        tracing::error!(user = %signed.id, kept_back = found - rows.len(), "a list found reports that the policies do not allow");
    }
    rows
}

/// The people named in rows, each asked for once.
async fn names(app: &App, rows: &[ProjectionRow]) -> Result<BTreeMap<UserId, String>, Problem> {
    let mut names = BTreeMap::new();
    for id in rows.iter().filter_map(|row| row.allocated_to.as_ref()) {
        if !names.contains_key(id)
            && let Some(user) = app.store.user(id).await?
        {
            names.insert(id.clone(), user.name);
        }
    }
    Ok(names)
}

fn state(row: &ProjectionRow, now: Timestamp) -> Cell {
    let Ok(status) = row.state.parse::<Status>() else {
        return Cell::text(&row.state);
    };
    // Whatever was entered when it came in, nobody works on it before somebody has it.
    if status == Status::BeingWorkedOn && row.allocated_to.is_none() {
        return Cell::text("No officer yet");
    }
    match (status, row.awaiting_review_since) {
        (Status::ReadyForReview, _) => Cell::tag(status.says(), "blue"),
        (Status::WaitingForReview | Status::EndingAsked, Some(since)) => {
            Cell::tag(format!("{}, {}", status.says(), waited(since, now)), "purple")
        }
        (Status::WaitingForReview | Status::EndingAsked, None) => Cell::tag(status.says(), "purple"),
        (Status::New, _) => Cell::tag(status.says(), "blue"),
        (Status::SentBack, _) => Cell::tag(status.says(), "orange"),
        (Status::ReadyToClose, _) => Cell::tag(status.says(), "green"),
        (Status::BeingWorkedOn | Status::Closed, _) => Cell::text(status.says()),
    }
}

/// Where a report stands, its class and its last entry: what tells it from others in a list to choose from.
pub fn in_a_line(row: &ProjectionRow, now: Timestamp) -> String {
    let status = row.state.parse::<Status>();
    let status = status.map_or_else(|_| row.state.clone(), |status| status.says().to_owned());
    let (class, held) = classes(&row.class);
    let class = match held.is_empty() {
        true => class.to_owned(),
        false => format!("{class}; {held}"),
    };
    let since = waited(row.updated_at, now);
    format!("{status}. {class}. Last entry {since} ago.")
}

/// The class of a row in words, and what officers hold it to be instead; empty where nobody does.
fn classes(row: &str) -> (&str, String) {
    let mut all = row.split(' ').map(class_in_words);
    let class = all.next().unwrap_or_default();
    let held: Vec<&str> = all.collect();
    let held = match held.len() {
        0 => String::new(),
        1 => format!("other view: {}", held.join(", ")),
        _ => format!("other views: {}", held.join(", ")),
    };
    (class, held)
}

fn class_in_words(word: &str) -> &str {
    match Class::from_word(word) {
        Some(class) => class_words(class),
        None => word,
    }
}

fn class(row: &str) -> Cell {
    let (class, held) = classes(row);
    let cell = match class == class_words(Class::Aggravated) {
        true => Cell::tag(class, "red"),
        false => Cell::text(class),
    };
    cell.beside(held)
}

fn due(row: &ProjectionRow, now: Timestamp) -> Cell {
    match row.next_due_at {
        None => Cell::text("No time limit now"),
        Some(at) if at == Projection::BEFORE_ALL => Cell::tag("Act now: immediate concern", "red"),
        Some(at) if at <= now => Cell::tag(format!("Now, waiting {}", waited(at, now)), "red"),
        Some(at) => Cell::text(time::moment(at)),
    }
}

/// How long something has waited, as far as it matters.
fn waited(since: Timestamp, now: Timestamp) -> String {
    let hours = now.duration_since(since).as_hours();
    match hours {
        ..1 => "less than an hour".to_owned(),
        1 => "1 hour".to_owned(),
        2..48 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_told_in_hours_then_in_days() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for (since, words) in [
            ("2026-11-24T11:30:00Z", "less than an hour"),
            ("2026-11-24T11:00:00Z", "1 hour"),
            ("2026-11-22T13:00:00Z", "47 hours"),
            ("2026-11-22T12:00:00Z", "2 days"),
        ] {
            assert_eq!(waited(since.parse().unwrap(), now), words);
        }
    }
}
