//! The first page after signing in: what waits for whoever it is.

use askama::Template;
use axum::extract::State;
use store::WorklistQuery;

use crate::shared::access::{self, Permission, Role};
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, page};
use crate::shared::ui::Table;
use crate::shared::visit::Signed;
use crate::worklists::{Alert, List, Urgent, alerts, table, urgent};

/// Rows of the list on the first page: what fits on a screen.
const ROWS: u32 = 10;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    name: String,
    role: Role,
    hint: &'static str,
    may_start: bool,
    alerts: Vec<Alert>,
    urgent: Vec<Urgent>,
    lists: Vec<(List, String)>,
    first: Option<(List, Table)>,
    more: bool,
}

/// Greets, counts the lists of the role, and shows the top of the first.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, InAddress(query): InAddress) -> Answer {
    let frame = if query.has("conflict") {
        frame.done("Your conflict of interest is recorded. The report is closed to you")
    } else {
        frame
    };
    let all = List::of(signed.role);
    let mut lists = Vec::with_capacity(all.len());
    for list in all {
        lists.push((*list, list.count(&app, &signed).await?));
    }
    let mut more = false;
    let mut first = None;
    if let Some(list) = all.first().copied() {
        let query =
            WorklistQuery { filter: list.filter(&signed, app.now()), order: list.order(), after: None, limit: ROWS };
        let found = app.store.worklist(&query).await?;
        more = found.next.is_some();
        first = Some((list, table(&app, &signed, list.title(signed.role), found.rows).await?));
    }
    let home = Home {
        frame,
        hint: access::hint(signed.role),
        alerts: alerts(&app, &signed).await?,
        urgent: urgent(&app, &signed).await?,
        may_start: signed.may(Permission::StartReport),
        name: signed.name,
        role: signed.role,
        lists,
        first,
        more,
    };
    Ok(page(false, &home))
}
