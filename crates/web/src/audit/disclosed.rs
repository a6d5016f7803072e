//! What was given to others by what was done in reports: by whom, from which, when. It is read from the log itself.

use askama::Template;
use axum::extract::{Query as Asked, State};
use store::Operation;

use super::files::{AT_ONCE, ROWS, cell, file, too_long};
use super::looked::{TOLD, Tab, note, tabs};
use super::query::Query;
use super::rows::{LOG_READ, LOG_TAKEN, People, Reports};
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::time;
use crate::shared::ui::{Cell, Input, Table};
use crate::shared::visit::Signed;

/// Entries of one page.
const ENTRIES: u32 = 50;

/// Heads of the table and of the file.
const HEADS: [&str; 4] = ["Who", "Report", "When", "Entry"];

#[derive(Template)]
#[template(path = "audit/disclosed.html")]
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
    let report = query.filter.report.clone();
    note(&app, &signed, LOG_READ, Operation::Consult, report).await?;
    let wrong = !query.mistakes.none();
    let mut found = if wrong {
        Vec::new()
    } else {
        let found = app
            .store
            .disclosed(&query.filter, query.before(), ENTRIES + 1);
        found.await?
    };
    let more = found.len() > ENTRIES as usize;
    found.truncate(ENTRIES as usize);
    let last = found.last().map(|last| last.leaf).filter(|_| more);
    let mut table = Table::new("The latest first", &HEADS).packed();
    let (mut reports, mut people) = (Reports::default(), People::default());
    for one in &found {
        let Some(report) = reports.named(&app, &signed, &one.stream).await? else {
            continue;
        };
        table.row(vec![
            Cell::text(people.named(&app, &one.actor).await?),
            report.cell(),
            Cell::text(time::moment(one.at)),
            Cell::text(one.leaf.to_string()),
        ]);
    }
    let at = |before| query.address(routes::AUDIT_TOLD, None, before);
    let shown = Page {
        tabs: tabs(&query, TOLD),
        fields: query.fields_of_told(),
        table,
        csv: query.address(routes::AUDIT_TOLD_CSV, None, None),
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
    let report = query.filter.report.clone();
    note(&app, &signed, LOG_TAKEN, Operation::Disclose, report).await?;
    let (mut reports, mut people) = (Reports::default(), People::default());
    let mut text = format!("\u{feff}{}\r\n", HEADS.map(cell).join(","));
    let (mut before, mut written) = (None, 0);
    loop {
        let found = app.store.disclosed(&query.filter, before, AT_ONCE).await?;
        let Some(last) = found.last() else { break };
        before = Some(last.leaf);
        written += found.len();
        if written > ROWS {
            return Err(too_long());
        }
        for one in &found {
            let Some(report) = reports.named(&app, &signed, &one.stream).await? else {
                continue;
            };
            let who = people.named(&app, &one.actor).await?;
            let cells = [who, report.says, one.at.to_string(), one.leaf.to_string()];
            let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
            text.push_str(&format!("{}\r\n", cells.join(",")));
        }
    }
    Ok(file("text/csv; charset=utf-8", "told-to-others.csv", text))
}
