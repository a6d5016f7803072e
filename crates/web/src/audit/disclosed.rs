//! What was given to others by what was done in reports: by whom, from which, when. It is read from the log itself.

use askama::Template;
use axum::extract::{Query as Asked, State};
use store::Operation;

use super::looked::{TOLD, Tab, note, tabs};
use super::query::Query;
use super::rows::{LOG_READ, Reports, person};
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::time;
use crate::shared::ui::{Cell, Input, Table};
use crate::shared::visit::Signed;

/// Entries of one page.
const ENTRIES: u32 = 50;

#[derive(Template)]
#[template(path = "audit/disclosed.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    fields: Vec<Input>,
    table: Table,
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
    let heads = ["Who", "Report", "Entry of the report", "When", "Entry"];
    let mut table = Table::new("The latest first", &heads).packed();
    let mut reports = Reports::default();
    for one in &found {
        let Some(report) = reports.named(&app, &signed, &one.stream).await? else {
            continue;
        };
        let looked = routes::looked_at(&report);
        table.row(vec![
            Cell::text(person(&app, &one.actor).await?),
            Cell::link(&report, looked),
            Cell::text(one.version.to_string()),
            Cell::text(time::moment(one.at)),
            Cell::text(one.leaf.to_string()),
        ]);
    }
    let at = |before| query.address(routes::AUDIT_TOLD, None, before);
    let shown = Page {
        tabs: tabs(&query, TOLD),
        fields: query.fields_of_told(),
        table,
        first: query.before().map(|_| at(None)),
        earlier: last.map(|last| at(Some(last))),
        frame: frame.with(query.mistakes.clone()),
    };
    Ok(page(wrong, &shown))
}
