//! What was done to accounts, ways in and keys: by whom, about whom, when. It is read from the log itself.

use askama::Template;
use axum::extract::{Query as Asked, State};
use store::{Administered, AdministeredFilter, Operation};

use super::files::{AT_ONCE, ROWS, cell, file, too_long};
use super::looked::{ACCOUNTS, Tab, note, tabs};
use super::query::Query;
use super::rows::{LOG_READ, LOG_TAKEN, People};
use crate::routes;
use crate::shared::app::App;
use crate::shared::changed;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::time;
use crate::shared::ui::{Cell, Input, Table};
use crate::shared::visit::Signed;

/// Entries of one page.
const ENTRIES: u32 = 50;

/// Heads of the table and of the file.
const HEADS: [&str; 6] = ["Who", "What", "Whose account", "Details", "When", "Entry"];

#[derive(Template)]
#[template(path = "audit/administered.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    fields: Vec<Input>,
    table: Table,
    csv: String,
    first: Option<String>,
    earlier: Option<String>,
}

/// The page. It is noted before anything is read.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Asked(pairs): Asked<Vec<(String, String)>>,
) -> Answer {
    let query = Query::read(&app, &signed, pairs).await?;
    note(&app, &signed, LOG_READ, Operation::Consult, None).await?;
    let wrong = !query.mistakes.none();
    let mut found = if wrong {
        Vec::new()
    } else {
        let filter = filter(&query);
        let found = app.store.administered(&filter, query.before(), ENTRIES + 1);
        found.await?
    };
    let more = found.len() > ENTRIES as usize;
    found.truncate(ENTRIES as usize);
    let last = found.last().map(|last| last.leaf).filter(|_| more);
    let mut table = Table::new("The latest first", &HEADS).packed();
    let mut people = People::default();
    for entry in &found {
        let cells = cells(&app, &mut people, entry).await?;
        table.row(cells.into_iter().map(Cell::text).collect());
    }
    let at = |before| query.address(routes::AUDIT_ACCOUNTS, None, before);
    let shown = Page {
        tabs: tabs(&query, ACCOUNTS),
        fields: query.fields_of_accounts(),
        table,
        csv: query.address(routes::AUDIT_ACCOUNTS_CSV, None, None),
        first: query.before().map(|_| at(None)),
        earlier: last.map(|last| at(Some(last))),
        frame: frame.with(query.mistakes.clone()),
    };
    Ok(page(wrong, &shown))
}

/// The same as a table that spreadsheets open as it is.
pub async fn csv(
    State(app): State<App>,
    signed: Signed,
    Asked(pairs): Asked<Vec<(String, String)>>,
) -> Answer {
    let query = Query::read(&app, &signed, pairs).await?;
    if !query.mistakes.none() {
        return Err(Problem::Malformed);
    }
    note(&app, &signed, LOG_TAKEN, Operation::Disclose, None).await?;
    let (filter, mut people) = (filter(&query), People::default());
    let mut text = format!("\u{feff}{}\r\n", HEADS.map(cell).join(","));
    let (mut before, mut written) = (None, 0);
    loop {
        let found = app.store.administered(&filter, before, AT_ONCE).await?;
        let Some(last) = found.last() else { break };
        before = Some(last.leaf);
        written += found.len();
        if written > ROWS {
            return Err(too_long());
        }
        for entry in &found {
            let cells = cells(&app, &mut people, entry).await?;
            let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
            text.push_str(&format!("{}\r\n", cells.join(",")));
        }
    }
    Ok(file(
        "text/csv; charset=utf-8",
        "accounts-and-keys.csv",
        text,
    ))
}

fn filter(query: &Query) -> AdministeredFilter {
    AdministeredFilter {
        person: query.filter.actor.clone(),
        from: query.filter.from,
        until: query.filter.until,
    }
}

/// An entry as people read it, in the order of [`HEADS`].
async fn cells(
    app: &App,
    people: &mut People,
    entry: &Administered,
) -> Result<[String; 6], Problem> {
    let by = match &entry.actor {
        None => "Not a person here: settings, sign-in or a command".to_owned(),
        Some(actor) => people.named(app, actor).await?,
    };
    let about = match &entry.about {
        None => String::new(),
        Some(about) => people.named(app, about).await?,
    };
    Ok([
        by,
        what(&entry.kind),
        about,
        entry.words.clone().unwrap_or_default(),
        entry.at.map(time::moment).unwrap_or_default(),
        entry.leaf.to_string(),
    ])
}

/// What was done, in words.
fn what(kind: &str) -> String {
    let account = kind.strip_prefix("account-").and_then(changed::says);
    match (account, kind) {
        (Some(says), _) => says.to_owned(),
        (None, "keys-rotated") => "The keys were changed (a new epoch)".to_owned(),
        (None, "record-adopted") => "The log was begun over what was there before".to_owned(),
        (None, other) => other.replace('-', " "),
    }
}
