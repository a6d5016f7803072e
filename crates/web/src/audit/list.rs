//! What the lists of the auditor have in common: a page with filters above a table, the latest first, and the same as a file that
//! spreadsheets open as it is. Reading either is in the log itself, and is noted before anything is read.

use askama::Template;
use axum::extract::State;
use store::{AccessKind, Operation, StreamId};

use super::files::{cell, file};
use super::looked::{Tab, note, tabs};
use super::query::Query;
use super::take;
use crate::shared::app::App;
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::ui::{Cell, Input, Table};
use crate::shared::visit::Signed;

/// Entries of one page.
const ENTRIES: u32 = 50;
/// Rows of a file at most: a spreadsheet of more is of no use to a person.
const ROWS: usize = 20_000;
/// Rows fetched at once for it.
const AT_ONCE: u32 = 200;

/// A list, as it is read and as it is written into a file. What it looks up for one row it keeps for the next.
pub(crate) trait List: Default {
    /// As the store has it.
    type Entry;
    /// As people read it.
    type Row;
    /// Heads of the file.
    const HEADS: &[&str];
    /// Name of the file.
    const FILE: &str;
    /// Address of the file.
    const CSV: &str;
    /// What the log calls taking it.
    const TAKEN: AccessKind;

    /// The report that reading it is noted for.
    fn report(query: &Query) -> Option<StreamId> {
        query.filter.report.clone()
    }

    /// Entries before a place in the list, the latest first.
    async fn found(app: &App, query: &Query, before: Option<u64>, most: u32) -> Result<Vec<Self::Entry>, Problem>;

    /// Where an entry stands in the list.
    fn place(entry: &Self::Entry) -> u64;

    /// With names in place of ids; nothing for one that the policies do not allow.
    async fn row(&mut self, app: &App, signed: &Signed, entry: Self::Entry) -> Result<Option<Self::Row>, Problem>;

    /// Its cells in the file.
    fn written(row: Self::Row) -> Vec<String>;
}

/// A list with a page of its own, whose table has the heads of the file.
pub(crate) trait Listed: List {
    /// What it is called in [`tabs`].
    const HERE: &str;
    /// Heading.
    const TITLE: &str;
    /// What is said below it.
    const SAYS: &str;
    /// Address of the page.
    const PAGE: &str;

    /// What it can be narrowed by.
    fn fields(query: &Query) -> Vec<Input>;

    /// Its cells on the page.
    fn cells(row: Self::Row) -> Vec<Cell>;
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct Page {
    frame: Frame,
    title: &'static str,
    says: &'static str,
    action: &'static str,
    tabs: Vec<Tab>,
    fields: Vec<Input>,
    table: Table,
    csv: String,
    first: Option<String>,
    earlier: Option<String>,
}

/// What one page of a list shows, and where the next begins if there is one. Nothing while the query has mistakes.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn one_page<L: List>(
    app: &App,
    signed: &Signed,
    query: &Query,
) -> Result<(Vec<L::Row>, Option<u64>), Problem> {
    if !query.mistakes.none() {
        return Ok((Vec::new(), None));
    }
    let mut found = L::found(app, query, query.before(), ENTRIES + 1).await?;
    let more = found.len() > ENTRIES as usize;
    found.truncate(ENTRIES as usize);
    let last = found.last().map(L::place).filter(|_| more);
    let (mut list, mut rows) = (L::default(), Vec::with_capacity(found.len()));
    for entry in found {
        rows.extend(list.row(app, signed, entry).await?);
    }
    Ok((rows, last))
}

/// The page.
///
/// # Errors
/// The store cannot be read, or the look not be noted.
pub(crate) async fn show<L: Listed>(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    InAddress(asked): InAddress,
) -> Answer {
    let query = Query::read(&app, &signed, asked).await?;
    note(&app, &signed, AccessKind::LogRead, Operation::Consult, L::report(&query)).await?;
    let (rows, last) = one_page::<L>(&app, &signed, &query).await?;
    let mut table = Table::new("The latest first", L::HEADS).packed();
    for row in rows {
        table.row(L::cells(row));
    }
    let at = |before| query.address(L::PAGE, None, before);
    let shown = Page {
        title: L::TITLE,
        says: L::SAYS,
        action: L::PAGE,
        tabs: tabs(&query, L::HERE),
        fields: L::fields(&query),
        table,
        csv: query.address(L::CSV, None, None),
        first: query.before().map(|_| at(None)),
        earlier: last.map(|last| at(Some(last))),
        frame: frame.with(query.mistakes.clone()),
    };
    Ok(page(!query.mistakes.none(), &shown))
}

/// Asks for whom and why the same is taken as a table.
///
/// # Errors
/// The query has mistakes.
pub(crate) async fn ask<L: List>(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    InAddress(asked): InAddress,
) -> Answer {
    let query = right(&app, &signed, asked).await?;
    Ok(take::ask(frame, L::FILE, query.address(L::CSV, query.op(), None), None))
}

async fn right(app: &App, signed: &Signed, asked: Form) -> Result<Query, Problem> {
    let query = Query::read(app, signed, asked).await?;
    if query.mistakes.none() { Ok(query) } else { Err(Problem::Malformed) }
}

/// The table, as spreadsheets open it as it is.
///
/// # Errors
/// The query has mistakes, there are more rows than anybody can use, or the store cannot be read.
pub(crate) async fn csv<L: List>(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    InAddress(asked): InAddress,
    form: Form,
) -> Answer {
    let query = right(&app, &signed, asked).await?;
    let reason = match take::read(&form) {
        Ok(reason) => reason,
        Err(mistakes) => {
            let action = query.address(L::CSV, query.op(), None);
            return Ok(take::ask(frame.with(mistakes), L::FILE, action, Some(&form)));
        }
    };
    take::note(&app, &signed, L::TAKEN, L::report(&query), reason).await?;
    let mut text = "\u{feff}".to_owned();
    line(&mut text, L::HEADS.iter().copied());
    let (mut list, mut before, mut written) = (L::default(), None, 0);
    loop {
        let found = L::found(&app, &query, before, AT_ONCE).await?;
        let Some(last) = found.last() else { break };
        before = Some(L::place(last));
        written += found.len();
        if written > ROWS {
            return Err(Problem::NotAllowed(format!(
                "A table of more than {ROWS} rows cannot be used. Choose a shorter time, a person or a report."
            )));
        }
        for entry in found {
            if let Some(row) = list.row(&app, &signed, entry).await? {
                line(&mut text, L::written(row).iter().map(String::as_str));
            }
        }
    }
    Ok(file("text/csv; charset=utf-8", L::FILE, text))
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    let cells: Vec<String> = cells.map(cell).collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}
